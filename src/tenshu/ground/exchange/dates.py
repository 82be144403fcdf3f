"""The column of days: 和暦 and western notation, real spreadsheet dates and ISO text."""

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from tenshu.engines.japanese import DateError, format_wareki, parse_date
from tenshu.ground.exchange.cells import CellError, Out, Raw, text_of
from tenshu.ground.exchange.columns import ColumnSpec, RowContext

if TYPE_CHECKING:
    from tenshu.ground.exchange.lookups import Lookups

FIRST_SPREADSHEET_DAY = datetime.date(1900, 3, 1)
"""Earlier days are written as text: spreadsheets believe in 29 February 1900."""
_EPOCH = datetime.date(1899, 12, 30)
_SERIALS = range(20_000, 80_000)  # 1954-10-03 to 2119-01-10


@dataclass(frozen=True)
class DateColumn(ColumnSpec):
    """A day, as ``datetime.date``. Any notation of 和暦 or western years is read."""

    earliest: datetime.date | None = None
    latest: datetime.date | None = None

    natural_width: ClassVar[int] = 13
    number_format: ClassVar[str] = "yyyy/m/d"

    def read_filled(self, raw: Raw, context: RowContext) -> datetime.date:
        day = _day(raw)
        if self.earliest and day < self.earliest:
            raise CellError(f"{format_wareki(self.earliest)}より前の日です", "日付を確かめる", text_of(raw))
        if self.latest and day > self.latest:
            raise CellError(f"{format_wareki(self.latest)}より後の日です", "日付を確かめる", text_of(raw))
        return day

    def write(self, value: Any, lookups: "Lookups") -> Out:
        if value is None:
            return None
        day: datetime.date = value
        return day if day >= FIRST_SPREADSHEET_DAY else day.isoformat()

    def show(self, value: Any, lookups: "Lookups") -> str:
        try:
            return "" if value is None else format_wareki(value, style="short")
        except ValueError:  # before the first era that the calendar knows
            return str(value.isoformat())

    def plain(self, value: Any) -> Any:
        return None if value is None else value.isoformat()

    def unplain(self, plain: Any) -> Any:
        return None if plain is None else datetime.date.fromisoformat(plain)

    def example(self) -> str:
        return self.help or "R6.6.30、2024/6/30 のように入れる"


def _day(raw: Raw) -> datetime.date:
    match raw:
        case datetime.datetime():
            return raw.date()
        case datetime.date():
            return raw
        case bool() | datetime.time() | datetime.timedelta():
            raise CellError("日付ではありません", "R6.6.30、2024/6/30 のように入れる", text_of(raw))
        case int() | float() if raw in _SERIALS:
            return _EPOCH + datetime.timedelta(days=int(raw))
    text = text_of(raw)
    try:
        parsed = parse_date(text)
    except DateError as error:
        raise CellError(str(error), "R6.6.30、2024/6/30 のように直す", text) from error
    if parsed.notice:
        raise CellError(parsed.notice, "元号と年を確かめる", text)
    if parsed.date is None:
        raise CellError("日まで分かる日付ではありません", "R6.6.30 のように日まで入れる", text)
    return parsed.date
