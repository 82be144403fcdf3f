"""How cells to fill in look, and what a spreadsheet program lets people type into them.

Pasted values get past every validation: what comes back is checked again, cell by cell.
"""

import datetime
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tenshu.ground.exchange import ColumnSpec, DateColumn, IntegerColumn, TextColumn, YenColumn
from tenshu.ground.exchange.cells import TOO_LONG, Out
from tenshu.ground.exchange.dates import FIRST_SPREADSHEET_DAY
from tenshu.ground.exchange.offered_lists import OfferedLists
from tenshu.ground.exchange.styles import Styles
from tenshu.mechanisms.inquiry.workbook_cells import how_to_fill

_MOST = 10**15 - 1
"""Whole numbers up to here keep every digit in a spreadsheet."""


def cell_style(styles: Styles, column: ColumnSpec) -> Format:
    """A white, unlocked cell in the format of its column; texts stay texts."""
    options: dict[str, Any] = {"locked": False, "num_format": column.number_format or "@"}
    if column.right_aligned:
        options["align"] = "right"
    if column.wraps or isinstance(column, TextColumn):
        options["text_wrap"] = True
    return styles.make(**options)


def write_cell(page: Worksheet, row: int, index: int, value: Out, style: Format, too_long: Format) -> None:
    """Write one value; the notice that a text is too long is locked."""
    match value:
        case None:
            page.write_blank(row, index, None, style)
        case str():
            page.write_string(row, index, value, too_long if value == TOO_LONG else style)
        case datetime.date():
            page.write_datetime(row, index, value, style)
        case _:
            page.write_number(row, index, value, style)


def validate(
    page: Worksheet, area: tuple[int, int, int, int], column: ColumnSpec, lists: OfferedLists
) -> None:
    """Lay the column's rule on an area (first row, first column, last row, last column)."""
    hint = {
        "input_title": column.header[:32],
        "input_message": how_to_fill(column)[:255],
        "error_title": "入れた内容を確かめてください",
        "error_message": column.example()[:255],
    }
    page.data_validation(*area, {**_rule(column, lists), **hint})


def _rule(column: ColumnSpec, lists: OfferedLists) -> dict[str, Any]:
    if offered := column.offered():
        return {"validate": "list", "source": lists.source(offered)}
    match column:
        case DateColumn():
            # 和暦 as text is fine as well: the program only asks back.
            rule = {"validate": "date", "criteria": ">=", "value": FIRST_SPREADSHEET_DAY}
            return {**rule, "error_type": "warning"}
        case IntegerColumn():
            least = -_MOST if column.minimum is None else max(column.minimum, -_MOST)
            most = _MOST if column.maximum is None else min(column.maximum, _MOST)
            return {"validate": "integer", "criteria": "between", "minimum": least, "maximum": most}
        case YenColumn():
            least = -_MOST if column.negative else 0
            return {"validate": "integer", "criteria": "between", "minimum": least, "maximum": _MOST}
        case TextColumn():
            return {"validate": "length", "criteria": "<=", "value": column.longest}
    return {"validate": "any"}
