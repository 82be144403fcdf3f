"""Readers: one a log format, each turning blocks of lines into records and rejects."""

from dataclasses import replace
from datetime import tzinfo

from tenshu.engines.beacons.errors import MappingError
from tenshu.engines.beacons.mapping import Mapping
from tenshu.engines.beacons.readers.eve import EveReader
from tenshu.engines.beacons.readers.nfdump import NfdumpReader
from tenshu.engines.beacons.readers.parsed import Reader
from tenshu.engines.beacons.readers.text_lines import (
    FIREWALL,
    SQUID,
    CsvReader,
    LineReader,
    split_firewall,
    split_squid,
)
from tenshu.engines.beacons.readers.zeek import ZeekReader


def reader_for(
    log_format: str, file_name: str, mapping: Mapping | None = None, zone: tzinfo | None = None
) -> Reader:
    """The reader of one file.

    A mapping replaces the built-in one of `firewall`; with `proxy` it means a delimited log; `csv` cannot do
    without. `zone` is that of times that carry none. Raises MappingError for a format that is not known.
    """
    if mapping is not None and zone is not None:
        mapping = replace(mapping, zone=zone)
    match log_format:
        case "zeek":
            return ZeekReader(file_name)
        case "eve":
            return EveReader()
        case "proxy":
            return LineReader(SQUID, split_squid) if mapping is None else CsvReader(mapping)
        case "firewall":
            return LineReader(mapping or replace(FIREWALL, zone=zone or FIREWALL.zone), split_firewall)
        case "nfdump":
            return NfdumpReader(file_name, zone)
        case "csv" if mapping is not None:
            return CsvReader(mapping)
        case "csv":
            raise MappingError("csv 形式には --mapping が必要です")
        case _:
            raise MappingError(f"形式「{log_format}」はありません")


__all__ = ["Reader", "reader_for"]
