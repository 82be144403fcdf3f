"""Suspicious communication from the logs of many networks (不審な通信の監視).

Logs of several kinds become one flow store; each day is scored pair by pair; what the office expects is
registered with reason, approver and expiry. No Django, no network access.

    store = Store(Path("store"), create=True)
    import_files(store, [Path("conn.log")], log_format="zeek", network="本庁")
    frame = score_frame(store, ScoreOptions(day="2026-04-06"))
"""

from tenshu.engines.beacons.coverage import Gap, NetworkCoverage, coverage
from tenshu.engines.beacons.databases import DuckDatabase, SparkDatabase
from tenshu.engines.beacons.errors import BeaconsError, LogError, MappingError, RegisterError, StoreError
from tenshu.engines.beacons.expected import (
    Expectation,
    add_expectation,
    apply_to_file,
    load_expectations,
    revoke_expectation,
)
from tenshu.engines.beacons.indicators import IndicatorImport, import_indicators, load_indicators
from tenshu.engines.beacons.ingest import ImportResult, import_files
from tenshu.engines.beacons.mapping import Mapping, load_mapping
from tenshu.engines.beacons.options import ScoreOptions
from tenshu.engines.beacons.schema import FORMATS
from tenshu.engines.beacons.score import ScoreSummary, score_batches, score_frame, score_to_file
from tenshu.engines.beacons.store import Store

__all__ = [
    "FORMATS",
    "BeaconsError",
    "DuckDatabase",
    "Expectation",
    "Gap",
    "ImportResult",
    "IndicatorImport",
    "LogError",
    "Mapping",
    "MappingError",
    "NetworkCoverage",
    "RegisterError",
    "ScoreOptions",
    "ScoreSummary",
    "SparkDatabase",
    "Store",
    "StoreError",
    "add_expectation",
    "apply_to_file",
    "coverage",
    "import_files",
    "import_indicators",
    "load_expectations",
    "load_indicators",
    "load_mapping",
    "revoke_expectation",
    "score_batches",
    "score_frame",
    "score_to_file",
]
