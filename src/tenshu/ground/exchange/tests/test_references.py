"""References by natural key: as of a day, within the file, and as they stand."""

import datetime

import pytest

from tenshu.ground.access.models import User
from tenshu.ground.exchange.outgoing import export_spec
from tenshu.ground.exchange.planning import make_plan
from tenshu.ground.exchange.reading import read_book
from tenshu.ground.exchange.spec import ChangeKind
from tenshu.ground.exchange.tests.bringing_in import edited, workbook
from tenshu.ground.office.actions import do_end_unit
from tenshu.ground.office.sheets import UNIT_TABLE
from tenshu.ground.office.tests.building import House
from tenshu.ground.systems.actions import do_add_system
from tenshu.ground.systems.sheets import SYSTEM_TABLE

pytestmark = pytest.mark.django_db
HEADINGS = ["番号", "名称", "所管コード"]


def plan_of(rows: list[list[object]], user: User):
    return make_plan(read_book(workbook(rows, sheet="システム"), "a.xlsx"), SYSTEM_TABLE, user)


def test_a_code_becomes_the_record_of_today(house: House, secretary: User) -> None:
    plan = plan_of([HEADINGS, ["S001", "給与", "０１０１"]], secretary)
    assert plan.rows[0].values["owner"] == house.units["0101"].pk


def test_an_unknown_code_is_told_with_the_nearest_one(house: House, secretary: User) -> None:
    (error,) = plan_of([HEADINGS, ["S001", "給与", "O101"]], secretary).errors
    assert error.where == "システム!C2"
    assert "0101" in error.cure


def test_a_unit_that_ended_is_told_with_its_span_but_a_row_that_stands_keeps_it(
    house: House, secretary: User
) -> None:
    do_add_system({"number": "S001", "name": "給与"}, house.units["0101"], acting_user=house.machine)
    do_end_unit(house.units["0101"], datetime.date(2024, 3, 31), acting_user=house.machine)
    content = edited(export_spec(SYSTEM_TABLE, secretary), {"B2": "新給与"})
    plan = make_plan(read_book(content, "a.xlsx"), SYSTEM_TABLE, secretary)
    assert plan.errors == []
    assert [cell.column.name for cell in plan.rows[0].cells] == ["name"]

    (error,) = plan_of([HEADINGS, ["S002", "予約", "0101"]], secretary).errors
    assert "この日には無い組織" in error.message


def test_a_row_may_refer_to_a_row_of_the_same_file(house: House, secretary: User) -> None:
    rows = [
        ["組織コード", "区分", "名称", "上位組織コード", "開始日"],
        ["0301", "所属", "新課", "03", "R6.4.1"],
        ["03", "部局", "新部", None, "R6.4.1"],
    ]
    plan = make_plan(read_book(workbook(rows, sheet="組織"), "a.xlsx"), UNIT_TABLE, secretary)
    assert plan.errors == []
    assert [row.kind for row in plan.rows] == [ChangeKind.ADD, ChangeKind.ADD]


def test_references_cost_a_fixed_number_of_queries(
    house: House, secretary: User, django_assert_max_num_queries
) -> None:
    content = workbook([HEADINGS, *[[f"S{n:03d}", "名", "0101"] for n in range(200)]], sheet="システム")
    book = read_book(content, "a.xlsx")
    with django_assert_max_num_queries(10):
        make_plan(book, SYSTEM_TABLE, secretary)


def test_hundreds_of_unknown_codes_cost_no_query_each(
    house: House, secretary: User, django_assert_max_num_queries
) -> None:
    content = workbook([HEADINGS, *[[f"S{n:03d}", "名", f"9{n:03d}"] for n in range(300)]], sheet="システム")
    book = read_book(content, "a.xlsx")
    with django_assert_max_num_queries(10):
        plan = make_plan(book, SYSTEM_TABLE, secretary)
    assert len(plan.errors) == 300


@pytest.mark.parametrize(("right", "expected"), [("may_add", "加える"), ("may_change", "変える")])
def test_adding_and_changing_are_separate_rights(
    house: House, secretary: User, monkeypatch: pytest.MonkeyPatch, right: str, expected: str
) -> None:
    do_add_system({"number": "S001", "name": "給与"}, house.units["0101"], acting_user=house.machine)
    monkeypatch.setattr(type(SYSTEM_TABLE), right, lambda self, user: False)
    plan = plan_of([HEADINGS, ["S001", "新給与", "0101"], ["S002", "予約", "0101"]], secretary)
    (error,) = plan.errors
    assert f"この行を{expected}権限がありません" in error.message
