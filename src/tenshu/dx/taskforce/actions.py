"""The writers of task forces, working groups, meetings, issues and the roadmap."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

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
from tenshu.ground.access.models import User
from tenshu.ground.audit.writing import change, create, create_many, remove, remove_many
from tenshu.ground.office.models import Unit
from tenshu.ground.systems.models import System
from tenshu.mechanisms.gathering.actions import do_plan_gathering
from tenshu.mechanisms.gathering.models import Gathering


@transaction.atomic
def do_set_up_task_force(task_force: TaskForce, secretariat: Sequence[Unit], *, acting_user: User) -> TaskForce:
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


def do_add_member(membership: Membership, *, acting_user: User) -> Membership:
    """Let a division take part."""
    return create(membership, "taskforce.member_added", acting_user=acting_user)


def do_remove_member(membership: Membership, *, acting_user: User) -> None:
    """Take a division out that was entered by mistake; one that leaves gets an end date instead."""
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
    """Enter a meeting of the task force or of a working group."""
    if meeting.working_group is not None and meeting.working_group.task_force_id != meeting.task_force_id:
        raise ValidationError("このWGは、別のタスクフォースのものです。")
    do_plan_gathering(gathering, acting_user=acting_user)
    meeting.gathering = gathering
    return create(meeting, "taskforce.meeting_planned", acting_user=acting_user)


def do_open_issue(issue: Issue, *, acting_user: User) -> Issue:
    """Enter a problem."""
    return create(issue, "taskforce.issue_opened", acting_user=acting_user)


def do_change_issue(issue: Issue, values: Mapping[str, Any], *, acting_user: User) -> bool:
    """Change an issue."""
    return change(issue, values, "taskforce.issue_changed", acting_user=acting_user)


def do_move_issue(issue: Issue, state: IssueState, on: datetime.date, *, acting_user: User) -> bool:
    """Move an issue to another state; its day of solution follows."""
    done_on = on if state == IssueState.DONE else None
    return change(
        issue, {"state": state, "done_on": done_on}, "taskforce.issue_moved", acting_user=acting_user
    )


def do_add_roadmap_item(item: RoadmapItem, *, acting_user: User) -> RoadmapItem:
    """Add a step to the roadmap."""
    return create(item, "taskforce.roadmap_added", acting_user=acting_user)


def do_change_roadmap_item(item: RoadmapItem, values: Mapping[str, Any], *, acting_user: User) -> bool:
    """Change a step."""
    return change(item, values, "taskforce.roadmap_changed", acting_user=acting_user)


def do_remove_roadmap_item(item: RoadmapItem, *, acting_user: User) -> None:
    """Take a step off the roadmap."""
    remove(item, "taskforce.roadmap_removed", acting_user=acting_user)
