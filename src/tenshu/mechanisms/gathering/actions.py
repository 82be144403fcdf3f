"""The writers of sessions and of what hangs on them."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.audit.writing import change, create, create_many, remove, remove_many
from tenshu.ground.files.queries import attachments_of
from tenshu.ground.quantities import HeadCount, Quality
from tenshu.mechanisms.gathering.links import release
from tenshu.mechanisms.gathering.models import (
    ActionItem,
    AgendaItem,
    Attendance,
    AttendanceState,
    Decision,
    Gathering,
    GatheringState,
)
from tenshu.mechanisms.gathering.telling import tell_cancelled, tell_charged, tell_invited


def do_plan_gathering(gathering: Gathering, *, acting_user: User) -> Gathering:
    """Enter a session, planned or already held."""
    _refuse_held_in_future(GatheringState(gathering.state), gathering.held_on)
    return create(gathering, "gathering.planned", acting_user=acting_user)


def do_change_gathering(
    gathering: Gathering, values: Mapping[str, Any], *, acting_user: User, reason: str = ""
) -> bool:
    """Change date, place, outline or minutes."""
    _refuse_held_in_future(GatheringState(gathering.state), values.get("held_on", gathering.held_on))
    return change(gathering, values, "gathering.changed", acting_user=acting_user, reason=reason)


def do_hold_gathering(gathering: Gathering, head_count: HeadCount | None, *, acting_user: User) -> bool:
    """Mark a session as held with the number of people who came, or correct that number (``None``: unknown).

    Raises ``ValidationError`` for a session that was called off or whose day has not come.
    """
    if gathering.state == GatheringState.CANCELLED:
        raise ValidationError("中止になっています。開いたのなら、先に予定に戻してください。")
    _refuse_held_in_future(GatheringState.HELD, gathering.held_on)
    verb = "gathering.count_changed" if gathering.state == GatheringState.HELD else "gathering.held"
    values = {"state": GatheringState.HELD, **_counted(head_count)}
    return change(gathering, values, verb, acting_user=acting_user)


@transaction.atomic
def do_cancel_gathering(gathering: Gathering, *, acting_user: User, reason: str) -> bool:
    """Call a planned session off, with the reason, and tell those who were asked to come."""
    if gathering.state != GatheringState.PLANNED:
        raise ValidationError(
            f"{gathering.get_state_display()}の会議は中止にできません。誤りなら、予定に戻してから中止にしてください。"
        )
    done = change(
        gathering,
        {"state": GatheringState.CANCELLED},
        "gathering.cancelled",
        acting_user=acting_user,
        reason=reason,
    )
    tell_cancelled(gathering, reason, acting_user=acting_user)
    return done


def do_reopen_gathering(gathering: Gathering, *, acting_user: User, reason: str) -> bool:
    """Take a session that was marked as held or called off by mistake back to 予定.

    The head count goes, since nobody has come yet; the record keeps it. Agenda, minutes and the rest stay.
    """
    if gathering.state == GatheringState.PLANNED:
        raise ValidationError("すでに予定です。")
    values = {"state": GatheringState.PLANNED, **_counted(None)}
    return change(gathering, values, "gathering.reopened", acting_user=acting_user, reason=reason)


@transaction.atomic
def do_remove_gathering(gathering: Gathering, *, acting_user: User, reason: str) -> None:
    """Remove a session that was entered by mistake or twice, with the room's record of it.

    Only a planned one on which nothing hangs but agenda and invitations; raises ``ValidationError`` otherwise.
    """
    if gathering.state != GatheringState.PLANNED:
        raise ValidationError("消せるのは予定の会議だけです。先に予定に戻してください。")
    hanging = {
        "議事録": bool(gathering.minutes),
        "決定事項": gathering.decisions.exists(),
        "宿題": gathering.action_items.exists(),
        "資料": attachments_of(gathering).exists(),
    }
    if found := "、".join(name for name, there in hanging.items() if there):
        raise ValidationError(
            f"{found}があるので消せません。開かないことになったのなら、中止にしてください。"
        )
    release(gathering, acting_user=acting_user, reason=reason)
    remove_many(
        list(gathering.agenda.all()), "gathering.agenda_removed", acting_user=acting_user, reason=reason
    )
    remove_many(
        list(gathering.attendances.all()),
        "gathering.attendance_removed",
        acting_user=acting_user,
        reason=reason,
    )
    remove(gathering, "gathering.removed", acting_user=acting_user, reason=reason)


def _counted(head_count: HeadCount | None) -> dict[str, Any]:
    if head_count is None:
        return {"attendance_count": None, "attendance_quality": Quality.EXACT}
    return {"attendance_count": head_count.count, "attendance_quality": head_count.quality}


def _refuse_held_in_future(state: GatheringState, day: datetime.date) -> None:
    if state == GatheringState.HELD and day > timezone.localdate():
        raise ValidationError(
            "開催日がまだ来ていません。開催日を確かめるか、当日を過ぎてから開催済にしてください。"
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


@transaction.atomic
def do_invite(
    gathering: Gathering, attendances: Sequence[Attendance], *, acting_user: User
) -> list[Attendance]:
    """Ask people, units or guests to come, and tell them."""
    for attendance in attendances:
        attendance.gathering = gathering
    made = create_many(attendances, "gathering.invited", acting_user=acting_user)
    tell_invited(gathering, made, acting_user=acting_user)
    return made


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


@transaction.atomic
def do_add_action_item(item: ActionItem, *, acting_user: User) -> ActionItem:
    """Give somebody something to do, by when, and tell them."""
    create(item, "gathering.action_added", acting_user=acting_user)
    tell_charged(item, acting_user=acting_user)
    return item


def do_change_action_item(item: ActionItem, values: Mapping[str, Any], *, acting_user: User) -> bool:
    """Change what is to be done, by whom or by when."""
    return change(item, values, "gathering.action_changed", acting_user=acting_user)


def do_finish_action_item(item: ActionItem, on: datetime.date | None, *, acting_user: User) -> bool:
    """Mark it as done on a day, or as open again with ``None``."""
    verb = "gathering.action_finished" if on else "gathering.action_reopened"
    return change(item, {"done_on": on}, verb, acting_user=acting_user)


def do_remove_action_item(item: ActionItem, *, acting_user: User, reason: str = "") -> None:
    """Strike an item that was entered by mistake."""
    remove(item, "gathering.action_removed", acting_user=acting_user, reason=reason)
