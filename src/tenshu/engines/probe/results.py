"""Samples as Parquet: sealing journals into files, and reading both as one Arrow table.

This module loads Arrow; the prober itself does not, to stay small, and seals in a process of its own.
"""

from __future__ import annotations

import fcntl
import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from tenshu.engines.probe.certificate import Certificate
from tenshu.engines.probe.journal import JournalError, read_journal
from tenshu.engines.probe.sample import COLUMNS, Redirect
from tenshu.engines.probe.series import journals, results_of, sealed_files

if TYPE_CHECKING:
    from pyarrow import Schema, Table

_CHUNK = 20_000
_MOMENT = pa.timestamp("us", tz="UTC")


def _list_of(kind: Any) -> Any:
    """A list type whose items are called as Parquet calls them, so that a file reads back with the same
    schema.
    """
    return pa.list_(pa.field("element", kind))


_TEXTS = _list_of(pa.string())
_CERTIFICATE = pa.struct(
    [
        ("sha256", pa.string()),
        ("subject", pa.string()),
        ("issuer", pa.string()),
        ("not_before", _MOMENT),
        ("not_after", _MOMENT),
        ("names", _TEXTS),
    ]
)
_REDIRECT = pa.struct(
    [
        ("url", pa.string()),
        ("status", pa.int32()),
        ("location", pa.string()),
        ("address", pa.string()),
        ("total_ms", pa.float64()),
    ]
)
_KINDS: dict[str, Any] = {
    "scheduled_at": _MOMENT,
    "started_at": _MOMENT,
    "chain_read_at": _MOMENT,
    "redirects": _list_of(_REDIRECT),
    "addresses": _TEXTS,
    "aliases": _TEXTS,
    "chain": _list_of(_CERTIFICATE),
    "days_left": pa.float64(),
}
_INTEGERS = {"status", "dns_ttl_s", "size_bytes", "wire_bytes", "in_flight"}
_TRUTHS = {"not_modified", "late", "our_side", "reliable"}


def sample_schema() -> Schema:
    """Arrow schema of a results file: one column per field of Sample, in its order."""
    fields = []
    for name in COLUMNS:
        if name in _KINDS:
            kind = _KINDS[name]
        elif name in _INTEGERS:
            kind = pa.int64()
        elif name in _TRUTHS:
            kind = pa.bool_()
        else:
            kind = pa.float64() if name.endswith("_ms") else pa.string()
        fields.append(pa.field(name, kind))
    return pa.schema(fields)


def seal(journal: Path) -> Path | None:
    """Turn a journal into its Parquet file and remove it; returns the file, or None when there was no sample.

    The file appears under its name only when it is whole. A journal whose file already exists was sealed
    before a crash and is only removed. A journal with damaged lines inside is kept as NAME.damaged beside
    the file. Raises JournalError when a prober is still writing it.
    """
    results = results_of(journal)
    damaged: list[int] = []
    with journal.open("rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise JournalError(f"{journal}: 別の観測プロセスが書き込み中のため確定できません") from error
        if not results.exists():
            _write_parquet(journal, results, damaged)
        if damaged:
            journal.replace(journal.with_name(journal.name + ".damaged"))
        else:
            journal.unlink()
    return results if results.exists() else None


def read_results(results: Path) -> Table:
    """All samples of a series, sealed and not yet sealed, as one Arrow table (schema: `sample_schema`)."""
    tables = [pq.read_table(path, schema=sample_schema()) for path in sealed_files(results)]
    for journal in journals(results):
        if not results_of(journal).exists():
            tables.extend(_tables(journal, []))
    return pa.concat_tables(tables) if tables else sample_schema().empty_table()


def _write_parquet(journal: Path, results: Path, damaged: list[int]) -> None:
    """Write beside, then rename: a reader never sees half a file. No sample, no file."""
    partial = results.with_name(f".{results.name}.partial")
    rows = 0
    with pq.ParquetWriter(partial, sample_schema(), compression="zstd") as writer:
        for table in _tables(journal, damaged):
            writer.write_table(table)
            rows += table.num_rows
    if not rows:
        partial.unlink()
        return
    with partial.open("rb") as written:
        os.fsync(written.fileno())
    partial.replace(results)
    _sync_folder(results.parent)


def _tables(journal: Path, damaged: list[int]) -> Iterator[Table]:
    for rows in itertools.batched(read_journal(journal, damaged), _CHUNK, strict=False):
        yield _table(rows)


def _table(rows: tuple[list[object], ...]) -> Table:
    schema = sample_schema()
    columns = []
    for field, values in zip(schema, zip(*rows, strict=True), strict=True):
        columns.append(_column(field, list(values)))
    return pa.Table.from_arrays(columns, schema=schema)


def _column(field: Any, values: list[Any]) -> Any:
    if field.type == _MOMENT:
        micros = [None if value != value else round(value * 1e6) for value in values]
        return pa.array(micros, pa.int64()).cast(_MOMENT)
    if field.type == pa.float64():
        # Microseconds are the resolution of every clock involved; NaN (not reached) becomes null.
        return pa.array([None if value != value else round(value, 3) for value in values], pa.float64())
    if field.name == "chain":
        values = [[_certificate(item) for item in chain] for chain in values]
    elif field.name == "redirects":
        values = [[dict(zip(Redirect._fields, item, strict=True)) for item in hops] for hops in values]
    return pa.array(values, field.type)


def _certificate(values: list[Any]) -> dict[str, Any]:
    """A certificate of the journal with its times in microseconds."""
    shown = Certificate(*values)._asdict()
    return shown | {name: shown[name] * 1_000_000 for name in ("not_before", "not_after")}


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
