"""One part of an answer as a cell: written so that it comes back as it was, read exactly."""

import datetime
from typing import Any

from tenshu.ground.exchange import (
    BooleanColumn,
    ChoiceColumn,
    ColumnSpec,
    DateColumn,
    MultipleChoiceColumn,
    TextColumn,
)
from tenshu.ground.exchange.cells import (
    LONGEST_CELL,
    TOO_LONG,
    UNWRITABLE,
    CellError,
    Out,
    Raw,
    guard,
    text_of,
)
from tenshu.ground.exchange.columns import RowContext
from tenshu.ground.exchange.lookups import Lookups
from tenshu.mechanisms.questionnaire.models import Question, QuestionKind
from tenshu.mechanisms.questionnaire.parts import ANSWER, NOTE, REASON, parts_of

NONE = "none"
NOTHING_TO_LIST = BooleanColumn(
    NONE, "該当なし", words=("該当なし", ""), help="表に入れるものが一つもないとき「該当なし」を選ぶ"
)
"""The part of a table's answer that says that there is nothing to list."""

_NOTHING_WORDS = frozenset({"なし", "無し", "無", "ない"})

KEEP = object()
"""Stands for a cell that no spreadsheet could hold: the answer stays as it is."""

_LOOKUPS = Lookups()
_CONTEXT = RowContext(_LOOKUPS)
_EXACT_DIGITS = 10**15


def columns_by_place(question: Question) -> dict[str, ColumnSpec]:
    """Which parts of an answer stand in the row of the question: by the columns 回答, 理由, 補足 of the sheet."""
    if question.kind == QuestionKind.TABLE:
        return {ANSWER: NOTHING_TO_LIST}
    return {part.name: part for part in parts_of(question) if part.name in (ANSWER, REASON, NOTE)}


def typed(column: ColumnSpec, plain: Any) -> Any:
    """The column's value of a stored plain one."""
    if isinstance(column, DateColumn):
        try:
            return datetime.date.fromisoformat(plain) if plain else None
        except (ValueError, TypeError):
            return None
    return plain


def cell(column: ColumnSpec, plain: Any) -> Out:
    """What stands in the cell for a stored plain value; several choices stand one a line."""
    if isinstance(column, MultipleChoiceColumn):
        labels = [column.labels.get(item, str(item)) for item in column.plain(plain)]
        return _safe("\n".join(labels)) if labels else None
    return _safe(column.write(typed(column, plain), _LOOKUPS))


def _safe(value: Out) -> Out:
    if not isinstance(value, str):
        return value
    text = guard(UNWRITABLE.sub("", value))
    return TOO_LONG if len(text) > LONGEST_CELL else text


def sent(column: ColumnSpec, plain: Any) -> Any:
    """The plain value that an untouched cell of ``plain`` gives when it is read."""
    return column.plain(typed(column, plain))


def read(column: ColumnSpec, raw: Raw) -> Any:
    """The plain value of a cell, or ``KEEP``. Raises ``CellError``."""
    text = text_of(raw)
    if text == TOO_LONG:
        return KEEP
    if column is NOTHING_TO_LIST and text in _NOTHING_WORDS:
        return True
    if isinstance(column, TextColumn):
        _refuse_rounded(raw)
    if isinstance(column, MultipleChoiceColumn):
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        if lines and all(line in _by_label(column) for line in lines):
            return column.plain([_by_label(column)[line] for line in lines])
    elif isinstance(column, ChoiceColumn) and text in _by_label(column):
        return column.plain(_by_label(column)[text])
    return column.plain(column.read(raw, _CONTEXT))


def _by_label(column: ChoiceColumn) -> dict[str, Any]:
    return {label.strip(): value for value, label in column.labels.items() if label.strip()}


def _refuse_rounded(raw: Raw) -> None:
    """A number in a cell of text has lost its digits beyond the fifteenth, and nobody can tell which they were."""
    if isinstance(raw, int | float) and not isinstance(raw, bool) and abs(raw) >= _EXACT_DIGITS:
        raise CellError(
            "桁の多い番号が数として入っていて、16桁目から先が失われています",
            "セルの書式を「文字列」にして入れ直す",
            text_of(raw),
        )


def how_to_fill(column: ColumnSpec) -> str:
    """How a cell is filled in; of several choices all of them, as no list can offer them in a cell."""
    if isinstance(column, MultipleChoiceColumn):
        return "\n".join(["次から選び、1行に1つ入れる", *(f"・{label}" for label in column.labels.values())])
    return column.example()


def shown(column: ColumnSpec, plain: Any) -> str:
    """A stored plain value in words; empty for nothing."""
    return column.show(typed(column, plain), _LOOKUPS)
