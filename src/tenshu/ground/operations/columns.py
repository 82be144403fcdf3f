"""Values between a database and the lines of a backup: one spelling that neither database owns.

A line is a JSON list. Times are UTC without a zone, decimals and dates text, UUIDs 32 digits, bytes base64, durations
microseconds; a JSON column keeps its text, so that its null and the missing value stay two things.
"""

import base64
import datetime
import decimal
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

_TEXT = (models.CharField, models.TextField, models.FileField, models.FilePathField)
_KINDS: dict[str, str] = {
    **dict.fromkeys(
        ["CharField", "TextField", "SlugField", "FileField", "FilePathField", "URLField", "EmailField"],
        "text",
    ),
    **dict.fromkeys(["GenericIPAddressField", "IPAddressField"], "text"),
    **dict.fromkeys(
        ["AutoField", "BigAutoField", "SmallAutoField", "IntegerField", "BigIntegerField"], "int"
    ),
    **dict.fromkeys(["SmallIntegerField", "PositiveIntegerField", "PositiveSmallIntegerField"], "int"),
    "PositiveBigIntegerField": "int",
    "BooleanField": "bool",
    "FloatField": "float",
    "DecimalField": "decimal",
    "DateField": "date",
    "TimeField": "time",
    "DateTimeField": "datetime",
    "DurationField": "duration",
    "UUIDField": "uuid",
    "JSONField": "json",
    "BinaryField": "binary",
}
_FIFTEEN_DIGITS = decimal.Context(prec=15)

type Convert = Callable[[Any], Any]


class UnknownColumnError(Exception):
    """A column of a type for which no spelling is agreed."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its kind in a backup, and the places of a decimal."""

    name: str
    kind: str
    places: int = 0


def column_of(field: Any) -> Column:
    """The column of a model's field; a reference has the kind of what it refers to.

    Raises:
        UnknownColumnError: the field is of a type that is not in the list above.
    """
    aim = field
    while aim.remote_field:
        aim = aim.target_field
    kind = _KINDS.get(aim.get_internal_type()) or ("text" if isinstance(aim, _TEXT) else None)
    if kind is None:
        raise UnknownColumnError(f"{field.model._meta.db_table}.{field.column}: {aim.get_internal_type()}")
    return Column(field.column, kind, getattr(aim, "decimal_places", 0) or 0)


def to_line(columns: Sequence[Column], vendor: str) -> Callable[[Sequence[Any]], bytes]:
    """Turns a row as ``vendor`` gives it into its line."""
    converters = _chosen(columns, _from_postgresql if vendor == "postgresql" else _from_sqlite)
    dump = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

    def line(row: Sequence[Any]) -> bytes:
        values = list(row)
        for place, convert in converters:
            if values[place] is not None:
                values[place] = convert(values[place])
        return dump(values).encode() + b"\n"

    return line


def from_line(columns: Sequence[Column], vendor: str) -> Callable[[bytes], list[Any]]:
    """Turns a line into the values that ``vendor`` takes."""
    converters = _chosen(columns, _to_postgresql if vendor == "postgresql" else _to_sqlite)

    def values(line: bytes) -> list[Any]:
        row: list[Any] = json.loads(line)
        if len(row) != len(columns):
            raise ValueError("a line with another number of values than columns")
        for place, convert in converters:
            if row[place] is not None:
                row[place] = convert(row[place])
        return row

    return values


def _chosen(
    columns: Sequence[Column], choose: Callable[[Column], Convert | None]
) -> list[tuple[int, Convert]]:
    found = ((place, choose(column)) for place, column in enumerate(columns))
    return [(place, convert) for place, convert in found if convert is not None]


def _from_sqlite(column: Column) -> Convert | None:
    match column.kind:
        case "bool":
            return bool
        case "datetime":
            # Written by SQLite's own functions, a time may have three places or a T: the same moment, spelled otherwise.
            return lambda value: str(datetime.datetime.fromisoformat(value))
        case "binary":
            return _base64
        case "decimal":
            unit = decimal.Decimal(1).scaleb(-column.places)
            return lambda value: format(_decimal(value).quantize(unit), "f")
    return None


def _decimal(value: Any) -> decimal.Decimal:
    # SQLite keeps a decimal as a binary number: fifteen digits are right, as Django reads it.
    return (
        _FIFTEEN_DIGITS.create_decimal_from_float(value)
        if isinstance(value, float)
        else decimal.Decimal(value)
    )


def _from_postgresql(column: Column) -> Convert | None:
    match column.kind:
        case "datetime":
            return lambda value: str(value.astimezone(datetime.UTC).replace(tzinfo=None))
        case "date" | "time" | "text":
            return str
        case "uuid":
            return lambda value: value.hex
        case "decimal":
            return lambda value: format(value, "f")
        case "duration":
            return lambda value: value // datetime.timedelta(microseconds=1)
        case "json":
            return lambda value: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        case "binary":
            return _base64
    return None


def _to_sqlite(column: Column) -> Convert | None:
    return base64.b64decode if column.kind == "binary" else None


def _to_postgresql(column: Column) -> Convert | None:
    match column.kind:
        case "binary":
            return base64.b64decode
        case "datetime":
            return lambda value: f"{value}+00"
        case "duration":
            return lambda value: datetime.timedelta(microseconds=value)
        case "text":
            return _without_nul
        case "json":
            return _without_escaped_nul
    return None


class NulCharacterError(ValueError):
    """A text holds the character NUL, which PostgreSQL cannot keep."""


def _without_nul(value: str) -> str:
    if "\x00" in value:
        raise NulCharacterError(value[:40])
    return value


def _without_escaped_nul(value: str) -> str:
    if "\\u0000" in value and _has_nul(value):
        raise NulCharacterError(value[:40])
    return value


def _has_nul(text: str) -> bool:
    """Whether JSON text holds an escaped NUL (and not a backslash followed by the letters u0000)."""
    at = text.find("\\u0000")
    while at >= 0:
        before = len(text[:at]) - len(text[:at].rstrip("\\"))
        if before % 2 == 0:
            return True
        at = text.find("\\u0000", at + 1)
    return False


def _base64(value: Any) -> str:
    return base64.b64encode(bytes(value)).decode()
