"""The lists from which the cells of a workbook are chosen."""

from collections.abc import Sequence

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

SHEET = "_一覧"
_LONGEST_INLINE = 250


class OfferedLists:
    """Sources for list validations. What a cell's own list cannot hold stands in a hidden sheet, once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._sheet: Worksheet | None = None
        self._places: dict[tuple[str, ...], str] = {}

    def source(self, offered: Sequence[str]) -> list[str] | str:
        """What ``data_validation`` takes as ``source``."""
        texts = list(offered)
        if len(",".join(texts)) <= _LONGEST_INLINE and not any("," in text for text in texts):
            return texts
        key = tuple(texts)
        if key not in self._places:
            self._places[key] = self._written(texts)
        return self._places[key]

    def _written(self, texts: Sequence[str]) -> str:
        if self._sheet is None:
            self._sheet = self._book.add_worksheet(SHEET)
            self._sheet.hide()
        column = len(self._places)
        for row, text in enumerate(texts):
            self._sheet.write_string(row, column, text)
        letter = xl_col_to_name(column)
        return f"='{SHEET}'!${letter}$1:${letter}${len(texts)}"
