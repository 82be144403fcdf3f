"""Reading task forces: the overview as the report prints it, one group, issues, meetings, roadmap."""

import django_filters
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from tenshu.dx.taskforce.models import Issue, IssueState, Meeting, Membership, RoadmapItem, WorkingGroup
from tenshu.dx.taskforce.queries import (
    access_group,
    access_issue,
    candidate_systems,
    may_write_group,
    meetings_held,
    task_forces,
    visible_groups,
)
from tenshu.dx.taskforce.ui.roadmap_chart import roadmap_gantt
from tenshu.ground.access.gates import signed_in
from tenshu.ground.access.queries import holds_any
from tenshu.ground.access.roles import EDITORS, READERS
from tenshu.ground.calendar.requests import year_of
from tenshu.ground.ui.parts import KeyFact, Tab
from tenshu.ground.ui.tables import Column, Table, chip_column, date_column


def tabs(current: str) -> list[Tab]:
    """The room's parts."""
    names = [
        ("overview", "概要"),
        ("roadmap", "ロードマップ"),
        ("issue-list", "課題"),
        ("meeting-list", "会議"),
    ]
    return [Tab(label, reverse(f"taskforce:{name}"), name == current) for name, label in names]


def overview(request: HttpRequest) -> HttpResponse:
    """Task forces of the year: their groups as the report prints them."""
    user, year = signed_in(request), year_of(request)
    forces = list(task_forces(year))
    reader = holds_any(user, READERS)
    visible = None if reader else set(visible_groups(user).values_list("pk", flat=True))
    context = {
        "year": year,
        "tabs": tabs("overview"),
        "task_forces": forces,
        "visible": visible,
        "facts": _facts(year, forces, reader),
        "may_write": holds_any(user, EDITORS),
        "meetings": meetings_held(year).select_related("gathering", "task_force"),
    }
    return render(request, "taskforce/overview.html", context)


def _facts(year: "object", forces: list["object"], reader: bool) -> list[KeyFact]:
    def url(key: str) -> str:
        return reverse("figures:figure-detail", args=[key]) if reader else ""

    groups = sum(len(force.working_groups.all()) for force in forces)  # type: ignore[attr-defined]
    return [
        KeyFact("対象となりうるシステム", candidate_systems(year).count(), "システム", url("taskforce.systems")),  # type: ignore[arg-type]
        KeyFact("WG", groups, "WG", url("taskforce.working_groups")),
        KeyFact("タスクフォース会議", meetings_held(year).count(), "回", url("taskforce.meetings")),  # type: ignore[arg-type]
    ]


def group_detail(request: HttpRequest, group_id: int) -> HttpResponse:
    """One working group: members, systems, issues, meetings, roadmap."""
    user, year = signed_in(request), year_of(request)
    group = access_group(user, group_id)
    roadmap = list(group.roadmap.select_related("system", "working_group"))
    context = {
        "group": group,
        "year": year,
        "members": group.memberships.within(year.start, year.end).select_related("unit__parent"),
        "targets": group.targets.select_related("system__owner__parent"),
        "issues": group.issues.select_related("owner_unit", "system"),
        "meetings": group.meetings.select_related("gathering"),
        "roadmap": roadmap,
        "gantt": roadmap_gantt(roadmap, timezone.localdate()),
        "may_write": holds_any(user, EDITORS),
        "may_work": may_write_group(user, group),
    }
    return render(request, "taskforce/group_detail.html", context)


class IssueFilter(django_filters.FilterSet):
    """State and group."""

    state = django_filters.ChoiceFilter(label="状態", choices=IssueState.choices, empty_label="すべて")
    group = django_filters.ModelChoiceFilter(
        label="WG", field_name="working_group", queryset=WorkingGroup.objects.order_by("order"), empty_label="すべて"
    )

    class Meta:
        model = Issue
        fields: list[str] = []


class IssueTable(Table[Issue]):
    """Issues of all visible groups."""

    caption = "課題"
    counter = "件"
    search = ("title", "detail", "owner_unit__name", "system__name")
    search_label = "課題・担当・システムで絞る"
    filterset_class = IssueFilter
    default_sort = "due"
    columns = (
        date_column("due", "期限"),
        Column(
            name="title",
            label="課題",
            heading=True,
            sort=True,
            link=lambda issue: reverse("taskforce:issue-detail", args=[issue.pk]),
            under=lambda issue: issue.owner_unit.name,
            under_label="担当所属",
        ),
        Column(name="working_group", label="WG", value=lambda issue: issue.working_group.name, sort="working_group__order"),
        chip_column("state", "状態", value=lambda issue: issue.get_state_display(), sort="state"),
        Column(name="system", label="システム", value=lambda issue: issue.system and issue.system.name, sort="system__name"),
        date_column("opened_on", "登録日", visible=False),
        date_column("done_on", "解決日", visible=False),
    )
    empty_title = "課題はありません"
    empty_text = "WGの画面で課題を登録すると、ここに並びます。"


def issue_list(request: HttpRequest) -> HttpResponse:
    """All issues that the person may see."""
    user = signed_in(request)
    issues = Issue.objects.filter(working_group__in=visible_groups(user)).select_related(
        "working_group", "owner_unit", "system"
    )
    return IssueTable(request, issues).respond("taskforce/issue_list.html", {"tabs": tabs("issue-list")})


def issue_detail(request: HttpRequest, issue_id: int) -> HttpResponse:
    """One issue."""
    user = signed_in(request)
    issue = access_issue(user, issue_id)
    context = {"issue": issue, "may_work": may_write_group(user, issue.working_group)}
    return render(request, "taskforce/issue_detail.html", context)


class MeetingTable(Table[Meeting]):
    """Meetings of the year."""

    caption = "会議"
    counter = "回"
    search = ("gathering__title", "gathering__outline")
    search_label = "件名・概要で絞る"
    default_sort = "held_on"
    columns = (
        Column(name="number", label="回", numeric=True, sort=True),
        date_column("held_on", "開催日", value=lambda meeting: meeting.gathering.held_on, sort="gathering__held_on", shape="long"),
        Column(
            name="title",
            label="会議",
            heading=True,
            value=lambda meeting: meeting.gathering.title,
            link=lambda meeting: reverse("gathering:gathering-detail", args=[meeting.gathering_id]),
            sort="gathering__title",
        ),
        Column(name="outline", label="概要", value=lambda meeting: meeting.gathering.outline),
        chip_column("state", "状態", value=lambda meeting: meeting.gathering.get_state_display()),
        Column(name="head_count", label="出席者数", numeric=True, value=lambda meeting: meeting.gathering.head_count),
    )
    empty_title = "この年度の会議はありません"
    empty_text = "会議を登録すると、開催日の順に並びます。"


def meeting_list(request: HttpRequest) -> HttpResponse:
    """Meetings of task forces, and of the groups that the person may see."""
    user, year = signed_in(request), year_of(request)
    meetings = Meeting.objects.filter(gathering__held_on__range=(year.start, year.end)).select_related(
        "gathering", "working_group", "task_force"
    )
    if not holds_any(user, READERS):
        meetings = meetings.filter(working_group__in=visible_groups(user))
    context = {"tabs": tabs("meeting-list"), "year": year, "may_write": holds_any(user, EDITORS)}
    return MeetingTable(request, meetings).respond("taskforce/meeting_list.html", context)


def roadmap(request: HttpRequest) -> HttpResponse:
    """The roadmap of all visible groups and their systems."""
    user, year = signed_in(request), year_of(request)
    groups = (
        visible_groups(user)
        .within(year.start, year.end)
        .order_by("order", "pk")
        .prefetch_related(
            Prefetch("roadmap", RoadmapItem.objects.select_related("system", "working_group")),
            Prefetch("memberships", Membership.objects.select_related("unit")),
        )
    )
    items = [item for group in groups for item in group.roadmap.all()]
    context = {
        "tabs": tabs("roadmap"),
        "year": year,
        "items": items,
        "gantt": roadmap_gantt(items, timezone.localdate()),
    }
    return render(request, "taskforce/roadmap.html", context)
