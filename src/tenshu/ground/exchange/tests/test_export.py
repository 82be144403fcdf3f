"""What leaves the house: plain lists and tables that can come back."""

import csv
import datetime
import io
from decimal import Decimal

import openpyxl
import pytest

from tenshu.ground.exchange import export_table
from tenshu.ground.exchange.tests.bringing_in import sent_out
from tenshu.ground.exchange.tests.memory_table import Colour, MemoryTable
from tenshu.ground.quantities import HeadCount, Quality

ROW = [
    "=HYPERLINK(1)",
    datetime.date(2024, 6, 30),
    HeadCount(163, Quality.AT_LEAST),
    True,
    Colour.RED,
    Decimal("1.5"),
    ["a", "b"],
    None,
    datetime.date(1868, 10, 23),
]
HEADERS = [f"列{n}" for n in range(len(ROW))]


def test_a_plain_list_keeps_its_types_in_excel() -> None:
    book = openpyxl.load_workbook(io.BytesIO(export_table("一覧/表:[1]", HEADERS, [ROW])))
    (sheet,) = book.worksheets
    assert sheet.title == "一覧・表・・1・"
    values = [cell.value for cell in sheet[2]]
    assert values == [
        "'=HYPERLINK(1)",
        datetime.datetime(2024, 6, 30),
        "163以上",
        "はい",
        "赤",
        1.5,
        "a、b",
        None,
        "1868-10-23",
    ]
    assert sheet.freeze_panes == "B2"


def test_a_plain_list_as_csv_opens_right_in_excel() -> None:
    content = export_table("一覧", HEADERS, [ROW], "csv")
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[1] == [
        "'=HYPERLINK(1)",
        "2024-06-30",
        "163以上",
        "はい",
        "赤",
        "1.5",
        "a、b",
        "",
        "1868-10-23",
    ]


def test_an_empty_list_is_a_sheet_with_headings() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(export_table("", ["番号"], []))).worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["番号"]


@pytest.fixture
def sheet(db: None, table: MemoryTable) -> openpyxl.worksheet.worksheet.Worksheet:
    table.put("0001", name="=1+1", budget=48_200_000, colour="red")
    return openpyxl.load_workbook(io.BytesIO(sent_out(table)))["見本"]


def test_headings_carry_units_and_what_must_be_filled(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
    headings = [cell.value for cell in sheet[1]]
    assert headings[:2] == ["番号\n必ず入れる", "名称\n必ず入れる"]
    assert "当初予算（千円）" in headings
    assert sheet.freeze_panes == "B2"


def test_keys_are_locked_values_are_free_and_hidden_columns_are_hidden(
    sheet: openpyxl.worksheet.worksheet.Worksheet,
) -> None:
    assert sheet.protection.sheet
    assert sheet["A2"].protection.locked
    assert not sheet["B2"].protection.locked
    letters = {cell.value: cell.column_letter for cell in sheet[1]}
    assert sheet.column_dimensions[letters["__行の鍵"]].hidden
    assert sheet["O2"].protection.locked  # 登録者 only shows


def test_choices_come_as_lists(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
    lists = {
        str(v.sqref).split("2")[0]: v.formula1
        for v in sheet.data_validations.dataValidation
        if v.type == "list"
    }
    assert '"赤,青・水色,緑"' in lists.values()


def test_no_cell_starts_a_formula(sheet: openpyxl.worksheet.worksheet.Worksheet) -> None:
    for row in sheet.parent["_tenshu"].iter_rows():
        assert all(cell.data_type != "f" for cell in row)
    assert sheet["B2"].value == "'=1+1"
    assert sheet.parent["_tenshu"].sheet_state == "veryHidden"
