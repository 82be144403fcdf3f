"""What an answer holds: its parts, each a typed column of the exchange, so that pages and Excel read it alike.

An answer is a dict part → plain JSON value: ``{"answer": 3}``, ``{"answer": "done", "reason": ""}``.
The rows of a table are dicts of the same form, by the names of the table's columns.
"""

from collections.abc import Mapping
from typing import Any

from tenshu.ground.exchange import (
    BooleanColumn,
    ChoiceColumn,
    ColumnSpec,
    DateColumn,
    IntegerColumn,
    LongTextColumn,
    MultipleChoiceColumn,
    TextColumn,
    YenColumn,
)
from tenshu.mechanisms.questionnaire.models import Practice, Question, QuestionKind

ANSWER = "answer"
REASON = "reason"
NOTE = "note"
IN_TABLES = frozenset(
    {
        QuestionKind.TEXT,
        QuestionKind.LONG_TEXT,
        QuestionKind.INTEGER,
        QuestionKind.YEN,
        QuestionKind.DATE,
        QuestionKind.SINGLE,
        QuestionKind.MULTIPLE,
        QuestionKind.YES_NO,
    }
)
"""Kinds that a column of a table may have."""


def parts_of(question: Question) -> tuple[ColumnSpec, ...]:
    """The parts of an answer to ``question``. Those of a table are its columns; of a file the list of its files."""
    match question.kind:
        case QuestionKind.TABLE:
            return tuple(table_column(told) for told in question.settings.get("columns", []))
        case QuestionKind.PRACTICE:
            parts: tuple[ColumnSpec, ...] = (
                ChoiceColumn(ANSWER, "実施状況", choices=Practice, help="実施の状況を選ぶ"),
                LongTextColumn(REASON, "理由", help="該当なしのときは理由を書く", longest=2_000),
            )
        case QuestionKind.FILE:
            parts = ()
        case _:
            parts = (_column(ANSWER, "回答", QuestionKind(question.kind), question.settings),)
    note = (LongTextColumn(NOTE, "補足", longest=4_000),) if question.settings.get("note") else ()
    return (*parts, *note)


def table_column(told: Mapping[str, Any]) -> ColumnSpec:
    """A column of a table question from its description in ``Question.settings["columns"]``."""
    return _column(told["name"], told["header"], QuestionKind(told["kind"]), told)


def _column(name: str, header: str, kind: QuestionKind, told: Mapping[str, Any]) -> ColumnSpec:
    required = bool(told.get("required", False)) and name != ANSWER
    shared: dict[str, Any] = {"required": required, "help": told.get("help", "")}
    match kind:
        case QuestionKind.TEXT:
            return TextColumn(name, header, longest=int(told.get("longest", 300)), **shared)
        case QuestionKind.LONG_TEXT:
            return LongTextColumn(name, header, longest=int(told.get("longest", 20_000)), **shared)
        case QuestionKind.INTEGER:
            return IntegerColumn(
                name,
                header,
                unit=told.get("unit", ""),
                minimum=told.get("minimum"),
                maximum=told.get("maximum"),
                **shared,
            )
        case QuestionKind.YEN:
            return YenColumn(name, header, unit="円", negative=bool(told.get("negative", False)), **shared)
        case QuestionKind.DATE:
            return DateColumn(name, header, **shared)
        case QuestionKind.SINGLE:
            return ChoiceColumn(name, header, choices=options_of(told), **shared)
        case QuestionKind.MULTIPLE:
            return MultipleChoiceColumn(name, header, choices=options_of(told), **shared)
        case QuestionKind.YES_NO:
            return BooleanColumn(name, header, **shared)
    raise ValueError(f"A column cannot be of the kind {kind}.")


def options_of(told: Mapping[str, Any]) -> dict[str, str]:
    """Stored value → label of a choice."""
    return {option["value"]: option["label"] for option in told.get("options", [])}


def is_answered(question: Question, answer: Mapping[str, Any], rows: int = 0) -> bool:
    """Whether anything was answered; a remark alone is no answer."""
    if question.kind == QuestionKind.TABLE:
        return rows > 0 or bool(answer.get("none"))
    value = answer.get(ANSWER)
    return value not in (None, "", [])


def missing_in(question: Question, answer: Mapping[str, Any], rows: int = 0) -> str:
    """Why the answer cannot be handed in yet; empty when it can."""
    if question.required and not is_answered(question, answer, rows):
        return "回答がまだありません。"
    if (
        question.kind == QuestionKind.PRACTICE
        and answer.get(ANSWER) == Practice.NOT_APPLICABLE
        and not str(answer.get(REASON) or "").strip()
    ):
        return "該当なしの理由を書いてください。"
    return ""
