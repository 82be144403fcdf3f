"""The tables of this room in and out: units, successions, charges, staff, posts."""

import datetime
from abc import abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet

from tenshu.ground.access.models import User
from tenshu.ground.exchange import (
    BooleanColumn,
    ChoiceColumn,
    CodeColumn,
    ColumnSpec,
    CurrentRow,
    DateColumn,
    InFile,
    IntegerColumn,
    Key,
    ModelDirectory,
    ReferenceColumn,
    RowChange,
    RowProblem,
    RowRefused,
    TableSpec,
    TextColumn,
)
from tenshu.ground.exchange.cells import Raw
from tenshu.ground.exchange.columns import RowContext
from tenshu.ground.office.actions import bulk
from tenshu.ground.office.actions.bulk import Row, RowsRefused
from tenshu.ground.office.gates import sees_all_details
from tenshu.ground.office.models import (
    EmploymentKind,
    Post,
    PostRank,
    Staff,
    Succession,
    Unit,
    UnitDuty,
    UnitDutyKind,
    UnitKind,
)
from tenshu.ground.office.profile_sheet import PROFILE_TABLE

UNITS = ModelDirectory("office.Unit", key="code", label="name", dated=True, noun="組織")
STAFF = ModelDirectory("office.Staff", key="number", label="name", noun="職員")
ONE_DAY = datetime.timedelta(days=1)
BATCH = 5_000


@dataclass(frozen=True)
class FormerUnitColumn(ReferenceColumn):
    """The unit that bore the code until the day before the row's day."""

    def read_filled(self, raw: Raw, context: RowContext) -> Any:
        before = context.on - ONE_DAY if context.on else None
        return super().read_filled(raw, replace(context, on=before))


class OfficeTable(TableSpec):
    """What the five tables share: rows by attribute, saving through a bulk action."""

    attributes: Mapping[str, str] = {}
    """Column name → attribute of the record where they differ."""

    @abstractmethod
    def queryset(self) -> QuerySet[Any]:
        """The records in the order of the file."""

    def narrowed(self, keys: Collection[Key]) -> QuerySet[Any]:
        """At least the records with these keys."""
        return self.queryset()

    @abstractmethod
    def write(self, rows: Sequence[Row], acting_user: User) -> None:
        """Save through the room's bulk action."""

    def may_export(self, user: User) -> bool:
        return sees_all_details(user)

    def rows(self, user: User) -> Iterable[CurrentRow]:
        return (self._row(record) for record in self.queryset().iterator(chunk_size=2_000))

    def current(self, keys: Collection[Key]) -> Mapping[Key, CurrentRow]:
        asked = set(keys)
        rows = (self._row(record) for record in self.narrowed(asked))
        by_key = {tuple(row.values[name] for name in self.key): row for row in rows}
        return {key: row for key, row in by_key.items() if key in asked}

    def save(self, changes: Sequence[RowChange], *, acting_user: User) -> None:
        rows = [Row(change.pk, self._values(change.values)) for change in changes]
        try:
            self.write(rows, acting_user)
        except RowsRefused as refused:
            columns = {attribute: name for name, attribute in self.attributes.items()}
            column = columns.get(refused.field, refused.field)
            raise RowRefused(changes[refused.index], refused.messages[0], column=column) from refused

    def _row(self, record: Any) -> CurrentRow:
        names = (column.name for column in self.columns)
        return CurrentRow(
            record.pk, {name: getattr(record, self.attributes.get(name, name)) for name in names}
        )

    def _values(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {self.attributes.get(name, name): value for name, value in values.items()}


def _span_problem(first: str, last: str, message: str) -> Callable[[RowChange], Iterable[RowProblem]]:
    def problems(row: RowChange) -> Iterable[RowProblem]:
        begin, end = row.values[first], row.values[last]
        if begin and end and end < begin:
            yield RowProblem(last, message, "どちらかの日を直す")

    return problems


_upside_down = _span_problem("valid_from", "valid_until", "終了日が開始日より前です")
_left_before_joined = _span_problem("joined_on", "left_on", "退職日が採用日より前です")


class UnitTable(OfficeTable):
    """組織.xlsx: one row a unit and span of days."""

    name = "office-units"
    title = "組織"
    noun = "組織"
    key = ("code", "valid_from")
    label = "name"
    opens_from = "office:unit-tree"
    attributes = {"parent": "parent_id"}
    columns: Sequence[ColumnSpec] = (
        CodeColumn("code", "組織コード", required=True, longest=20),
        ChoiceColumn(
            "kind", "区分", required=True, choices=UnitKind, spellings={"課": "division", "室": "division"}
        ),
        TextColumn("name", "名称", required=True, longest=100),
        TextColumn("kana", "かな", longest=200),
        ReferenceColumn("parent", "上位組織コード", directory=UNITS, on="valid_from", in_file="code"),
        IntegerColumn("sort_order", "並び順", default=0, width=10),
        DateColumn("valid_from", "開始日", required=True),
        DateColumn("valid_until", "終了日", help="組織がなくなった日の前日まで。続いているときは空欄にする"),
    )

    def queryset(self) -> QuerySet[Any]:
        return Unit.objects.order_by("valid_from", "sort_order", "code")

    def narrowed(self, keys: Collection[Key]) -> QuerySet[Any]:
        return Unit.objects.filter(code__in={key[0] for key in keys})

    def validate(self, row: RowChange) -> Iterable[RowProblem]:
        yield from _upside_down(row)
        if row.values["kind"] != UnitKind.DEPARTMENT and row.values["parent"] is None:
            yield RowProblem("parent", "上位組織コードが空です", "部局か所属の組織コードを入れる")

    def may_export(self, user: User) -> bool:
        return True

    def write(self, rows: Sequence[Row], acting_user: User) -> None:
        bulk.do_save_units(rows, acting_user=acting_user)

    def _values(self, values: Mapping[str, Any]) -> dict[str, Any]:
        parent = values["parent"]
        return {**values, "parent": parent.key if isinstance(parent, InFile) else parent}


class SuccessionTable(OfficeTable):
    """承継.xlsx: what became of units that ended."""

    name = "office-successions"
    title = "承継"
    noun = "承継"
    key = ("on", "predecessor", "successor")
    opens_from = "office:unit-tree"
    attributes = {"predecessor": "predecessor_id", "successor": "successor_id"}
    columns: Sequence[ColumnSpec] = (
        DateColumn("on", "承継日", required=True),
        FormerUnitColumn("predecessor", "旧組織コード", required=True, directory=UNITS, on="on"),
        ReferenceColumn("successor", "新組織コード", required=True, directory=UNITS, on="on"),
        BooleanColumn("is_main", "主たる承継先", words=("○", ""), default=False),
    )

    def queryset(self) -> QuerySet[Any]:
        return Succession.objects.order_by("on", "predecessor__code", "pk")

    def may_export(self, user: User) -> bool:
        return True

    def write(self, rows: Sequence[Row], acting_user: User) -> None:
        bulk.do_save_successions(rows, acting_user=acting_user)


class DutyTable(OfficeTable):
    """所掌.xlsx: which unit is the secretariat, which watches over security."""

    name = "office-duties"
    title = "所掌"
    noun = "所掌"
    key = ("unit", "kind", "valid_from")
    opens_from = "office:unit-tree"
    attributes = {"unit": "unit_id"}
    columns: Sequence[ColumnSpec] = (
        ReferenceColumn("unit", "組織コード", required=True, directory=UNITS, on="valid_from"),
        ChoiceColumn("kind", "所掌", required=True, choices=UnitDutyKind),
        DateColumn("valid_from", "開始日", required=True),
        DateColumn("valid_until", "終了日"),
    )

    def queryset(self) -> QuerySet[Any]:
        return UnitDuty.objects.order_by("valid_from", "unit__code", "kind")

    def validate(self, row: RowChange) -> Iterable[RowProblem]:
        return _upside_down(row)

    def write(self, rows: Sequence[Row], acting_user: User) -> None:
        bulk.do_save_duties(rows, acting_user=acting_user)


class StaffTable(OfficeTable):
    """職員.xlsx: one row a person."""

    name = "office-staff"
    title = "職員"
    noun = "職員"
    key = ("number",)
    label = "name"
    opens_from = "office:staff-list"
    columns: Sequence[ColumnSpec] = (
        CodeColumn("number", "職員番号", required=True, longest=20),
        TextColumn("name", "氏名", required=True, longest=100),
        TextColumn("kana", "氏名かな", longest=200),
        TextColumn("mail", "メール", longest=254),
        ChoiceColumn(
            "employment",
            "任用区分",
            choices=EmploymentKind,
            default=EmploymentKind.REGULAR.value,
            spellings={"正職員": "regular", "会計年度任用職員": "fiscal_year"},
        ),
        DateColumn("joined_on", "採用日"),
        DateColumn("left_on", "退職日"),
    )

    def queryset(self) -> QuerySet[Any]:
        return Staff.objects.defer("kana_order", "search_text").order_by("number")

    def narrowed(self, keys: Collection[Key]) -> QuerySet[Any]:
        # Thousands of numbers in one IN are slower than the whole table.
        return (
            self.queryset() if len(keys) > BATCH else self.queryset().filter(number__in={k[0] for k in keys})
        )

    def validate(self, row: RowChange) -> Iterable[RowProblem]:
        return _left_before_joined(row)

    def write(self, rows: Sequence[Row], acting_user: User) -> None:
        bulk.do_save_staff(rows, acting_user=acting_user)


class PostTable(OfficeTable):
    """配属.xlsx: one row a post and span of days."""

    name = "office-posts"
    title = "配属"
    noun = "配属"
    key = ("staff", "unit", "valid_from")
    opens_from = "office:staff-list"
    attributes = {"staff": "staff_id", "unit": "unit_id"}
    columns: Sequence[ColumnSpec] = (
        ReferenceColumn("staff", "職員番号", required=True, directory=STAFF),
        ReferenceColumn("unit", "組織コード", required=True, directory=UNITS, on="valid_from"),
        ChoiceColumn("rank", "職位", choices=PostRank, default=PostRank.MEMBER.value),
        TextColumn("title", "職名", longest=60),
        BooleanColumn("is_officer", "システム担当者", words=("○", ""), default=False),
        BooleanColumn("is_concurrent", "兼務", words=("○", ""), default=False),
        DateColumn("valid_from", "開始日", required=True),
        DateColumn("valid_until", "終了日"),
    )

    def queryset(self) -> QuerySet[Any]:
        return Post.objects.order_by("staff__number", "valid_from", "is_concurrent", "pk")

    def validate(self, row: RowChange) -> Iterable[RowProblem]:
        return _upside_down(row)

    def write(self, rows: Sequence[Row], acting_user: User) -> None:
        bulk.do_save_posts(rows, acting_user=acting_user)


UNIT_TABLE = UnitTable()
SUCCESSION_TABLE = SuccessionTable()
DUTY_TABLE = DutyTable()
STAFF_TABLE = StaffTable()
POST_TABLE = PostTable()
TABLES: list[TableSpec] = [PROFILE_TABLE, UNIT_TABLE, SUCCESSION_TABLE, DUTY_TABLE, STAFF_TABLE, POST_TABLE]
