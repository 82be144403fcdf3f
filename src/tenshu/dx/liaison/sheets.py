"""The tables of conferences in and out."""

from collections.abc import Iterable
from typing import Any

from tenshu.dx.liaison.models import Conference, ConferenceSession, Scope
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.exchange import (
    ChoiceColumn,
    FiscalYearColumn,
    LongTextColumn,
    ModelDirectory,
    ReferenceColumn,
    RowChange,
    RowProblem,
    TableSpec,
    TextColumn,
)
from tenshu.ground.exchange.model_table import ModelTable
from tenshu.mechanisms.gathering.models import GatheringKind
from tenshu.mechanisms.gathering.session_table import SessionTable, session_problems
from tenshu.mechanisms.gathering.sheets import GATHERING_COLUMNS

CONFERENCES = ModelDirectory("liaison.Conference", key="name", noun="会議体")


class ConferenceTable(ModelTable):
    """会議体.xlsx"""

    name = "liaison-conferences"
    title = "会議体"
    noun = "会議体"
    opens_from = "liaison:overview"
    model = Conference
    verb = "liaison.conference"
    key = ("name",)
    columns = (
        TextColumn("name", "会議体", required=True, longest=200),
        ChoiceColumn("scope", "範囲", required=True, choices=Scope),
        TextColumn("organiser", "主催", longest=200),
        LongTextColumn("purpose", "目的"),
    )


class ConferenceSessionTable(SessionTable):
    """開催.xlsx: one row a conference of a series."""

    name = "liaison-sessions"
    title = "開催"
    noun = "開催"
    label = "title"
    opens_from = "liaison:overview"
    model = ConferenceSession
    verb = "liaison.session"
    kind = GatheringKind.CONFERENCE
    key = ("conference", "year", "season")
    attributes = {"conference": "conference_id", "season": "season", "report_back": "report_back"}
    columns = (
        ReferenceColumn("conference", "会議体", required=True, directory=CONFERENCES),
        FiscalYearColumn("year", "年度", required=True),
        TextColumn("season", "時期", required=True, longest=40),
        *GATHERING_COLUMNS,
        LongTextColumn("report_back", "復命"),
    )

    def own_values(self, record: Any) -> dict[str, Any]:
        return super().own_values(record) | {"year": FiscalYear.containing(record.gathering.held_on)}

    def validate(self, row: RowChange) -> Iterable[RowProblem]:
        return session_problems(row)


CONFERENCE_TABLE, SESSION_TABLE = ConferenceTable(), ConferenceSessionTable()
TABLES: list[TableSpec] = [CONFERENCE_TABLE, SESSION_TABLE]
