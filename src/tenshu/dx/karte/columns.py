"""Columns of a sheet, made from the fields of a model: one heading, one unit, one list of choices everywhere."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from tenshu.dx.karte.fields import UNITS, field_of
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.exchange import (
    BooleanColumn,
    ChoiceColumn,
    CodeColumn,
    ColumnSpec,
    DateColumn,
    Directory,
    FiscalYearColumn,
    IntegerColumn,
    LongTextColumn,
    ReferenceColumn,
    TextColumn,
    YenColumn,
)
from tenshu.ground.exchange.cells import Raw
from tenshu.ground.exchange.columns import RowContext

YEARS = {"fiscal_year", "from_year", "until_year"}
CODES = {"number", "code", "corporate_number", "phone", "cpe"}
MONEY = {"amount", "yearly_amount"}


@dataclass(frozen=True)
class YearColumn(FiscalYearColumn):
    """A fiscal year, kept by the record as the western year in which it begins."""

    def read_filled(self, raw: Raw, context: RowContext) -> Any:
        read: FiscalYear = super().read_filled(raw, context)
        return read.year

    def write(self, value: Any, lookups: Any) -> Any:
        return None if value is None else str(FiscalYear(value))

    def plain(self, value: Any) -> Any:
        return value

    def unplain(self, plain: Any) -> Any:
        return plain


def columns_of(
    model: type[models.Model],
    names: Iterable[str],
    *,
    required: Iterable[str] = (),
    directories: Mapping[str, tuple[Directory, str]] | None = None,
) -> tuple[ColumnSpec, ...]:
    """A column for each field. ``directories`` gives of relations where they are found, and their heading."""
    needed = set(required)
    found: list[ColumnSpec] = []
    for name in names:
        field = field_of(model, name)
        if directories and name in directories:
            directory, header = directories[name]
            found.append(ReferenceColumn(name, header, required=name in needed, directory=directory))
        else:
            found.append(column_of(field, required=name in needed))
    return tuple(found)


def column_of(field: "models.Field[Any, Any]", *, required: bool = False) -> ColumnSpec:
    """The column of one field by its kind."""
    name, header, unit = field.name, str(field.verbose_name), UNITS.get(field.name, "")
    default = field.default if field.has_default() and not callable(field.default) else None
    told: dict[str, Any] = {"required": required, "default": default}
    if name in YEARS:
        return YearColumn(name, header, **told)
    if name in MONEY:
        return YenColumn(name, header, unit="円", negative=True, **told)
    if field.choices:
        pairs = [(value, str(label)) for value, label in field.flatchoices]
        blank = field.empty_strings_allowed and not required
        return ChoiceColumn(
            name, header, choices=pairs, **told | ({"default": default or ""} if blank else {})
        )
    match field:
        case models.BooleanField():
            return BooleanColumn(name, header, **told)
        case models.DateField():
            return DateColumn(name, header, **told)
        case models.TextField():
            return LongTextColumn(name, header, **told)
        case models.IntegerField():
            return IntegerColumn(name, header, unit=unit, **told)
    longest = field.max_length or 300
    if name in CODES:
        return CodeColumn(name, header, longest=longest, **told)
    return TextColumn(name, header, longest=longest, **told)
