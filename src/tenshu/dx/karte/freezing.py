"""What an edition holds: a system's register row, karte, things, money and score as plain values; its digest; differences.

A record is a mapping ``name → {"label", "value", "text"}``: old editions stay readable when labels change later.
"""

import datetime
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q

from tenshu.dx.karte.completeness import Asked, rules_of, score, standings
from tenshu.dx.karte.fields import FIELDS, REGISTER, field_of, plain, shown
from tenshu.dx.karte.models import (
    Contract,
    CostLine,
    Dependency,
    Edition,
    Environment,
    Karte,
    Server,
    Software,
)
from tenshu.dx.karte.models.choices import LOADS
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.systems.models import System
from tenshu.ground.ui.amounts import number_text
from tenshu.ground.ui.dates import day_text

type Record = dict[str, dict[str, Any]]

PARTS: Mapping[str, str] = {
    "register": "台帳",
    "karte": "カルテ",
    "servers": "サーバ",
    "software": "ソフトウェア",
    "contracts": "契約",
    "environments": "環境",
    "dependencies": "データ連携",
    "money": "費用",
}
_THINGS: Mapping[str, type[models.Model]] = {
    "servers": Server,
    "software": Software,
    "contracts": Contract,
    "environments": Environment,
}
_NOT_OF_A_THING = {"id", "system"}


def record_of(instance: models.Model, names: Iterable[str]) -> Record:
    """Fields of an instance as an edition keeps them; empty ones are left out."""
    found: Record = {}
    for name in names:
        text = shown(instance, name)
        if text is None or text == {}:
            continue
        field = field_of(type(instance), name)
        found[name] = {
            "label": str(field.verbose_name),
            "value": plain(field.value_from_object(instance)),
            "text": readable(text),
        }
    return found


def readable(value: Any) -> str:
    """A value as people read it: days in 和暦, numbers with commas."""
    if isinstance(value, datetime.date):
        return day_text(value, "plain")
    if isinstance(value, dict):  # the loads of a server, band by band
        return "／".join(f"{LOADS[kind][0]} {_bands(row)}" for kind, row in value.items())
    return number_text(value) if isinstance(value, int) else str(value)


def _bands(row: Sequence[int | None]) -> str:
    return "、".join("-" if number is None else number_text(number) for number in row)


def _names(model: type[models.Model]) -> list[str]:
    return [field.name for field in model._meta.concrete_fields if field.name not in _NOT_OF_A_THING]


def register_of(system: System) -> Record:
    """The register row of a system, with its owner."""
    found = record_of(system, REGISTER)
    owner = {"label": "所管", "value": system.owner.code, "text": system.owner.full_name}
    return {**found, "owner": owner}


def money_records(lines: Iterable[CostLine]) -> dict[str, Record]:
    """Cost lines by a key that stays the same over the years."""
    return {
        f"{FiscalYear(line.fiscal_year)} {line.item} {line.get_stage_display()} {line.number}": {
            "amount": {"label": "金額（円）", "value": line.amount, "text": f"{line.amount:,}"},
            "fiscal_year": {
                "label": "年度",
                "value": line.fiscal_year,
                "text": str(FiscalYear(line.fiscal_year)),
            },
            "stage": {"label": "段階", "value": line.stage, "text": line.get_stage_display()},
            "section": {
                "label": "経費区分",
                "value": line.item.section,
                "text": line.item.get_section_display(),
            },
        }
        for line in lines
    }


def contents_of(systems: Sequence[System], year: FiscalYear) -> dict[int, dict[str, Any]]:
    """The content of an edition for each system as things stand now; a fixed number of queries."""
    keys = [system.pk for system in systems]
    things: dict[str, dict[int, dict[str, Record]]] = {
        part: _things_of(model, keys) for part, model in _THINGS.items()
    }
    things["dependencies"] = _flows_of(set(keys))
    things["money"] = _money_of(keys, year)
    rules, standing = rules_of(year), standings(keys, year)
    return {
        system.pk: {
            "parts": list(PARTS),
            "register": register_of(system),
            "karte": record_of(found, FIELDS) if (found := standing[system.pk].karte) else {},
            **{part: things[part].get(system.pk, {}) for part in things},
            **scored(standing[system.pk].judged(rules)),
        }
        for system in systems
    }


def scored(asked: Sequence[Asked]) -> dict[str, Any]:
    """The score with the rules as they were, so that it can be worked out again years later."""
    rules = [
        {"item": one.item, "label": one.label, "weight": one.weight, "level": one.level, "state": one.state,
         "reason": one.reason}
        for one in asked
    ]  # fmt: skip
    return {"score": score(asked), "rules": rules}


def brought_content(
    system: System, karte: Karte, year: FiscalYear, lines: Iterable[CostLine]
) -> dict[str, Any]:
    """The content of an edition of an earlier year that is brought in from a file: facts and money, no things."""
    return {
        "parts": ["register", "karte", "money"],
        "register": register_of(system),
        "karte": record_of(karte, FIELDS),
        "money": money_records(lines),
        "score": None,
        "rules": [],
    }


def _things_of(model: type[models.Model], keys: Sequence[int]) -> dict[int, dict[str, Record]]:
    names = _names(model)
    related = [name for name in ("vendor", "host") if name in names]
    found: dict[int, dict[str, Record]] = defaultdict(dict)
    rows = model._default_manager.filter(system__in=keys)
    for row in rows.select_related(*related) if related else rows:
        key = f"{row.number} {row}" if isinstance(row, Contract) else str(row)
        found[row.system_id][key] = record_of(row, names)  # type: ignore[attr-defined]
    return found


def _flows_of(keys: set[int]) -> dict[int, dict[str, Record]]:
    found: dict[int, dict[str, Record]] = defaultdict(dict)
    flows = Dependency.objects.filter(Q(source__in=keys) | Q(target__in=keys))
    for row in flows.select_related("source", "target"):
        record = record_of(row, ("method", "cycle", "personal", "note"))
        for key in (row.source_id, row.target_id):
            if key is not None and key in keys:
                found[key][str(row)] = record
    return found


def _money_of(keys: Sequence[int], year: FiscalYear) -> dict[int, dict[str, Record]]:
    """The lines of the year before (its settlement), of the year and of the next (its request)."""
    lines: dict[int, list[CostLine]] = defaultdict(list)
    near = (year.previous.year, year.next.year)
    for line in CostLine.objects.filter(system__in=keys, fiscal_year__range=near).select_related("item"):
        lines[line.system_id].append(line)
    return {key: money_records(rows) for key, rows in lines.items()}


def digest_of(edition: Edition, previous: str) -> str:
    """SHA-256 over everything that the edition says and the digest of the edition before."""
    told = {
        "system": edition.system_id,
        "fiscal_year": edition.fiscal_year,
        "number": edition.number,
        "content": edition.content,
        "score": edition.score,
        "frozen_at": edition.frozen_at.astimezone(datetime.UTC).isoformat(),
        "frozen_by": edition.frozen_by_id,
        "confirmed_by": edition.confirmed_by,
        "previous": previous,
    }
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that differs between two editions; ``before`` or ``after`` is empty where there was none."""

    part: str
    record: str
    label: str
    before: str
    after: str


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    """Field by field what differs, of the parts that both editions hold."""
    for part, title in PARTS.items():
        if part not in before["parts"] or part not in after["parts"]:
            continue
        if part in ("register", "karte"):
            yield from _of_record(title, "", before[part], after[part])
            continue
        for key in dict.fromkeys([*before[part], *after[part]]):
            if key not in after[part] or key not in before[part]:
                gone = key not in after[part]
                held = (before if gone else after)[part][key]
                said = held["amount"]["text"] if part == "money" else "あり"
                label = "金額（円）" if part == "money" else "登録"
                yield Difference(title, key, label, said if gone else "", "" if gone else said)
            else:
                yield from _of_record(title, key, before[part][key], after[part][key])


def _of_record(part: str, key: str, before: Record, after: Record) -> Iterator[Difference]:
    for name in dict.fromkeys([*before, *after]):
        was, now = before.get(name), after.get(name)
        if (was and was["value"]) != (now and now["value"]):
            label = (now or was or {})["label"]
            yield Difference(part, key, label, was["text"] if was else "", now["text"] if now else "")
