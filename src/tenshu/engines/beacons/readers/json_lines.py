"""JSON lines with known columns, read at once by DuckDB, line by line only where one is broken."""

import json
import tempfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl

from tenshu.engines.beacons.blocks import Block
from tenshu.engines.beacons.readers.parsed import Parsed
from tenshu.engines.beacons.readers.salvage import numbered, salvage, sound_lines

LONGEST_LINE = 4 * 1024 * 1024
"""Bytes of one event; a longer one is rejected. DuckDB's threads each take a share of several times this."""

Fault = Callable[[dict[str, object]], str | None]
Shape = Callable[[pl.DataFrame], pl.DataFrame | None]


def read_lines(
    block: Block, columns: dict[str, str], shape: Shape, fault: Fault, parsed: Parsed
) -> list[pl.DataFrame]:
    """The rows of a block with `columns` (name → DuckDB type), put into shape.

    `shape` returns None when a row cannot stand; then `fault` tells the reason, line by line, and the
    other lines are read without the broken ones.
    """
    lines = block.lines
    parsed.lines += lines

    def attempt(data: bytes) -> pl.DataFrame | None:
        frame = scan(data, columns)
        return None if frame is None else shape(frame)

    quick = scan(block.data, columns)
    if quick is not None and quick.height == lines and (shaped := shape(quick)) is not None:
        return [shaped]
    sound = sound_lines(numbered(block.data, block.first_line), lambda raw: line_fault(raw, fault), parsed)
    return salvage(sound, attempt, parsed)


def line_fault(raw: bytes, fault: Fault) -> str | None:
    """Why a line cannot be read, or None."""
    try:
        row = json.loads(raw)
    except ValueError as error:
        return f"JSON として読めません: {error}"
    if not isinstance(row, dict):
        return "JSON のオブジェクトではありません"
    return fault(row)


def scan(data: bytes, columns: dict[str, str]) -> pl.DataFrame | None:
    """Rows of JSON lines, or None when DuckDB refuses one.

    DuckDB reads files only, so the block passes through a temporary one.
    """
    with tempfile.TemporaryDirectory(prefix="beacons-") as folder, duckdb.connect() as connection:
        path = Path(folder) / "block.json"
        path.write_bytes(data)
        fields = ", ".join(f"\"{name}\": '{kind}'" for name, kind in columns.items())
        try:
            relation = connection.sql(
                f"SELECT * FROM read_json('{path}', format = 'newline_delimited', columns = {{{fields}}},"
                f" maximum_object_size = {LONGEST_LINE})"
            )
            frame = pl.from_arrow(relation.to_arrow_table())
        except duckdb.Error:
            return None
    return frame if isinstance(frame, pl.DataFrame) else None
