import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tenshu.ground.access.models import User
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.exchange import ChangeKind, InFile, RowChange, RowRefused, TableSpec
from tenshu.ground.office.models import Post, Staff, Succession, Unit
from tenshu.ground.office.sheets import (
    DUTY_TABLE,
    POST_TABLE,
    STAFF_TABLE,
    SUCCESSION_TABLE,
    TABLES,
    UNIT_TABLE,
)
from tenshu.ground.office.tests.building import START, House, day

APRIL = day("2024-04-01")
MARCH_31 = day("2024-03-31")


def change(spec: TableSpec, values: dict[str, object], pk: int | None = None) -> RowChange:
    whole = {
        column.name: column.empty if column.default is None else column.default for column in spec.columns
    }
    whole |= values
    key = tuple(whole[name] for name in spec.key)
    return RowChange(ChangeKind.CHANGE if pk else ChangeKind.ADD, key, pk, whole)


def unit(code: str, kind: str, name: str, parent: object, **more: object) -> dict[str, object]:
    return {"code": code, "kind": kind, "name": name, "parent": parent, "valid_from": APRIL, **more}


def test_units_of_one_file_may_stand_under_each_other_in_any_order(house: House, secretary: User) -> None:
    UNIT_TABLE.save(
        [
            change(UNIT_TABLE, unit("030101", "group", "企画グループ", InFile("0301"))),
            change(UNIT_TABLE, unit("0301", "division", "企画課", InFile("03"))),
            change(UNIT_TABLE, unit("03", "department", "企画部", None)),
            change(UNIT_TABLE, unit("0103", "division", "財政課", house.units["01"].pk)),
        ],
        acting_user=secretary,
    )
    assert Unit.objects.get(code="030101").parent.parent.name == "企画部"  # type: ignore[union-attr]
    assert Unit.objects.get(code="0103").parent == house.units["01"]


@pytest.mark.parametrize(
    ("values", "column"),
    [
        (unit("0101", "division", "人事課", "01"), "code"),
        (unit("0109", "division", "新課", "01", valid_from=day("2010-04-01")), "valid_until"),
        (unit("0109", "group", "新班", "01"), "parent"),
        (unit("0109", "division", "新課", InFile("99")), "parent"),
    ],
)
def test_a_unit_that_does_not_fit_is_refused_with_its_column(
    house: House, secretary: User, values: dict[str, object], column: str
) -> None:
    if isinstance(values["parent"], str):
        values = {**values, "parent": house.units[values["parent"]].pk}
    wrong = change(UNIT_TABLE, values)
    with pytest.raises(RowRefused) as caught:
        UNIT_TABLE.save([wrong], acting_user=secretary)
    assert (caught.value.problem.column, caught.value.change) == (column, wrong)


def test_an_ended_unit_with_units_below_is_refused(house: House, secretary: User) -> None:
    row = next(row for row in UNIT_TABLE.rows(secretary) if row.values["code"] == "02")
    wrong = change(UNIT_TABLE, {**row.values, "valid_until": MARCH_31}, row.pk)
    with pytest.raises(RowRefused, match="生活衛生室"):
        UNIT_TABLE.save([wrong], acting_user=secretary)


def test_a_second_main_successor_takes_the_place_of_the_first(house: House, secretary: User) -> None:
    old = house.units["0101"].pk
    for code in ("0102", "0201"):
        values = {"on": APRIL, "predecessor": old, "successor": house.units[code].pk, "is_main": True}
        SUCCESSION_TABLE.save([change(SUCCESSION_TABLE, values)], acting_user=secretary)
    assert [(s.successor.code, s.is_main) for s in Succession.objects.order_by("pk")] == [
        ("0102", False),
        ("0201", True),
    ]


def test_staff_and_posts_come_in_with_a_fixed_number_of_queries(house: House, secretary: User) -> None:
    counts = []
    for size, start in ((10, 5000), (100, 6000)):
        numbers = [str(start + n) for n in range(size)]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            STAFF_TABLE.save(
                [change(STAFF_TABLE, {"number": n, "name": "見本 一郎", "kana": "みほん"}) for n in numbers],
                acting_user=secretary,
            )
            keys = dict(Staff.objects.filter(number__in=numbers).values_list("number", "pk"))
            POST_TABLE.save(
                [
                    change(
                        POST_TABLE,
                        {"staff": keys[n], "unit": house.units["0101"].pk, "valid_from": APRIL},
                    )
                    for n in numbers
                ],
                acting_user=secretary,
            )
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert Post.objects.filter(valid_from=APRIL).count() == 110
    assert Staff.objects.filter(search_text__contains="ミホン").count() >= 110


@pytest.mark.parametrize(
    ("values", "column"),
    [
        ({"valid_from": day("2017-04-01")}, "valid_from"),
        ({"valid_from": APRIL, "valid_until": START}, "valid_until"),
    ],
)
def test_a_post_outside_its_unit_or_upside_down_is_refused(
    house: House, secretary: User, values: dict[str, object], column: str
) -> None:
    whole = {"staff": house.staff["1003"].pk, "unit": house.units["0102"].pk, **values}
    with pytest.raises(RowRefused) as caught:
        POST_TABLE.save([change(POST_TABLE, whole)], acting_user=secretary)
    assert caught.value.problem.column == column


@pytest.mark.parametrize("spec", TABLES, ids=lambda spec: spec.name)
def test_what_goes_out_comes_back_without_a_change(house: House, secretary: User, spec: TableSpec) -> None:
    rows = list(spec.rows(secretary))
    keys = [tuple(row.values[name] for name in spec.key) for row in rows]
    assert {key: row.values for key, row in spec.current(keys).items()} == {
        key: row.values for key, row in zip(keys, rows, strict=True)
    }
    before = AuditRow.objects.count()
    spec.save([change(spec, dict(row.values), row.pk) for row in rows], acting_user=secretary)
    assert AuditRow.objects.count() == before


def test_personal_details_leave_the_house_only_with_those_who_may_see_them(house: House) -> None:
    may = {
        persona: [spec.may_export(house.account(persona)) for spec in (UNIT_TABLE, STAFF_TABLE, POST_TABLE)]
        for persona in ("secretary", "officer")
    }
    assert may == {"secretary": [True, True, True], "officer": [True, False, False]}
    assert DUTY_TABLE.may_import(house.account("secretary"))
    assert not DUTY_TABLE.may_import(house.account("head"))
