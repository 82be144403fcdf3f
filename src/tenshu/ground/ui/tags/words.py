"""Icons, status words, dates and numbers."""

import datetime
from typing import Any

from django.template import Library
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tenshu.ground.quantities import HeadCount, Quality
from tenshu.ground.ui import amounts, dates
from tenshu.ground.ui.chips import chip_for, due_word
from tenshu.ground.ui.icons import icon_svg

register = Library()


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """``{% icon "lock" %}``, with ``label=`` when the picture says something that no word beside it says."""
    return icon_svg(name, label=label)


@register.simple_tag
def chip(
    word: str,
    *,
    before: str = "",
    count: int | None = None,
    unit: str = "件",
    text: Any = "",
    plain: bool = False,
) -> SafeString:
    """A status word: ``{% chip "遅延" count=1 %}``, ``{% chip "入力中" before="時点修正" %}``.

    ``text`` stands in the place of the word (a date) while icon and tone stay, the word is read out;
    ``plain`` leaves the ground away.
    """
    return chip_html(word, before=before, count=count, unit=unit, text=text, plain=plain)


def chip_html(
    word: str,
    *,
    before: str = "",
    count: int | None = None,
    unit: str = "件",
    text: Any = "",
    plain: bool = False,
) -> SafeString:
    """The HTML of a status chip, for table cells written in Python."""
    known = chip_for(word)
    shown: Any = known.word
    if text:
        shown = format_html('<span class="sr">{}：</span>{}', known.word, text)
    elif before:
        shown = f"{before} {known.word}"
    if count is not None:
        shown = format_html("{} {}{}", shown, count, unit)
    return format_html(
        '<span class="chip" data-tone="{}"{}>{}<span>{}</span></span>',
        known.tone,
        SafeString(" data-plain") if plain else "",
        icon_svg(known.icon),
        shown,
    )


@register.simple_tag
def due_chip(due: datetime.date, days_left: int) -> SafeString:
    """A due date in the tone of the open days that are left: 「2月15日（木）」."""
    word = due_word(days_left)
    text = "今日まで" if word == "今日まで" else dates.day_html(due, "no_year")
    return chip_html(word, text="" if word == "今日まで" else text)


@register.filter
def wareki(value: datetime.date | None, shape: str = "long") -> SafeString:
    """``{{ day|wareki }}``; shapes long, no_year, plain, month, short. 「なし」 for none."""
    return dates.day_html(value, shape) if value else _none()


@register.filter
def moment(value: datetime.datetime | None, shape: str = "long") -> SafeString:
    """``{{ at|moment:"no_year" }}``: day and time of day."""
    return dates.moment_html(value, shape) if value else _none()


@register.filter
def clock(value: datetime.datetime | datetime.time | None) -> str:
    """``{{ at|clock }}``: 9:05."""
    return dates.clock_text(value) if value else ""


@register.simple_tag
def span(first: datetime.date, last: datetime.date | None = None) -> SafeString:
    """``{% span valid_from valid_until %}``: 令和6年4月1日～."""
    return dates.span_html(first, last)


@register.filter
def number(value: amounts.Number | None, digits: int | None = None) -> Any:
    """``{{ n|number }}``: 1,240; ``{{ n|number:1 }}``: 3.9. 「なし」 for none."""
    return _none() if value is None else amounts.number_text(value, digits)


@register.filter
def signed(value: amounts.Number) -> str:
    """``{{ change|signed }}``: ＋3, ▲2, ±0."""
    return amounts.signed_text(value)


@register.filter
def senyen(yen: int | None) -> Any:
    """``{{ yen|senyen }}``: whole yen in 千円, with commas. 「なし」 for none."""
    return _none() if yen is None else amounts.number_text(amounts.thousand_yen(yen))


@register.filter
def hyakuman(yen: int | None) -> Any:
    """``{{ yen|hyakuman }}``: whole yen in 百万円, one digit behind the point."""
    return _none() if yen is None else amounts.number_text(amounts.million_yen(yen))


@register.filter
def yen(value: int | None) -> Any:
    """``{{ yen|yen }}``: whole yen with commas and 円."""
    return _none() if value is None else format_html("{}円", amounts.number_text(value))


@register.simple_tag
def amount(
    value: amounts.Number | HeadCount | None, unit: str = "", quality: str = Quality.EXACT
) -> SafeString:
    """``{% amount 135 "システム" %}``, ``{% amount headcount %}``: value, unit, 約/以上, on one line."""
    return amounts.amount_html(value, unit, quality)


@register.simple_tag
def figure_link(
    value: Any, url: str, unit: str = "", quality: str = Quality.EXACT, title: str = "数えた行を見る"
) -> SafeString:
    """A number in a sentence that opens the rows it counts."""
    text = amounts.number_text(value) if isinstance(value, int | float) else str(value)
    return format_html(
        '<a class="number" href="{}" title="{}">{}</a>',
        url,
        title,
        amounts.qualified_text(text, quality, unit),
    )


def _none() -> SafeString:
    return format_html('<span class="none">{}</span>', "なし")
