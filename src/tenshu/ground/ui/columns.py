"""Columns of a table: what a cell says, how it sorts, what it sums to, what goes into Excel."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model, Sum
from django.db.models.aggregates import Aggregate
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tenshu.ground.quantities import HeadCount
from tenshu.ground.ui.amounts import amount_html, number_text, thousand_yen
from tenshu.ground.ui.dates import day_html, moment_html
from tenshu.ground.ui.tags.words import chip_html

type Reader = Callable[[Any], Any]
type Shower = Callable[[Any], Any]

NONE = format_html('<span class="none">{}</span>', "なし")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column.

    ``name`` is the key in the URL (``sort=name``) and, without ``value``, the attribute to read
    (``owner__name`` follows relations). ``value(row)`` gives the plain value, ``show(value)`` its HTML;
    ``link(row)`` makes the cell a link; ``under(row)`` is the second line, ``under_label`` its heading.
    ``sort`` are ``order_by`` names (``True``: the name itself; attributes for plain rows).
    ``total`` is an aggregate over all rows of the query, or a function of the list of plain rows.
    ``export(row)`` is the value in Excel (default: the plain value), ``export_label`` its heading.
    ``heading`` marks the one cell that names the row; ``numeric`` aligns to the right;
    ``visible=False`` columns are chosen in the column panel; ``narrow=False`` hides one on a phone.
    """

    name: str
    label: str
    unit: str = ""
    value: Reader | None = None
    show: Shower | None = None
    link: Callable[[Any], str | None] | None = None
    under: Reader | None = None
    under_label: str = ""
    sort: bool | str | Sequence[str] = False
    numeric: bool = False
    heading: bool = False
    visible: bool = True
    narrow: bool = True
    wrap: bool = True
    total: Aggregate | Callable[[Sequence[Any]], Any] | None = None
    export: Reader | None = None
    export_label: str = ""

    def read(self, row: Any) -> Any:
        """The plain value of the cell; None where a relation is empty."""
        if self.value is not None:
            return self.value(row)
        return follow(row, self.name)

    def html(self, row: Any) -> Any:
        """The cell's first line."""
        shown = self.html_of(self.read(row))
        url = self.link(row) if self.link else None
        return format_html('<a href="{}">{}</a>', url, shown) if url else shown

    def html_of(self, value: Any) -> Any:
        """A plain value (or a total) as the column shows it; 「なし」 for none or empty."""
        if value is None or value == "":
            return NONE
        return self.show(value) if self.show else plain_html(value)

    def under_text(self, row: Any) -> Any:
        """The second line, or nothing."""
        return self.under(row) if self.under else ""

    def exported(self, row: Any) -> Any:
        """The value for Excel and CSV."""
        if self.export is not None:
            return self.export(row)
        value = self.read(row)
        return str(value) if isinstance(value, Model) else value

    @property
    def sort_names(self) -> tuple[str, ...]:
        """The names to sort by, empty when the column does not sort."""
        if self.sort is True:
            return (self.name,)
        if not self.sort:
            return ()
        return (self.sort,) if isinstance(self.sort, str) else tuple(self.sort)

    @property
    def file_label(self) -> str:
        """The heading in Excel."""
        return self.export_label or (f"{self.label}（{self.unit}）" if self.unit else self.label)


def yen_column(name: str, label: str, *, totalled: bool = True, **kwargs: Any) -> Column:
    """Money: whole yen in the record, 千円 on the page, 円 in Excel."""
    kwargs.setdefault("total", Sum(name) if totalled else None)
    return Column(
        name=name,
        label=label,
        unit="千円",
        numeric=True,
        show=lambda yen: plain_html(thousand_yen(int(yen))),
        export_label=f"{label}（円）",
        **{"sort": True, **kwargs},
    )


def number_column(name: str, label: str, unit: str = "", **kwargs: Any) -> Column:
    """A number with its unit in the heading, aligned to the right."""
    return Column(name=name, label=label, unit=unit, numeric=True, **{"sort": True, **kwargs})


def date_column(name: str, label: str, *, shape: str = "plain", **kwargs: Any) -> Column:
    """A day in 和暦; a date in Excel."""
    return Column(
        name=name, label=label, show=lambda day: day_html(day, shape), wrap=False, **{"sort": True, **kwargs}
    )


def chip_column(name: str, label: str, **kwargs: Any) -> Column:
    """A status word of ``chips.py``; the word itself in Excel."""
    return Column(name=name, label=label, show=lambda word: chip_html(str(word)), wrap=False, **kwargs)


def key_html(value: Any) -> SafeString:
    """A key (a sign-in name, a URL's name) in the type of keys: not a word to be read."""
    return format_html('<span class="mono">{}</span>', value)


def plain_html(value: Any) -> Any:
    """A value as a cell shows it by its type: numbers with commas, days in 和暦, yes and no in words."""
    match value:
        case SafeString():
            return value
        case bool():
            return "はい" if value else "いいえ"
        case int() | float() | Decimal():
            return format_html('<span class="zero">{}</span>', 0) if value == 0 else number_text(value)
        case HeadCount():
            return amount_html(value)
        case datetime.datetime():
            return moment_html(value, "plain")
        case datetime.date():
            return day_html(value, "plain")
        case _:
            return value


def follow(row: Any, path: str) -> Any:
    """The attribute at ``owner__name``; a mapping's key will do; methods without arguments are called."""
    for step in path.split("__"):
        if row is None:
            return None
        row = row.get(step) if isinstance(row, dict) else getattr(row, step, None)
        if callable(row) and not isinstance(row, type):
            row = row()
    return row


def may_be_null(model: type[Model], path: str) -> bool:
    """Whether the field at ``path`` (``staff__number``) may be empty; an annotation may."""
    current: type[Model] | None = model
    for part in path.split("__"):
        try:
            field = current._meta.get_field(part) if current is not None else None
        except FieldDoesNotExist:
            return True
        if not isinstance(field, Field) or field.null:
            return True
        current = field.related_model if field.is_relation else None
    return False
