"""Plain values as one would type them into the fields of a page, so that page and API read an answer alike."""

from collections.abc import Mapping, Sequence
from typing import Any

from tenshu.ground.api.problems import ApiProblem
from tenshu.ground.exchange import BooleanColumn, ColumnSpec, IntegerColumn, MultipleChoiceColumn, YenColumn


def typed_in(columns: Sequence[ColumnSpec], values: Mapping[str, Any], *, prefix: str = "") -> dict[str, Any]:
    """The data of a form over these parts; raises ``ApiProblem`` for values of another kind."""
    data: dict[str, Any] = {}
    wrong: list[tuple[str, str]] = []
    for column in columns:
        value = values.get(column.name)
        told = _typed(column, value)
        if told is None:
            wrong.append((column.name, _wanted(column)))
        else:
            data[f"{prefix}{column.name}"] = told
    if wrong:
        raise ApiProblem("refused", fields=wrong)
    return data


def _typed(column: ColumnSpec, value: Any) -> str | list[str] | None:
    """The text (or the texts) of a value; ``None`` for a value of another kind."""
    match column, value:
        case MultipleChoiceColumn(), list():
            return value
        case _, None | "":
            return [] if isinstance(column, MultipleChoiceColumn) else ""
        case MultipleChoiceColumn(), _:
            return None
        case BooleanColumn(), bool():
            return "yes" if value else "no"
        case BooleanColumn(), _:
            return None
        case ((IntegerColumn() | YenColumn()), int()) if not isinstance(value, bool):
            return str(value)
        case ((IntegerColumn() | YenColumn()), _):
            return None
        case _, str():
            return value
    return None


def _wanted(column: ColumnSpec) -> str:
    match column:
        case MultipleChoiceColumn():
            return "選んだものの並び（配列）にしてください。"
        case BooleanColumn():
            return "true か false にしてください。"
        case IntegerColumn() | YenColumn():
            return "整数にしてください。"
    return "文字列にしてください。"
