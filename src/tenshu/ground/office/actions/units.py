"""Opening, correcting, renaming and ending of units."""

import datetime
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from tenshu.engines.japanese import format_wareki
from tenshu.ground.access.models import User
from tenshu.ground.audit.actions import Change, record, record_many
from tenshu.ground.audit.snapshot import snapshot
from tenshu.ground.office.actions.following import end_posts_and_duties, hand_over
from tenshu.ground.office.models import Succession, Unit, UnitKind

ONE_DAY = datetime.timedelta(days=1)
PARENT_KINDS: dict[str, frozenset[str | None]] = {
    UnitKind.DEPARTMENT: frozenset({None}),
    UnitKind.DIVISION: frozenset({UnitKind.DEPARTMENT, UnitKind.DIVISION}),
    UnitKind.GROUP: frozenset({UnitKind.DIVISION}),
}


@transaction.atomic
def do_open_unit(
    *,
    code: str,
    kind: str,
    name: str,
    valid_from: datetime.date,
    acting_user: User,
    kana: str = "",
    parent: Unit | None = None,
    sort_order: int = 0,
    valid_until: datetime.date | None = None,
) -> Unit:
    """Open a unit from ``valid_from``.

    Raises ``ValidationError`` (by field) when the code is in use on one of its days, when the parent is of
    the wrong kind, or does not stand for as long.
    """
    unit = Unit(
        code=code.strip(),
        kind=kind,
        name=name.strip(),
        kana=kana.strip(),
        parent=parent,
        sort_order=sort_order,
        valid_from=valid_from,
        valid_until=valid_until,
    )
    unit.full_clean()
    check_place(unit)
    unit.save()
    record("office.unit.opened", unit, after=snapshot(unit), acting_user=acting_user)
    return unit


@transaction.atomic
def do_correct_unit(
    unit: Unit,
    *,
    acting_user: User,
    name: str | None = None,
    kana: str | None = None,
    sort_order: int | None = None,
    reason: str = "",
) -> Unit:
    """Mend a slip in name, reading or order for all days of the unit. For a new name: ``do_rename_unit``."""
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    before = snapshot(unit)
    unit.name = unit.name if name is None else name.strip()
    unit.kana = unit.kana if kana is None else kana.strip()
    unit.sort_order = unit.sort_order if sort_order is None else sort_order
    if snapshot(unit) != before:
        unit.full_clean()
        unit.save()
        record(
            "office.unit.corrected",
            unit,
            before=before,
            after=snapshot(unit),
            reason=reason,
            acting_user=acting_user,
        )
    return unit


@transaction.atomic
def do_rename_unit(
    unit: Unit,
    on: datetime.date,
    *,
    acting_user: User,
    name: str | None = None,
    kana: str | None = None,
    parent: Unit | None = None,
    code: str | None = None,
    sort_order: int | None = None,
) -> Unit:
    """Rename or move a unit from ``on``: the old one ends the day before, the new one follows it.

    Everything below follows under the new unit, and so do posts and duties that go on. Returns the new unit;
    when the unit itself begins on ``on`` it is changed in place. Raises ``ValidationError`` when the unit
    does not stand on ``on``, or the new parent cannot bear it.
    """
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    if not unit.holds_on(on):
        raise ValidationError(f"{unit}は{format_wareki(on)}にありません。")
    successor = Unit(
        code=(code or unit.code).strip(),
        kind=unit.kind,
        name=(name or unit.name).strip(),
        kana=unit.kana if kana is None else kana.strip(),
        parent=parent or unit.parent,
        sort_order=unit.sort_order if sort_order is None else sort_order,
        valid_from=on,
        valid_until=unit.valid_until,
    )
    if unit.valid_from == on:
        return _change_in_place(unit, successor, acting_user)
    return _supersede(unit, successor, acting_user)


def _change_in_place(unit: Unit, wanted: Unit, acting_user: User) -> Unit:
    before = snapshot(unit)
    for field in ("code", "name", "kana", "parent", "sort_order"):
        setattr(unit, field, getattr(wanted, field))
    unit.full_clean()
    check_place(unit)
    unit.save()
    record("office.unit.renamed", unit, before=before, after=snapshot(unit), acting_user=acting_user)
    return unit


def _supersede(unit: Unit, successor: Unit, acting_user: User) -> Unit:
    on = successor.valid_from
    before = snapshot(unit)
    unit.valid_until = on - ONE_DAY
    unit.save(update_fields=["valid_until"])
    record("office.unit.ended", unit, before=before, after=snapshot(unit), acting_user=acting_user)
    successor.full_clean()
    check_place(successor)
    successor.save()
    record("office.unit.opened", successor, after=snapshot(successor), acting_user=acting_user)
    name_successors(unit, [successor], successor, acting_user)
    _redirect_successions(unit, successor, acting_user)
    for child in Unit.objects.filter(parent=unit).exclude(valid_until__lt=on):
        _follow_parent(child, successor, on, acting_user)
    hand_over(unit, successor, on, acting_user)
    return successor


def _follow_parent(child: Unit, parent: Unit, on: datetime.date, acting_user: User) -> None:
    copy = Unit(
        code=child.code,
        kind=child.kind,
        name=child.name,
        kana=child.kana,
        parent=parent,
        sort_order=child.sort_order,
        valid_from=max(on, child.valid_from),
        valid_until=child.valid_until,
    )
    if child.valid_from >= on:
        _change_in_place(child, copy, acting_user)
    else:
        _supersede(child, copy, acting_user)


@transaction.atomic
def do_end_unit(
    unit: Unit,
    last_day: datetime.date,
    *,
    acting_user: User,
    successors: Sequence[Unit] = (),
    with_children: bool = False,
) -> Unit:
    """End a unit on ``last_day`` and name its successors, the main one first.

    Posts and duties that go on are handed to the main successor, or end with the unit when there is none.
    Units below must have ended, unless ``with_children`` ends them with the same successors. Raises
    ``ValidationError`` when one still stands, or a successor does not stand on the next day.
    """
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    on = last_day + ONE_DAY
    if not unit.holds_on(last_day):
        raise ValidationError({"valid_until": f"{unit}は{format_wareki(last_day)}にありません。"})
    for successor in successors:
        if not successor.holds_on(on) or successor.pk == unit.pk:
            raise ValidationError({"successors": f"{successor}は{format_wareki(on)}に引き継げません。"})
    children = list(Unit.objects.filter(parent=unit).exclude(valid_until__lte=last_day))
    if children and not with_children:
        names = "、".join(child.name for child in children)
        raise ValidationError(f"下の組織が残っています：{names}。先に終了させるか移してください。")
    for child in children:
        do_end_unit(child, last_day, successors=successors, with_children=True, acting_user=acting_user)
    before = snapshot(unit)
    unit.valid_until = last_day
    unit.full_clean()
    unit.save()
    record("office.unit.ended", unit, before=before, after=snapshot(unit), acting_user=acting_user)
    if successors:
        name_successors(unit, successors, successors[0], acting_user)
        hand_over(unit, successors[0], on, acting_user)
    else:
        end_posts_and_duties(unit, last_day, acting_user)
    return unit


def name_successors(unit: Unit, successors: Sequence[Unit], main: Unit, acting_user: User) -> None:
    """Write the successions of a unit that has ended."""
    assert unit.valid_until is not None  # noqa: S101 - the callers have just set it
    rows = [
        Succession(
            predecessor=unit, successor=successor, on=unit.valid_until + ONE_DAY, is_main=successor == main
        )
        for successor in successors
    ]
    Succession.objects.bulk_create(rows)
    changes = [Change("office.unit.succeeded", row, after=snapshot(row)) for row in rows]
    record_many(changes, acting_user=acting_user)


def _redirect_successions(unit: Unit, successor: Unit, acting_user: User) -> None:
    """Units that hand over to ``unit`` from this day on hand over to what follows it on the same day."""
    changes = []
    for row in Succession.objects.filter(successor=unit, on__gte=successor.valid_from):
        before = snapshot(row)
        row.successor = successor
        row.save(update_fields=["successor"])
        changes.append(Change("office.unit.succession_changed", row, before, snapshot(row)))
    record_many(changes, acting_user=acting_user)


def check_place(unit: Unit) -> None:
    """Raise ``ValidationError`` (by field) when the code is taken or the parent cannot bear the unit."""
    parent = unit.parent
    if (parent.kind if parent else None) not in PARENT_KINDS[unit.kind]:
        raise ValidationError({"parent": f"{unit.get_kind_display()}の上位組織にできません。"})
    if parent is not None and not spans(parent, unit):
        raise ValidationError({"parent": f"上位組織の{parent}は、この組織の期間のすべてにはありません。"})
    clashing = (
        Unit.objects.filter(code=unit.code).exclude(pk=unit.pk).exclude(valid_until__lt=unit.valid_from)
    )
    if unit.valid_until is not None:
        clashing = clashing.filter(Q(valid_from__lte=unit.valid_until))
    if (other := clashing.first()) is not None:
        raise ValidationError({"code": f"組織コード{unit.code}は同じ期間に{other}が使っています。"})


def spans(outer: Unit, inner: Unit) -> bool:
    """Whether ``outer`` stands on every day of ``inner``."""
    if outer.valid_from > inner.valid_from:
        return False
    return outer.valid_until is None or (
        inner.valid_until is not None and inner.valid_until <= outer.valid_until
    )
