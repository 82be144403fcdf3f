"""Readers of task forces: what figures, pages and the yearly report ask."""

from collections.abc import Collection
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max, Prefetch, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from tenshu.dx.taskforce.models import (
    Issue,
    IssueState,
    Meeting,
    Membership,
    Secretariat,
    TaskForce,
    WorkingGroup,
)
from tenshu.ground.access.models import User
from tenshu.ground.access.queries import holds_any, own_units
from tenshu.ground.access.roles import EDITORS, READERS
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.calendar.queries import reference_day
from tenshu.ground.office.lineage import current_units, with_predecessors
from tenshu.ground.office.models import Unit
from tenshu.ground.periods import DatedQuerySet
from tenshu.ground.systems.models import System, SystemQuerySet
from tenshu.mechanisms.gathering.models import GatheringState


def candidate_systems(year: FiscalYear) -> SystemQuerySet:
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
    """Task forces of the year with their groups and counts, in a constant number of queries."""
    groups = working_groups(year).annotate(
        system_count=Count("targets", distinct=True),
        open_issues=Count("issues", filter=~Q(issues__state=IssueState.DONE), distinct=True),
    )
    return TaskForce.objects.within(year.start, year.end).prefetch_related(Prefetch("working_groups", groups))


@dataclass(frozen=True, slots=True)
class Member:
    """A division that takes part, as it stands on the day that is shown."""

    membership: Membership
    unit: Unit

    def __str__(self) -> str:
        return f"{self.unit}（{self.membership.part}）" if self.membership.part else str(self.unit)


def members_of(groups: Collection[WorkingGroup], year: FiscalYear) -> dict[int, list[Member]]:
    """The members of each group in the year, in their order, under the names that they bear at its end (or today).

    A membership keeps the unit that joined; a reorganised one is shown as what it has become.
    """
    rows = list(
        Membership.objects.within(year.start, year.end)
        .filter(working_group__in=[group.pk for group in groups])
        .select_related("unit__parent")
    )
    units = current_units({row.unit_id for row in rows}, reference_day(year))
    found: dict[int, list[Member]] = {group.pk: [] for group in groups}
    for row in rows:
        member = Member(row, units.get(row.unit_id, row.unit))
        if str(member) not in map(str, found[row.working_group_id]):
            found[row.working_group_id].append(member)
    return found


def secretariats_of(forces: Collection[TaskForce], year: FiscalYear) -> dict[int, list[Unit]]:
    """The divisions of each task force's secretariat, as they stand at the end of the year (or today)."""
    rows = list(Secretariat.objects.filter(task_force__in=[f.pk for f in forces]).select_related("unit"))
    units = current_units({row.unit_id for row in rows}, reference_day(year))
    found: dict[int, list[Unit]] = {force.pk: [] for force in forces}
    for row in rows:
        unit = units.get(row.unit_id, row.unit)
        if unit not in found[row.task_force_id]:
            found[row.task_force_id].append(unit)
    return found


def next_number(force: TaskForce, group: WorkingGroup | None, year: FiscalYear) -> int:
    """The number of the next meeting of the year, of the task force itself or of one of its groups."""
    numbers = meetings_numbered(force, group, year).aggregate(last=Max("number"))
    return (numbers["last"] or 0) + 1


def meetings_numbered(force: TaskForce, group: WorkingGroup | None, year: FiscalYear) -> QuerySet[Meeting]:
    """The meetings among which a number stands once: of one task force or group, in one fiscal year."""
    return Meeting.objects.filter(
        task_force=force, working_group=group, gathering__held_on__range=(year.start, year.end)
    )


def access_task_force(user: User, pk: int, action: str = "read") -> TaskForce:
    """A task force; everyone whose role opens the room reads, the secretariat writes."""
    found = TaskForce.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    if action == "write" and not holds_any(user, EDITORS):
        raise PermissionDenied("タスクフォースを変えられるのは事務局です。")
    return found


def units_of(user: User) -> frozenset[int]:
    """Keys of ``user``'s units today, with those that they came from."""
    return with_predecessors(own_units(user))


def visible_groups(user: User) -> DatedQuerySet[WorkingGroup]:
    """All groups for those who see the whole office, else those that concern one's own units.

    A group concerns a division that takes part or took part, or that has one of its issues to solve.
    """
    if holds_any(user, READERS):
        return WorkingGroup.objects.all()
    units = units_of(user)
    members = Membership.objects.filter(unit_id__in=units).values("working_group")
    solvers = Issue.objects.filter(owner_unit_id__in=units).values("working_group")
    return WorkingGroup.objects.filter(Q(pk__in=members) | Q(pk__in=solvers))


def visible_meetings(user: User) -> QuerySet[Meeting]:
    """Meetings of the groups that ``user`` sees, and of the task forces of these groups."""
    if holds_any(user, READERS):
        return Meeting.objects.all()
    groups = visible_groups(user)
    whole = Q(working_group__isnull=True, task_force__in=groups.values("task_force"))
    return Meeting.objects.filter(Q(working_group__in=groups.values("pk")) | whole)


def may_write_group(user: User, group: WorkingGroup) -> bool:
    """The secretariat writes every group; its members of today keep issues and roadmap while it stands."""
    if holds_any(user, EDITORS):
        return True
    today = timezone.localdate()
    if group.valid_until is not None and group.valid_until < today:
        return False
    return group.memberships.exclude(valid_until__lt=today).filter(unit_id__in=units_of(user)).exists()


def may_write_issue(user: User, issue: Issue) -> bool:
    """Who writes the group, and the division that has the issue to solve."""
    return may_write_group(user, issue.working_group) or issue.owner_unit_id in units_of(user)


def access_group(user: User, pk: int, action: str = "read") -> WorkingGroup:
    """A working group, if ``user`` may ``read`` it, ``work`` on its issues and roadmap, or ``write`` it."""
    group = visible_groups(user).select_related("task_force").filter(pk=pk).first()
    if group is None:
        raise Http404
    if action == "write" and not holds_any(user, EDITORS):
        raise PermissionDenied("WGを変えられるのは事務局です。")
    if action == "work" and not may_write_group(user, group):
        raise PermissionDenied("課題と工程を書けるのは、事務局と、いまの構成所属です。")
    return group


def access_issue(user: User, pk: int, action: str = "read") -> Issue:
    """An issue: to ``read`` through its group, to ``work`` on also as its owner, to ``write`` as the group's writer."""
    found = Issue.objects.select_related("working_group__task_force", "owner_unit", "owner", "system")
    issue = found.filter(pk=pk).first()
    if issue is None:
        raise Http404
    group = access_group(user, issue.working_group_id)
    if action == "work" and not may_write_issue(user, issue):
        raise PermissionDenied("この課題を書けるのは、事務局、構成所属、担当所属です。")
    if action == "write" and not may_write_group(user, group):
        raise PermissionDenied("この課題を消せるのは、事務局と構成所属です。")
    return issue


def access_meeting(user: User, pk: int) -> Meeting:
    """A meeting to be corrected by the secretariat."""
    found = (
        Meeting.objects.select_related("gathering__host", "working_group", "task_force").filter(pk=pk).first()
    )
    if found is None:
        raise Http404
    if not holds_any(user, EDITORS):
        raise PermissionDenied("会議を直せるのは事務局です。")
    return found
