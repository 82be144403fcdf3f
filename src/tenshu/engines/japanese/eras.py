"""Japanese eras (元号) since Meiji and dates written in them (和暦)."""

from dataclasses import dataclass
from datetime import date
from typing import Literal


class DateError(ValueError):
    """The text is no date, or a date that does not exist; the message says which in Japanese."""


@dataclass(frozen=True)
class Era:
    """One era: name, Latin letter, number in seven-digit dates, first and last day (None: still running)."""

    name: str
    letter: str
    code: int
    first: date
    last: date | None

    @property
    def offset(self) -> int:
        """What to add to a year of the era to get the western year."""
        return self.first.year - 1


#: 明治 to 令和. The days on which 大正 and 昭和 began may be written in the old era too. 明治 counts
#: from 1868-01-25 as its decree did. Code 1–5 leads seven-digit dates (3450107).
ERAS: tuple[Era, ...] = (
    Era("明治", "M", 1, date(1868, 1, 25), date(1912, 7, 30)),
    Era("大正", "T", 2, date(1912, 7, 30), date(1926, 12, 25)),
    Era("昭和", "S", 3, date(1926, 12, 25), date(1989, 1, 7)),
    Era("平成", "H", 4, date(1989, 1, 8), date(2019, 4, 30)),
    Era("令和", "R", 5, date(2019, 5, 1), None),
)

#: Every way to write an era, in capitals, to its era.
ERA_BY_SIGN: dict[str, Era] = {
    sign: era
    for era, ligature in zip(ERAS, "㍾㍽㍼㍻㋿", strict=True)
    for sign in (era.name, era.name[0], ligature, era.letter)
}


@dataclass(frozen=True)
class EraDate:
    """The era and the year in it of one day."""

    era: str
    letter: str
    year: int


def era_of(d: date) -> EraDate:
    """Return era, letter and year of era of a day.

    Raises:
        DateError: the day lies before Meiji (1868-01-25).
    """
    for era in reversed(ERAS):
        if d >= era.first:
            return EraDate(era.name, era.letter, d.year - era.offset)
    raise DateError(f"{d.isoformat()}は明治より前の日付のため、和暦にできません")


def format_wareki(d: date, *, style: Literal["long", "short"] = "long") -> str:
    """Return a day in its era: 令和6年2月14日, 令和元年5月1日 (``long``) or R6.2.14 (``short``)."""
    in_era = era_of(d)
    if style == "short":
        return f"{in_era.letter}{in_era.year}.{d.month}.{d.day}"
    year = "元" if in_era.year == 1 else str(in_era.year)
    return f"{in_era.era}{year}年{d.month}月{d.day}日"
