"""The writers of task forces, working groups, meetings, issues and the roadmap."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from tenshu.dx.taskforce.models import (
    Issue,
    IssueState,
    Meeting,
    Membership,
    RoadmapItem,
    Secretariat,
    TargetSystem,
    TaskForce,
    WorkingGroup,
)
from tenshu.dx.taskforce.queries import meetings_numbered
from tenshu.ground.access.models import User
from tenshu.ground.audit.writing import change, create, create_many, remove, remove_many
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.office.lineage import with_predecessors
from tenshu.ground.office.models import Unit
from tenshu.ground.systems.models import System
from tenshu.mechanisms.gathering.actions import do_change_gathering, do_plan_gathering
from tenshu.mechanisms.gathering.models import Gathering


@transaction.atomic
def do_set_up_task_force(
    task_force: TaskForce, secretariat: Sequence[Unit], *, acting_user: User
) -> TaskForce:
    """Set up a task force with the divisions of its secretariat."""
    create(task_force, "taskforce.set_up", acting_user=acting_user)
    do_set_secretariat(task_force, secretariat, acting_user=acting_user)
    return task_force


def do_change_task_force(task_force: TaskForce, values: Mapping[str, Any], *, acting_user: User) -> bool:
    """Change name, purpose or span."""
    return change(task_force, values, "taskforce.changed", acting_user=acting_user)


@transaction.atomic
def do_set_secretariat(task_force: TaskForce, units: Sequence[Unit], *, acting_user: User) -> None:
    """Make ``units`` the secretariat, in this order."""
    now = list(task_force.secretariats.select_related("unit"))
    if [item.unit_id for item in now] == [unit.pk for unit in units]:
        return
    remove_many(now, "taskforce.secretariat_removed", acting_user=acting_user)
    create_many(
        [Secretariat(task_force=task_force, unit=unit, order=i) for i, unit in enumerate(units, start=1)],
        "taskforce.secretariat_set",
        acting_user=acting_user,
    )


def do_set_up_group(group: WorkingGroup, *, acting_user: User) -> WorkingGroup:
    """Set up a working group."""
    return create(group, "taskforce.group_set_up", acting_user=acting_user)


def do_change_group(group: WorkingGroup, values: Mapping[str, Any], *, acting_user: User) -> bool:
    """Change name, problem, migration date or span."""
    return change(group, values, "taskforce.group_changed", acting_user=acting_user)


@transaction.atomic
def do_remove_group(group: WorkingGroup, *, acting_user: User, reason: str) -> None:
    """Remove a group that was entered by mistake; one that has finished its work gets an end date instead.

    Raises ``ValidationError`` when it has met, or has issues.
    """
    if group.meetings.exists() or group.issues.exists():
        raise ValidationError("会議か課題があるので消せません。役目を終えたWGには、終了日を入れてください。")
    for rows, verb in (
        (group.memberships.all(), "taskforce.member_removed"),
        (group.targets.all(), "taskforce.target_removed"),
        (group.roadmap.all(), "taskforce.roadmap_removed"),
    ):
        remove_many(list(rows), verb, acting_user=acting_user, reason=reason)
    remove(group, "taskforce.group_removed", acting_user=acting_user, reason=reason)


def do_add_member(membership: Membership, *, acting_user: User) -> Membership:
    """Let a division take part. Raises ``ValidationError`` when it, or what it came from, does already."""
    line = with_predecessors([membership.unit_id])
    if Membership.objects.filter(working_group=membership.working_group, unit_id__in=line).exists():
        raise ValidationError({"unit": f"{membership.unit}は、すでに構成所属です。"})
    return create(membership, "taskforce.member_added", acting_user=acting_user)


def do_change_member(membership: Membership, values: Mapping[str, Any], *, acting_user: User) -> bool:
    """Change the part, or the first and last day; a division that leaves gets a last day."""
    return change(membership, values, "taskforce.member_changed", acting_user=acting_user)


def do_remove_member(membership: Membership, *, acting_user: User) -> None:
    """Take a division out that was entered by mistake; one that leaves gets a last day instead."""
    remove(membership, "taskforce.member_removed", acting_user=acting_user)


@transaction.atomic
def do_set_targets(group: WorkingGroup, systems: Sequence[System], *, acting_user: User) -> None:
    """Make ``systems`` the target systems of the group."""
    wanted = {system.pk: system for system in systems}
    now = {target.system_id: target for target in group.targets.select_related("system")}
    remove_many(
        [target for pk, target in now.items() if pk not in wanted],
        "taskforce.target_removed",
        acting_user=acting_user,
    )
    create_many(
        [TargetSystem(working_group=group, system=system) for pk, system in wanted.items() if pk not in now],
        "taskforce.target_added",
        acting_user=acting_user,
    )


@transaction.atomic
def do_plan_meeting(meeting: Meeting, gathering: Gathering, *, acting_user: User) -> Meeting:
    """Enter a meeting of the task force or of a working group.

    Raises ``ValidationError`` when the number is taken in that fiscal year, or the group is another's.
    """
    _check_meeting(meeting, gathering.held_on)
    do_plan_gathering(gathering, acting_user=acting_user)
    meeting.gathering = gathering
    return create(meeting, "taskforce.meeting_planned", acting_user=acting_user)


@transaction.atomic
def do_change_meeting(
    meeting: Meeting, values: Mapping[str, Any], session: Mapping[str, Any], *, acting_user: User
) -> bool:
    """Change whose meeting it is and its number (``values``), and its session (``session``)."""
    wanted = Meeting(pk=meeting.pk, task_force=meeting.task_force, **values)
    _check_meeting(wanted, session["held_on"])
    changed = change(meeting, values, "taskforce.meeting_changed", acting_user=acting_user)
    return do_change_gathering(meeting.gathering, session, acting_user=acting_user) or changed


def _check_meeting(meeting: Meeting, held_on: datetime.date) -> None:
    group = meeting.working_group
    if group is not None and group.task_force_id != meeting.task_force_id:
        raise ValidationError({"working_group": "このWGは、別のタスクフォースのものです。"})
    year = FiscalYear.containing(held_on)
    same = meetings_numbered(meeting.task_force, group, year).filter(number=meeting.number)
    if same.exclude(pk=meeting.pk).exists():
        whose = group or meeting.task_force
        raise ValidationError(
            {"number": f"{whose}の{year.label}第{meeting.number}回は、もう登録されています。"}
        )


def do_open_issue(issue: Issue, *, acting_user: User) -> Issue:
    """Enter a problem."""
    return create(issue, "taskforce.issue_opened", acting_user=acting_user)


def do_change_issue(issue: Issue, values: Mapping[str, Any], *, acting_user: User) -> bool:
    """Change an issue."""
    return change(issue, values, "taskforce.issue_changed", acting_user=acting_user)


def do_move_issue(issue: Issue, state: IssueState, on: datetime.date, *, acting_user: User) -> bool:
    """Move an issue to another state; its day of solution follows.

    Raises ``ValidationError`` for a day before the issue was entered, or one that has not come.
    """
    if on < issue.opened_on:
        raise ValidationError({"on": "登録日より前の日です。"})
    if on > timezone.localdate():
        raise ValidationError({"on": "まだ来ていない日です。"})
    done_on = on if state == IssueState.DONE else None
    return change(
        issue, {"state": state, "done_on": done_on}, "taskforce.issue_moved", acting_user=acting_user
    )


def do_remove_issue(issue: Issue, *, acting_user: User, reason: str) -> None:
    """Strike an issue that was entered by mistake; one that is solved moves to 完了 instead."""
    remove(issue, "taskforce.issue_removed", acting_user=acting_user, reason=reason)


def do_add_roadmap_item(item: RoadmapItem, *, acting_user: User) -> RoadmapItem:
    """Add a step to the roadmap."""
    return create(item, "taskforce.roadmap_added", acting_user=acting_user)


def do_change_roadmap_item(item: RoadmapItem, values: Mapping[str, Any], *, acting_user: User) -> bool:
    """Change a step."""
    return change(item, values, "taskforce.roadmap_changed", acting_user=acting_user)


def do_remove_roadmap_item(item: RoadmapItem, *, acting_user: User) -> None:
    """Take a step off the roadmap."""
    remove(item, "taskforce.roadmap_removed", acting_user=acting_user)
