"""Two years side by side: editions, or the karte as it stands now, for one system or for all."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tenshu.dx.karte.differing import Difference, differences
from tenshu.dx.karte.freezing import contents_of
from tenshu.dx.karte.models import Edition
from tenshu.dx.karte.queries import latest_editions
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.systems.models import System

NOW = "now"
"""What stands for the karte as it is now, in the place of a year."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: a fiscal year's edition, or now."""

    key: str

    @classmethod
    def parse(cls, text: str, otherwise: "Side") -> "Side":
        """R4, 2022 or now; anything else is ``otherwise``."""
        if text == NOW:
            return cls(NOW)
        try:
            return cls(str(FiscalYear.parse(text)))
        except ValueError:
            return otherwise

    @property
    def label(self) -> str:
        """R4版, or いま."""
        return "いま" if self.key == NOW else f"{self.key}版"

    def year(self, now: FiscalYear) -> FiscalYear:
        """The year of this side; ``now`` where it stands for now."""
        return now if self.key == NOW else FiscalYear.parse(self.key)

    def contents(self, systems: Sequence[System], year: FiscalYear) -> Mapping[int, dict[str, Any]]:
        """What this side says of each system (by key); systems without an edition of the year are left out."""
        if self.key == NOW:
            return contents_of(systems, year)
        editions = latest_editions(FiscalYear.parse(self.key)).filter(system__in=[s.pk for s in systems])
        return {edition.system_id: edition.content for edition in editions}


def sides_of(system: System) -> list[Side]:
    """The years of which a system has an edition, oldest first, and now."""
    years = (
        Edition.objects.filter(system=system).order_by("fiscal_year").values_list("fiscal_year", flat=True)
    )
    return [*(Side(str(FiscalYear(year))) for year in years.distinct()), Side(NOW)]


def all_sides() -> list[Side]:
    """The years of which any system has an edition, oldest first, and now."""
    years = Edition.objects.order_by("fiscal_year").values_list("fiscal_year", flat=True).distinct()
    return [*(Side(str(FiscalYear(year))) for year in years), Side(NOW)]


def default_sides(sides: Sequence[Side], year: FiscalYear) -> tuple[Side, Side]:
    """What a page of ``year`` compares unasked: the edition before with its own, or with now where it has none."""
    editions = [side for side in sides if side.key != NOW]
    own = next((side for side in editions if side.key == str(year)), Side(NOW))
    earlier = [side for side in editions if side != own and side.year(year) <= year]
    return (earlier[-1], own) if earlier else (own, Side(NOW))


@dataclass(frozen=True, slots=True)
class SystemDifference:
    """A difference with the system that it is of."""

    system: System
    difference: Difference


def compare(
    systems: Sequence[System], before: Side, after: Side, year: FiscalYear
) -> Iterator[SystemDifference]:
    """Every field that differs between both sides, of the systems that both know."""
    first, second = before.contents(systems, year), after.contents(systems, year)
    years = (before.year(year), after.year(year))
    for system in systems:
        if system.pk in first and system.pk in second:
            for difference in differences(first[system.pk], second[system.pk], years):
                yield SystemDifference(system, difference)
