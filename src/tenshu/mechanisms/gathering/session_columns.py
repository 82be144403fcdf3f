"""Columns of sessions in files: times of day, and the name of a session that is clear even when two share it."""

import datetime
import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from tenshu.engines.japanese import DateError, format_wareki, parse_date
from tenshu.ground.exchange import ReferenceColumn
from tenshu.ground.exchange.cells import CellError, Out, Raw, folded, text_of
from tenshu.ground.exchange.columns import ColumnSpec, RowContext
from tenshu.ground.exchange.lookups import Directory, Entry, Lookups
from tenshu.mechanisms.gathering.models import Gathering
from tenshu.mechanisms.gathering.times import parse_time, time_text

_DATED = re.compile(r"(?P<title>.+)\((?P<day>[^()]+)\)")
_SECONDS_A_DAY = 24 * 60 * 60


@dataclass(frozen=True)
class TimeColumn(ColumnSpec):
    """A time of day, as ``datetime.time``; 14:00, 14時 and a spreadsheet's own times are read."""

    natural_width: ClassVar[int] = 10

    def read_filled(self, raw: Raw, context: RowContext) -> datetime.time | None:
        if isinstance(raw, datetime.time | datetime.datetime):
            return datetime.time(raw.hour, raw.minute)
        if isinstance(raw, float) and 0 <= raw < 1:  # a spreadsheet's time is a part of a day
            return datetime.time(*divmod(round(raw * _SECONDS_A_DAY) // 60, 60))
        try:
            return parse_time(re.sub(r"^(\d{1,2}:\d{2}):00$", r"\1", text_of(raw)))
        except ValueError as error:
            raise CellError("時刻として読めません", "14:00 のように書く", text_of(raw)) from error

    def write(self, value: Any, lookups: Lookups) -> Out:
        return time_text(value) or None

    def plain(self, value: Any) -> str:
        return time_text(value)

    def example(self) -> str:
        return self.help or "14:00 のように書く"


@dataclass(frozen=True)
class GatheringDirectory(Directory):
    """Sessions by title; where several share it, by title and day: 「定例会（R5.8.24）」."""

    noun: str = "会議・研修"

    def by_key(self, keys: Collection[str]) -> Iterator[Entry]:
        asked = {key: _parts(key) for key in keys}
        for pk, title, name, day in _sessions():
            for key, (wanted, on) in asked.items():
                if key == title or (wanted == title and on == day):
                    yield Entry(pk, key, name)

    def by_pk(self, pks: Collection[Any]) -> Iterator[Entry]:
        for pk, _, name, _ in _sessions():
            if pk in pks:
                yield Entry(pk, folded(name), name)

    def all_keys(self) -> list[str]:
        return [folded(name) for _, _, name, _ in _sessions()]


def _parts(key: str) -> tuple[str, datetime.date | None]:
    """Title and day of 「定例会（R5.8.24）」; a title alone has no day."""
    if match := _DATED.fullmatch(key):
        try:
            return match["title"], parse_date(match["day"]).date
        except DateError:
            pass
    return key, None


def _sessions() -> Iterator[tuple[int, str, str, datetime.date]]:
    """Every session (an office has hundreds): key, title with its width folded, clear name, day."""
    rows = list(Gathering.objects.order_by("pk").values_list("pk", "title", "held_on"))
    times = Counter(folded(title) for _, title, _ in rows)
    for pk, title, day in rows:
        same = folded(title)
        yield pk, same, _name(title, day, several=times[same] > 1), day


def _name(title: str, day: datetime.date, *, several: bool) -> str:
    return f"{title}（{format_wareki(day, style='short')}）" if several else title


GATHERINGS = GatheringDirectory()


def session_column() -> ReferenceColumn:
    """The column that names the session on which a row hangs."""
    return ReferenceColumn(
        "gathering",
        "会議・研修の件名",
        required=True,
        directory=GATHERINGS,
        help="同じ件名が2つ以上あるときは、件名（R5.8.24）のように開催日も書く",
    )
