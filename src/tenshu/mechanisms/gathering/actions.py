"""The writers of sessions and of what hangs on them."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from tenshu.ground.access.models import User
from tenshu.ground.audit.writing import change, create, create_many, remove, remove_many
from tenshu.ground.quantities import HeadCount
from tenshu.mechanisms.gathering.models import (
    ActionItem,
    AgendaItem,
    Attendance,
    AttendanceState,
    Decision,
    Gathering,
    GatheringState,
)


def do_plan_gathering(gathering: Gathering, *, acting_user: User) -> Gathering:
    """Enter a session, planned or already held."""
    return create(gathering, "gathering.planned", acting_user=acting_user)


def do_change_gathering(
    gathering: Gathering, values: Mapping[str, Any], *, acting_user: User, reason: str = ""
) -> bool:
    """Change date, place, outline or minutes."""
    return change(gathering, values, "gathering.changed", acting_user=acting_user, reason=reason)


def do_hold_gathering(gathering: Gathering, head_count: HeadCount | None, *, acting_user: User) -> bool:
    """Mark a session as held, with the number of people who came."""
    values: dict[str, Any] = {"state": GatheringState.HELD}
    if head_count is not None:
        values |= {"attendance_count": head_count.count, "attendance_quality": head_count.quality}
    return change(gathering, values, "gathering.held", acting_user=acting_user)


def do_cancel_gathering(gathering: Gathering, *, acting_user: User, reason: str) -> bool:
    """Call a session off, with the reason. A session already held cannot be called off."""
    if gathering.state == GatheringState.HELD:
        raise ValidationError("開催済の会議は中止にできません。誤りなら、状態を予定に戻してから中止にしてください。")
    return change(
        gathering, {"state": GatheringState.CANCELLED}, "gathering.cancelled", acting_user=acting_user, reason=reason
    )


@transaction.atomic
def do_set_agenda(
    gathering: Gathering, items: Sequence[tuple[str, str]], *, acting_user: User
) -> list[AgendaItem]:
    """Replace the agenda by ``items``, each a title and a presenter, in order."""
    now = [(item.title, item.presenter) for item in gathering.agenda.all()]
    if now == list(items):
        return list(gathering.agenda.all())
    remove_many(list(gathering.agenda.all()), "gathering.agenda_removed", acting_user=acting_user)
    return create_many(
        [
            AgendaItem(gathering=gathering, order=order, title=title, presenter=presenter)
            for order, (title, presenter) in enumerate(items, start=1)
        ],
        "gathering.agenda_set",
        acting_user=acting_user,
    )


def do_invite(gathering: Gathering, attendances: Sequence[Attendance], *, acting_user: User) -> list[Attendance]:
    """Ask people, units or guests to come."""
    for attendance in attendances:
        attendance.gathering = gathering
    return create_many(attendances, "gathering.invited", acting_user=acting_user)


def do_mark_attendance(attendance: Attendance, state: AttendanceState, *, acting_user: User) -> bool:
    """Record that somebody came, or did not."""
    return change(attendance, {"state": state}, "gathering.attendance_marked", acting_user=acting_user)


def do_remove_attendance(attendance: Attendance, *, acting_user: User) -> None:
    """Take somebody off the list."""
    remove(attendance, "gathering.attendance_removed", acting_user=acting_user)


def do_add_decision(gathering: Gathering, text: str, *, acting_user: User) -> Decision:
    """Write down what was decided."""
    return create(Decision(gathering=gathering, text=text), "gathering.decided", acting_user=acting_user)


def do_remove_decision(decision: Decision, *, acting_user: User, reason: str = "") -> None:
    """Strike a decision that was entered by mistake."""
    remove(decision, "gathering.decision_removed", acting_user=acting_user, reason=reason)


def do_add_action_item(item: ActionItem, *, acting_user: User) -> ActionItem:
    """Give somebody something to do, by when."""
    return create(item, "gathering.action_added", acting_user=acting_user)


def do_finish_action_item(item: ActionItem, on: datetime.date | None, *, acting_user: User) -> bool:
    """Mark it as done on a day, or as open again with ``None``."""
    return change(item, {"done_on": on}, "gathering.action_finished", acting_user=acting_user)


def do_remove_action_item(item: ActionItem, *, acting_user: User, reason: str = "") -> None:
    """Strike an item that was entered by mistake."""
    remove(item, "gathering.action_removed", acting_user=acting_user, reason=reason)
