"""What became of a unit and what it came from, over any number of reorganisations (組織の沿革)."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from tenshu.ground.asking_once import remembered
from tenshu.ground.office.models import Succession, Unit


@dataclass(frozen=True, slots=True)
class Lineage:
    """A unit's line: all it came from and all it became, oldest first, and the successions between them."""

    unit: Unit
    predecessors: list[Unit]
    successors: list[Unit]
    successions: list[Succession]

    @property
    def units(self) -> list[Unit]:
        """The whole line in the order of time."""
        return [*self.predecessors, self.unit, *self.successors]


class Ancestry:
    """All successions of the office, read by one query: walks from any number of units cost no more."""

    def __init__(self, rows: Iterable[tuple[int, int, bool]]) -> None:
        self._rows = list(rows)

    @classmethod
    def load(cls) -> Self:
        """Read the successions (one query)."""
        return cls(
            Succession.objects.order_by("on", "pk").values_list("predecessor_id", "successor_id", "is_main")
        )

    @cached_property
    def _next(self) -> Mapping[int, list[int]]:
        links: dict[int, list[int]] = defaultdict(list)
        for predecessor, successor, _ in self._rows:
            links[predecessor].append(successor)
        return links

    @cached_property
    def _previous(self) -> Mapping[int, list[int]]:
        links: dict[int, list[int]] = defaultdict(list)
        for predecessor, successor, _ in self._rows:
            links[successor].append(predecessor)
        return links

    @cached_property
    def main_successor(self) -> Mapping[int, int]:
        """Each ended unit's main successor."""
        return {predecessor: successor for predecessor, successor, is_main in self._rows if is_main}

    def with_predecessors(self, unit_ids: Iterable[int]) -> frozenset[int]:
        """The units and all that they came from: records of a former division belong to its successors."""
        return _closure(unit_ids, self._previous)

    def with_successors(self, unit_ids: Iterable[int]) -> frozenset[int]:
        """The units and all that they became."""
        return _closure(unit_ids, self._next)


def _closure(start: Iterable[int], links: Mapping[int, list[int]]) -> frozenset[int]:
    found: set[int] = set()
    frontier = list(start)
    while frontier:
        key = frontier.pop()
        if key not in found:
            found.add(key)
            frontier += links.get(key, [])
    return frozenset(found)


def with_predecessors(unit_ids: Iterable[int]) -> frozenset[int]:
    """The units and all that they came from (one query)."""
    asked = frozenset(unit_ids)
    return remembered(("with predecessors", asked), lambda: Ancestry.load().with_predecessors(asked))


def lineage(unit: Unit) -> Lineage:
    """What ``unit`` came from and what it became (three queries)."""
    ancestry = Ancestry.load()
    before = ancestry.with_predecessors([unit.pk]) - {unit.pk}
    after = ancestry.with_successors([unit.pk]) - {unit.pk}
    units = Unit.objects.select_related("parent__parent__parent").in_bulk(before | after)
    line = before | after | {unit.pk}
    successions = list(
        Succession.objects.filter(predecessor_id__in=line, successor_id__in=line)
        .select_related("predecessor__parent__parent__parent", "successor__parent__parent__parent")
        .order_by("on", "pk")
    )
    return Lineage(unit, _by_time(units, before), _by_time(units, after), successions)


def current_units(unit_ids: Iterable[int], day: datetime.date) -> Mapping[int, Unit]:
    """For each unit the one that stands for it on ``day``: itself, or one of its main line (two queries).

    A unit that ended without a successor, or whose line has not begun yet, is missing.
    """
    ancestry = Ancestry.load()
    asked = list(unit_ids)
    lines = {key: _main_line(key, ancestry.main_successor) for key in asked}
    every = {member for line in lines.values() for member in line}
    units = Unit.objects.select_related("parent__parent__parent").in_bulk(every)
    found: dict[int, Unit] = {}
    for key, line in lines.items():
        standing = (units[member] for member in line if member in units and units[member].holds_on(day))
        if (unit := next(standing, None)) is not None:
            found[key] = unit
    return found


def _main_line(start: int, main_successor: Mapping[int, int]) -> list[int]:
    line = [start]
    while (following := main_successor.get(line[-1])) is not None and following not in line:
        line.append(following)
    return line


def _by_time(units: Mapping[int, Unit], keys: Iterable[int]) -> list[Unit]:
    return sorted((units[key] for key in keys), key=lambda unit: (unit.valid_from, unit.code))
