"""A model instance as plain JSON values, for the before and after of an audit row."""

import datetime
import decimal
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import models


def snapshot(instance: models.Model, *, leave_out: frozenset[str] = frozenset()) -> dict[str, Any]:
    """All concrete field values of ``instance`` by field name; secrets are left out by the caller."""
    return {
        field.name: field.value_from_object(instance)
        for field in instance._meta.concrete_fields
        if field.name not in leave_out
    }


def jsonable(values: Mapping[str, Any]) -> dict[str, Any]:
    """``values`` with dates, decimals and identifiers as text."""
    return {key: _plain(value) for key, value in values.items()}


def _plain(value: Any) -> Any:
    match value:
        case None | bool() | int() | float():
            return value
        case str():
            return str(value)
        case datetime.datetime() | datetime.date() | datetime.time():
            return value.isoformat()
        case decimal.Decimal() | uuid.UUID():
            return str(value)
        case Mapping():
            return {str(key): _plain(inner) for key, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_plain(inner) for inner in value]
        case models.Model():
            return str(value)
        case _:
            return str(value)
