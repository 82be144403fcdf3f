"""What an exported workbook remembers of each row: the third side of the three-way merge.

A very hidden sheet holds the values as they were sent, signed with the office's key. A workbook that comes
back without it, or with a broken signature, is still taken: then only the rows' versions tell whether a
record was changed meanwhile.
"""

import datetime
import hashlib
import itertools
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from xlsxwriter import Workbook

from tenshu.ground.exchange.reading import Book
from tenshu.ground.exchange.signed_lines import read_lines, write_lines
from tenshu.ground.exchange.spec import CurrentRow, TableSpec

_FORMAT = "tenshu-exchange-1"


@dataclass(frozen=True, slots=True)
class Sent:
    """The values as they left the house, by key text; ``None`` for a row that was not sent."""

    spec: str = ""
    scope: str = ""
    at: datetime.datetime | None = None
    rows: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def plain_values(spec: TableSpec, values: Mapping[str, Any]) -> dict[str, Any]:
    """All values of a row in their plain form."""
    return {column.name: column.plain(values.get(column.name)) for column in spec.columns}


def row_version(row: CurrentRow, plain: Mapping[str, Any]) -> str:
    """The version of a row: its own, or a hash of its plain values."""
    if row.version:
        return row.version
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:20]


def write_sent(book: Workbook, spec: TableSpec, rows: Iterable[tuple[str, Mapping[str, Any]]]) -> None:
    """Add the hidden sheet with ``rows`` of key text and plain values."""
    names = [column.name for column in spec.columns]
    head = [_FORMAT, spec.name, spec.scope, timezone.now().isoformat(timespec="seconds")]
    lines = (_dump([key, [plain[name] for name in names]]) for key, plain in rows)
    write_lines(book, head, itertools.chain([_dump(names)], lines))


def read_sent(book: Book) -> Sent:
    """What the hidden sheet of a returned workbook says; empty when there is none or it was tampered with."""
    found = read_lines(book, 4)
    if found is None or found.head[0] != _FORMAT or not found.lines:
        return Sent()
    names = json.loads(found.lines[0])
    rows = {key: dict(zip(names, values, strict=True)) for key, values in map(json.loads, found.lines[1:])}
    return Sent(found.head[1], found.head[2], datetime.datetime.fromisoformat(found.head[3]), rows)


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))
