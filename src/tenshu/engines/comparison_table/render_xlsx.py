"""The table as an Excel file: one line a row, rich strings underlined, header repeated, A4 landscape."""

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from .printing import Column, columns_of, groups_of
from .table import Cells, ComparisonTable, Entry
from .wording import Segment

_LIMIT = 32_000
"""Excel holds 32,767 characters in a cell."""


def xlsx_bytes(table: ComparisonTable) -> bytes:
    """An .xlsx file."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    sheet = book.add_worksheet("新旧対照表")
    writer = _Writer(book, sheet, table)
    columns = columns_of(table)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, 20 if column.side == "extra" else 62)
    row = writer.preface(len(columns))
    for at, column in enumerate(columns):
        sheet.write_string(row, at, column.title, writer.header)
    sheet.repeat_rows(row)
    sheet.freeze_panes(row + 1, 0)
    row += 1
    for group in groups_of(table):
        for at, entry in enumerate(group):
            writer.entry(row, entry, columns, first=at == 0, last=at == len(group) - 1)
            row += 1
    if table.style.notes:
        sheet.write_string(row, 0, f"備考　{table.style.notes}")
    book.close()
    return target.getvalue()


class _Writer:
    def __init__(self, book: Any, sheet: Any, table: ComparisonTable) -> None:
        self.sheet, self.table = sheet, table
        base = {"font_name": "ＭＳ 明朝", "font_size": 10.5}
        self.header = book.add_format({**base, "border": 1, "align": "center"})
        self.plain = book.add_format(base)
        self.single = book.add_format({**base, "underline": 1})
        self.double = book.add_format({**base, "underline": 2})
        self.cells = {
            (first, last, line): book.add_format(
                {**base, "text_wrap": True, "valign": "top", "left": 1, "right": 1, "underline": line,
                 "top": int(first), "bottom": int(last)}
            )
            for first in (False, True) for last in (False, True) for line in (0, 1, 2)
        }  # fmt: skip

    def preface(self, width: int) -> int:
        """Title and lead sentence; returns the row of the header."""
        self.sheet.write_string(0, 0, f"{self.table.title}　新旧対照表", self.plain)
        if not self.table.style.lead:
            return 1
        self.sheet.merge_range(1, 0, 1, width - 1, "", self.plain)
        self.sheet.write_string(1, 0, self.table.style.lead, self.cells[(False, False, 0)])
        return 2

    def entry(self, row: int, entry: Entry, columns: Sequence[Column], *, first: bool, last: bool) -> None:
        for at, column in enumerate(columns):
            if column.side == "extra":
                text = entry.remark if column.first_extra else ""
                self._write(row, at, [Segment(text)] if text else [], first, last)
                continue
            cells = entry.new_cells if column.side == "new" else entry.old_cells
            segments = entry.new if column.side == "new" else entry.old
            self._write(row, at, _joined(cells) if cells else segments, first, last)

    def _line(self, segment: Segment) -> int:
        if not segment.changed or self.table.style.underline == "none":
            return 0
        return 2 if segment.strong or self.table.style.underline == "double" else 1

    def _write(self, row: int, column: int, segments: Sequence[Segment], first: bool, last: bool) -> None:
        filled = [s for s in segments if s.text]
        lines = {self._line(s) for s in filled}
        text = "".join(s.text for s in filled)[:_LIMIT]
        if len(lines) <= 1 or len(text) == _LIMIT:
            cell = self.cells[(first, last, lines.pop() if len(lines) == 1 else 0)]
            self.sheet.write_string(row, column, text, cell) if text else self.sheet.write_blank(
                row, column, None, cell
            )
            return
        parts: list[Any] = []
        for segment in filled:
            parts += [(self.plain, self.single, self.double)[self._line(segment)], segment.text]
        self.sheet.write_rich_string(row, column, *parts, self.cells[(first, last, 0)])


def _joined(cells: Cells) -> list[Segment]:
    found: list[Segment] = []
    for at, cell in enumerate(cells):
        if at:
            found.append(Segment("｜"))
        found.extend(cell)
    return found
