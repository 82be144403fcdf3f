"""Linkage inspection (マイナンバー情報総点検): verify every claimed link, find the true owner, rank for
review."""

from tenshu.engines.linkage.causes import Cause
from tenshu.engines.linkage.inspection import Settings, Summary, inspect_register
from tenshu.engines.linkage.normalise import InputError, Progress
from tenshu.engines.linkage.policy import (
    RULES_VERSION,
    Items,
    Policy,
    PolicyError,
    Thresholds,
    Weights,
    read_policy,
)
from tenshu.engines.linkage.published import PublishedSummary, inspect_published
from tenshu.engines.linkage.queries import write_item_query, write_number_query
from tenshu.engines.linkage.sealing import Seal
from tenshu.engines.linkage.verdicts import Reason, RowClass

__all__ = [
    "RULES_VERSION",
    "Cause",
    "InputError",
    "Items",
    "Policy",
    "PolicyError",
    "Progress",
    "PublishedSummary",
    "Reason",
    "RowClass",
    "Seal",
    "Settings",
    "Summary",
    "Thresholds",
    "Weights",
    "inspect_published",
    "inspect_register",
    "read_policy",
    "write_item_query",
    "write_number_query",
]
