"""Importing logs into a store: idempotent by file hash, all or nothing, every line accounted for."""

import json
import shutil
import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, tzinfo
from pathlib import Path

import numpy as np
import polars as pl

from tenshu.engines.beacons.blocks import BLOCK_BYTES, EVENT_BLOCK_BYTES, read_blocks
from tenshu.engines.beacons.blocks import file_hash as hash_of_file
from tenshu.engines.beacons.catalogue import Part
from tenshu.engines.beacons.errors import LogError
from tenshu.engines.beacons.history import Sightings
from tenshu.engines.beacons.mapping import Mapping
from tenshu.engines.beacons.readers import reader_for
from tenshu.engines.beacons.readers.parsed import Parsed
from tenshu.engines.beacons.store import Store

Progress = Callable[[str, int, int], None]
"""Called with a text, how much is done and how much there is."""

HOUR_US = 3_600_000_000
ROWS_IN_GROUP = 262_144


@dataclass
class ImportResult:
    """What became of one file. `lines` = lines behind `records` + `rejects` + `explained`."""

    file: str
    hash: str
    network: str
    format: str
    already_imported: bool = False
    lines: int = 0
    records: dict[str, int] = field(default_factory=dict)
    rejects: int = 0
    explained: dict[str, int] = field(default_factory=dict)
    missed_bytes: int = 0
    days: list[str] = field(default_factory=list)
    note: str = ""


def import_files(
    store: Store,
    files: Iterable[Path],
    *,
    log_format: str,
    network: str,
    mapping: Mapping | None = None,
    zone: tzinfo | None = None,
    progress: Progress | None = None,
) -> list[ImportResult]:
    """Import log files of one network; a file whose bytes are already in the store is left alone.

    Raises LogError for a file that cannot be read at all; the files before it stay imported.
    """
    results = []
    paths = list(files)
    for index, path in enumerate(paths):
        if progress is not None:
            progress(path.name, index, len(paths))
        results.append(import_file(store, path, log_format, network, mapping, zone))
    if progress is not None:
        progress("", len(paths), len(paths))
    return results


def import_file(
    store: Store, path: Path, log_format: str, network: str, mapping: Mapping | None, zone: tzinfo | None
) -> ImportResult:
    """Import one file."""
    try:
        digest = hash_of_file(path)
    except OSError as error:
        raise LogError(f"{path}: 開けません: {error.strerror}") from error
    before = store.catalogue.imported(digest)
    result = ImportResult(path.name, digest, network, log_format)
    if before is not None:
        result.already_imported = True
        result.note = f"取込済み（{before[0]}、ネットワーク {before[1]}）"
        return result
    staging = store.root / "staging" / f"{digest[:16]}-{uuid.uuid4().hex[:8]}"
    try:
        work = FileImport(store, staging, result)
        reader = reader_for(log_format, path.name, mapping, zone)
        size = EVENT_BLOCK_BYTES if log_format == "eve" else BLOCK_BYTES
        for block in read_blocks(path, size, comments=log_format == "zeek"):
            work.add(reader.read(block))
        work.commit()
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return result


def span(frame: pl.DataFrame) -> tuple[int, int]:
    """First and last start of the rows of a frame that is not empty."""
    first, last = frame.select(pl.col("start_us").min(), pl.col("start_us").max().alias("last")).row(0)
    return first, last


class FileImport:
    """One file on its way into the store: parts are staged, then moved in one transaction."""

    def __init__(self, store: Store, staging: Path, result: ImportResult) -> None:
        self.store, self.staging, self.result = store, staging, result
        self.parts: list[Part] = []
        self.hours: Counter[int] = Counter()
        self.explained: Counter[str] = Counter()
        self.records: Counter[str] = Counter()
        self.sightings = Sightings()
        staging.mkdir(parents=True)
        self.rejects = (staging / "rejects.jsonl").open("w", encoding="utf-8")

    def add(self, parsed: Parsed) -> None:
        """Stage the records of one block."""
        for table, frames in parsed.tables.items():
            frame = pl.concat(frames)
            self.records[table] += frame.height
            self.sightings.add(table, frame)
            self._count_hours(frame)
            self._write_days(table, frame)
        for reject in parsed.rejects:
            self.rejects.write(json.dumps(asdict(reject), ensure_ascii=False) + "\n")
        self.result.rejects += len(parsed.rejects)
        self.result.lines += parsed.lines
        self.result.missed_bytes += parsed.missed_bytes
        self.explained += parsed.explained

    def _count_hours(self, frame: pl.DataFrame) -> None:
        hours, rows = np.unique(frame["start_us"].to_numpy() // HOUR_US, return_counts=True)
        self.hours.update(dict(zip(hours.tolist(), rows.tolist(), strict=True)))

    def _write_days(self, table: str, frame: pl.DataFrame) -> None:
        """Write a frame as one part a day."""
        first, last = span(frame)
        days = {self.store.day_of(first), self.store.day_of(last)}
        if len(days) == 1:
            self._write(table, days.pop(), frame)
            return
        local = (
            pl.from_epoch("start_us", time_unit="us")
            .dt.replace_time_zone("UTC")
            .dt.convert_time_zone(str(self.store.timezone))
            .dt.strftime("%Y-%m-%d")
        )
        for key, rows in (
            frame.with_columns(local.alias("day"))
            .partition_by("day", as_dict=True, include_key=False)
            .items()
        ):
            self._write(table, str(key[0]), rows)

    def _write(self, table: str, day: str, rows: pl.DataFrame) -> None:
        """Write one part into the staging folder."""
        folder = self.store.partition(table, day, self.result.network)
        path = folder / f"{self.result.hash[:24]}-{len(self.parts):04d}.parquet"
        (self.staging / folder).mkdir(parents=True, exist_ok=True)
        # No statistics: the catalogue knows the times of each part, and nothing else is looked for by range.
        rows.with_columns(pl.lit(self.result.network).alias("network")).write_parquet(
            self.staging / path,
            compression="zstd",
            compression_level=1,
            row_group_size=ROWS_IN_GROUP,
            statistics=False,
        )
        pieces = "piece" in rows.columns and bool(rows["piece"].any())
        named = "piece" in rows.columns and rows["fqdn"].null_count() < rows.height
        first, last = span(rows)
        self.parts.append(
            Part(table, day, self.result.network, str(path), rows.height, first, last, pieces, named)
        )

    def commit(self) -> None:
        """Move the parts into the store and enter them in the catalogue."""
        self.rejects.close()
        result = self.result
        result.explained, result.records = dict(self.explained), dict(self.records)
        result.days = sorted({part.day for part in self.parts})
        with self.store.catalogue.writing() as connection:
            for part in self.parts:
                target = self.store.root / part.path
                target.parent.mkdir(parents=True, exist_ok=True)
                (self.staging / part.path).replace(target)
            if result.rejects:
                folder = self.store.root / "rejects"
                folder.mkdir(exist_ok=True)
                (self.staging / "rejects.jsonl").replace(folder / f"{result.hash}.jsonl")
            self.sightings.merge_into(self.store.history_file(result.network), result.network)
            connection.execute(
                "INSERT INTO import VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (result.hash, result.file, result.format, result.network, result.lines, result.rejects,
                 result.missed_bytes, datetime.now(UTC).isoformat(timespec="seconds"),
                 json.dumps({"records": result.records, "explained": result.explained}, ensure_ascii=False)),
            )  # fmt: skip
            connection.executemany(
                "INSERT OR REPLACE INTO part VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [(result.hash, p.kind, p.day, p.network, p.path, p.rows, p.first_us, p.last_us, int(p.pieces),
                  int(p.named))
                 for p in self.parts],
            )  # fmt: skip
            connection.executemany(
                "INSERT INTO hour VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET rows = rows + excluded.rows",
                [(result.network, hour, rows) for hour, rows in self.hours.items()],
            )
