import pytest

from tenshu.ground.access.models import User
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.office.actions import do_end_unit, do_hire, do_open_unit, do_transfer
from tenshu.ground.office.consistency import CHECKS
from tenshu.ground.office.models import Post, Staff, Unit, UnitDuty, UnitKind
from tenshu.ground.office.tests.building import START, House, day

YEAR = FiscalYear(2023)


def found(id_: str) -> list[str]:
    check = next(check for check in CHECKS if check.id == id_)
    return [finding.label for finding in check.find(YEAR)]


@pytest.fixture(autouse=True)
def pages(settings: pytest.FixtureRequest) -> None:
    settings.ROOT_URLCONF = "tenshu.config.urls"  # type: ignore[attr-defined]


def test_an_office_in_order_has_only_the_heads_that_are_missing(house: House) -> None:
    assert {check.id: found(check.id) for check in CHECKS if found(check.id)} == {
        "office.division.no_head": ["0102 行政DX推進課", "0201 生活衛生室", "020101 環境衛生課"]
    }


def test_two_main_posts_at_once_are_found_and_a_concurrent_one_is_not(house: House, secretary: User) -> None:
    do_transfer(
        house.staff["1004"], house.units["0102"], day("2023-06-01"), concurrent=True, acting_user=secretary
    )
    assert found("office.post.overlap") == []
    Post.objects.filter(staff__number="1004").update(is_concurrent=False)
    assert found("office.post.overlap") == ["1004 試山 三郎"]


def test_posts_in_an_ended_unit_or_after_leaving_are_found(house: House) -> None:
    Unit.objects.filter(code="0101").update(valid_until=day("2023-09-30"))
    Staff.objects.filter(number="1004").update(left_on=day("2023-09-30"))
    assert found("office.post.beyond_unit") == ["1002 例田 太郎", "1003 仮名 次郎"]
    assert found("office.post.after_leaving") == ["1004 試山 三郎"]
    assert found("office.unit.no_successor") == ["0101 人事課"]


def test_people_without_a_post_are_found_while_they_serve(house: House, secretary: User) -> None:
    do_hire(number="2001", name="新田 春子", joined_on=day("2023-04-01"), acting_user=secretary)
    do_hire(number="2002", name="先田 夏子", joined_on=day("2025-04-01"), acting_user=secretary)
    assert found("office.staff.no_post") == ["2001 新田 春子"]


def test_an_office_without_a_secretariat_is_found(house: House) -> None:
    UnitDuty.objects.all().delete()
    assert found("office.secretariat.missing") == ["事務局"]


def test_a_unit_that_outlives_the_unit_above_is_found(house: House) -> None:
    Unit.objects.filter(code="0201").update(valid_until=day("2023-09-30"))
    assert found("office.unit.beyond_parent") == ["020101 環境衛生課"]


def test_a_named_successor_satisfies_the_check(house: House, secretary: User) -> None:
    new = do_open_unit(
        code="0103",
        kind=UnitKind.DIVISION,
        name="人財課",
        parent=house.units["01"],
        valid_from=START,
        acting_user=secretary,
    )
    do_end_unit(house.units["0101"], day("2023-09-30"), successors=[new], acting_user=secretary)
    assert found("office.unit.no_successor") == []
