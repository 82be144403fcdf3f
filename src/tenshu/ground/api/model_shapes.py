"""Shapes made from the fields of a model, for rooms whose records have many: one description of a field everywhere."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal

from django.db import models
from pydantic import BaseModel, BeforeValidator, Field, create_model

from tenshu.ground.api.values import (
    PLAIN,
    Body,
    Day,
    LongText,
    Out,
    PersonRef,
    StaffRef,
    SystemRef,
    UnitRef,
)
from tenshu.ground.calendar.fiscal_year import FiscalYear

MOST = 10**15
"""The largest amount of yen that is taken."""
LIMITS: Sequence[tuple[type[models.Field[Any, Any]], int, int]] = (
    (models.PositiveSmallIntegerField, 0, 32_767),
    (models.PositiveIntegerField, 0, 2**31 - 1),
    (models.BigIntegerField, -MOST, MOST),
    (models.SmallIntegerField, -32_768, 32_767),
    (models.IntegerField, -(2**31), 2**31 - 1),
)


class NamedRef(Out):
    """Another record as it is named."""

    id: int
    name: str

    @classmethod
    def of(cls, record: models.Model) -> "NamedRef":
        """The reference to ``record``."""
        return cls(id=record.pk, name=str(record))


_REFERENCES: Mapping[str, type[Out]] = {
    "systems.System": SystemRef,
    "office.Staff": StaffRef,
    "office.Unit": UnitRef,
    "access.User": PersonRef,
}
"""Records that are named by more than a number and a name; they are written by their number or code."""
ShortYear = Annotated[
    str, BeforeValidator(lambda year: FiscalYear(year).short if isinstance(year, int) else year)
]
"""A fiscal year that the record keeps as the western year."""
YearIn = Annotated[str, Field(max_length=20), PLAIN]
Key = Annotated[int, Field(ge=1, le=2**62)]
Number = Annotated[str, Field(max_length=40), PLAIN]


def out_shape(
    name: str,
    about: str,
    model: type[models.Model],
    names: Iterable[str],
    *,
    years: Iterable[str] = (),
    **more: Any,
) -> type[Out]:
    """The answer over these fields of ``model``, after its ``id``. ``more`` are fields made by hand."""
    fields: dict[str, Any] = {"id": (int, ...)}
    fields |= {field: (_read(model, field, years), ...) for field in names if field not in more}
    fields |= {field: (kind, ...) for field, kind in more.items()}
    made: type[Out] = create_model(name, __base__=Out, __doc__=about, **fields)
    return made


def body_shape(
    name: str,
    about: str,
    model: type[models.Model],
    names: Iterable[str],
    *,
    years: Iterable[str] = (),
    whole: bool = False,
    **more: Any,
) -> type[Body]:
    """What a write takes over these fields; ``whole``: what a new record needs has to be there."""
    fields: dict[str, Any] = {}
    for field in names:
        kind = _write(model, field, years)
        fields[field] = (kind, ...) if whole and _is_needed(model, field) else (kind | None, None)
    fields |= {field: (kind | None, None) for field, kind in more.items()}
    made: type[Body] = create_model(name, __base__=Body, __doc__=about, **fields)
    return made


def values_of(record: models.Model, names: Iterable[str]) -> dict[str, Any]:
    """The fields of a record as an answer takes them."""
    return {name: _told(getattr(record, name)) for name in names}


def _told(value: Any) -> Any:
    if not isinstance(value, models.Model):
        return value
    shape: Any = _REFERENCES.get(value._meta.label, NamedRef)
    return shape.of(value)


def _field(model: type[models.Model], name: str) -> "models.Field[Any, Any]":
    found = model._meta.get_field(name)
    if not isinstance(found, models.Field):
        raise TypeError(name)
    return found


def _is_needed(model: type[models.Model], name: str) -> bool:
    field = _field(model, name)
    return not (field.blank or field.null or field.has_default())


def _read(model: type[models.Model], name: str, years: Iterable[str]) -> Any:
    field = _field(model, name)
    kind: Any
    if name in years:
        kind = ShortYear
    elif isinstance(field, models.ForeignKey):
        kind = _REFERENCES.get(field.related_model._meta.label, NamedRef)
    elif field.choices:
        kind = _words(field)
    else:
        kind = _plain(field, read=True)
    return kind | None if field.null else kind


def _write(model: type[models.Model], name: str, years: Iterable[str]) -> Any:
    field = _field(model, name)
    if name in years:
        return YearIn
    if isinstance(field, models.ForeignKey):
        return Number if field.related_model._meta.label in _REFERENCES else Key
    return _words(field) if field.choices else _plain(field, read=False)


def _words(field: "models.Field[Any, Any]") -> Any:
    words = [value for value, _ in field.flatchoices if value is not None]
    if field.blank and "" not in words and field.empty_strings_allowed:
        words.insert(0, "")
    return Literal[tuple(words)]


def _plain(field: "models.Field[Any, Any]", *, read: bool) -> Any:
    match field:
        case models.BooleanField():
            return bool
        case models.DateTimeField():
            return datetime.datetime
        case models.DateField():
            return Day
        case models.TextField():
            return str if read else LongText
        case models.CharField():
            return str if read else Annotated[str, Field(max_length=field.max_length), PLAIN]
    for kind, least, most in LIMITS:
        if isinstance(field, kind):
            return int if read else Annotated[int, Field(ge=least, le=most)]
    raise TypeError(f"{field}: no value of the API is known for this kind of field.")


def given_in(body: BaseModel, names: Iterable[str]) -> dict[str, Any]:
    """What a body gives of these fields."""
    given = body.model_dump(exclude_unset=True)
    return {name: given[name] for name in names if name in given}
