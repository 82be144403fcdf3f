"""A returned file as rows of raw values, from Excel or CSV."""

import codecs
import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

import python_calamine

from tenshu.ground.exchange.cells import Raw
from tenshu.ground.exchange.workbook_scan import MOST_COLUMNS, MOST_ROWS, column_letters, scan_workbook
from tenshu.ground.files.inspection import extension_of, is_compound, is_locked_office
from tenshu.ground.files.refusals import FileRefused

LARGEST = 20 * 1024 * 1024
"""Bytes that a file to be imported may have."""


@dataclass(frozen=True, slots=True)
class SheetData:
    """One sheet. ``rows[0]`` is row 1, ``rows[0][0]`` is cell A1; rows may differ in length."""

    name: str
    rows: Sequence[Sequence[Raw]]
    visible: bool = True
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]] = ()
    """Merged ranges, first and last cell as (row, column) from 0."""
    errors: frozenset[str] = frozenset()
    """Cells that hold an error value such as #REF!."""

    def reference(self, row: int, column: int) -> str:
        """会議!C5 for row 4, column 2."""
        return f"{self.name}!{column_letters(column)}{row + 1}"


@dataclass(frozen=True, slots=True)
class Book:
    """A file: its sheets in their order."""

    sheets: Sequence[SheetData] = field(default_factory=list)

    def visible(self) -> list[SheetData]:
        """The sheets that a person sees."""
        return [sheet for sheet in self.sheets if sheet.visible]

    def sheet(self, name: str) -> SheetData | None:
        """The sheet called ``name``."""
        return next((sheet for sheet in self.sheets if sheet.name == name), None)


def read_book(content: bytes, name: str) -> Book:
    """The sheets of an .xlsx or .csv file.

    Raises:
        FileRefused: the file cannot be taken; the message says why and what to do.
    """
    if not content:
        raise FileRefused("ファイルが空です。中身のあるファイルを選んでください。")
    refuse_large(len(content))
    match extension_of(name):
        case "csv":
            return Book([_csv_sheet(content, PurePath(name).stem)])
        case "xlsx" | "xls":
            return _workbook(content)
    raise FileRefused("取り込めるのは .xlsx と .csv です。Excelで .xlsx として保存し直してください。")


def refuse_large(size: int) -> None:
    """Raises ``FileRefused`` for more bytes than are taken."""
    if size > LARGEST:
        raise FileRefused(f"{size / 1e6:,.1f}MBあります。{LARGEST / 1e6:,.0f}MBまでに分けてください。")


def _workbook(content: bytes) -> Book:
    stream = io.BytesIO(content)
    if is_locked_office(stream):
        raise FileRefused("パスワードが掛かっています。パスワードを外して保存し直してください。")
    if is_compound(stream):
        raise FileRefused("古いExcelの形式（.xls）です。Excelで .xlsx として保存し直してください。")
    if not content.startswith(b"PK\x03\x04"):
        raise FileRefused("中身がExcelブックではありません。Excelで .xlsx として保存し直してください。")
    scans = scan_workbook(stream)
    stream.seek(0)
    try:
        return Book(_sheets(stream, {name: frozenset(scan.errors) for name, scan in scans.items()}))
    except (python_calamine.CalamineError, ValueError, OSError) as error:
        raise FileRefused(
            "Excelファイルが壊れていて開けません。Excelで開いて保存し直してください。"
        ) from error
    except BaseException as error:  # a panic of the reader's Rust code is no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise FileRefused(
            "Excelファイルが壊れていて開けません。Excelで開いて保存し直してください。"
        ) from error


def _sheets(stream: io.BytesIO, errors: dict[str, frozenset[str]]) -> list[SheetData]:
    with python_calamine.load_workbook(stream) as book:
        found = []
        for about in book.sheets_metadata:
            if about.typ != python_calamine.SheetTypeEnum.WorkSheet:
                continue
            sheet = book.get_sheet_by_name(about.name)
            found.append(
                SheetData(
                    name=about.name,
                    rows=sheet.to_python(skip_empty_area=False),
                    visible=about.visible == python_calamine.SheetVisibleEnum.Visible,
                    merged=sheet.merged_cell_ranges or (),
                    errors=errors.get(about.name, frozenset()),
                )
            )
        return found


def _csv_sheet(content: bytes, name: str) -> SheetData:
    text = decode_csv(content)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), strict=True):
            # Looked at on the way: millions of lines cost a gigabyte before they could be counted.
            if len(rows) == MOST_ROWS:
                raise FileRefused(f"行が多すぎます。{MOST_ROWS:,}行までに分けてください。")
            if len(row) > MOST_COLUMNS:
                raise FileRefused(f"列が{MOST_COLUMNS:,}を超えています。要らない列を消してください。")
            rows.append(row)
    except csv.Error as error:
        raise FileRefused(
            'CSVの引用符（"）の対応が取れていません。Excelで開いて保存し直してください。'
        ) from error
    return SheetData(name=name, rows=rows)


def decode_csv(content: bytes) -> str:
    """CSV text in UTF-8 (with or without its mark) or Windows-31J (CP932).

    Raises:
        FileRefused: neither, or no text at all.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise FileRefused("Unicodeテキストで保存されています。「CSV UTF-8」として保存し直してください。")
    if b"\x00" in content:
        raise FileRefused("CSVではない内容が入っています。Excelで「CSV UTF-8」として保存し直してください。")
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused(
        "文字コードが UTF-8 でも Shift_JIS でもありません。「CSV UTF-8」として保存し直してください。"
    )
