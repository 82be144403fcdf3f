"""Tampering and malware in web pages (ウェブ改ざん・不正スクリプト検知).

A page is read into *facts* of its active content, wording and pictures; a site learns its normal facts;
what is new is judged by kind and reported with a reason. See ``docs/engines/page_scan.md``.
"""

from tenshu.engines.page_scan.clamd import Clamd, ClamdError
from tenshu.engines.page_scan.comparing import Comparison, Finding, compare, find_differences, learn
from tenshu.engines.page_scan.documents import (
    PageCopy,
    PageCopyError,
    View,
    body_digest,
    find_copies,
    load_copy,
)
from tenshu.engines.page_scan.fetching import FetchError, fetch_copy
from tenshu.engines.page_scan.kinds import KIND_LABELS, LEVEL_LABELS, Fact, Kind, Level
from tenshu.engines.page_scan.learned import FactRecord, LearnedState, SiteSet, StateError, fact_key
from tenshu.engines.page_scan.pictures import Picture, identify, same_picture
from tenshu.engines.page_scan.reading import PageReading, read_page
from tenshu.engines.page_scan.rule_gate import GateReport, check_rules
from tenshu.engines.page_scan.signatures import SignatureError, Signatures

__all__ = [
    "KIND_LABELS",
    "LEVEL_LABELS",
    "Clamd",
    "ClamdError",
    "Comparison",
    "Fact",
    "FactRecord",
    "FetchError",
    "Finding",
    "GateReport",
    "Kind",
    "LearnedState",
    "Level",
    "PageCopy",
    "PageCopyError",
    "PageReading",
    "Picture",
    "SignatureError",
    "Signatures",
    "SiteSet",
    "StateError",
    "View",
    "body_digest",
    "check_rules",
    "compare",
    "fact_key",
    "fetch_copy",
    "find_copies",
    "find_differences",
    "identify",
    "learn",
    "load_copy",
    "read_page",
    "same_picture",
]
