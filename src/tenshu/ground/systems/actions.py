"""The only writers of the register of systems."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from tenshu.engines.japanese import format_wareki
from tenshu.ground.access.models import User
from tenshu.ground.audit.actions import Change, record, record_many
from tenshu.ground.audit.snapshot import snapshot
from tenshu.ground.audit.writing import save_changed
from tenshu.ground.office.models import Unit
from tenshu.ground.systems.models import Ownership, System

ONE_DAY = datetime.timedelta(days=1)
CORRECTABLE = (
    "number",
    "name",
    "kana",
    "purpose",
    "started_on",
    "ended_on",
    "candidate_from",
    "candidate_until",
)


@transaction.atomic
def do_add_system(values: Mapping[str, Any], owner: Unit, *, acting_user: User) -> System:
    """Enter a system. ``values`` holds any of ``CORRECTABLE``; raises ``ValidationError`` by field."""
    system = System(owner=owner, **{name: values[name] for name in CORRECTABLE if name in values})
    system.full_clean()
    system.save()
    record("systems.system.added", system, after=snapshot(system), acting_user=acting_user)
    _own(system, owner, first_day(system, owner), acting_user)
    return system


def first_day(system: System, owner: Unit) -> datetime.date:
    """From when a newly entered system counts as owned: its start, else the beginning of its owner."""
    return max(system.started_on or owner.valid_from, owner.valid_from)


@transaction.atomic
def do_correct_system(system: System, values: Mapping[str, Any], *, acting_user: User) -> System:
    """Change facts of a system. Other keys than ``CORRECTABLE`` raise ``KeyError``."""
    system = System.objects.select_for_update().get(pk=system.pk)
    before = snapshot(system)
    for name, value in values.items():
        if name not in CORRECTABLE:
            raise KeyError(name)
        setattr(system, name, value)
    if snapshot(system) != before:
        system.full_clean()
        system.save()
        record(
            "systems.system.corrected", system, before=before, after=snapshot(system), acting_user=acting_user
        )
    return system


@transaction.atomic
def do_change_owner(system: System, owner: Unit, on: datetime.date, *, acting_user: User) -> System:
    """Hand a system to ``owner`` from ``on``.

    Raises ``ValidationError`` when ``owner`` does not stand on ``on``, or a later change is already entered.
    """
    system = System.objects.select_for_update().get(pk=system.pk)
    if not owner.holds_on(on):
        raise ValidationError({"owner": f"{owner}は{format_wareki(on)}にありません。"})
    later = Ownership.objects.filter(system=system, valid_from__gt=on).order_by("valid_from").first()
    if later is not None:
        since = format_wareki(later.valid_from)
        raise ValidationError(
            {"on": f"{since}からの所管（{later.unit}）が既にあります。後の日にしてください。"}
        )
    if system.owner_id == owner.pk:
        return system
    _own(system, owner, on, acting_user)
    before = snapshot(system)
    system.owner = owner
    system.save(update_fields=["owner"])
    record("systems.owner.changed", system, before=before, after=snapshot(system), acting_user=acting_user)
    return system


def _own(system: System, owner: Unit, on: datetime.date, acting_user: User) -> None:
    record_many(_begin_ownerships([(system, owner, on)]), acting_user=acting_user)


@transaction.atomic
def do_end_system(system: System, last_day: datetime.date, *, acting_user: User) -> System:
    """Record the last day on which a system runs; it is no candidate for optimisation after that day."""
    system = System.objects.select_for_update().get(pk=system.pk)
    values: dict[str, Any] = {"ended_on": last_day}
    if system.candidate_from and (system.candidate_until is None or system.candidate_until > last_day):
        values["candidate_until"] = max(last_day, system.candidate_from)
    return do_correct_system(system, values, acting_user=acting_user)


@dataclass(frozen=True, slots=True)
class SystemRow:
    """Values for one system; ``pk`` is ``None`` for a new one. ``values["owner_id"]`` names the division."""

    pk: int | None
    values: Mapping[str, Any]


class RowsRefused(ValidationError):  # noqa: N818 - reads as what happened
    """A row cannot be saved; nothing was. ``index`` counts the rows from 0."""

    def __init__(self, index: int, field: str, message: str) -> None:
        super().__init__(message)
        self.index = index
        self.field = field


@transaction.atomic
def do_save_systems(rows: Sequence[SystemRow], *, acting_user: User) -> list[System]:
    """Add and change systems in bulk. A changed owner holds from today on."""
    current = System.objects.in_bulk([row.pk for row in rows if row.pk])
    units = Unit.objects.in_bulk({row.values["owner_id"] for row in rows})
    new: list[System] = []
    mended: list[System] = []
    handed: list[System] = []
    changes: list[Change] = []
    results: list[System] = []
    for index, row in enumerate(rows):
        system = current[row.pk] if row.pk else System()
        before = snapshot(system)
        for name, value in row.values.items():
            setattr(system, name, value)
        _clean(index, system)
        results.append(system)
        if not row.pk:
            new.append(system)
        elif (after := snapshot(system)) != before:
            mended.append(system)
            handed += [system] if before["owner"] != after["owner"] else []
            changes.append(Change("systems.system.corrected", system, before, after))
    System.objects.bulk_create(new, batch_size=500)
    save_changed(mended, [*CORRECTABLE, "owner"])
    changes += [Change("systems.system.added", system, after=snapshot(system)) for system in new]
    changes += _begin_ownerships(
        [(system, units[system.owner_id], first_day(system, units[system.owner_id])) for system in new]
        + [(system, units[system.owner_id], timezone.localdate()) for system in handed]
    )
    record_many(changes, acting_user=acting_user)
    return results


def _begin_ownerships(handed: Sequence[tuple[System, Unit, datetime.date]]) -> list[Change]:
    """Let each system be owned by the unit from the day on; the open ownership ends or gives way."""
    open_rows = Ownership.objects.filter(system__in=[system for system, _, _ in handed], valid_until=None)
    open_ = {row.system_id: row for row in open_rows.select_related("system", "unit")}
    changes, ended, replaced, begun = [], [], [], []
    for system, unit, on in handed:
        begun.append(Ownership(system=system, unit=unit, valid_from=on))
        if (row := open_.get(system.pk)) is None:
            continue
        before = snapshot(row)
        if row.valid_from >= on:
            replaced.append(row.pk)
            changes.append(Change("systems.ownership.replaced", row, before=before))
        else:
            row.valid_until = on - ONE_DAY
            ended.append(row)
            changes.append(Change("systems.ownership.ended", row, before, snapshot(row)))
    Ownership.objects.filter(pk__in=replaced).delete()
    save_changed(ended, ["valid_until"])
    begun = Ownership.objects.bulk_create(begun, batch_size=500)
    return changes + [Change("systems.ownership.begun", row, after=snapshot(row)) for row in begun]


def _clean(index: int, system: System) -> None:
    try:
        system.clean_fields(exclude={"owner"})
    except ValidationError as error:
        raise RowsRefused(index, next(iter(error.message_dict)), error.messages[0]) from error
    for first, last, message in (
        ("started_on", "ended_on", "運用終了日は運用開始日以後の日にしてください。"),
        ("candidate_from", "candidate_until", "最適化対象の終了日は開始日以後の日にしてください。"),
    ):
        begin, end = getattr(system, first), getattr(system, last)
        if begin and end and end < begin:
            raise RowsRefused(index, last, message)
    if system.candidate_until and not system.candidate_from:
        raise RowsRefused(index, "candidate_from", "最適化対象の開始日を入れてください。")
