"""Editions of earlier years in and out: the fields of a karte as they were confirmed, one row a system and year."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet

from tenshu.dx.karte.actions import do_bring_editions
from tenshu.dx.karte.columns import YearColumn
from tenshu.dx.karte.models import Edition, Karte
from tenshu.dx.karte.record_sheets import KARTE_TABLE
from tenshu.ground.access.models import User
from tenshu.ground.access.queries import holds_any
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.exchange import (
    ChangeKind,
    CodeColumn,
    CurrentRow,
    DateColumn,
    Key,
    RowChange,
    RowRefused,
    TableSpec,
    TextColumn,
)
from tenshu.ground.office.models import Unit
from tenshu.ground.systems.queries import SEES_REGISTER, systems_for

FACTS = [column for column in KARTE_TABLE.columns if column.name != "system"]


class EditionTable(TableSpec):
    """カルテ年度版.xlsx: editions of earlier years are added, never changed."""

    name = "karte-editions"
    title = "カルテ年度版"
    noun = "年度版"
    key = ("system", "fiscal_year")
    opens_from = "karte:karte-list"
    columns = (
        KARTE_TABLE.column("system"),
        YearColumn("fiscal_year", "年度", required=True),
        TextColumn("confirmed_by", "確認した人", longest=200),
        CodeColumn("owner", "所管コード", longest=20, help="その年度の所管。空欄は今の所管"),
        *FACTS,
    )

    def may_export(self, user: User) -> bool:
        return holds_any(user, SEES_REGISTER)

    def rows(self, user: User) -> Iterable[CurrentRow]:
        return (_row(edition) for edition in _newest().filter(system__in=systems_for(user)))

    def current(self, keys: Collection[Key]) -> Mapping[Key, CurrentRow]:
        systems, years = {key[0] for key in keys}, {key[1] for key in keys}
        found = _newest().filter(system__in=systems, fiscal_year__in=years)
        return {(edition.system_id, edition.fiscal_year): _row(edition) for edition in found}

    def save(self, changes: Sequence[RowChange], *, acting_user: User) -> None:
        by_year: dict[tuple[int, str], list[RowChange]] = defaultdict(list)
        for change in changes:
            if change.kind is ChangeKind.CHANGE and _says_nothing_of_owner(change):
                continue
            if change.kind is not ChangeKind.ADD:
                raise RowRefused(change, "確定した年度版は変えられません", column="fiscal_year")
            by_year[change.values["fiscal_year"], change.values["confirmed_by"]].append(change)
        for (year, confirmed_by), rows in by_year.items():
            owners = _owners(rows, FiscalYear(year))
            kartes = [Karte(**_facts(change)) for change in rows]
            try:
                do_bring_editions(
                    kartes,
                    FiscalYear(year),
                    owners=owners,
                    confirmed_by=confirmed_by,
                    acting_user=acting_user,
                )
            except ValidationError as refused:
                raise RowRefused(rows[0], refused.messages[0], column="fiscal_year") from refused


def _says_nothing_of_owner(change: RowChange) -> bool:
    """An empty cell stood for the owner of then; the edition has written it out."""
    return change.changed <= {"owner"} and not change.values["owner"]


def _facts(change: RowChange) -> dict[str, Any]:
    named = {"system": change.values["system"]} | {c.name: change.values[c.name] for c in FACTS}
    return KARTE_TABLE.attributes_of(named)


def _owners(rows: Sequence[RowChange], year: FiscalYear) -> dict[int, Unit]:
    """Who owned the systems at the end of the year, by key of system, where the file tells."""
    told = {change.values["owner"] for change in rows} - {""}
    units = Unit.objects.as_of(year.end).filter(code__in=told).select_related("parent__parent__parent")
    known = {unit.code: unit for unit in units}
    for change in rows:
        code = change.values["owner"]
        if code and code not in known:
            raise RowRefused(
                change, f"{year}の年度末にない組織です", column="owner", cure="その年度の組織コードを入れる"
            )
    return {c.values["system"]: known[c.values["owner"]] for c in rows if c.values["owner"]}


def _newest() -> QuerySet[Edition]:
    later = Edition.objects.filter(
        system=OuterRef("system"), fiscal_year=OuterRef("fiscal_year"), number__gt=OuterRef("number")
    )
    return Edition.objects.filter(~Exists(later)).order_by("fiscal_year", "system__number")


def _row(edition: Edition) -> CurrentRow:
    kept = edition.content["karte"]
    values: dict[str, Any] = {
        "system": edition.system_id,
        "fiscal_year": edition.fiscal_year,
        "confirmed_by": edition.confirmed_by,
        "owner": edition.content["register"]["owner"]["value"],
    }
    for column in FACTS:
        value = kept[column.name]["value"] if column.name in kept else column.empty
        if isinstance(column, DateColumn) and value:
            value = datetime.date.fromisoformat(value)
        values[column.name] = value
    return CurrentRow(edition.pk, values)


EDITION_TABLE = EditionTable()
