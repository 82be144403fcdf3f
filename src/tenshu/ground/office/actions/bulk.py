"""Bulk writers for imports: a fixed number of queries a table, whatever the number of rows."""

import datetime
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from tenshu.engines.japanese import format_wareki
from tenshu.ground.access.models import User
from tenshu.ground.audit.actions import Change, record_many
from tenshu.ground.audit.snapshot import snapshot
from tenshu.ground.audit.writing import save_changed
from tenshu.ground.office.actions.staff import DERIVED
from tenshu.ground.office.actions.units import PARENT_KINDS, spans
from tenshu.ground.office.models import Post, Staff, Succession, Unit, UnitDuty

BATCH = 1_000


class RowsRefused(ValidationError):  # noqa: N818 - reads as what happened
    """A row cannot be saved; nothing was. ``index`` counts the rows from 0, ``field`` names the value."""

    def __init__(self, index: int, field: str, message: str) -> None:
        super().__init__(message)
        self.index = index
        self.field = field


@dataclass(frozen=True, slots=True)
class Row:
    """Values for one record; ``pk`` is ``None`` for a new one."""

    pk: int | None
    values: Mapping[str, Any]


@transaction.atomic
def do_save_units(rows: Sequence[Row], *, acting_user: User) -> list[Unit]:
    """Add and change units. ``values["parent"]`` is a key, ``None``, or the code of another row of the batch.

    Raises ``RowsRefused`` when codes overlap in time, when a parent is of the wrong kind or does not stand
    for as long, or when parents form a ring.
    """
    saved: dict[int, Unit] = {}
    waiting = dict(enumerate(rows))
    while waiting:
        ready = {i: row for i, row in waiting.items() if _parent_known(row, waiting)}
        if not ready:
            index, row = next(iter(waiting.items()))
            raise RowsRefused(index, "parent", f"{row.values['name']}の上位組織が見つかりません。")
        by_code = defaultdict(list)
        for unit in saved.values():
            by_code[unit.code].append(unit)
        placed = [
            Row(row.pk, {**row.values, "parent_id": _parent_key(i, row, by_code)}) for i, row in ready.items()
        ]
        units = _save(
            Unit,
            placed,
            "office.unit.opened",
            "office.unit.corrected",
            acting_user,
            leave_out=frozenset({"parent"}),
        )
        saved.update(zip(ready, units, strict=True))
        waiting = {i: row for i, row in waiting.items() if i not in ready}
    _check_organisation({unit.pk: index for index, unit in saved.items()})
    return [saved[index] for index in range(len(rows))]


def _parent_known(row: Row, waiting: Mapping[int, Row]) -> bool:
    parent = row.values["parent"]
    return not isinstance(parent, str) or all(other.values["code"] != parent for other in waiting.values())


def _parent_key(index: int, row: Row, by_code: Mapping[str, list[Unit]]) -> int | None:
    parent = row.values["parent"]
    if not isinstance(parent, str):
        return None if parent is None else int(parent)
    day = row.values["valid_from"]
    for unit in by_code.get(parent, []):
        if unit.holds_on(day):
            return unit.pk
    raise RowsRefused(index, "parent", f"組織コード{parent}の組織は{format_wareki(day)}にありません。")


def _check_organisation(index_of: Mapping[int, int]) -> None:
    units = Unit.objects.in_bulk()
    by_code: dict[str, list[Unit]] = defaultdict(list)
    for unit in units.values():
        by_code[unit.code].append(unit)
        touched = index_of.get(unit.pk, index_of.get(unit.parent_id or 0))
        if touched is not None:
            parent = units.get(unit.parent_id or 0)
            if (parent.kind if parent else None) not in PARENT_KINDS[unit.kind]:
                raise RowsRefused(
                    touched, "parent", f"{unit.get_kind_display()}の{unit}の上位組織にできません。"
                )
            if parent is not None and not spans(parent, unit):
                raise RowsRefused(
                    touched, "valid_until", f"上位組織の{parent}は、{unit}の期間のすべてにはありません。"
                )
    for code, versions in by_code.items():
        versions.sort(key=lambda unit: unit.valid_from)
        for earlier, later in itertools.pairwise(versions):
            touched = index_of.get(later.pk, index_of.get(earlier.pk))
            if touched is not None and earlier.holds_on(later.valid_from):
                raise RowsRefused(touched, "code", f"組織コード{code}は同じ期間に{earlier}が使っています。")


@transaction.atomic
def do_save_successions(rows: Sequence[Row], *, acting_user: User) -> list[Succession]:
    """Add and change successions. A main one takes the place of the former main one."""
    mains = [row.values["predecessor_id"] for row in rows if row.values["is_main"]]
    keys = [row.pk for row in rows if row.pk]
    Succession.objects.filter(predecessor_id__in=mains, is_main=True).exclude(pk__in=keys).update(
        is_main=False
    )
    rows = _with_objects(rows, predecessor=Unit, successor=Unit)
    return _save(Succession, rows, "office.unit.succeeded", "office.unit.succession_changed", acting_user)


@transaction.atomic
def do_save_duties(rows: Sequence[Row], *, acting_user: User) -> list[UnitDuty]:
    """Add and change charges of units."""
    rows = _with_objects(rows, unit=Unit)
    return _save(UnitDuty, rows, "office.duty.set", "office.duty.changed", acting_user)


@transaction.atomic
def do_save_staff(rows: Sequence[Row], *, acting_user: User) -> list[Staff]:
    """Add and change staff."""
    return _save(
        Staff,
        rows,
        "office.staff.hired",
        "office.staff.corrected",
        acting_user,
        leave_out=DERIVED,
        prepare=Staff.derive,
    )


@transaction.atomic
def do_save_posts(rows: Sequence[Row], *, acting_user: User) -> list[Post]:
    """Add and change posts. Raises ``RowsRefused`` for one beyond its unit or its holder's service."""
    rows = _with_objects(rows, unit=Unit, staff=Staff)
    for index, row in enumerate(rows):
        _check_post(index, row.values, row.values["unit"], row.values["staff"])
    return _save(Post, rows, "office.post.begun", "office.post.corrected", acting_user)


def _check_post(index: int, values: Mapping[str, Any], unit: Unit, staff: Staff) -> None:
    first: datetime.date = values["valid_from"]
    last: datetime.date | None = values["valid_until"]
    if unit.valid_until is not None and (last is None or last > unit.valid_until):
        until = format_wareki(unit.valid_until)
        raise RowsRefused(index, "valid_until", f"{unit}は{until}までの組織です。終了日を直してください。")
    if not unit.holds_on(first):
        raise RowsRefused(index, "valid_from", f"{unit}は{format_wareki(first)}にありません。")
    if staff.left_on is not None and (last is None or last > staff.left_on):
        left = format_wareki(staff.left_on)
        raise RowsRefused(index, "valid_until", f"{staff}は{left}に退職しています。終了日を直してください。")


def _with_objects(rows: Sequence[Row], **models_: type[models.Model]) -> list[Row]:
    """The rows with records in the place of keys: naming a row in the audit then asks nothing more."""
    found = {
        name: _in_bulk(model, {row.values[f"{name}_id"] for row in rows}) for name, model in models_.items()
    }
    return [
        Row(
            row.pk,
            {key: value for key, value in row.values.items() if key.removesuffix("_id") not in found}
            | {name: records[row.values[f"{name}_id"]] for name, records in found.items()},
        )
        for row in rows
    ]


def _in_bulk[M: models.Model](model: type[M], keys: Iterable[int]) -> dict[int, M]:
    found: dict[int, M] = {}
    listed = list(keys)
    for start in range(0, len(listed), BATCH):
        found.update(model._default_manager.in_bulk(listed[start : start + BATCH]))
    return found


def _save[M: models.Model](
    model: type[M],
    rows: Sequence[Row],
    added: str,
    changed: str,
    acting_user: User,
    *,
    leave_out: frozenset[str] = frozenset(),
    prepare: Callable[[M], None] | None = None,
) -> list[M]:
    """Create and update in bulk, one audit row a record; a record that does not differ is left alone."""
    current = _in_bulk(model, [row.pk for row in rows if row.pk])
    changes: list[Change] = []
    new: list[M] = []
    mended: list[M] = []
    results: list[M] = []
    befores: list[dict[str, Any]] = []
    fields = {name for row in rows[:1] for name in row.values if name not in leave_out}
    for index, row in enumerate(rows):
        record_ = current[row.pk] if row.pk else model()
        before = snapshot(record_, leave_out=DERIVED)
        for name in fields:
            setattr(record_, name, row.values[name])
        if prepare is not None:
            prepare(record_)
        _clean(index, record_)
        results.append(record_)
        if not row.pk:
            new.append(record_)
        elif snapshot(record_, leave_out=DERIVED) != before:
            mended.append(record_)
            befores.append(before)
    model._default_manager.bulk_create(new, batch_size=BATCH)
    save_changed(mended, [field.name for field in model._meta.concrete_fields if not field.primary_key])
    changes += [Change(added, row, after=snapshot(row, leave_out=DERIVED)) for row in new]
    changes += [
        Change(changed, row, before, snapshot(row, leave_out=DERIVED))
        for row, before in zip(mended, befores, strict=True)
    ]
    record_many(changes, acting_user=acting_user)
    return results


def _clean(index: int, row: models.Model) -> None:
    relations = {field.name for field in row._meta.concrete_fields if field.is_relation}
    try:
        row.clean_fields(exclude=relations)
    except ValidationError as error:
        raise RowsRefused(index, next(iter(error.message_dict)), error.messages[0]) from error
    # The database's own constraints ask it once a row; a span is told in Python.
    for first, last, message in _SPANS:
        begin, end = getattr(row, first, None), getattr(row, last, None)
        if begin is not None and end is not None and end < begin:
            raise RowsRefused(index, last, message)


_SPANS = (
    ("valid_from", "valid_until", "終了日は開始日以後の日にしてください。"),
    ("joined_on", "left_on", "退職日は採用日以後の日にしてください。"),
)
