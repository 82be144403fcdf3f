"""The parts of a record that two people may change apart: its fields, and each kind of load by itself."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models

from tenshu.dx.karte.fields import field_of, shown
from tenshu.dx.karte.freezing import readable
from tenshu.dx.karte.models.choices import LOADS
from tenshu.ground.merging import Merged, merge

LOAD = "load_"


def plain_parts(values: Mapping[str, Any]) -> dict[str, Any]:
    """Typed values as plain parts. Line ends and outer blanks are what a browser makes of them: they say nothing."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if name == "loads":
            found |= {f"{LOAD}{kind}": (value or {}).get(kind) for kind in LOADS}
        elif isinstance(value, models.Model):
            found[name] = value.pk
        elif isinstance(value, str):
            found[name] = value.replace("\r\n", "\n").strip()
        else:
            found[name] = value.isoformat() if hasattr(value, "isoformat") else value
    return found


def parts_of(record: models.Model, names: Iterable[str]) -> dict[str, Any]:
    """The parts of a record as they stand."""
    return plain_parts({name: field_of(type(record), name).value_from_object(record) for name in names})


def merge_values(
    held: models.Model, values: Mapping[str, Any], base: Mapping[str, Any]
) -> tuple[Merged, dict[str, Any]]:
    """How ``values``, typed over ``base``, meet the record as it stands; and those of them that are to be written.

    A form that does not tell over what it was typed (an empty ``base``) was typed over what stands.
    """
    stored, typed = parts_of(held, values), plain_parts(values)
    merged = merge({**stored, **base}, typed, stored)
    taken = {part for part in typed if merged.value.get(part) != stored.get(part)}
    mine = {name: value for name, value in values.items() if name in taken}
    if "loads" in values and any(part.startswith(LOAD) for part in taken):
        rows = {kind: merged.value.get(f"{LOAD}{kind}") for kind in LOADS}
        mine["loads"] = {kind: row for kind, row in rows.items() if row is not None}
    return merged, mine


def texts_of(record: models.Model, parts: Iterable[str]) -> dict[str, str]:
    """The parts as people read them; empty where there is nothing."""
    return {part: _text(record, part) for part in parts}


def _text(record: models.Model, part: str) -> str:
    if part.startswith(LOAD):
        row = getattr(record, "loads", {}).get(part.removeprefix(LOAD)) or []
        return "、".join("-" if number is None else str(number) for number in row)
    value = shown(record, part)
    return "" if value is None else readable(value)


def labels_of(model: type[models.Model], parts: Iterable[str]) -> dict[str, str]:
    """The headings of the parts."""
    return {
        part: LOADS[part.removeprefix(LOAD)][0]
        if part.startswith(LOAD)
        else str(field_of(model, part).verbose_name)
        for part in parts
    }
