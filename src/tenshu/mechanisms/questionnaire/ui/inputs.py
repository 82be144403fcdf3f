"""How a question is answered on a page: one form field for each part of its answer."""

import datetime
from collections.abc import Mapping
from typing import Any

from django import forms

from tenshu.ground.exchange import (
    BooleanColumn,
    ChoiceColumn,
    ColumnSpec,
    DateColumn,
    IntegerColumn,
    LongTextColumn,
    MultipleChoiceColumn,
    YenColumn,
)
from tenshu.ground.ui.forms import DateField, NumberField, YenField

YES_NO = [("yes", "はい"), ("no", "いいえ")]


def field_of(column: ColumnSpec) -> forms.Field:
    """The form field in which a part is typed. Its initial comes from ``initial_of``, its value by ``plain_of``."""
    shared: dict[str, Any] = {"label": column.heading, "required": column.required, "help_text": column.help}
    match column:
        case MultipleChoiceColumn():
            return forms.MultipleChoiceField(
                choices=list(column.labels.items()), widget=forms.CheckboxSelectMultiple, **shared
            )
        case ChoiceColumn():
            return forms.ChoiceField(choices=list(column.labels.items()), widget=forms.RadioSelect, **shared)
        case BooleanColumn():
            return forms.ChoiceField(choices=YES_NO, widget=forms.RadioSelect, **shared)
        case DateColumn():
            return DateField(**shared)
        case YenColumn():
            return YenField(thousands=False, **shared)
        case IntegerColumn():
            return NumberField(min_value=column.minimum, max_value=column.maximum, **shared)
        case LongTextColumn():
            return forms.CharField(
                max_length=column.longest, widget=forms.Textarea(attrs={"rows": 4}), **shared
            )
    longest = getattr(column, "longest", 300)
    return forms.CharField(max_length=longest, **shared)


def initial_of(column: ColumnSpec, plain: Any) -> Any:
    """What a form shows for a stored plain value."""
    match column:
        case BooleanColumn():
            return None if plain is None else ("yes" if plain else "no")
        case DateColumn():
            return datetime.date.fromisoformat(plain) if plain else None
    return plain


def plain_of(column: ColumnSpec, cleaned: Any) -> Any:
    """The plain value to be stored for what a form understood."""
    match column:
        case BooleanColumn():
            return {"yes": True, "no": False}.get(cleaned)
        case MultipleChoiceColumn():
            return list(cleaned or [])
        case ChoiceColumn():
            return cleaned or None
        case DateColumn():
            return cleaned.isoformat() if cleaned else None
        case IntegerColumn() | YenColumn():
            return None if cleaned is None else int(cleaned)
    # A form sends its line breaks as CRLF, a script as LF: one of them, or the same text would count as changed.
    return str(cleaned or "").replace("\r\n", "\n")


def show_part(column: ColumnSpec, plain: Any) -> str:
    """A stored plain value in words: labels of choices, 和暦 dates, grouped numbers."""
    from tenshu.engines.japanese import format_wareki

    if plain in (None, "", []):
        return ""
    match column:
        case MultipleChoiceColumn():
            return "、".join(column.labels.get(item, str(item)) for item in plain)
        case ChoiceColumn():
            return column.labels.get(plain, str(plain))
        case BooleanColumn():
            return column.words[0] if plain else column.words[1]
        case DateColumn():
            return format_wareki(datetime.date.fromisoformat(plain))
        case YenColumn():
            return f"{plain:,}円"
        case IntegerColumn():
            return f"{plain:,}{column.unit}"
    return str(plain)


def show_answer(columns: tuple[ColumnSpec, ...], value: Mapping[str, Any]) -> str:
    """All parts of an answer that say something, one a line."""
    parts = [(column, show_part(column, value.get(column.name))) for column in columns]
    told = [(column, text) for column, text in parts if text]
    if len(told) == 1:
        return told[0][1]
    return "\n".join(text if column.name == "answer" else f"{column.header}：{text}" for column, text in told)
