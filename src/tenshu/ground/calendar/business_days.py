"""Business days (開庁日): not a weekend, not a national holiday, not a day on which the office is closed."""

import datetime
import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import jpholiday

from tenshu.ground.calendar.models import OfficeClosure

#: Weekends, national holidays and the days round New Year that an ordinance sets: 地方自治法 第4条の2第2項.
YEAR_END = OfficeClosure(
    name="年末年始",
    first_day=datetime.date(2000, 12, 29),
    last_day=datetime.date(2001, 1, 3),
    every_year=True,
)
WEEKDAYS_JA = "月火水木金土日"


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """The closures in force, read once: pages with many dates ask this instead of the functions below."""

    closures: Sequence[OfficeClosure]

    @classmethod
    def load(cls) -> Self:
        """Read the closures (one query)."""
        closures = list(OfficeClosure.objects.all())
        if not any(closure.every_year for closure in closures):
            closures.append(YEAR_END)
        return cls(closures)

    def is_business_day(self, day: datetime.date) -> bool:
        """Whether the office is open on ``day``."""
        return (
            day.weekday() < 5
            and not _is_national_holiday(day)
            and not any(closure.covers(day) for closure in self.closures)
        )

    def add(self, day: datetime.date, count: int) -> datetime.date:
        """The ``count``-th business day after ``day`` (before it when negative).

        With 0 the day itself when the office is open, else the next business day.
        """
        if count == 0:
            return day if self.is_business_day(day) else self.add(day, 1)
        step = datetime.timedelta(days=1 if count > 0 else -1)
        left = abs(count)
        while left:
            day += step
            left -= self.is_business_day(day)
        return day

    def between(self, first: datetime.date, last: datetime.date) -> int:
        """Business days after ``first`` up to and including ``last``; negative when ``last`` is earlier."""
        if last < first:
            return -self.between(last, first)
        days = (first + datetime.timedelta(days=n) for n in range(1, (last - first).days + 1))
        return sum(map(self.is_business_day, days))


def is_business_day(day: datetime.date) -> bool:
    """Whether the office is open on ``day``."""
    return BusinessCalendar.load().is_business_day(day)


def add_business_days(day: datetime.date, count: int) -> datetime.date:
    """The ``count``-th business day after ``day`` (see ``BusinessCalendar.add``)."""
    return BusinessCalendar.load().add(day, count)


def business_days_between(first: datetime.date, last: datetime.date) -> int:
    """Business days left from ``first`` until ``last`` (see ``BusinessCalendar.between``)."""
    return BusinessCalendar.load().between(first, last)


def weekday_ja(day: datetime.date) -> str:
    """The weekday in one character: 水."""
    return WEEKDAYS_JA[day.weekday()]


@functools.lru_cache(maxsize=20_000)
def _is_national_holiday(day: datetime.date) -> bool:
    return bool(jpholiday.is_holiday(day))
