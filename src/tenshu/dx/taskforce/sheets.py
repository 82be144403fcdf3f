"""The tables of task forces in and out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from tenshu.dx.taskforce.migration_date import MigrationDate
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
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.exchange import (
    BooleanColumn,
    ChoiceColumn,
    ColumnSpec,
    DateColumn,
    FiscalYearColumn,
    IntegerColumn,
    LongTextColumn,
    ModelDirectory,
    ReferenceColumn,
    RowChange,
    RowProblem,
    TableSpec,
    TextColumn,
)
from tenshu.ground.exchange.cells import CellError, Raw, text_of
from tenshu.ground.exchange.columns import RowContext
from tenshu.ground.exchange.model_table import ModelTable
from tenshu.ground.office.sheets import STAFF, UNITS
from tenshu.ground.systems.sheets import SYSTEMS
from tenshu.mechanisms.gathering.models import GatheringKind
from tenshu.mechanisms.gathering.session_table import SessionTable, session_problems
from tenshu.mechanisms.gathering.sheets import GATHERING_COLUMNS

TASK_FORCES = ModelDirectory("taskforce.TaskForce", key="name", noun="タスクフォース")
GROUPS = ModelDirectory("taskforce.WorkingGroup", key="name", noun="WG")
_SPAN = (DateColumn("valid_from", "開始日", required=True), DateColumn("valid_until", "終了日"))


def _span_problems(row: RowChange, first: str, last: str) -> Iterable[RowProblem]:
    begin, end = row.values[first], row.values[last]
    if begin and end and end < begin:
        yield RowProblem(last, "終了日が開始日より前です", "どちらかの日を直す")


@dataclass(frozen=True)
class MigrationColumn(TextColumn):
    """R10.1, R8～ or -; the value is a ``MigrationDate``."""

    def read_filled(self, raw: Raw, context: RowContext) -> Any:
        text = text_of(raw)
        try:
            return MigrationDate.parse(text)
        except ValueError as error:
            raise CellError(str(error), "R10.1、R8～、- のように書く") from error


class TaskForceTable(ModelTable):
    """タスクフォース.xlsx"""

    name = "taskforce-task-forces"
    title = "タスクフォース"
    noun = "タスクフォース"
    opens_from = "taskforce:overview"
    model = TaskForce
    verb = "taskforce.task_force"
    key = ("name",)
    columns = (
        TextColumn("name", "名称", required=True, longest=100),
        LongTextColumn("purpose", "目的"),
        *_SPAN,
    )

    def validate(self, row: RowChange) -> Iterable[RowProblem]:
        return _span_problems(row, "valid_from", "valid_until")


class SecretariatTable(ModelTable):
    """事務局.xlsx"""

    name = "taskforce-secretariats"
    title = "事務局"
    noun = "事務局"
    opens_from = "taskforce:overview"
    model = Secretariat
    verb = "taskforce.secretariat"
    key = ("task_force", "order")
    label = "unit"
    attributes = {"task_force": "task_force_id", "unit": "unit_id"}
    columns = (
        ReferenceColumn("task_force", "タスクフォース", required=True, directory=TASK_FORCES),
        IntegerColumn("order", "順番", required=True, minimum=1),
        ReferenceColumn("unit", "組織コード", required=True, directory=UNITS),
    )


class GroupTable(ModelTable):
    """WG.xlsx"""

    name = "taskforce-groups"
    title = "WG"
    noun = "WG"
    opens_from = "taskforce:overview"
    model = WorkingGroup
    verb = "taskforce.group"
    key = ("task_force", "name")
    label = "name"
    attributes = {"task_force": "task_force_id"}
    columns: tuple[ColumnSpec, ...] = (
        ReferenceColumn("task_force", "タスクフォース", required=True, directory=TASK_FORCES),
        TextColumn("name", "WG名", required=True, longest=100),
        IntegerColumn("order", "順番", default=0),
        LongTextColumn("problem", "課題の概要"),
        MigrationColumn("migration", "移行時期", default=MigrationDate(), help="R10.1、R8～、- のように書く"),
        *_SPAN,
    )

    def values_of(self, record: Any) -> dict[str, Any]:
        names = ("name", "order", "problem", "migration", "valid_from", "valid_until")
        return {name: getattr(record, name) for name in names} | {"task_force": record.task_force_id}

    def attributes_of(self, values: Mapping[str, Any]) -> dict[str, Any]:
        found = super().attributes_of(values)
        migration: MigrationDate = found.pop("migration")
        return found | {
            "migration_year": migration.year,
            "migration_month": migration.month,
            "migration_open": migration.or_later,
        }

    def validate(self, row: RowChange) -> Iterable[RowProblem]:
        return _span_problems(row, "valid_from", "valid_until")


class MembershipTable(ModelTable):
    """WG構成所属.xlsx"""

    name = "taskforce-members"
    title = "WG構成所属"
    noun = "構成所属"
    opens_from = "taskforce:overview"
    model = Membership
    verb = "taskforce.member"
    key = ("group", "unit")
    attributes = {"group": "working_group_id", "unit": "unit_id"}
    columns = (
        ReferenceColumn("group", "WG名", required=True, directory=GROUPS),
        ReferenceColumn("unit", "組織コード", required=True, directory=UNITS, on="valid_from"),
        TextColumn("part", "担当の範囲", longest=200),
        IntegerColumn("order", "順番", default=0),
        *_SPAN,
    )

    def validate(self, row: RowChange) -> Iterable[RowProblem]:
        return _span_problems(row, "valid_from", "valid_until")


class TargetTable(ModelTable):
    """WG対象システム.xlsx"""

    name = "taskforce-targets"
    title = "WG対象システム"
    noun = "対象システム"
    opens_from = "taskforce:overview"
    model = TargetSystem
    verb = "taskforce.target"
    key = ("group", "system")
    removable = True
    attributes = {"group": "working_group_id", "system": "system_id"}
    columns = (
        ReferenceColumn("group", "WG名", required=True, directory=GROUPS),
        ReferenceColumn("system", "システム番号", required=True, directory=SYSTEMS),
    )


class MeetingTable(SessionTable):
    """会議.xlsx: meetings of task forces and of working groups."""

    name = "taskforce-meetings"
    title = "会議"
    noun = "会議"
    label = "title"
    opens_from = "taskforce:overview"
    model = Meeting
    verb = "taskforce.meeting"
    kind = GatheringKind.MEETING
    key = ("task_force", "group", "year", "number")
    attributes = {"task_force": "task_force_id", "group": "working_group_id", "number": "number"}
    columns = (
        ReferenceColumn("task_force", "タスクフォース", required=True, directory=TASK_FORCES),
        ReferenceColumn("group", "WG名", directory=GROUPS, help="WGの会議のときだけ入れる"),
        FiscalYearColumn("year", "年度", required=True),
        IntegerColumn("number", "回", required=True, minimum=1),
        *GATHERING_COLUMNS,
    )

    def own_values(self, record: Any) -> dict[str, Any]:
        return super().own_values(record) | {"year": FiscalYear.containing(record.gathering.held_on)}

    def validate(self, row: RowChange) -> Iterable[RowProblem]:
        return session_problems(row)


class IssueTable(ModelTable):
    """課題.xlsx"""

    name = "taskforce-issues"
    title = "課題"
    noun = "課題"
    label = "title"
    opens_from = "taskforce:overview"
    model = Issue
    verb = "taskforce.issue"
    key = ("group", "title")
    attributes = {
        "group": "working_group_id",
        "system": "system_id",
        "owner_unit": "owner_unit_id",
        "owner": "owner_id",
    }
    columns = (
        ReferenceColumn("group", "WG名", required=True, directory=GROUPS),
        TextColumn("title", "課題", required=True, longest=200),
        LongTextColumn("detail", "内容"),
        ReferenceColumn("system", "システム番号", directory=SYSTEMS),
        ChoiceColumn("state", "状態", choices=IssueState, default=IssueState.OPEN.value),
        ReferenceColumn("owner_unit", "担当所属コード", required=True, directory=UNITS, on="done_on"),
        ReferenceColumn("owner", "担当者の職員番号", directory=STAFF),
        DateColumn("opened_on", "登録日", required=True),
        DateColumn("due", "期限"),
        DateColumn("done_on", "解決日"),
    )

    def validate(self, row: RowChange) -> Iterable[RowProblem]:
        values = row.values
        if (values["state"] == IssueState.DONE) != (values["done_on"] is not None):
            yield RowProblem("done_on", "状態が「完了」の行にだけ解決日が要ります", "状態か解決日を直す")
        elif values["done_on"] and values["done_on"] < values["opened_on"]:
            yield RowProblem("done_on", "解決日が登録日より前です", "どちらかの日を直す")


class RoadmapTable(ModelTable):
    """ロードマップ.xlsx"""

    name = "taskforce-roadmap"
    title = "ロードマップ"
    noun = "工程"
    label = "title"
    opens_from = "taskforce:overview"
    model = RoadmapItem
    verb = "taskforce.roadmap"
    key = ("group", "system", "title")
    removable = True
    attributes = {"group": "working_group_id", "system": "system_id"}
    columns = (
        ReferenceColumn("group", "WG名", required=True, directory=GROUPS),
        ReferenceColumn("system", "システム番号", directory=SYSTEMS),
        TextColumn("title", "工程", required=True, longest=200),
        DateColumn("starts_on", "開始日", required=True),
        DateColumn("ends_on", "終了日", required=True),
        BooleanColumn("done", "完了", words=("○", ""), default=False),
    )

    def queryset(self) -> "QuerySet[Any]":
        return RoadmapItem.objects.order_by("working_group__order", "starts_on", "pk")

    def validate(self, row: RowChange) -> Iterable[RowProblem]:
        return _span_problems(row, "starts_on", "ends_on")


TASK_FORCE_TABLE, SECRETARIAT_TABLE, GROUP_TABLE = TaskForceTable(), SecretariatTable(), GroupTable()
MEMBERSHIP_TABLE, TARGET_TABLE, MEETING_TABLE = MembershipTable(), TargetTable(), MeetingTable()
ISSUE_TABLE, ROADMAP_TABLE = IssueTable(), RoadmapTable()
TABLES: list[TableSpec] = [
    TASK_FORCE_TABLE,
    SECRETARIAT_TABLE,
    GROUP_TABLE,
    MEMBERSHIP_TABLE,
    TARGET_TABLE,
    MEETING_TABLE,
    ISSUE_TABLE,
    ROADMAP_TABLE,
]
