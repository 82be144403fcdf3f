"""The values that components are made from. Views build them, template tags show them."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tenshu.ground.quantities import Quality
from tenshu.ground.ui.tone import Tone


@dataclass(frozen=True, slots=True)
class FigureTile:
    """A figure of the strip: what it counts, its value, unit, qualifier, link to its rows and short history.

    ``history`` holds the values of earlier years up to this one (shown as spark columns), oldest first.
    """

    label: str
    value: int | float | str
    url: str
    unit: str = ""
    quality: str = Quality.EXACT
    trend: str = ""
    history: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class KeyFact:
    """One of three to five facts under a page's head. ``value`` may be HTML that is marked safe."""

    label: str
    value: Any
    note: Any = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A term and its value; the value may be HTML that is marked safe, a link with ``url``."""

    label: str
    value: Any
    url: str = ""


@dataclass(frozen=True, slots=True)
class Attached:
    """A link with a number at its right: what hangs on this page."""

    label: str
    url: str
    note: Any = ""


@dataclass(frozen=True, slots=True)
class FeedItem:
    """Something that happened: a sentence, when, by whom."""

    text: Any
    at: datetime.date | datetime.datetime | None = None
    who: str = ""
    tone: Tone | str = Tone.NEUTRAL
    url: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A step of an order of work. ``state`` is done, now or "" (still to come)."""

    label: str
    state: str = ""
    note: Any = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab or a saved view: a link of its own, with a count."""

    label: str
    url: str
    current: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a progress bar. ``kind`` picks colour and pattern: done, submitted, head, typing, back, none,
    or c1 … c5, soft, rest for other data."""

    label: str
    count: int
    kind: str = "done"


@dataclass(frozen=True, slots=True)
class NextStep:
    """The one next thing of a person: filled button, due date, progress."""

    title: str
    url: str
    action_label: str
    text: str = ""
    lead: str = "まず、これから"
    note: Any = ""
    done: int = 0
    total: int = 0
    unit: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A line of evidence. ``mark`` is "+", "-" or ""; ``hits`` are the texts inside it to underline."""

    number: int | None
    text: str
    mark: str = ""
    hits: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One side of a pair of evidence (前・後)."""

    title: str
    lines: Sequence[EvidenceLine]
    at: datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class ConflictValue:
    """One value of a conflict; ``key`` is what the form sends, empty for the value that cannot be chosen."""

    label: str
    value: Any
    key: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Three values of one cell of which one is to be chosen: at hand-out, now, coming in."""

    name: str
    title: str
    item: str
    values: Sequence[ConflictValue]
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class Crumb:
    """A step of the breadcrumb; without ``url`` it is plain text."""

    label: str
    url: str = ""


@dataclass(slots=True)
class Bar:
    """A progress bar ready to draw: ``(x, width, kind)`` in percent."""

    pieces: list[tuple[float, float, str]] = field(default_factory=list)

    @classmethod
    def of(cls, segments: Sequence[Segment], total: int) -> "Bar":
        """Pieces of the segments in their order; an empty total draws nothing."""
        bar, start = cls(), 0.0
        for segment in segments:
            width = 100 * segment.count / total if total else 0.0
            if width and segment.kind != "none":
                bar.pieces.append((round(start, 3), round(width, 3), segment.kind))
            start += width
        return bar
