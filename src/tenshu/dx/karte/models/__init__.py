"""What the room keeps. Kartes and rules: ``facts``; things: ``assets``; money and editions: ``money``."""

from tenshu.dx.karte.models.assets import (
    Contract,
    Dependency,
    Environment,
    Host,
    Server,
    Software,
    Vendor,
)
from tenshu.dx.karte.models.facts import CompletenessRule, Karte, NotApplicable
from tenshu.dx.karte.models.money import CostItem, CostLine, Edition, MatchingRule, Payment

__all__ = [
    "CompletenessRule",
    "Contract",
    "CostItem",
    "CostLine",
    "Dependency",
    "Edition",
    "Environment",
    "Host",
    "Karte",
    "MatchingRule",
    "NotApplicable",
    "Payment",
    "Server",
    "Software",
    "Vendor",
]
