"""What an edition holds: a system's register row, karte, things, money and score as plain values; its digest.

A record is a mapping ``name → {"label", "value", "text"}``: old editions stay readable when labels change later.
"""

import datetime
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet

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
from tenshu.dx.karte.models.choices import LOADS, Stage
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.office.models import Unit
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


def register_of(system: System, owner: Unit | None = None) -> Record:
    """The register row of a system, with its owner (of then, where that is known)."""
    found, unit = record_of(system, REGISTER), owner or system.owner
    return {**found, "owner": {"label": "所管", "value": unit.code, "text": unit.full_name}}


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
        part: _things_of(model, keys, still_there(model, year)) for part, model in _THINGS.items()
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


def still_there(model: type[models.Model], year: FiscalYear) -> Q:
    """Things that were not over before the year began: an ended contract stays in the register, not in the edition."""
    if model is Contract:
        return Q(ends_on__gte=year.start)
    if model is Server:
        return Q(removed_on__isnull=True) | Q(removed_on__gte=year.start)
    return Q()


def scored(asked: Sequence[Asked]) -> dict[str, Any]:
    """The score with the rules as they were, so that it can be worked out again years later."""
    rules = [
        {"item": one.item, "label": one.label, "weight": one.weight, "level": one.level, "state": one.state,
         "reason": one.reason}
        for one in asked
    ]  # fmt: skip
    return {"score": score(asked), "rules": rules}


def brought_contents(
    systems: Sequence[System], kartes: Mapping[int, Karte], year: FiscalYear, owners: Mapping[int, Unit]
) -> dict[int, dict[str, Any]]:
    """Contents of editions of an earlier year, brought in from a file: the facts of the file, and what the register
    dates by itself (contracts that held in the year, money as the year's refresh had it). Other things are unknown.
    """
    keys = [system.pk for system in systems]
    contracts = _things_of(Contract, keys, Q(starts_on__lte=year.end, ends_on__gte=year.start))
    # The year's own settlement comes after its edition, and of the next year there are only requests.
    lines = CostLine.objects.filter(
        Q(fiscal_year=year.previous.year)
        | (Q(fiscal_year=year.year) & ~Q(stage=Stage.SETTLED))
        | Q(fiscal_year=year.next.year, stage__in=(Stage.REQUESTED, Stage.ASSESSED)),
        system__in=keys,
    )
    money = _by_system(lines)
    return {
        system.pk: {
            "parts": ["register", "karte", "contracts", "money"],
            "register": register_of(system, owners.get(system.pk)),
            "karte": record_of(kartes[system.pk], FIELDS),
            "contracts": contracts.get(system.pk, {}),
            "money": money.get(system.pk, {}),
            "score": None,
            "rules": [],
        }
        for system in systems
    }


def _things_of(
    model: type[models.Model], keys: Sequence[int], which: Q | None = None
) -> dict[int, dict[str, Record]]:
    names = _names(model)
    related = [name for name in ("vendor", "host") if name in names]
    found: dict[int, dict[str, Record]] = defaultdict(dict)
    rows = model._default_manager.filter(which or Q(), system__in=keys)
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
    near = (year.previous.year, year.next.year)
    return _by_system(CostLine.objects.filter(system__in=keys, fiscal_year__range=near))


def _by_system(lines: QuerySet[CostLine]) -> dict[int, dict[str, Record]]:
    found: dict[int, list[CostLine]] = defaultdict(list)
    for line in lines.select_related("item"):
        found[line.system_id].append(line)
    return {key: money_records(rows) for key, rows in found.items()}


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
