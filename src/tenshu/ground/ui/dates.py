"""Dates as pages show them: 和暦 to read, 西暦 on hover and for machines."""

import datetime
from typing import Literal

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tenshu.engines.japanese import DateError, era_of, format_wareki

type Shape = Literal["long", "no_year", "month", "short", "plain"]

_WEEKDAYS = "月火水木金土日"


def local_day(value: datetime.date) -> datetime.date:
    """The day of a date or of an aware time in the office's time zone."""
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def day_text(value: datetime.date, shape: Shape | str = "long") -> str:
    """A day in words.

    ``long`` 令和6年2月14日（水） · ``no_year`` 2月14日（水） · ``plain`` 令和6年2月14日 ·
    ``month`` 令和6年2月 · ``short`` R6.2.14. Days before Meiji are written in the western calendar.
    """
    day = local_day(value)
    weekday = f"（{_WEEKDAYS[day.weekday()]}）"
    if shape == "no_year":
        return f"{day.month}月{day.day}日{weekday}"
    try:
        if shape == "short":
            return format_wareki(day, style="short")
        if shape == "month":
            in_era = era_of(day)
            return f"{in_era.era}{'元' if in_era.year == 1 else in_era.year}年{day.month}月"
        text = format_wareki(day)
    except DateError:
        text = f"{day.year}年{day.month}月{day.day}日"
    return text if shape == "plain" else text + weekday


def day_html(value: datetime.date, shape: Shape | str = "long") -> SafeString:
    """``<time>`` with the day in 和暦, the western date in ``title`` and ``datetime``."""
    day = local_day(value)
    return format_html(
        '<time datetime="{}" title="{}年{}月{}日">{}</time>',
        day.isoformat(),
        day.year,
        day.month,
        day.day,
        day_text(day, shape),
    )


def clock_text(value: datetime.datetime | datetime.time) -> str:
    """A time of day: 9:05."""
    if isinstance(value, datetime.datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"{value.hour}:{value.minute:02d}"


def moment_html(value: datetime.datetime, shape: Shape | str = "long") -> SafeString:
    """``<time>`` with day and time of day: 令和6年2月14日（水）9:05."""
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return format_html(
        '<time datetime="{}" title="{}年{}月{}日 {}">{}<span class="clock"> {}</span></time>',
        local.isoformat(timespec="minutes"),
        local.year,
        local.month,
        local.day,
        clock_text(local),
        day_text(local, shape),
        clock_text(local),
    )


def span_html(first: datetime.date, last: datetime.date | None) -> SafeString:
    """From one day to another: 令和6年4月1日～令和7年3月31日; without an end 令和6年4月1日～."""
    if last is None:
        return format_html("{}～", day_html(first, "plain"))
    return format_html("{}～{}", day_html(first, "plain"), day_html(last, "plain"))
