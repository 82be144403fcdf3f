"""What of sessions can be found: title, outline, minutes, agenda, decisions and what is to be done."""

from collections.abc import Iterable, Iterator

from django.db.models import QuerySet
from django.urls import reverse

from tenshu.ground.access.models import User
from tenshu.ground.access.queries import holds_any
from tenshu.ground.access.roles import READERS
from tenshu.ground.search.sources import SearchSource, SearchText, follow
from tenshu.mechanisms.gathering.links import opened_to
from tenshu.mechanisms.gathering.models import ActionItem, AgendaItem, Attendance, Decision, Gathering
from tenshu.mechanisms.gathering.queries import units_of


def _rows() -> QuerySet[Gathering]:
    return Gathering.objects.select_related("host").prefetch_related(
        "agenda", "decisions", "action_items", "attendances"
    )


def _text(gathering: Gathering) -> SearchText:
    return SearchText(gathering.title, "\n".join(_lines(gathering)), on=gathering.held_on)


def _lines(gathering: Gathering) -> Iterator[str]:
    yield from (gathering.outline, gathering.minutes, gathering.place)
    yield from (f"{item.title} {item.presenter}" for item in gathering.agenda.all())
    yield from (decision.text for decision in gathering.decisions.all())
    yield from (item.text for item in gathering.action_items.all())
    yield from (attendance.guest for attendance in gathering.attendances.all())


def _marks(gathering: Gathering) -> Iterable[str]:
    """The units and people whom the session concerns: the same as ``Gathering.objects.for_user`` asks for."""
    marks = {f"unit:{gathering.host_id}", f"self:{gathering.pk}"}
    for row in gathering.attendances.all():
        marks |= {f"unit:{row.unit_id}"} if row.unit_id else set()
        marks |= {f"staff:{row.staff_id}"} if row.staff_id else set()
    for item in gathering.action_items.all():
        marks |= {f"unit:{item.owner_unit_id}"} | ({f"staff:{item.owner_id}"} if item.owner_id else set())
    return marks


def _marks_of(user: User) -> Iterable[str] | None:
    if holds_any(user, READERS):
        return None
    marks = {f"unit:{pk}" for pk in units_of(user)} | {f"staff:{user.staff_id}"}
    for keys in opened_to(user):
        marks |= {f"self:{pk}" for (pk,) in keys.values_list("gathering")}
    return marks


SOURCES = [
    SearchSource(
        key="gathering",
        label="会議・研修",
        model=Gathering,
        rows=_rows,
        text=_text,
        url=lambda gathering: reverse("gathering:gathering-detail", args=[gathering.pk]),
        under=lambda gathering: f"{gathering.get_kind_display()} {gathering.host.name}",
        opens="gathering:gathering-detail",
        visible=lambda user: Gathering.objects.for_user(user),
        marks=_marks,
        marks_of=_marks_of,
        follows=tuple(
            follow(model, "gathering_id") for model in (AgendaItem, Attendance, Decision, ActionItem)
        ),
        icon="calendar",
        order=40,
    )
]
