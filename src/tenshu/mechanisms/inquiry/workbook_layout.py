"""Where things stand in the workbook of a sheet: headings, names of worksheets, what the hidden lines say."""

import datetime
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tenshu.ground.exchange.export import sheet_name
from tenshu.ground.exchange.layout import KEY_HEADING
from tenshu.ground.exchange.reading import Book
from tenshu.ground.exchange.signed_lines import read_lines
from tenshu.mechanisms.questionnaire.models import Question
from tenshu.mechanisms.questionnaire.parts import ANSWER, NOTE, REASON

MAIN = "回答"
NUMBER, TEXT, HELP, CONDITION = "番号", "設問", "説明", "尋ねるとき"
BEFORE, SAME, HOW, REMARK = "前回の回答", "今年も同じ", "書き方", "事務局の指摘"
PLACES = {ANSWER: "回答", REASON: "理由", NOTE: "補足"}
"""Headings of the parts that stand in the row of a question."""
REMOVE, CARRIED_ROW = "削除", "前回の行"
MARK = "○"

_FORMAT = "tenshu-sheet-1"
_HEAD = 6


def key_heading(question: Question | None = None) -> str:
    """Heading of the hidden column with the keys: of the questions, or of the rows of one table."""
    return f"{KEY_HEADING}:{question.pk}" if question else KEY_HEADING


def table_names(questions: Iterable[Question]) -> dict[int, str]:
    """Names of the worksheets of table questions, each once whatever the case of its letters."""
    taken, names = {MAIN.casefold()}, {}
    for question in questions:
        wanted = name = sheet_name(f"{question.code}の表")
        again = 1
        while name.casefold() in taken:
            again += 1
            name = f"{wanted[:27]}({again})"
        taken.add(name.casefold())
        names[question.pk] = name
    return names


@dataclass(frozen=True, slots=True)
class Stamp:
    """Whose workbook it is and of when: keys of sheet, campaign and version, time, revision of the sheet."""

    sheet: int
    campaign: int
    version: int
    at: datetime.datetime
    revision: int

    def head(self) -> Sequence[str]:
        """As the texts of the hidden sheet."""
        numbers = (self.sheet, self.campaign, self.version)
        return [_FORMAT, *map(str, numbers), self.at.isoformat(timespec="seconds"), str(self.revision)]


@dataclass(slots=True)
class Base:
    """What the workbook was sent with: answers by question, rows by question and key; the same of last year's."""

    answers: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    rows: dict[int, dict[str, Mapping[str, Any]]] = field(default_factory=dict)
    carried: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    carried_rows: dict[int, dict[str, Mapping[str, Any]]] = field(default_factory=dict)

    def lines(self) -> Iterable[str]:
        """As the lines of the hidden sheet."""
        for kind, single in (("answer", self.answers), ("carried", self.carried)):
            for question, value in single.items():
                yield _dump([kind, question, value])
        for kind, tables in (("row", self.rows), ("carried_row", self.carried_rows)):
            for question, rows in tables.items():
                for key, values in rows.items():
                    yield _dump([kind, question, key, values])


def read_base(book: Book) -> tuple[Stamp, Base] | None:
    """What the hidden sheet of a returned workbook says; ``None`` without one, or when it was altered."""
    found = read_lines(book, _HEAD)
    if found is None or found.head[0] != _FORMAT:
        return None
    sheet, campaign, version, revision = (int(found.head[place]) for place in (1, 2, 3, 5))
    stamp = Stamp(sheet, campaign, version, datetime.datetime.fromisoformat(found.head[4]), revision)
    base = Base()
    for kind, question, *rest in map(json.loads, found.lines):
        match kind:
            case "answer":
                base.answers[question] = rest[0]
            case "carried":
                base.carried[question] = rest[0]
            case "row":
                base.rows.setdefault(question, {})[rest[0]] = rest[1]
            case "carried_row":
                base.carried_rows.setdefault(question, {})[rest[0]] = rest[1]
    return stamp, base


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))
