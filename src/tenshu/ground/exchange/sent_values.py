"""What an exported workbook remembers of each row: the third side of the three-way merge.

A very hidden sheet holds the values as they were sent, signed with the office's key. A workbook that comes
back without it, or with a broken signature, is still taken: then only the rows' versions tell whether a
record was changed meanwhile.
"""

import datetime
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from xlsxwriter import Workbook

from tenshu.ground.exchange.cells import text_of
from tenshu.ground.exchange.reading import Book
from tenshu.ground.exchange.spec import CurrentRow, TableSpec

SHEET = "_tenshu"
_FORMAT = "tenshu-exchange-1"
_PIECE = 30_000


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
    sheet = book.add_worksheet(SHEET)
    sheet.very_hidden()
    names = [column.name for column in spec.columns]
    sheet.write_string(1, 0, _dump(names))
    lines = []
    for number, (key, plain) in enumerate(rows, start=2):
        line = _dump([key, [plain[name] for name in names]])
        lines.append(line)
        for piece in range(0, len(line), _PIECE):
            sheet.write_string(number, piece // _PIECE, line[piece : piece + _PIECE])
    head = [_FORMAT, spec.name, spec.scope, timezone.now().isoformat(timespec="seconds")]
    for column, text in enumerate([*head, _signature(head, _dump(names), lines)]):
        sheet.write_string(0, column, text)


def read_sent(book: Book) -> Sent:
    """What the hidden sheet of a returned workbook says; empty when there is none or it was tampered with."""
    sheet = book.sheet(SHEET)
    if sheet is None or len(sheet.rows) < 2:
        return Sent()
    head = [text_of(value) for value in sheet.rows[0]]
    lines = ["".join(value for value in row if isinstance(value, str)) for row in sheet.rows[2:]]
    names_line = text_of(sheet.rows[1][0])
    if (
        len(head) < 5
        or head[0] != _FORMAT
        or not constant_time_compare(head[4], _signature(head[:4], names_line, lines))
    ):
        return Sent()
    names = json.loads(names_line)
    rows = {key: dict(zip(names, values, strict=True)) for key, values in map(json.loads, lines)}
    return Sent(head[1], head[2], datetime.datetime.fromisoformat(head[3]), rows)


def _signature(head: Sequence[str], names: str, lines: Sequence[str]) -> str:
    digest = hashlib.sha256()
    for text in (*head, names, *lines):
        digest.update(text.encode())
        digest.update(b"\n")
    return salted_hmac("tenshu.exchange.sent", digest.digest(), algorithm="sha256").hexdigest()


def _dump(value: Any) -> str:
    # ASCII only: no character is at the mercy of what a spreadsheet program does to a hidden sheet.
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"))
