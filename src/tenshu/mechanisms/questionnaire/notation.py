"""Choices and table columns as lines of text, for the form and the workbook of an author.

A choice a line: ``毎日`` or, with a score, ``毎日｜4``. A column a line, what follows the kind may be left out:
``業務名｜一行の文｜必須`` · ``年間時間｜整数｜｜時間`` · ``頻度｜一つ選ぶ｜必須｜｜毎日/毎週/毎月``.
The stored values behind the labels stay when a line stays, so that old answers keep their meaning.
"""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from tenshu.engines.japanese import fold_width
from tenshu.mechanisms.questionnaire.models import QuestionKind
from tenshu.mechanisms.questionnaire.parts import IN_TABLES

BAR = re.compile(r"[｜|]")
REQUIRED = "必須"


class NotationError(ValueError):
    """A line cannot be read; the message is Japanese and names the line."""


def options_text(settings: Mapping[str, Any]) -> str:
    """The choices of a question, one a line."""
    return "\n".join(
        option["label"] if option.get("score") is None else f"{option['label']}｜{option['score']:g}"
        for option in settings.get("options", [])
    )


def read_options(text: str, held: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The choices that ``text`` says; a label that is already in ``held`` keeps its stored value."""
    values = {_key(option["label"]): option["value"] for option in held}
    used = set(values.values())
    options = []
    for line in _lines(text):
        label, score = (part.strip() for part in [*BAR.split(line, maxsplit=1), ""][:2])
        value = values.get(_key(label)) or _fresh("o", used)
        used.add(value)
        options.append({"value": value, "label": label} | ({"score": _score(line, score)} if score else {}))
    return options


def columns_text(settings: Mapping[str, Any]) -> str:
    """The columns of a table question, one a line."""
    lines = []
    for column in settings.get("columns", []):
        parts = [
            column["header"],
            QuestionKind(column["kind"]).label,
            REQUIRED if column.get("required") else "",
            column.get("unit", ""),
            "/".join(option["label"] for option in column.get("options", [])),
        ]
        lines.append("｜".join(str(part) for part in parts).rstrip("｜"))
    return "\n".join(lines)


def read_columns(text: str, held: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The columns that ``text`` says; a heading that is already in ``held`` keeps its name and stored choices."""
    before = {_key(column["header"]): column for column in held}
    used = {column["name"] for column in held}
    kinds = {_key(str(kind.label)): kind for kind in IN_TABLES}
    columns = []
    for line in _lines(text):
        header, kind_word, required, unit, choices = (
            part.strip() for part in [*BAR.split(line), "", "", "", ""][:5]
        )
        kind = kinds.get(_key(kind_word))
        if kind is None:
            offered = "、".join(str(kind.label) for kind in QuestionKind if kind in IN_TABLES)
            raise NotationError(f"「{line}」の種類が読めません。{offered}のどれかにしてください。")
        if required and required != REQUIRED:
            raise NotationError(f"「{line}」の3番目は「{REQUIRED}」か空にしてください。")
        old = before.get(_key(header), {})
        name = old.get("name") or _fresh("c", used)
        used.add(name)
        column: dict[str, Any] = {"name": name, "header": header, "kind": kind.value}
        if required:
            column["required"] = True
        if unit:
            column["unit"] = unit
        if choices:
            column["options"] = read_options("\n".join(re.split(r"[/／]", choices)), old.get("options", []))
        columns.append(column)
    return columns


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _score(line: str, text: str) -> float:
    try:
        return float(Decimal(fold_width(text).removesuffix("点")))
    except InvalidOperation:
        raise NotationError(f"「{line}」の点数が数ではありません。") from None


def _fresh(letter: str, used: set[str]) -> str:
    number = 1
    while f"{letter}{number}" in used:
        number += 1
    return f"{letter}{number}"


def _key(label: str) -> str:
    return fold_width(label).strip()
