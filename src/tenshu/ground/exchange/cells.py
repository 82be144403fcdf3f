"""One cell, coming in and going out: raw values, empty marks, the guard against formulas, what is wrong."""

import datetime
import math
import re
from decimal import Decimal

from tenshu.engines.japanese import fold_width

type Raw = (
    str | int | float | bool | datetime.date | datetime.datetime | datetime.time | datetime.timedelta | None
)
"""What a reader finds in a cell; ``None`` for nothing."""

type Out = str | int | float | datetime.date | None
"""What a writer puts into a cell."""

EMPTY_MARKS = frozenset("-－−‐‑–—―ー")
"""A cell that holds one of these alone is empty (「－」は空欄)."""

LONGEST_CELL = 32_767
"""Characters that Excel can hold in one cell."""

TOO_LONG = "（長い文章のため、この欄は画面で直してください）"
"""Stands in for a text that no cell can hold. An import leaves such a cell's record as it is."""

UNWRITABLE = re.compile("[\x00\ud800-\udfff\ufffe\uffff]")
"""Characters that neither XML nor PostgreSQL can hold."""

_GUARDED = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]", re.DOTALL)
_RESTORED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]", re.DOTALL)


class CellError(ValueError):
    """A cell cannot be taken: what is wrong, how to mend it, and which characters are to be marked."""

    def __init__(self, message: str, cure: str = "", wrong: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.cure = cure
        self.wrong = wrong


def guard(text: str) -> str:
    """``text`` so that no spreadsheet takes it for a formula: an apostrophe before = + - @, tab or line end.

    A mark for "nothing" that stands alone is no formula and stays. ``restore`` is the exact reverse.
    """
    if text in EMPTY_MARKS:
        return text
    return f"'{text}" if _GUARDED.match(text) else text


def restore(text: str) -> str:
    """The text that ``guard`` was given."""
    return text[1:] if _RESTORED.match(text) else text


def text_of(raw: Raw) -> str:
    """A cell as text: line ends as LF, surrounding blanks gone, numbers without a needless decimal point.

    What no database can hold is left out: a workbook can spell it (_x0000_).
    """
    match raw:
        case None:
            return ""
        case str():
            text = UNWRITABLE.sub("", raw).replace("\r\n", "\n").replace("\r", "\n")
            return restore(text.strip()).strip()
        case bool():
            return "TRUE" if raw else "FALSE"
        case float() if raw.is_integer() and abs(raw) < 1e15:
            return str(int(raw))
        case datetime.datetime() if raw.time() == datetime.time():
            return raw.date().isoformat()
        case datetime.datetime():
            return raw.isoformat(sep=" ", timespec="minutes")
        case datetime.date():
            return raw.isoformat()
        case _:
            return str(raw)


def folded(raw: Raw) -> str:
    """A cell's text with its width folded and blanks joined, for keys, numbers, dates and choices."""
    return fold_width(text_of(raw)).strip()


def is_empty(raw: Raw) -> bool:
    """Whether a cell of a typed column holds nothing, or only a mark for nothing."""
    if raw is None:
        return True
    if not isinstance(raw, str):
        return False
    text = raw.strip()
    return not text or text in EMPTY_MARKS or text == "'-"


def number_out(value: int | Decimal) -> int | float | str:
    """A number for a spreadsheet; as text where a double would not hold every digit."""
    if isinstance(value, int):
        return value if abs(value) < 10**15 else str(value)
    if len(value.normalize().as_tuple().digits) > 15 or not math.isfinite(as_float := float(value)):
        return format(value, "f")
    return as_float
