"""Sums of money by year, item and stage (every total is the sum of its rows, in whole yen), and how payments match."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet, Sum

from tenshu.dx.karte.models import CostLine, MatchingRule, Payment
from tenshu.dx.karte.models.choices import BUDGET_STAGES, CostSection, Stage
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.systems.models import System


@dataclass
class YearMoney:
    """The money of one year: sums by stage, and the settlement by 経費区分; ``None`` where there is no row."""

    year: FiscalYear
    stages: dict[str, int] = field(default_factory=dict)
    sections: dict[str, dict[str, int]] = field(default_factory=dict)
    """Stage → 経費区分 → sum."""
    paid: int | None = None

    @property
    def budget(self) -> int | None:
        """The budget in force (予算現額): 当初, and what 補正, 流用 and 繰越 changed."""
        found = [self.stages[stage] for stage in BUDGET_STAGES if stage in self.stages]
        return sum(found) if found else None

    @property
    def settled(self) -> int | None:
        """決算."""
        return self.stages.get(Stage.SETTLED)

    @property
    def difference(self) -> int | None:
        """Payments less settlement; ``None`` unless both are known."""
        return None if self.paid is None or self.settled is None else self.paid - self.settled

    def budget_in(self, section: CostSection) -> int | None:
        """The budget in force within a 経費区分; ``None`` where there is no row."""
        return total(self.in_section(stage, section) for stage in BUDGET_STAGES)

    def in_section(self, stage: Stage, section: CostSection) -> int | None:
        """The sum of a stage within a 経費区分."""
        return self.sections.get(stage, {}).get(section)


def money_of(lines: QuerySet[CostLine], payments: QuerySet[Payment]) -> list[YearMoney]:
    """The sums of these lines and payments by year, oldest first; 2 queries."""
    years: dict[int, YearMoney] = {}
    summed = lines.order_by().values_list("fiscal_year", "stage", "item__section").annotate(s=Sum("amount"))
    for year, stage, section, amount in summed:
        money = years.setdefault(year, YearMoney(FiscalYear(year)))
        money.stages[stage] = money.stages.get(stage, 0) + amount
        money.sections.setdefault(stage, {})[section] = amount
    for year, amount in payments.order_by().values_list("fiscal_year").annotate(s=Sum("amount")):
        years.setdefault(year, YearMoney(FiscalYear(year))).paid = amount
    return [years[year] for year in sorted(years)]


def money_of_system(system: System) -> list[YearMoney]:
    """The sums of one system by year."""
    return money_of(CostLine.objects.filter(system=system), Payment.objects.filter(system=system))


def money_by_system(systems: QuerySet[System], year: FiscalYear) -> Mapping[int, YearMoney]:
    """The sums of each system in a year; 2 queries."""
    found: dict[int, YearMoney] = defaultdict(lambda: YearMoney(year))
    lines = CostLine.objects.filter(system__in=systems, fiscal_year=year.year).order_by()
    for system, stage, section, amount in lines.values_list("system", "stage", "item__section").annotate(
        s=Sum("amount")
    ):
        money = found[system]
        money.stages[stage] = money.stages.get(stage, 0) + amount
        money.sections.setdefault(stage, {})[section] = amount
    payments = Payment.objects.filter(system__in=systems, fiscal_year=year.year).order_by()
    for system, amount in payments.values_list("system").annotate(s=Sum("amount")):
        found[system].paid = amount
    return dict(found)


def kept_rules() -> list[MatchingRule]:
    """The rules by which payments find their system, in their order."""
    return list(MatchingRule.objects.select_related("system"))


def rule_for(payment: Payment, rules: Sequence[MatchingRule]) -> MatchingRule | None:
    """The first rule that takes the payment."""
    return next((rule for rule in rules if rule.takes(payment)), None)


def total(amounts: Iterable[int | None]) -> int | None:
    """The sum of what is known; ``None`` when nothing is."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known else None
