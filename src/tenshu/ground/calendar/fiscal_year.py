"""The fiscal year (年度) of Japanese local government: 1 April to 31 March."""

import datetime
import re
from dataclasses import dataclass
from typing import Self

from tenshu.engines.japanese import ERAS, era_of, fold_width

_OFFSET_BY_SIGN = {sign: era.offset for era in ERAS for sign in (era.name, era.name[0], era.letter)}
_ERA_YEAR = re.compile(rf"({'|'.join(map(re.escape, _OFFSET_BY_SIGN))})\s*(元|\d{{1,3}})(?:年度|年)?")
_WESTERN_YEAR = re.compile(r"(?:FY)?\s*(\d{4})(?:年度|年)?")
_EARLIEST, _LATEST = 1900, 2200


@dataclass(frozen=True, order=True, slots=True)
class FiscalYear:
    """A fiscal year, named by the western year in which it begins: ``FiscalYear(2023)`` is 令和5年度.

    Source: 地方自治法 第208条第1項 (the year begins on 1 April and ends on 31 March of the next year).
    """

    year: int

    def __post_init__(self) -> None:
        if not _EARLIEST <= self.year <= _LATEST:
            raise ValueError(
                f"{self.year}年度は扱えません。{_EARLIEST}年度から{_LATEST}年度までにしてください。"
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read R5, 令和5年度, 令和元年度, H31, 2023, 2023年度, FY2023, also in full-width characters.

        Raises:
            ValueError: the text is no fiscal year; the message is Japanese.
        """
        folded = fold_width(text).strip().upper()
        if match := _ERA_YEAR.fullmatch(folded):
            in_era = 1 if match[2] == "元" else int(match[2])
            if in_era >= 1:
                return cls(_OFFSET_BY_SIGN[match[1]] + in_era)
        elif match := _WESTERN_YEAR.fullmatch(folded):
            return cls(int(match[1]))
        raise ValueError(f"「{text}」は年度として読めません。R5、令和5年度、2023 のように書いてください。")

    @classmethod
    def containing(cls, day: datetime.date) -> Self:
        """The fiscal year in which ``day`` lies."""
        return cls(day.year if day.month >= 4 else day.year - 1)

    @property
    def start(self) -> datetime.date:
        """1 April."""
        return datetime.date(self.year, 4, 1)

    @property
    def end(self) -> datetime.date:
        """31 March of the next year."""
        return datetime.date(self.year + 1, 3, 31)

    @property
    def short(self) -> str:
        """R5."""
        in_era = era_of(self._naming_day)
        return f"{in_era.letter}{in_era.year}"

    @property
    def label(self) -> str:
        """令和5年度, 令和元年度."""
        in_era = era_of(self._naming_day)
        return f"{in_era.era}{'元' if in_era.year == 1 else in_era.year}年度"

    @property
    def previous(self) -> Self:
        """The year before."""
        return type(self)(self.year - 1)

    @property
    def next(self) -> Self:
        """The year after."""
        return type(self)(self.year + 1)

    @property
    def _naming_day(self) -> datetime.date:
        # 1 May, not 1 April: the year in which Reiwa began (1 May 2019) is called 令和元年度 throughout.
        return datetime.date(self.year, 5, 1)

    def __contains__(self, day: object) -> bool:
        return isinstance(day, datetime.date) and type(self).containing(day) == self

    def __str__(self) -> str:
        return self.short
