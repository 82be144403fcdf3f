"""The money of systems in and out: cost items, lines of budget and settlement, payments and how they find their system."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tenshu.dx.karte.columns import columns_of
from tenshu.dx.karte.models import CostItem, CostLine, MatchingRule, Payment
from tenshu.dx.karte.money import kept_rules, rule_for
from tenshu.dx.karte.record_sheets import OF_SYSTEM, RegisterTable, SystemPartTable
from tenshu.ground.access.models import User
from tenshu.ground.exchange import ChangeKind, ModelDirectory, RowChange

if TYPE_CHECKING:
    from django.db.models import QuerySet

ITEMS = ModelDirectory("karte.CostItem", key="code", label="name", noun="経費")


class CostItemTable(RegisterTable):
    """経費区分.xlsx"""

    name, title, noun = "karte-cost-items", "経費区分", "経費"
    model, verb = CostItem, "karte.cost_item"
    key = ("code",)
    label = "name"
    columns = columns_of(
        CostItem,
        ("code", "name", "section", "order", "from_year", "until_year"),
        required=("code", "name", "section", "from_year"),
    )


class CostTable(SystemPartTable):
    """費用.xlsx: one row a system, year, item and stage."""

    name, title, noun = "karte-money", "費用", "費用の行"
    model, verb = CostLine, "karte.cost_line"
    opens_from = "karte:money-list"
    key = ("system", "fiscal_year", "item", "stage", "number")
    attributes = {"system": "system_id", "item": "item_id"}
    columns = columns_of(
        CostLine,
        (
            "system", "fiscal_year", "item", "stage", "number", "amount", "source_file", "source_row", "note",
        ),
        required=("system", "fiscal_year", "item", "stage", "amount"),
        directories={**OF_SYSTEM, "item": (ITEMS, "経費コード")},
    )  # fmt: skip

    def queryset(self) -> "QuerySet[Any]":
        return CostLine.objects.order_by("fiscal_year", "system__number", "stage", "item__order", "number")


class PaymentTable(RegisterTable):
    """支払い.xlsx: payments as they were taken in, with the system that each was for."""

    name, title, noun = "karte-payments", "支払い", "支払い"
    model, verb = Payment, "karte.payment"
    opens_from = "karte:payment-list"
    key = ("source_file", "source_row")
    label = "description"
    attributes = {"system": "system_id"}
    columns = columns_of(
        Payment,
        (
            "source_file", "source_row", "fiscal_year", "department", "division", "paid_on", "account",
            "section", "description", "amount", "project", "system", "by_hand",
        ),
        required=("source_file", "source_row", "fiscal_year", "paid_on", "amount"),
        directories=OF_SYSTEM,
    )  # fmt: skip

    def save(self, changes: Sequence[RowChange], *, acting_user: User) -> None:
        """A new payment without a system gets the one that the rules find, unless somebody decided there is none."""
        rules = kept_rules()
        found = [self._with_system(change, rules) for change in changes]
        super().save(found, acting_user=acting_user)

    def _with_system(self, change: RowChange, rules: Sequence[MatchingRule]) -> RowChange:
        values = change.values
        if change.kind is not ChangeKind.ADD or values["system"] is not None or values["by_hand"]:
            return change
        rule = rule_for(Payment(**self.attributes_of(values)), rules)
        if rule is None:
            return change
        return replace(change, values={**values, "system": rule.system_id, "rule_id": rule.pk})


class MatchingRuleTable(RegisterTable):
    """照合の規則.xlsx"""

    name, title, noun = "karte-matching-rules", "照合の規則", "規則"
    model, verb = MatchingRule, "karte.matching_rule"
    opens_from = "karte:payment-list"
    key = ("system", "division", "project", "description", "section")
    removable = True
    attributes = {"system": "system_id"}
    columns = columns_of(
        MatchingRule,
        ("order", "system", "division", "project", "description", "section", "from_year", "until_year"),
        required=("system",),
        directories=OF_SYSTEM,
    )


COST_ITEM_TABLE, COST_TABLE = CostItemTable(), CostTable()
MATCHING_RULE_TABLE, PAYMENT_TABLE = MatchingRuleTable(), PaymentTable()
