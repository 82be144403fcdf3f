"""Figures, facts, tasks, feeds, progress: small data with its meaning."""

import datetime
import itertools
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.template import Library
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.quantities import Quality
from tenshu.ground.ui.amounts import amount_html
from tenshu.ground.ui.dates import local_day
from tenshu.ground.ui.marks import bar_svg, spark_svg
from tenshu.ground.ui.parts import (
    Attached,
    Conflict,
    Evidence,
    EvidenceLine,
    Fact,
    FeedItem,
    FigureTile,
    KeyFact,
    NextStep,
    Segment,
)
from tenshu.ground.ui.todo import TodoItem

register = Library()
_ids = itertools.count(1)


@register.inclusion_tag("ui/parts/figures.html")
def figure_strip(tiles: Sequence[FigureTile]) -> dict[str, Any]:
    """The strip of figure tiles, each a link to its rows."""
    return {"tiles": tiles}


@register.simple_tag
def figure_head(value: int | float, unit: str = "", quality: str = Quality.EXACT) -> SafeString:
    """The large figure at the head of a figure's own page, with 約 or 以上."""
    return format_html(
        '<p class="figure-head"><span class="value">{}</span></p>', amount_html(value, unit, quality)
    )


@register.inclusion_tag("ui/parts/key_facts.html")
def key_facts(facts: Sequence[KeyFact]) -> dict[str, Any]:
    """Three to five key facts in a row."""
    return {"facts": facts, "many": len(facts)}


@register.inclusion_tag("ui/parts/facts.html")
def facts(items: Sequence[Fact] | Mapping[str, Any]) -> dict[str, Any]:
    """Terms and values under each other; a mapping label → value will do."""
    rows = [Fact(label, value) for label, value in items.items()] if isinstance(items, Mapping) else items
    return {"items": rows}


@register.inclusion_tag("ui/parts/attached.html")
def attached(items: Sequence[Attached]) -> dict[str, Any]:
    """Links with a number at the right."""
    return {"items": items}


@register.inclusion_tag("ui/parts/feed.html")
def feed(items: Sequence[FeedItem], year: bool = False) -> dict[str, Any]:
    """What changed, newest first. The year is written where it is not the running fiscal year, or with ``year``."""
    running = FiscalYear.containing(timezone.localdate())

    def shape(item: FeedItem) -> str:
        is_near = item.at is not None and FiscalYear.containing(local_day(item.at)) == running
        return "no_year" if is_near and not year else "long"

    return {"items": [(item, shape(item)) for item in items]}


@register.inclusion_tag("ui/parts/task.html")
def task(item: TodoItem, today: datetime.date | None = None, days_left: int | None = None) -> dict[str, Any]:
    """One row of a list of things to do; ``days_left`` open days colour the due date."""
    return {"item": item, "today": today, "days_left": days_left}


@register.inclusion_tag("ui/parts/next_card.html")
def next_card(item: NextStep) -> dict[str, Any]:
    """The card of the one next thing; it carries the page's filled button."""
    return {"item": item, "id": f"next-{next(_ids)}"}


@register.inclusion_tag("ui/parts/progress.html")
def progress(
    segments: Sequence[Segment],
    total: int | None = None,
    *,
    label: str = "",
    key: bool = True,
    large: bool = True,
) -> dict[str, Any]:
    """One stacked bar in a fixed order, with its key of words and counts; hatched = in work."""
    whole = sum(segment.count for segment in segments) if total is None else total
    return {"segments": segments, "bar": bar_svg(segments, whole, large=large), "label": label, "key": key}


@register.simple_tag
def progress_bar(segments: Sequence[Segment], total: int | None = None, large: bool = False) -> SafeString:
    """Only the bar, where the key stands elsewhere on the page (a board): the counts must stand beside it."""
    whole = sum(segment.count for segment in segments) if total is None else total
    return bar_svg(segments, whole, large=large)


@register.inclusion_tag("ui/parts/meter.html")
def meter(value: int, total: int = 100, unit: str = "%", low: int = 70) -> dict[str, Any]:
    """A share: bar and number; below ``low`` percent in the second colour."""
    percent = round(100 * value / total) if total else 0
    kind = "low" if percent < low else "done"
    text = f"{value}{unit}" if unit == "%" and total == 100 else f"{value:,} / {total:,}{unit}"
    return {"bar": bar_svg([Segment("", percent, kind)], 100), "text": text}


@register.simple_tag
def spark(values: Sequence[float]) -> SafeString:
    """Spark columns beside a value that is written out; silent for readers."""
    return spark_svg(values)


@register.inclusion_tag("ui/parts/evidence.html")
def evidence(before: Evidence, after: Evidence, source: str = "") -> dict[str, Any]:
    """Two sources side by side, additions and removals marked by sign, ground and words."""
    return {"sides": (before, after), "source": source}


@register.inclusion_tag("ui/parts/conflict.html")
def conflict(item: Conflict) -> dict[str, Any]:
    """Three values of one cell; radio buttons choose."""
    return {"item": item}


@register.simple_tag
def marked(line: EvidenceLine) -> SafeString:
    """A line's text with its hits marked."""
    if not line.hits:
        return format_html("{}", line.text)
    parts = re.split("(" + "|".join(map(re.escape, line.hits)) + ")", line.text)
    return format_html_join("", "{}", ((_mark(part) if n % 2 else part,) for n, part in enumerate(parts)))


def _mark(text: str) -> SafeString:
    return format_html("<mark>{}</mark>", text)
