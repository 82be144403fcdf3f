"""Lines of text in a very hidden sheet of a workbook, signed with the office's key.

What a workbook has to remember of what it was sent with travels in such a sheet. Whoever changes it breaks the signature.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac
from xlsxwriter import Workbook

from tenshu.ground.exchange.cells import text_of
from tenshu.ground.exchange.reading import Book

SHEET = "_tenshu"
_PIECE = 30_000


@dataclass(frozen=True, slots=True)
class SignedLines:
    """``head`` says what the workbook is, ``lines`` what it was sent with."""

    head: Sequence[str]
    lines: Sequence[str]


def write_lines(book: Workbook, head: Sequence[str], lines: Iterable[str]) -> None:
    """Add the hidden sheet. Lines are ASCII: no character is at the mercy of what a spreadsheet program does."""
    sheet = book.add_worksheet(SHEET)
    sheet.very_hidden()
    written = []
    for number, line in enumerate(lines, start=1):
        written.append(line)
        for piece in range(0, len(line), _PIECE):
            sheet.write_string(number, piece // _PIECE, line[piece : piece + _PIECE])
    for column, text in enumerate([*head, _signature(head, written)]):
        sheet.write_string(0, column, text)


def read_lines(book: Book, length: int) -> SignedLines | None:
    """What the hidden sheet says, with ``length`` texts in its head; ``None`` without one, or when it was altered."""
    sheet = book.sheet(SHEET)
    if sheet is None or not sheet.rows:
        return None
    head = [text_of(value) for value in sheet.rows[0]]
    lines = ["".join(value for value in row if isinstance(value, str)) for row in sheet.rows[1:]]
    if len(head) <= length:
        return None
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        if constant_time_compare(head[length], _signature(head[:length], lines, secret)):
            return SignedLines(head[:length], lines)
    return None


def _signature(head: Sequence[str], lines: Sequence[str], secret: str | bytes | None = None) -> str:
    digest = hashlib.sha256()
    for text in (*head, *lines):
        digest.update(text.encode())
        digest.update(b"\n")
    return salted_hmac("tenshu.exchange.sent", digest.digest(), secret=secret, algorithm="sha256").hexdigest()
