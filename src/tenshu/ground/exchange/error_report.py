"""The returned file with its wrong cells in red, and a sheet that lists them."""

import io
from collections.abc import Sequence
from typing import Protocol

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from tenshu.ground.exchange.cells import LONGEST_CELL, UNWRITABLE, guard, text_of
from tenshu.ground.exchange.export import sheet_name
from tenshu.ground.exchange.reading import decode_csv, read_book

SHEET = "誤りの一覧"
_RED = PatternFill("solid", fgColor="FDEEEE")
_RED_TEXT = Font(color="A90000", bold=True)
_BOLD = Font(bold=True)
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_HEADINGS = (
    ("場所", 18),
    ("行", 26),
    ("項目", 18),
    ("入っていた値", 26),
    ("どこが違うか", 40),
    ("直し方", 36),
)


class WrongCell(Protocol):
    """A cell that has to be mended, as a page keeps it: where, of what, what stood there, what is wrong, the cure."""

    where: str
    label: str
    header: str
    value: str
    message: str
    cure: str


def marked_workbook(content: bytes, name: str, errors: Sequence[WrongCell]) -> bytes:
    """``content`` (the .xlsx or .csv called ``name``) as .xlsx with ``errors`` marked and listed.

    Everything else stays, hidden columns too, so that the mended file can be brought in again.
    """
    book = _from_csv(content, name) if name.lower().endswith(".csv") else load_workbook(io.BytesIO(content))
    for error in errors:
        _mark(book, error)
    _list(book, errors)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _from_csv(content: bytes, name: str) -> Workbook:
    decode_csv(content)
    table = read_book(content, name).sheets[0]
    book = Workbook()
    sheet = book.active
    if isinstance(sheet, Worksheet):
        sheet.title = sheet_name(table.name)
        for row in table.rows:
            sheet.append([_held(text_of(value)) or None for value in row])
    return book


def _held(text: str) -> str:
    """``text`` as a cell can hold it."""
    return guard(ILLEGAL_CHARACTERS_RE.sub("", UNWRITABLE.sub("", text)))[:LONGEST_CELL]


def _mark(book: Workbook, error: WrongCell) -> None:
    named, _, reference = error.where.rpartition("!")
    sheet = next((book[title] for title in book.sheetnames if title in {named, sheet_name(named)}), None)
    if sheet is None or not reference.split(":")[0].isascii() or not reference:
        return
    cell = sheet[reference.split(":")[0]]
    if isinstance(cell, Cell):
        cell.fill, cell.font = _RED, _RED_TEXT
        said = ILLEGAL_CHARACTERS_RE.sub("", f"{error.message}\n{error.cure}".strip())
        cell.comment = Comment(said, "天守", width=320, height=90)


def _list(book: Workbook, errors: Sequence[WrongCell]) -> None:
    if SHEET in book.sheetnames:
        del book[SHEET]
    sheet = book.create_sheet(SHEET)
    for column, (heading, width) in enumerate(_HEADINGS, start=1):
        cell = sheet.cell(1, column, heading)
        cell.font = _BOLD
        sheet.column_dimensions[cell.column_letter].width = width
    for row, error in enumerate(errors, start=2):
        texts = (error.where, error.label, error.header, error.value, error.message, error.cure)
        for column, text in enumerate(texts, start=1):
            cell = sheet.cell(row, column, _held(text))
            cell.alignment = _WRAPPED
    sheet.freeze_panes = "A2"
