"""A table of a spec out, in the form in which it can come back."""

import csv
import datetime
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import xlsxwriter
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tenshu.ground.exchange.cells import LONGEST_CELL, TOO_LONG, UNWRITABLE, Out, guard
from tenshu.ground.exchange.choices import MultipleChoiceColumn
from tenshu.ground.exchange.columns import ColumnSpec
from tenshu.ground.exchange.dates import DateColumn
from tenshu.ground.exchange.export import TableKind, csv_text, display_width, finish_for_print, sheet_name
from tenshu.ground.exchange.layout import (
    KEY_HEADING,
    REASON_HEADING,
    REMOVE_HEADING,
    REQUIRED_MARK,
    VERSION_HEADING,
)
from tenshu.ground.exchange.lookups import Lookups, ReferenceColumn, load_for
from tenshu.ground.exchange.offered_lists import OfferedLists
from tenshu.ground.exchange.rows import key_text
from tenshu.ground.exchange.sent_values import plain_values, row_version, write_sent
from tenshu.ground.exchange.spec import CurrentRow, TableSpec
from tenshu.ground.exchange.styles import Styles

if TYPE_CHECKING:
    from tenshu.ground.access.models import User

_SPARE_ROWS = 1_000
"""Empty rows below the last one that have the lists to choose from."""


@dataclass(frozen=True, slots=True)
class OutRow:
    """A record ready to be written: its key, version, plain values and cells."""

    key: str
    version: str
    plain: Mapping[str, Any]
    cells: Sequence[Out]


def export_spec(spec: TableSpec, user: "User", kind: TableKind = "xlsx") -> bytes:
    """The rows of ``spec`` that ``user`` may take out.

    The .xlsx carries each row's key, version and values as sent, hidden, so that its return can be merged.
    A CSV has none of that: what comes back from it is compared with the records as they stand.
    """
    lookups = Lookups()
    rows = list(spec.rows(user))
    load_for(spec.columns, (row.values for row in rows), lookups)
    ready = [_ready(spec, row, lookups) for row in rows]
    return _as_csv(spec, ready) if kind == "csv" else _as_xlsx(spec, ready)


def _ready(spec: TableSpec, row: CurrentRow, lookups: Lookups) -> OutRow:
    plain = plain_values(spec, row.values)
    cells = [_guarded(column.write(row.values.get(column.name), lookups)) for column in spec.columns]
    key = key_text(spec, tuple(row.values[name] for name in spec.key))
    return OutRow(key, row_version(row, plain), plain, cells)


def _guarded(value: Out) -> Out:
    if not isinstance(value, str):
        return value
    text = guard(UNWRITABLE.sub("", value))
    return TOO_LONG if len(text) > LONGEST_CELL else text


def _as_csv(spec: TableSpec, rows: Sequence[OutRow]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    extra = [REMOVE_HEADING, REASON_HEADING] if spec.removable else []
    writer.writerow([column.heading for column in spec.columns] + extra)
    for row in rows:
        writer.writerow([*map(csv_text, row.cells), *([""] * len(extra))])
    return text.getvalue().encode("utf-8-sig")


def _as_xlsx(spec: TableSpec, rows: Sequence[OutRow]) -> bytes:
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": spec.title, "comments": "直して取り込める表です。"})
        _SheetWriter(book, spec, rows).write()
        write_sent(book, spec, ((row.key, row.plain) for row in rows))
    return out.getvalue()


class _SheetWriter:
    """Writes the sheet that a person fills in."""

    def __init__(self, book: Workbook, spec: TableSpec, rows: Sequence[OutRow]) -> None:
        self.book, self.spec, self.rows = book, spec, rows
        self.styles = Styles(book)
        self.sheet: Worksheet = book.add_worksheet(sheet_name(spec.title))
        self.last = len(rows) + _SPARE_ROWS
        self.lists = OfferedLists(book)

    def write(self) -> None:
        """Headings, formats, lists, rows, protection."""
        for index, column in enumerate(self.spec.columns):
            self._column(index, column)
        after = len(self.spec.columns)
        if self.spec.removable:
            after = self._removal_columns(after)
        self._hidden_columns(after)
        self._write_rows(after)
        self.sheet.freeze_panes(1, min(len(self.spec.key), 2))
        self.sheet.autofilter(0, 0, max(len(self.rows), 1), after + 1)
        self._protect()
        finish_for_print(self.sheet)

    def _column(self, index: int, column: ColumnSpec) -> None:
        required = column.required or column.name in self.spec.key
        heading = f"{column.heading}\n{REQUIRED_MARK}" if required else column.heading
        style = self.styles.heading_required if required else self.styles.heading
        self.sheet.write_string(0, index, heading, style)
        width = column.width or max(column.natural_width, min(display_width(column.heading) + 3, 40))
        self.sheet.set_column(index, index, width, self._format(column, locked=not column.editable))
        self._validate(index, column)

    def _format(self, column: ColumnSpec, *, locked: bool) -> Format:
        options: dict[str, Any] = {"locked": locked, "num_format": column.number_format or "@"}
        if locked:
            options["bg_color"] = "#F2F2F2"
        if column.right_aligned:
            options["align"] = "right"
        if column.wraps:
            options["text_wrap"] = True
        return self.styles.make(**options)

    def _validate(self, index: int, column: ColumnSpec) -> None:
        offered = column.offered()
        hint = {"input_title": column.header[:32], "input_message": column.example()[:255]}
        if offered:
            self.sheet.data_validation(
                1,
                index,
                self.last,
                index,
                {
                    "validate": "list",
                    "source": self.lists.source(offered),
                    "error_title": "一覧にありません",
                    "error_message": column.example()[:255],
                    **hint,
                },
            )
        elif column.help or isinstance(column, DateColumn | ReferenceColumn | MultipleChoiceColumn):
            self.sheet.data_validation(1, index, self.last, index, {"validate": "any", **hint})

    def _removal_columns(self, index: int) -> int:
        for offset, (heading, width) in enumerate([(REMOVE_HEADING, 8), (REASON_HEADING, 30)]):
            self.sheet.write_string(0, index + offset, heading, self.styles.heading)
            self.sheet.set_column(
                index + offset, index + offset, width, self.styles.make(locked=False, num_format="@")
            )
        self.sheet.data_validation(
            1,
            index,
            self.last,
            index,
            {
                "validate": "list",
                "source": ["○"],
                "input_title": "この行を消す",
                "input_message": "消すときは○を選び、右に理由を書きます。行を取り除いても消えません。",
            },
        )
        return index + 2

    def _hidden_columns(self, index: int) -> None:
        self.sheet.write_string(0, index, KEY_HEADING, self.styles.heading)
        self.sheet.write_string(0, index + 1, VERSION_HEADING, self.styles.heading)
        self.sheet.set_column(index, index + 1, 8, None, {"hidden": True})

    def _write_rows(self, after: int) -> None:
        formats = [
            self._format(
                column,
                locked=not column.editable
                or (column.name in self.spec.key and not self.spec.keys_may_change),
            )
            for column in self.spec.columns
        ]
        too_long = self.styles.make(locked=True, bg_color="#F2F2F2", num_format="@")
        for number, row in enumerate(self.rows, start=1):
            for index, cell in enumerate(row.cells):
                self._cell(number, index, cell, too_long if cell == TOO_LONG else formats[index])
            self.sheet.write_string(number, after, guard(row.key))
            self.sheet.write_string(number, after + 1, row.version)

    def _cell(self, row: int, index: int, value: Out, style: Format) -> None:
        match value:
            case None:
                self.sheet.write_blank(row, index, None, style)
            case str():
                self.sheet.write_string(row, index, value, style)
            case datetime.date():
                self.sheet.write_datetime(row, index, value, style)
            case _:
                self.sheet.write_number(row, index, value, style)

    def _protect(self) -> None:
        """Locked cells stay locked; rows may be added, sorted, filtered, widened. There is no password."""
        self.sheet.protect(
            "",
            {
                "insert_rows": True,
                "delete_rows": True,
                "sort": True,
                "autofilter": True,
                "format_cells": True,
                "format_columns": True,
                "format_rows": True,
            },
        )
