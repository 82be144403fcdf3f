"""What taking a returned workbook would do: every answer and row merged three ways, shown before anything is saved."""

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tenshu.ground.exchange import ColumnSpec
from tenshu.ground.exchange.rows import FoundError
from tenshu.ground.merging import GONE, merge, same
from tenshu.mechanisms.inquiry.models import AnswerRow, LineKind
from tenshu.mechanisms.inquiry.workbook_cells import sent, shown
from tenshu.mechanisms.questionnaire.models import Question

_LONGEST_SUMMARY = 1_000


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that the workbook would change, or that stands against it. ``key`` tells conflicts apart."""

    kind: LineKind
    where: str
    label: str
    header: str
    before: str = ""
    after: str = ""
    sent: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class PlannedValue:
    """A merged value; ``open`` holds what was typed in the parts that somebody else changed, by key of the conflict."""

    stored: Mapping[str, Any]
    value: Mapping[str, Any]
    open: Mapping[str, tuple[str, Any]] = field(default_factory=dict)

    def taken(self, chosen: Collection[str]) -> dict[str, Any]:
        """The value to be saved, with the typed parts of the conflicts that were ``chosen``."""
        value = dict(self.value)
        for key, (part, typed) in self.open.items():
            if key in chosen:
                if typed is GONE:
                    value.pop(part, None)
                else:
                    value[part] = typed
        return value


@dataclass(slots=True)
class PlannedTable:
    """Rows to add (with their keys), to change, to remove; ``if_chosen`` only when that conflict was."""

    added: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    changed: list[tuple[AnswerRow, PlannedValue]] = field(default_factory=list)
    removed: list[AnswerRow] = field(default_factory=list)
    added_if_chosen: dict[str, tuple[str, Mapping[str, Any]]] = field(default_factory=dict)
    removed_if_chosen: dict[str, AnswerRow] = field(default_factory=dict)


@dataclass(slots=True)
class Plan:
    """All of it. With errors, nothing may be saved."""

    answers: dict[Question, PlannedValue] = field(default_factory=dict)
    tables: dict[Question, PlannedTable] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)
    errors: list[FoundError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """How many lines of each kind."""
        found = dict.fromkeys(LineKind.values, 0)
        for line in self.lines:
            found[line.kind] += 1
        return found | {LineKind.ERROR.value: len(self.errors)}

    def digest(self) -> str:
        """A hash of everything that the page shows: same file and same answers, same hash."""
        digest = hashlib.sha256(str(len(self.errors)).encode())
        for line in self.lines:
            told = [line.kind, line.key, line.where, line.header, line.before, line.after]
            digest.update(json.dumps(told, ensure_ascii=True).encode())
        return digest.hexdigest()


def typed_over(
    columns: Mapping[str, ColumnSpec], base: Mapping[str, Any], read: Mapping[str, Any]
) -> dict[str, Any]:
    """``base`` with the parts that came back different from how they were sent."""
    touched = {n: value for n, value in read.items() if value != sent(columns[n], base.get(n))}
    return {**base, **touched}


def merged(
    base: Mapping[str, Any], mine: Mapping[str, Any], stored: Mapping[str, Any], prefix: str
) -> PlannedValue:
    """The three-way merge, with the keys of its conflicts."""
    found = merge(base, mine, stored)
    open_parts = {f"{prefix}:{part}": (part, mine.get(part, GONE)) for part in sorted(found.conflicts)}
    return PlannedValue(stored, found.value, open_parts)


def lines_of(
    columns: Mapping[str, ColumnSpec],
    base: Mapping[str, Any],
    planned: PlannedValue,
    where: Callable[[str], str],
    label: str,
) -> Iterator[Line]:
    """A line for each part that differs or is in conflict. ``where`` gives the cell of a part."""
    conflicts = {part: (key, typed) for key, (part, typed) in planned.open.items()}
    for name, column in columns.items():
        place, before = where(name), shown(column, planned.stored.get(name))
        if name in conflicts:
            key, typed = conflicts[name]
            after = "" if typed is GONE else shown(column, typed)
            was = shown(column, base.get(name))
            yield Line(LineKind.CONFLICT, place, label, column.header, before, after, was, key)
            continue
        now, then = planned.value.get(name), planned.stored.get(name)
        if not same(now, then):
            kind = LineKind.NEW if same(then, None) else LineKind.CHANGE
            yield Line(kind, place, label, column.header, before, shown(column, now))


def summary(columns: Mapping[str, ColumnSpec], values: Mapping[str, Any]) -> str:
    """A row in one line: each heading with its value."""
    told = ((column.header, shown(column, values.get(name))) for name, column in columns.items())
    return "　".join(f"{header} {text}" for header, text in told if text)[:_LONGEST_SUMMARY]
