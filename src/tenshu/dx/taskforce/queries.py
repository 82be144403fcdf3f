"""Readers of task forces: what figures, pages and the yearly report ask."""

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import Http404

from tenshu.dx.taskforce.models import Issue, IssueState, Meeting, Membership, TaskForce, WorkingGroup
from tenshu.ground.access.models import User
from tenshu.ground.access.queries import holds_any, own_units
from tenshu.ground.access.roles import EDITORS, READERS
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.systems.models import System
from tenshu.mechanisms.gathering.models import GatheringState


def candidate_systems(year: FiscalYear) -> QuerySet[System]:
    """Systems that are candidates for optimisation at the end of the year."""
    return System.objects.candidates_on(year.end)


def working_groups(year: FiscalYear) -> QuerySet[WorkingGroup]:
    """Working groups that stood at any time of the year."""
    return WorkingGroup.objects.within(year.start, year.end)


def meetings_held(year: FiscalYear) -> QuerySet[Meeting]:
    """Meetings of task forces themselves, not of working groups, held in the year."""
    return Meeting.objects.filter(
        working_group__isnull=True,
        gathering__state=GatheringState.HELD,
        gathering__held_on__range=(year.start, year.end),
    ).order_by("gathering__held_on", "number")


def task_forces(year: FiscalYear) -> QuerySet[TaskForce]:
    """Task forces of the year with everything that the overview shows, in a constant number of queries."""
    groups = (
        working_groups(year)
        .annotate(
            system_count=Count("targets", distinct=True),
            open_issues=Count("issues", filter=~Q(issues__state=IssueState.DONE), distinct=True),
        )
        .prefetch_related(
            Prefetch("memberships", Membership.objects.within(year.start, year.end).select_related("unit"))
        )
    )
    return TaskForce.objects.within(year.start, year.end).prefetch_related(
        Prefetch("working_groups", groups), "secretariats__unit"
    )


def access_task_force(user: User, pk: int, action: str = "read") -> TaskForce:
    """A task force; everyone whose role opens the room reads, the secretariat writes."""
    found = TaskForce.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    if action == "write" and not holds_any(user, EDITORS):
        raise PermissionDenied
    return found


def visible_groups(user: User) -> QuerySet[WorkingGroup]:
    """All groups for those who see the whole office, else those in which one's own units take part."""
    if holds_any(user, READERS):
        return WorkingGroup.objects.all()
    return WorkingGroup.objects.filter(memberships__unit_id__in=own_units(user)).distinct()


def may_write_group(user: User, group: WorkingGroup) -> bool:
    """The secretariat writes every group; member divisions keep the issues and roadmap of their own."""
    return holds_any(user, EDITORS) or group.memberships.filter(unit_id__in=own_units(user)).exists()


def access_group(user: User, pk: int, action: str = "read") -> WorkingGroup:
    """A working group, if ``user`` may ``read`` it, ``work`` on its issues and roadmap, or ``write`` it."""
    group = visible_groups(user).select_related("task_force").filter(pk=pk).first()
    if group is None:
        raise Http404
    if action == "write" and not holds_any(user, EDITORS):
        raise PermissionDenied
    if action == "work" and not may_write_group(user, group):
        raise PermissionDenied
    return group


def access_issue(user: User, pk: int, action: str = "read") -> Issue:
    """An issue through the gate of its working group."""
    issue = Issue.objects.select_related("working_group", "owner_unit", "system").filter(pk=pk).first()
    if issue is None:
        raise Http404
    access_group(user, issue.working_group_id, action)
    return issue
