"""The date of a migration as such offices write it: R10.1, R8～, or - when it is not decided."""

import datetime
import re
from dataclasses import dataclass
from typing import Self

from tenshu.engines.japanese import DateError, era_of, fold_width, parse_date

_SHAPE = re.compile(
    r"(?P<letter>[RHSTM令平昭]\w*?)\s*(?P<year>\d+|元)年?(?:[./](?P<month>\d{1,2})月?|(?P<month2>\d{1,2})月)?(?P<open>[~〜～]|以降)?"
)
_NOTHING = {"", "-", "－", "ー", "—", "未定", "なし"}


def _day(text: str) -> datetime.date | None:
    """The day that ``text`` writes; ``None`` when there is none, or its era had ended or not begun."""
    try:
        read = parse_date(text)
    except DateError:
        return None
    return None if read.notice else read.date


@dataclass(frozen=True, slots=True)
class MigrationDate:
    """A month, a year, either of them "or later", or nothing decided."""

    year: int | None = None
    month: int | None = None
    or_later: bool = False

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read R10.1, R10.1～, R8～, R8, 令和8年以降, -; raises ``ValueError`` with a Japanese message."""
        folded = fold_width(text).strip().replace("年度", "年")
        if folded in _NOTHING:
            return cls()
        match = _SHAPE.fullmatch(folded)
        if match is None:
            raise ValueError(f"「{text}」は移行時期として読めません。R10.1、R8～、- のように書いてください。")
        month = match["month"] or match["month2"]
        year = f"{match['letter']}{match['year']}"
        # A year alone may be the last of an era (H31) or the first of the next one (R1): December, then January.
        days = [f"{year}.{month}.1"] if month else [f"{year}.12.1", f"{year}.1.1"]
        read = next((day for day in map(_day, days) if day is not None), None)
        if read is None:
            raise ValueError(f"「{text}」という年月はありません。R10.1、R8～、- のように書いてください。")
        return cls(read.year, int(month) if month else None, bool(match["open"]))

    def __str__(self) -> str:
        if self.year is None:
            return "-"
        named = era_of(datetime.date(self.year, self.month or 12, 1))
        month = f".{self.month}" if self.month else ""
        return f"{named.letter}{named.year}{month}{'～' if self.or_later else ''}"

    @property
    def first_day(self) -> datetime.date | None:
        """The first day of the month (or year) meant, for ordering and the roadmap."""
        return None if self.year is None else datetime.date(self.year, self.month or 1, 1)
