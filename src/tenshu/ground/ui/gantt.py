"""A plan on an axis of fiscal years (工程表): rows of bars and milestones, today's line, drawn without script.

Labels are text of the page; bars are SVG in percent of the track, so the chart takes any width, prints, and
works on a phone (label above the track). The same plan stands beside it as a table.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field


from django.utils import timezone

from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.ui.dates import day_text

_LABEL_ROOM = 16.0
"""Percent of the track that a label beside a bar needs."""


@dataclass(frozen=True, slots=True)
class Bar:
    """Work from a day to a day, both included; without ``end`` it goes on.

    ``kind`` colours it: c1 … c5, soft (finished, contract), plan (outlined: only planned).
    """

    label: str
    start: datetime.date
    end: datetime.date | None = None
    kind: str = "c1"


@dataclass(frozen=True, slots=True)
class Milestone:
    """A day on which something has to be reached (◆)."""

    label: str
    day: datetime.date


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the plan. Rows of the same ``group`` (a heading) must follow each other."""

    label: str
    bars: Sequence[Bar] = ()
    milestones: Sequence[Milestone] = ()
    url: str = ""
    under: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """A bar in percent of the track, its text and where the text stands (inside, right, left)."""

    x: float
    width: float
    kind: str
    text: str
    text_x: float
    anchor: str
    inside: bool
    cut: bool


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """A row ready to draw."""

    row: Row
    heading: str
    bars: list[DrawnBar]
    diamonds: list[tuple[float, str, str]]
    spoken: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A boundary of the axis in percent, with its label."""

    x: float
    label: str
    strong: bool


@dataclass(slots=True)
class Gantt:
    """The plan. ``first`` and ``last`` bound the axis (default: what the rows need, at least this year)."""

    title: str
    rows: Sequence[Row]
    first: FiscalYear | None = None
    last: FiscalYear | None = None
    today: datetime.date = field(default_factory=timezone.localdate)
    note: str = ""
    key: Sequence[tuple[str, str]] = ()

    def __post_init__(self) -> None:
        days = [self.today, *(day for row in self.rows for day in _days(row))]
        self.first = self.first or FiscalYear.containing(min(days))
        self.last = max(self.last or FiscalYear.containing(max(days)), self.first)

    @property
    def start(self) -> datetime.date:
        """The first day of the axis."""
        assert self.first is not None  # noqa: S101 - set in __post_init__
        return self.first.start

    @property
    def days(self) -> int:
        """How many days the axis spans."""
        assert self.last is not None  # noqa: S101 - set in __post_init__
        return (self.last.end - self.start).days + 1

    def at(self, day: datetime.date) -> float:
        """The place of a day's morning on the axis in percent, kept on the axis."""
        return round(min(100.0, max(0.0, 100 * (day - self.start).days / self.days)), 3)

    @property
    def now(self) -> float | None:
        """The place of today, or None when it is not on the axis."""
        place = (self.today - self.start).days
        return self.at(self.today) if 0 <= place < self.days else None

    @property
    def ticks(self) -> list[Tick]:
        """Years; in a plan of up to two years their quarters, too."""
        found = []
        year = FiscalYear.containing(self.start)
        short = self.days <= 740
        while year.start < self.start + datetime.timedelta(days=self.days):
            found.append(Tick(self.at(year.start), year.label if short else year.short, strong=True))
            if short:
                for month in (7, 10, 1):
                    day = datetime.date(year.year + (month == 1), month, 1)
                    found.append(Tick(self.at(day), f"{month}月", strong=False))
            year = year.next
        return found

    @property
    def lines(self) -> Iterable[DrawnRow]:
        """The rows ready to draw."""
        group = ""
        for row in self.rows:
            heading, group = (row.group if row.group != group else ""), row.group
            bars = [drawn for bar in row.bars if (drawn := self._drawn(bar)) is not None]
            diamonds = [
                (self.at(mark.day), mark.label, "end" if self.at(mark.day) > 100 - _LABEL_ROOM else "start")
                for mark in row.milestones
            ]
            yield DrawnRow(row, heading, bars, diamonds, "、".join(_spoken(row)))

    def _drawn(self, bar: Bar) -> DrawnBar | None:
        end = (
            bar.end + datetime.timedelta(days=1)
            if bar.end
            else self.start + datetime.timedelta(days=self.days)
        )
        x, right = self.at(bar.start), self.at(end)
        if right <= 0 or x >= 100:
            return None
        width = max(right - x, 0.6)
        text = bar.label
        # About one percent of the track holds a character and a half at the width of a desk screen.
        if width >= 2.2 * len(text) + 2:
            return DrawnBar(x, width, bar.kind, text, x + 1, "start", inside=True, cut=bar.end is None)
        if right <= 100 - _LABEL_ROOM:
            return DrawnBar(x, width, bar.kind, text, right + 0.8, "start", inside=False, cut=bar.end is None)
        return DrawnBar(x, width, bar.kind, text, x - 0.8, "end", inside=False, cut=bar.end is None)

    @property
    def table(self) -> list[tuple[Row, str, str, str]]:
        """Every bar and milestone in words: row, what, from, to."""
        found = []
        for row in self.rows:
            for bar in row.bars:
                until = day_text(bar.end, "plain") if bar.end else "続いています"
                found.append((row, bar.label, day_text(bar.start, "plain"), until))
            found += [(row, f"◆ {mark.label}", day_text(mark.day, "plain"), "") for mark in row.milestones]
        return found


def _days(row: Row) -> list[datetime.date]:
    found = [mark.day for mark in row.milestones]
    for bar in row.bars:
        found += [bar.start] + ([bar.end] if bar.end else [])
    return found


def _spoken(row: Row) -> Iterable[str]:
    for bar in row.bars:
        until = day_text(bar.end, "plain") if bar.end else ""
        yield f"{bar.label} {day_text(bar.start, 'plain')}～{until}"
    for mark in row.milestones:
        yield f"{mark.label} {day_text(mark.day, 'plain')}"
