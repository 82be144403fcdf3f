"""What a fresh house may begin with: cost items, rules of completeness, and a matching rule for every system.

Nothing here is put in by itself: a page shows what is missing, and somebody confirms it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import models
from django.db.models import Q

from tenshu.dx.karte.completeness import SHIPPED, rules_of
from tenshu.dx.karte.models import CompletenessRule, CostItem, MatchingRule
from tenshu.dx.karte.models.choices import CostSection
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.systems.models import System

ITEMS: Sequence[tuple[str, str, CostSection]] = (
    ("S01", "企画・調査", CostSection.DEVELOPMENT),
    ("S02", "設計・開発", CostSection.DEVELOPMENT),
    ("S03", "データ移行", CostSection.DEVELOPMENT),
    ("S04", "機器等導入", CostSection.DEVELOPMENT),
    ("U01", "運用", CostSection.OPERATION),
    ("U02", "保守", CostSection.OPERATION),
    ("U03", "機器借料", CostSection.OPERATION),
    ("U04", "回線", CostSection.OPERATION),
    ("U05", "クラウド利用料", CostSection.OPERATION),
    ("U06", "問合せ窓口", CostSection.OPERATION),
)
"""Code, name and 経費区分. The guideline's annex names the two sections; the items below them are an office's own."""


@dataclass(frozen=True, slots=True)
class Shipment:
    """Records (not saved) that are still missing."""

    cost_items: list[CostItem] = field(default_factory=list)
    completeness_rules: list[CompletenessRule] = field(default_factory=list)
    matching_rules: list[MatchingRule] = field(default_factory=list)

    @property
    def kinds(self) -> dict[str, list[models.Model]]:
        """The records by kind, of which there are any."""
        every: dict[str, list[models.Model]] = {
            "cost-item": [*self.cost_items],
            "completeness-rule": [*self.completeness_rules],
            "matching-rule": [*self.matching_rules],
        }
        return {kind: rows for kind, rows in every.items() if rows}


def missing(year: FiscalYear) -> Shipment:
    """What the house does not have yet. What it has under another code or weight is left as it is."""
    return Shipment(_cost_items(year), _rules(year), _matching_rules(year))


def _cost_items(year: FiscalYear) -> list[CostItem]:
    known = set(CostItem.objects.values_list("code", flat=True))
    named = set(CostItem.objects.values_list("name", "section"))
    return [
        # From the year before: its settlement is asked for in this one.
        CostItem(code=code, name=name, section=section, order=order, from_year=year.previous.year)
        for order, (code, name, section) in enumerate(ITEMS, start=1)
        if code not in known and (name, section) not in named
    ]


def _rules(year: FiscalYear) -> list[CompletenessRule]:
    known = {rule.item for rule in rules_of(year)}
    known |= set(CompletenessRule.objects.filter(from_year=year.year).values_list("item", flat=True))
    return [
        CompletenessRule(
            item=item, weight=weight, level=level, may_not_apply=may_not_apply, from_year=year.year
        )
        for item, (weight, level, may_not_apply) in SHIPPED.items()
        if item not in known
    ]


def _matching_rules(year: FiscalYear) -> list[MatchingRule]:
    """One for every system without a rule: its division pays, and its name stands in what was paid for."""
    systems = System.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=year.start))
    without = systems.exclude(pk__in=MatchingRule.objects.values("system")).select_related("owner")
    return [
        # Longer names first: the words of one system may stand within those of another.
        MatchingRule(
            system=system, division=system.owner.name, description=words, order=max(1, 100 - len(words))
        )
        for system in without.order_by("number")
        if (words := system.name.removesuffix("システム").strip())
    ]
