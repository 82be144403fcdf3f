"""How complete a karte is (充足度): declarative rules, judged for one system or for all in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import Q

from tenshu.dx.karte.fields import FIELDS, LINKS, is_filled, item_label
from tenshu.dx.karte.models import (
    CompletenessRule,
    Contract,
    CostLine,
    Dependency,
    Environment,
    Karte,
    NotApplicable,
    Server,
    Software,
)
from tenshu.dx.karte.models.choices import BUDGET_STAGES, Stage
from tenshu.ground.calendar.fiscal_year import FiscalYear

FILLED, NOT_APPLICABLE, MISSING = "filled", "not_applicable", "missing"

SHIPPED: Mapping[str, tuple[int, int, bool]] = {
    **dict.fromkeys(
        ("summary", "lifecycle", "zone", "info_class", "hosting", "uses_mynumber", "main_contact"),
        (3, 1, False),
    ),
    **dict.fromkeys(("settlement", "budget"), (5, 1, True)),
    **dict.fromkeys(
        ("business", "users_staff", "importance", "uses_global_ip", "holds_personal"), (2, 1, False)
    ),
    **dict.fromkeys(
        ("zone_model", "integrity", "availability", "development", "consolidation"), (2, 2, False)
    ),
    **dict.fromkeys(("servers", "software", "contracts"), (3, 2, True)),
    **dict.fromkeys(("backup_cycle", "renewal_on", "dependencies", "vendor_contact"), (1, 2, True)),
    **dict.fromkeys(
        ("recovery_time", "recovery_point", "log_months", "patch_cycle", "authentication", "environments"),
        (1, 3, True),
    ),
}
"""Rules to begin with: item → weight, level, whether 該当なし is allowed. An office changes them as it likes."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One rule, judged for one system."""

    item: str
    weight: int
    level: int
    may_not_apply: bool
    state: str
    reason: str = ""

    @property
    def label(self) -> str:
        """The Japanese name of the item."""
        return item_label(self.item)


@dataclass
class Standing:
    """What there is of a system: its karte, the links that exist, what does not apply and why."""

    karte: Karte | None = None
    links: set[str] = field(default_factory=set)
    reasons: dict[str, str] = field(default_factory=dict)

    def state(self, rule: CompletenessRule) -> str:
        """Whether the rule is met, or need not be."""
        there = (
            rule.item in self.links
            if rule.item in LINKS
            else self.karte is not None and is_filled(getattr(self.karte, rule.item, None))
        )
        if there:
            return FILLED
        return NOT_APPLICABLE if rule.may_not_apply and rule.item in self.reasons else MISSING

    def judged(self, rules: Iterable[CompletenessRule]) -> list[Asked]:
        """Every rule, judged."""
        return [
            Asked(
                rule.item,
                rule.weight,
                rule.level,
                rule.may_not_apply,
                self.state(rule),
                self.reasons.get(rule.item, ""),
            )
            for rule in rules
        ]


def rules_of(year: FiscalYear) -> list[CompletenessRule]:
    """The rules of a year; rules on items that are gone ask for nothing."""
    holds = Q(until_year__isnull=True) | Q(until_year__gte=year.year)
    rules = CompletenessRule.objects.filter(holds, from_year__lte=year.year)
    return [rule for rule in rules if rule.item in LINKS or rule.item in FIELDS]


def score(asked: Sequence[Asked]) -> int | None:
    """Percent of the weights that are met; what does not apply leaves the denominator. ``None``: nothing is asked."""
    counted = [one for one in asked if one.state != NOT_APPLICABLE]
    whole = sum(one.weight for one in counted)
    met = sum(one.weight for one in counted if one.state == FILLED)
    # Rounded half up in whole numbers, so that no machine ever differs.
    return (200 * met + whole) // (2 * whole) if whole else None


def standings(systems: Collection[int], year: FiscalYear) -> dict[int, Standing]:
    """What there is of each system (by key) for a year; a fixed number of queries."""
    found = {key: Standing() for key in systems}
    for karte in Karte.objects.filter(system__in=systems).select_related("main_contact", "second_contact"):
        found[karte.system_id].karte = karte
    for system, item, reason in NotApplicable.objects.filter(system__in=systems).values_list(
        "system", "item", "reason"
    ):
        found[system].reasons[item] = reason
    for name, keys in _linked(systems, year).items():
        for key in keys:
            found[key].links.add(name)
    return found


def _linked(systems: Collection[int], year: FiscalYear) -> dict[str, set[int]]:
    linked: dict[str, set[int]] = defaultdict(set)
    for name, model in (
        ("servers", Server),
        ("software", Software),
        ("contracts", Contract),
        ("environments", Environment),
    ):
        rows = model.objects.filter(system__in=systems)
        linked[name] = set(rows.order_by().values_list("system", flat=True).distinct())
    flows = Dependency.objects.filter(Q(source__in=systems) | Q(target__in=systems))
    ends = {key for pair in flows.values_list("source", "target") for key in pair if key}
    linked["dependencies"] = ends & set(systems)
    lines = CostLine.objects.filter(system__in=systems).order_by()
    settled = lines.filter(stage=Stage.SETTLED, fiscal_year=year.previous.year)
    budgeted = lines.filter(stage__in=BUDGET_STAGES, fiscal_year=year.year)
    linked["settlement"] = set(settled.values_list("system", flat=True).distinct())
    linked["budget"] = set(budgeted.values_list("system", flat=True).distinct())
    return linked


def judge(system_id: int, year: FiscalYear) -> list[Asked]:
    """Every rule of the year for one system."""
    return standings([system_id], year)[system_id].judged(rules_of(year))


def scores(systems: Collection[int], year: FiscalYear) -> dict[int, int | None]:
    """The score of each system as it stands now."""
    rules = rules_of(year)
    return {key: score(standing.judged(rules)) for key, standing in standings(systems, year).items()}
