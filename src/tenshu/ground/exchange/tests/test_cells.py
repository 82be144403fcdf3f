"""What people type, and what the exchange makes of it."""

import datetime
from decimal import Decimal
from typing import Any

import pytest

from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.exchange.tests.bringing_in import planned, workbook
from tenshu.ground.exchange.tests.memory_table import MemoryTable
from tenshu.ground.files.refusals import FileRefused
from tenshu.ground.quantities import HeadCount, Quality

pytestmark = pytest.mark.django_db


def read(table: MemoryTable, header: str, typed: Any) -> Any:
    plan = planned(table, workbook([["番号", "名称", header], ["0001", "名", typed]]))
    assert plan.errors == []
    name = next(c.name for c in table.columns if header.partition("（")[0] == c.header)
    return plan.rows[0].values[name]


@pytest.mark.parametrize(
    ("header", "typed", "expected"),
    [
        ("台数（台）", "１，２３４", 1234),
        ("台数", "▲12", -12),
        ("台数", "－", None),
        ("台数", 12.0, 12),
        ("割合", "12.50", Decimal("12.50")),
        ("当初予算（千円）", "48,200", 48_200_000),
        ("当初予算（円）", "48,200", 48_200),
        ("当初予算", "△7,700", -7_700_000),
        ("当初予算", 1.5, 1500),
        ("開始日", "令和6年6月30日", datetime.date(2024, 6, 30)),
        ("開始日", "Ｒ６．６．３０", datetime.date(2024, 6, 30)),
        ("開始日", "R元.5.1", datetime.date(2019, 5, 1)),
        ("開始日", 45473, datetime.date(2024, 6, 30)),
        ("開始日", datetime.datetime(2024, 6, 30), datetime.date(2024, 6, 30)),
        ("公開", "○", True),
        ("公開", "無", False),
        ("印", None, False),
        ("年度", "令和５年度", FiscalYear(2023)),
        ("年度", 2023, FiscalYear(2023)),
        ("色", " 赤 ", "red"),
        ("色々", "緑、青・水色", ("blue", "green")),
        ("色々", "赤\n緑", ("red", "green")),
        ("人数", "約20", HeadCount(20, Quality.APPROXIMATE)),
        ("人数", "１６３名以上", HeadCount(163, Quality.AT_LEAST)),
        ("人数", 20, HeadCount(20)),
        ("本文", "－", "－"),
        ("本文", "　前後の空白 \r\n二行目　", "前後の空白 \n二行目"),
    ],
)
def test_what_offices_type_is_read(table: MemoryTable, header: str, typed: Any, expected: Any) -> None:
    assert read(table, header, typed) == expected


@pytest.mark.parametrize(
    ("header", "typed", "message", "wrong"),
    [
        ("決算（円）", "48,2OO", "英字のO", "OO"),
        ("決算（円）", "△7,700", "負の数は入りません", "△"),
        ("決算（円）", "132,700千円", "単位が入っています", "千円"),
        ("開始日", "R9.3.32", "ありません", "R9.3.32"),
        ("開始日", "R6.6", "日まで", "R6.6"),
        ("開始日", "平成31年5月1日", "平成は31年4月30日まで", "平成31年5月1日"),
        ("色", "運営費", "区分の一覧にありません", "運営費"),
        ("色々", "赤、紫", "区分の一覧にありません", "紫"),
        ("台数", "同上", "「同上」", "同上"),
        ("台数", 1.5, "小数", "1.5"),
        ("台数", "1.2E+10", "桁が省かれた", "1.2E+10"),
        ("人数", "多数", "人数として読めません", "多数"),
        ("名称", None, "「名称」が空です", ""),
    ],
)
def test_a_wrong_cell_says_what_where_and_how(
    table: MemoryTable, header: str, typed: Any, message: str, wrong: str
) -> None:
    rows = (
        [["番号", header], ["0001", typed]]
        if header == "名称"
        else [["番号", "名称", header], ["1", "名", typed]]
    )
    (error,) = planned(table, workbook(rows)).errors
    assert message in error.message
    assert error.wrong == wrong
    assert error.cure
    assert error.where == ("見本!B2" if header == "名称" else "見本!C2")


def test_three_hundred_wrong_cells_are_all_listed(table: MemoryTable) -> None:
    rows = [[f"{n:04d}", "名", "多数", "R9.3.32", "紫"] for n in range(100)]
    plan = planned(table, workbook([["番号", "名称", "台数", "開始日", "色"], *rows]))
    assert len(plan.errors) == 300
    assert [error.where for error in plan.errors[:3]] == ["見本!C2", "見本!D2", "見本!E2"]
    assert plan.errors[-1].where == "見本!E101"


def test_the_same_key_twice_is_told_with_both_rows(table: MemoryTable) -> None:
    (error,) = planned(table, workbook([["番号", "名称"], ["0001", "一"], [1, "二"]])).errors
    assert error.where == "見本!A3"
    assert "2行目と同じ" in error.message


def test_rules_over_the_row_point_to_their_cell(table: MemoryTable) -> None:
    (error,) = planned(table, workbook([["番号", "名称"], ["0001", "禁じた名"]])).errors
    assert (error.where, error.wrong) == ("見本!B2", "禁じた名")


def test_merged_cells_are_an_error(table: MemoryTable) -> None:
    import io

    import openpyxl

    from tenshu.ground.exchange.tests.bringing_in import saved

    book = openpyxl.load_workbook(io.BytesIO(workbook([["番号", "名称"], ["0001", "一"], ["0002", "二"]])))
    book["見本"].merge_cells("B2:B3")
    errors = planned(table, saved(book)).errors
    assert [error.where for error in errors] == ["見本!B2:B3", "見本!B3"]


def test_headings_below_a_title_are_found_and_unknown_columns_told(table: MemoryTable) -> None:
    plan = planned(
        table, workbook([["見本の一覧"], [], ["番号", "メモ", "名称\n必ず入れる"], ["0001", "x", "一"]])
    )
    assert plan.rows[0].values["name"] == "一"
    assert plan.notes == ["見本!B3 メモ は取り込みません（この表に無い列）"]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([["番号", "台数"], ["0001", 1]], "列「名称」がありません"),
        ([["番号", "名称", "名称"], ["0001", "一", "二"]], "二つあります"),
        ([["番号", "名称", "台数（千台）"], ["0001", "一", 2]], "単位が千台です"),
        ([["日付", "内容"], ["R6.4.1", "一"]], "見出し"),
    ],
)
def test_headings_that_do_not_fit_are_refused(
    table: MemoryTable, rows: list[list[Any]], message: str
) -> None:
    with pytest.raises(FileRefused, match=message):
        planned(table, workbook(rows))
