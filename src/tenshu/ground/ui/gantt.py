"""A plan on an axis of fiscal years (工程表): rows of bars and milestones, and today's line.

Labels are text of the page; bars are SVG in percent of the track, so the chart takes any width, prints, and
works on a phone (label above the track). The same plan stands beside it as a table.
"""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.utils import timezone

from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.ui.dates import day_text

_TEXT_ROOM = 2.3
"""Percent of the track that one character needs, on a desk screen beside a rail."""
_BAR, _LANE, _GAP = 22, 28, 8
"""Pixels: height of a bar, distance of two lanes, space above and below."""


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
class Shape:
    """A bar (``width`` > 0) or a milestone in percent of the track, in a lane of its row, with its text.

    ``inside`` puts the text on the bar, else it starts (or, with ``anchor`` end, ends) at ``text_x``.
    """

    x: float
    width: float
    kind: str
    text: str
    text_x: float
    anchor: str
    inside: bool
    lane: int = 0

    @property
    def top(self) -> int:
        """Upper edge in pixels."""
        return _GAP + self.lane * _LANE

    @property
    def middle(self) -> int:
        """Middle line in pixels."""
        return self.top + _BAR // 2

    @property
    def extent(self) -> tuple[float, float]:
        """What the shape and its text cover of the track, in percent."""
        if self.inside:
            return self.x, self.x + self.width
        room = _TEXT_ROOM * len(self.text)
        if self.anchor == "end":
            return self.text_x - room, self.x + self.width
        return self.x, self.text_x + room


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """A row ready to draw; ``heading`` opens a group."""

    row: Row
    heading: str
    shapes: list[Shape]
    spoken: str

    @property
    def height(self) -> int:
        """Pixels that its lanes need."""
        return 2 * _GAP + _LANE * (1 + max((shape.lane for shape in self.shapes), default=0)) - (_LANE - _BAR)


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
        first = self.first or FiscalYear.containing(self.today)
        return first.start

    @property
    def days(self) -> int:
        """How many days the axis spans."""
        last = self.last or FiscalYear.containing(self.today)
        return (last.end - self.start).days + 1

    @property
    def _after(self) -> datetime.date:
        return self.start + datetime.timedelta(days=self.days)

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
        while year.start < self._after:
            found.append(Tick(self.at(year.start), year.label if short else year.short, strong=True))
            if short:
                for month in (7, 10, 1):
                    day = datetime.date(year.year + (month == 1), month, 1)
                    found.append(Tick(self.at(day), f"{month}月", strong=False))
            year = year.next
        return found

    @property
    def axis_height(self) -> int:
        """Pixels of the axis: one line of years, and one of quarters in a short plan."""
        return 42 if any(not tick.strong for tick in self.ticks) else 24

    @property
    def lines(self) -> Iterable[DrawnRow]:
        """The rows ready to draw."""
        group = ""
        for row in self.rows:
            heading, group = (row.group if row.group != group else ""), row.group
            shapes = [shape for bar in row.bars if (shape := self._bar(bar)) is not None]
            shapes += [self._milestone(mark) for mark in row.milestones if 0 <= self._share(mark.day) <= 100]
            yield DrawnRow(row, heading, _in_lanes(shapes), "、".join(_spoken(row)))

    def _share(self, day: datetime.date) -> float:
        return 100 * (day - self.start).days / self.days

    def _bar(self, bar: Bar) -> Shape | None:
        end = (bar.end + datetime.timedelta(days=1)) if bar.end else self._after
        x, right = self.at(bar.start), self.at(end)
        if right <= 0 or x >= 100:
            return None
        width = round(max(right - x, 0.6), 3)
        if width >= _TEXT_ROOM * len(bar.label) + 1:
            return Shape(x, width, bar.kind, bar.label, x, "start", inside=True)
        return Shape(x, width, bar.kind, bar.label, *self._beside(x, right, bar.label), inside=False)

    def _milestone(self, mark: Milestone) -> Shape:
        x = self.at(mark.day)
        return Shape(x, 0, "milestone", mark.label, *self._beside(x, x, mark.label), inside=False)

    def _beside(self, left: float, right: float, text: str) -> tuple[float, str]:
        """Where a text beside a shape stands: at its right while there is room, else at its left."""
        if right + _TEXT_ROOM * len(text) <= 100:
            return right, "start"
        return left, "end"

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


def _in_lanes(shapes: list[Shape]) -> list[Shape]:
    """The shapes with lanes in which neither bars nor texts cover each other; bars first, then milestones."""
    ends: list[float] = []
    placed = []
    for milestones in (False, True):
        base = len(ends) if milestones else 0
        for shape in sorted((s for s in shapes if (s.width == 0) == milestones), key=lambda s: s.extent):
            left, right = shape.extent
            lane = next((n for n in range(base, len(ends)) if ends[n] <= left), len(ends))
            ends[lane:] = [right, *ends[lane + 1 :]]
            placed.append(replace(shape, lane=lane))
    return placed
