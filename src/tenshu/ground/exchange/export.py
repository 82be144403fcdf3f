"""Plain lists out: what a page shows, as an Excel or CSV file."""

import csv
import datetime
import enum
import io
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any, Literal

import xlsxwriter
from django.utils import timezone
from xlsxwriter.worksheet import Worksheet

from tenshu.ground.exchange.cells import LONGEST_CELL, guard, number_out
from tenshu.ground.exchange.dates import FIRST_SPREADSHEET_DAY
from tenshu.ground.exchange.styles import Styles
from tenshu.ground.quantities import HeadCount, Quality

type TableKind = Literal["xlsx", "csv"]

CONTENT_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
_FORBIDDEN_IN_SHEET_NAME = str.maketrans(dict.fromkeys("[]:*?/\\", "・"))
_MEASURED_ROWS = 200


def export_table(
    title: str, headers: Sequence[str], rows: Iterable[Sequence[Any]], kind: TableKind = "xlsx"
) -> bytes:
    """A plain list as a file: one sheet called ``title``, headings, then the rows.

    Dates become real dates, numbers real numbers, ``HeadCount`` keeps 約 and 以上, ``True`` is はい, lists
    are joined by 「、」, anything else is its text. Texts that a spreadsheet would take for a formula are
    guarded. CSV is UTF-8 with a byte order mark, so that Excel opens it right.
    """
    listed = [[_value(value) for value in row] for row in rows]
    return _as_csv(headers, listed) if kind == "csv" else _as_xlsx(title, headers, listed)


def _value(value: Any) -> str | int | float | datetime.date | None:
    match value:
        case None | "":
            return None
        case bool():
            return "はい" if value else "いいえ"
        case enum.Enum() if hasattr(value, "label"):
            return guard(str(value.label))
        case int() | Decimal():
            return number_out(value)
        case float():
            return value if value == value and abs(value) != float("inf") else None
        case datetime.datetime():
            local = timezone.localtime(value) if timezone.is_aware(value) else value
            return local.strftime("%Y-%m-%d %H:%M")
        case datetime.date():
            return value if value >= FIRST_SPREADSHEET_DAY else value.isoformat()
        case HeadCount():
            return value.count if value.quality == Quality.EXACT else str(value).replace("名", "")
        case list() | tuple() | set() | frozenset():
            return guard("、".join(str(item) for item in value))
        case _:
            return guard(str(value).replace("\r\n", "\n").replace("\r", "\n"))


def _as_csv(headers: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([guard(header) for header in headers])
    writer.writerows([csv_text(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def csv_text(value: str | int | float | datetime.date | None) -> str | int | None:
    """A value in a CSV: dates as ISO text, decimals without an exponent."""
    match value:
        case datetime.date():
            return value.isoformat()
        case float():
            return format(Decimal(repr(value)), "f")
        case _:
            return value


def _as_xlsx(title: str, headers: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(
        out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        styles = Styles(book)
        sheet: Worksheet = book.add_worksheet(sheet_name(title))
        for column, header in enumerate(headers):
            sheet.write_string(0, column, guard(header), styles.heading)
            sheet.set_column(
                column, column, _width(header, (row[column] for row in islice(rows, _MEASURED_ROWS)))
            )
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                write_cell(sheet, number, column, value, styles)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(len(rows), 1), max(len(headers) - 1, 0))
        finish_for_print(sheet)
    return out.getvalue()


def write_cell(sheet: Worksheet, row: int, column: int, value: Any, styles: Styles) -> None:
    """Write one value in the format of its type."""
    match value:
        case None:
            return
        case str():
            sheet.write_string(
                row, column, value[:LONGEST_CELL], styles.wrapped if "\n" in value else styles.text
            )
        case datetime.date():
            sheet.write_datetime(row, column, value, styles.date)
        case int():
            sheet.write_number(row, column, value, styles.integer)
        case _:
            sheet.write_number(row, column, value, styles.decimal)


def finish_for_print(sheet: Worksheet) -> None:
    """A4 across, headings on every page, one page wide."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&F &A&R&P／&N")


def sheet_name(title: str) -> str:
    """``title`` as a name that Excel accepts: no [ ] : * ? / \\, 31 characters, no apostrophe at an end."""
    return title.translate(_FORBIDDEN_IN_SHEET_NAME).strip("' ")[:31] or "一覧"


def display_width(text: str) -> int:
    """Columns that the widest line of ``text`` takes: 2 for a full-width character."""
    return max(
        (
            sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in line)
            for line in text.split("\n")
        ),
        default=0,
    )


def _width(header: str, values: Iterable[Any]) -> int:
    widest = max((display_width(_shown(value)) for value in values), default=0)
    return min(max(widest, display_width(header) + 3, 8) + 1, 60)


def _shown(value: Any) -> str:
    match value:
        case None:
            return ""
        case datetime.date():
            return "2026/12/31"
        case int() | float():
            return f"{value:,}"
        case _:
            return str(value)
