"""A sheet's workbook as somebody fills it in: cells found by question and heading, changed, saved again."""

import io
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl.worksheet.worksheet import Worksheet

from tenshu.ground.access.models import User
from tenshu.ground.exchange.layout import KEY_HEADING
from tenshu.mechanisms.inquiry.actions.workbooks import do_check_workbook
from tenshu.mechanisms.inquiry.models import Sheet, SheetUpload
from tenshu.mechanisms.inquiry.workbook_layout import MAIN, NUMBER, REMOVE
from tenshu.mechanisms.inquiry.workbook_out import sheet_workbook


class Filling:
    """An opened workbook."""

    def __init__(self, content: bytes) -> None:
        self.book = openpyxl.load_workbook(io.BytesIO(content))

    def answer(self, code: str, heading: str, value: Any) -> str:
        """Type into the row of a question; gives the cell."""
        page = self.book[MAIN]
        headings = headings_of(page, NUMBER)
        for row in page.iter_rows(min_row=headings["row"] + 1):
            if row[headings[NUMBER]].value == code:
                cell = row[headings[heading]]
                cell.value = value
                if isinstance(value, str):
                    cell.data_type = "s"  # as typed into a cell of text: no formula
                return f"{MAIN}!{cell.coordinate}"
        raise KeyError(code)

    def rows(self, code: str) -> Iterator[dict[str, Any]]:
        """The rows of a table: cells by heading."""
        page = self.book[f"{code}の表"]
        headings = headings_of(page, REMOVE)
        for row in page.iter_rows(min_row=headings["row"] + 1):
            yield {name: row[index] for name, index in headings.items() if name != "row"}

    def add(self, code: str, **values: Any) -> None:
        """A row below the last one."""
        page = self.book[f"{code}の表"]
        headings = headings_of(page, REMOVE)
        last = max((row[0].row for row in page.iter_rows() if any(cell.value for cell in row)), default=1)
        for name, value in values.items():
            page.cell(last + 1, headings[name] + 1, value)

    def saved(self) -> bytes:
        """The file."""
        out = io.BytesIO()
        self.book.save(out)
        return out.getvalue()


def headings_of(page: Worksheet, wanted: str) -> dict[str, int]:
    """Heading → place, with the number of their row."""
    for row in page.iter_rows(max_row=10):
        names = {
            str(cell.value).split("\n")[0].split("（")[0]: index
            for index, cell in enumerate(row)
            if cell.value
        }
        if wanted in names and any(name.startswith(KEY_HEADING) for name in names):
            return {**names, "row": row[0].row}
    raise KeyError(wanted)


def filled(sheet: Sheet, fill: Callable[[Filling], Any]) -> bytes:
    """The sheet's workbook as it stands, filled in."""
    filling = Filling(sheet_workbook(sheet))
    fill(filling)
    return filling.saved()


def checked(sheet: Sheet, content: bytes, user: User) -> SheetUpload:
    """The workbook handed in and looked through."""
    return do_check_workbook(sheet, SimpleUploadedFile("回答.xlsx", content), acting_user=user)


def values_of(sheet: Sheet) -> Mapping[str, Any]:
    """All saved answers by number of question."""
    return {answer.question.code: answer.value for answer in sheet.answers.select_related("question")}
