"""Reading task forces: the overview as the report prints it, one group, issues, roadmap."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from tenshu.dx.taskforce.models import Issue, RoadmapItem, TaskForce, WorkingGroup
from tenshu.dx.taskforce.queries import (
    access_group,
    access_issue,
    candidate_systems,
    may_write_group,
    may_write_issue,
    meetings_held,
    members_of,
    secretariats_of,
    task_forces,
    visible_groups,
    visible_meetings,
)
from tenshu.dx.taskforce.sheets import ISSUE_TABLE, ROADMAP_TABLE, TABLES
from tenshu.dx.taskforce.ui.meetings import meeting_url
from tenshu.dx.taskforce.ui.roadmap_chart import roadmap_gantt
from tenshu.dx.taskforce.ui.tables import (
    GroupIssueTable,
    IssueTable,
    OverviewTable,
    TargetTable,
    group_table,
    held_table,
    member_table,
    step_table,
)
from tenshu.dx.taskforce.ui.tabs import tabs
from tenshu.ground.access.gates import signed_in
from tenshu.ground.access.queries import holds_any
from tenshu.ground.access.roles import EDITORS, READERS
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.calendar.requests import year_of
from tenshu.ground.ui.parts import Attached, KeyFact
from tenshu.mechanisms.gathering.ui.excel import excel_links


@dataclass(frozen=True, slots=True)
class ForceSection:
    """A task force as the overview shows it."""

    force: TaskForce
    secretariat: str
    table: OverviewTable
    meeting_url: str


def overview(request: HttpRequest) -> HttpResponse:
    """Task forces of the year: their groups and meetings as the report prints them."""
    user, year = signed_in(request), year_of(request)
    forces = list(task_forces(year))
    held = list(meetings_held(year).select_related("gathering", "task_force"))
    openable = set(
        visible_meetings(user).filter(pk__in=[meeting.pk for meeting in held]).values_list("pk", flat=True)
    )
    context = {
        "year": year,
        "tabs": tabs("overview"),
        "sections": _sections(request, forces, year),
        "facts": _facts(year, forces, len(held), figures=holds_any(user, READERS)),
        "may_write": holds_any(user, EDITORS),
        "excel": excel_links(request, TABLES),
        "meetings": held_table(request, held, openable),
    }
    return render(request, "taskforce/overview.html", context)


def _sections(request: HttpRequest, forces: Sequence[TaskForce], year: FiscalYear) -> list[ForceSection]:
    groups = [group for force in forces for group in force.working_groups.all()]
    members, secretariats = members_of(groups, year), secretariats_of(forces, year)
    openable = set(visible_groups(signed_in(request)).values_list("pk", flat=True))
    return [
        ForceSection(
            force,
            "、".join(unit.name for unit in secretariats[force.pk]),
            group_table(request, list(force.working_groups.all()), members, openable),
            meeting_url(force),
        )
        for force in forces
    ]


def _facts(year: FiscalYear, forces: Sequence[TaskForce], held: int, *, figures: bool) -> list[KeyFact]:
    def url(key: str) -> str:
        return reverse("figures:figure-detail", args=[key]) if figures else ""

    groups = sum(len(force.working_groups.all()) for force in forces)
    return [
        KeyFact(
            "対象となりうるシステム", candidate_systems(year).count(), "システム", url("taskforce.systems")
        ),
        KeyFact("WG", groups, "WG", url("taskforce.working_groups")),
        KeyFact("タスクフォース会議", held, "回", url("taskforce.meetings")),
    ]


def group_detail(request: HttpRequest, group_id: int) -> HttpResponse:
    """One working group: members, systems, issues, meetings, roadmap."""
    user, year = signed_in(request), year_of(request)
    group = access_group(user, group_id)
    may_write, may_work = holds_any(user, EDITORS), may_write_group(user, group)
    steps = list(group.roadmap.select_related("system", "working_group"))
    members = members_of([group], year)[group.pk]
    context = {
        "group": group,
        "year": year,
        "members": member_table(request, members, may_write=may_write),
        "meetings": _meetings(group),
        "issues": GroupIssueTable(request, group.issues.select_related("owner_unit"), id="issues"),
        "targets": TargetTable(
            request, group.targets.select_related("system__owner__parent__parent__parent"), id="targets"
        ),
        "steps": step_table(request, steps, may_work=may_work),
        "gantt": roadmap_gantt(steps, timezone.localdate()),
        "may_write": may_write,
        "may_work": may_work,
        "meeting_url": meeting_url(group.task_force, group),
    }
    return render(request, "taskforce/group_detail.html", context)


def _meetings(group: WorkingGroup) -> list[Attached]:
    return [
        Attached(
            f"{FiscalYear.containing(meeting.gathering.held_on).short} 第{meeting.number}回",
            reverse("gathering:gathering-detail", args=[meeting.gathering_id]),
            meeting.gathering.get_state_display(),
        )
        for meeting in group.meetings.select_related("gathering")
    ]


def issue_list(request: HttpRequest) -> HttpResponse:
    """All issues that the person may see."""
    user = signed_in(request)
    issues = Issue.objects.filter(working_group__in=visible_groups(user)).select_related(
        "working_group", "owner_unit", "system"
    )
    context = {"tabs": tabs("issue-list"), "excel": excel_links(request, [ISSUE_TABLE])}
    return IssueTable(request, issues).respond("taskforce/issue_list.html", context)


def issue_detail(request: HttpRequest, issue_id: int) -> HttpResponse:
    """One issue."""
    user = signed_in(request)
    issue = access_issue(user, issue_id)
    context = {
        "issue": issue,
        "may_work": may_write_issue(user, issue),
        "may_remove": may_write_group(user, issue.working_group),
    }
    return render(request, "taskforce/issue_detail.html", context)


def roadmap(request: HttpRequest) -> HttpResponse:
    """The roadmap of all visible groups and their systems."""
    user, year = signed_in(request), year_of(request)
    seen = visible_groups(user).within(year.start, year.end)
    groups = seen.order_by("order", "pk").prefetch_related(
        Prefetch("roadmap", RoadmapItem.objects.select_related("system", "working_group"))
    )
    steps = [step for group in groups for step in group.roadmap.all()]
    context = {
        "tabs": tabs("roadmap"),
        "year": year,
        "steps": steps,
        "gantt": roadmap_gantt(steps, timezone.localdate()),
        "excel": excel_links(request, [ROADMAP_TABLE]),
    }
    return render(request, "taskforce/roadmap.html", context)
