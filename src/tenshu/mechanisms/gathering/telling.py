"""Telling people about sessions that are still to come, inside the action's transaction."""

from collections.abc import Iterable, Sequence

from django.urls import reverse
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.notices.recipients import accounts_of, officers_of_unit
from tenshu.ground.notices.sending import notify, settle
from tenshu.ground.ui.dates import day_text
from tenshu.mechanisms.gathering.models import ActionItem, Attendance, Gathering, GatheringState
from tenshu.mechanisms.gathering.notice_kinds import ACTION, CALLED


def tell_invited(gathering: Gathering, attendances: Sequence[Attendance], *, acting_user: User) -> None:
    """Those who are asked to come to a session that is still planned; what is entered afterwards tells nobody."""
    if not _is_ahead(gathering):
        return
    start = f" {gathering.starts_at:%-H:%M}から" if gathering.starts_at else ""
    place = f"、{gathering.place}" if gathering.place else ""
    notify(
        _others(_people(attendances), acting_user),
        kind=CALLED,
        about=gathering,
        title=f"「{gathering.title}」のご案内",
        body=f"{day_text(gathering.held_on)}{start}{place}（{gathering.get_form_display()}）に開きます。"
        f"主催は{gathering.host.name}です。",
        url=reverse("gathering:gathering-detail", args=[gathering.pk]),
    )


def tell_cancelled(gathering: Gathering, reason: str, *, acting_user: User) -> None:
    """Those who were asked to come; an invitation that is not mailed yet is taken back."""
    settle(gathering, kind=CALLED)
    if gathering.held_on < timezone.localdate():
        return
    asked = gathering.attendances.select_related("unit")
    notify(
        _others(_people(asked), acting_user),
        kind=CALLED,
        about=gathering,
        title=f"「{gathering.title}」は中止になりました",
        body=f"{day_text(gathering.held_on)}の予定でした。理由：{reason or '書かれていません'}",
        url=reverse("gathering:gathering-detail", args=[gathering.pk]),
    )


def tell_charged(item: ActionItem, *, acting_user: User) -> None:
    """Whoever has something to do from now on."""
    if item.done_on or (item.due and item.due < timezone.localdate()):
        return
    people = accounts_of([item.owner_id]) if item.owner_id else officers_of_unit(item.owner_unit)
    notify(
        _others(people, acting_user),
        kind=ACTION,
        about=item,
        title=f"「{item.gathering.title}」の宿題を受け持ちました",
        body=item.text,
        url=reverse("gathering:gathering-detail", args=[item.gathering_id]),
        due=item.due,
    )


def _is_ahead(gathering: Gathering) -> bool:
    return gathering.state == GatheringState.PLANNED and gathering.held_on >= timezone.localdate()


def _people(attendances: Iterable[Attendance]) -> list[User]:
    rows = list(attendances)
    found = accounts_of(row.staff_id for row in rows if row.staff_id)
    for row in rows:
        if row.unit is not None and row.staff_id is None:
            found += officers_of_unit(row.unit)
    return found


def _others(people: Iterable[User], acting_user: User) -> list[User]:
    return [person for person in people if person.pk != acting_user.pk]
