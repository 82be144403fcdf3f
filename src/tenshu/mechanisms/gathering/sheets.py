"""Tables of sessions: the columns that every room's sessions share, and what hangs on a session."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet

from tenshu.ground.exchange import (
    ChoiceColumn,
    ColumnSpec,
    DateColumn,
    HeadCountColumn,
    IntegerColumn,
    LongTextColumn,
    ReferenceColumn,
    RowChange,
    RowProblem,
    TableSpec,
    TextColumn,
)
from tenshu.ground.exchange.model_table import ModelTable
from tenshu.ground.office.sheets import STAFF, UNITS
from tenshu.ground.quantities import HeadCount, Quality
from tenshu.mechanisms.gathering.models import (
    ActionItem,
    AgendaItem,
    Attendance,
    AttendanceState,
    Decision,
    Form,
    Gathering,
    GatheringKind,
    GatheringState,
)
from tenshu.mechanisms.gathering.session_columns import TimeColumn, session_column

GATHERING_COLUMNS: tuple[ColumnSpec, ...] = (
    TextColumn("title", "件名", required=True, longest=200),
    ReferenceColumn("host", "開催所属コード", required=True, directory=UNITS, on="held_on"),
    DateColumn("held_on", "開催日", required=True),
    TimeColumn("starts_at", "開始時刻", help="14:00 のように書く"),
    TimeColumn("ends_at", "終了時刻", help="16:00 のように書く"),
    ChoiceColumn("form", "開催形式", choices=Form, default=Form.IN_PERSON.value),
    TextColumn("place", "場所", longest=200),
    ChoiceColumn("state", "状態", choices=GatheringState, default=GatheringState.HELD.value),
    LongTextColumn("outline", "概要"),
    LongTextColumn("minutes", "議事録"),
    HeadCountColumn("attendance", "出席者数", unit="名"),
)
"""The columns of a session; a room puts its own before them (回, 会議体)."""
_PLAIN = ("title", "held_on", "starts_at", "ends_at", "form", "place", "state", "outline", "minutes")


def gathering_values(gathering: Gathering) -> dict[str, Any]:
    """A session's value by column name."""
    return {name: getattr(gathering, name) for name in _PLAIN} | {
        "host": gathering.host_id,
        "attendance": gathering.head_count,
    }


def gathering_attributes(values: Mapping[str, Any], kind: GatheringKind) -> dict[str, Any]:
    """What to set on a session from the values of a row."""
    count: HeadCount | None = values["attendance"]
    return {name: values[name] for name in _PLAIN} | {
        "kind": kind,
        "host_id": values["host"],
        "attendance_count": count.count if count else None,
        "attendance_quality": count.quality if count else Quality.EXACT,
    }


class _HangingTable(ModelTable):
    """Rows that hang on a session."""

    opens_from = "gathering:gathering-list"

    def queryset(self) -> "QuerySet[Any]":
        return self.model._default_manager.order_by("gathering__held_on", "gathering_id", "pk")


_SESSION = session_column()


class AgendaTable(_HangingTable):
    """議題.xlsx: one row an item of an agenda."""

    name = "gathering-agenda"
    title = "議題"
    noun = "議題"
    model = AgendaItem
    verb = "gathering.agenda"
    key = ("gathering", "order")
    attributes = {"gathering": "gathering_id"}
    columns = (
        _SESSION,
        IntegerColumn("order", "順番", required=True, minimum=1),
        TextColumn("title", "議題", required=True, longest=300),
        TextColumn("presenter", "説明者", longest=200),
    )


class AttendanceTable(_HangingTable):
    """出席.xlsx: one row a person, unit or guest that was asked to come."""

    name = "gathering-attendance"
    title = "出席"
    noun = "出席"
    model = Attendance
    verb = "gathering.attendance"
    key = ("gathering", "held_on", "staff", "unit", "guest")
    attributes = {"gathering": "gathering_id", "staff": "staff_id", "unit": "unit_id"}
    columns = (
        _SESSION,
        DateColumn("held_on", "開催日", required=True, help="組織コードは、この日の組織として読みます"),
        ReferenceColumn("staff", "職員番号", directory=STAFF),
        ReferenceColumn("unit", "組織コード", directory=UNITS, on="held_on"),
        TextColumn("guest", "外部の出席者", longest=200),
        ChoiceColumn("state", "出欠", choices=AttendanceState, default=AttendanceState.ATTENDED.value),
    )

    def queryset(self) -> "QuerySet[Any]":
        return super().queryset().select_related("gathering")

    def values_of(self, record: Any) -> dict[str, Any]:
        names = ("gathering_id", "staff_id", "unit_id", "guest", "state")
        return {name.removesuffix("_id"): getattr(record, name) for name in names} | {
            "held_on": record.gathering.held_on
        }

    def attributes_of(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return super().attributes_of({name: value for name, value in values.items() if name != "held_on"})

    def validate(self, row: RowChange) -> Iterable[RowProblem]:
        """Somebody is named, and the day is the session's."""
        values = row.values
        if not (values["staff"] or values["unit"] or values["guest"]):
            yield RowProblem(
                "staff", "だれの出席か書かれていません", "職員番号、組織コード、外部の出席者のどれかを入れる"
            )
        if row.pk is None and not _is_day_of(values["gathering"], values["held_on"]):
            yield RowProblem("held_on", "この会議・研修の開催日ではありません", "会議・研修の開催日を入れる")


class DecisionTable(_HangingTable):
    """決定事項.xlsx: one row a decision."""

    name = "gathering-decisions"
    title = "決定事項"
    noun = "決定事項"
    model = Decision
    verb = "gathering.decision"
    key = ("gathering", "text")
    attributes = {"gathering": "gathering_id"}
    columns = (_SESSION, LongTextColumn("text", "決定事項", required=True))


class ActionItemTable(_HangingTable):
    """宿題.xlsx: one row a thing that somebody has to do after a session."""

    name = "gathering-actions"
    title = "宿題"
    noun = "宿題"
    model = ActionItem
    verb = "gathering.action"
    key = ("gathering", "text")
    attributes = {"gathering": "gathering_id", "owner_unit": "owner_unit_id", "owner": "owner_id"}
    columns = (
        _SESSION,
        LongTextColumn("text", "すること", required=True),
        ReferenceColumn("owner_unit", "担当所属コード", required=True, directory=UNITS, on="done_on"),
        ReferenceColumn("owner", "担当者の職員番号", directory=STAFF),
        DateColumn("due", "期限"),
        DateColumn("done_on", "完了日"),
    )


def _is_day_of(gathering_id: Any, day: Any) -> bool:
    return Gathering.objects.filter(pk=gathering_id, held_on=day).exists()


AGENDA_TABLE, ATTENDANCE_TABLE = AgendaTable(), AttendanceTable()
DECISION_TABLE, ACTION_ITEM_TABLE = DecisionTable(), ActionItemTable()
TABLES: list[TableSpec] = [AGENDA_TABLE, ATTENDANCE_TABLE, DECISION_TABLE, ACTION_ITEM_TABLE]
