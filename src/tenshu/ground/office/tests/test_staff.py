import pytest
from django.core.exceptions import ValidationError

from tenshu.ground.access.models import User
from tenshu.ground.office.actions import do_end_unit, do_hire, do_retire, do_set_officer, do_transfer
from tenshu.ground.office.models import Post, PostRank, Staff
from tenshu.ground.office.queries import division_of, heads_of, members_of, officers_of
from tenshu.ground.office.tests.building import START, House, day

APRIL = day("2024-04-01")
MARCH_31 = day("2024-03-31")


def test_a_transfer_ends_one_post_and_begins_another(house: House, secretary: User) -> None:
    staff = house.staff["1003"]
    do_transfer(staff, house.units["010201"], APRIL, title="主査", acting_user=secretary)
    assert division_of(staff, MARCH_31) == house.units["0101"]
    assert division_of(staff, APRIL) == house.units["0102"]


def test_a_concurrent_post_ends_nothing(house: House, secretary: User) -> None:
    staff = house.staff["1003"]
    do_transfer(staff, house.units["0102"], APRIL, concurrent=True, acting_user=secretary)
    assert division_of(staff, APRIL) == house.units["0101"]
    assert staff in [post.staff for post in members_of(house.units["0102"], APRIL)]


def test_a_transfer_may_keep_the_concurrent_post(house: House, secretary: User) -> None:
    staff = house.staff["1003"]
    do_transfer(staff, house.units["0102"], day("2023-04-01"), concurrent=True, acting_user=secretary)
    do_transfer(staff, house.units["020101"], APRIL, keep_concurrent=True, acting_user=secretary)
    units = {post.unit for post in Post.objects.as_of(APRIL).filter(staff=staff)}
    assert units == {house.units["020101"], house.units["0102"]}


def test_a_transfer_before_a_later_post_is_refused(house: House, secretary: User) -> None:
    staff = house.staff["1003"]
    do_transfer(staff, house.units["0102"], APRIL, acting_user=secretary)
    with pytest.raises(ValidationError, match="令和6年4月1日"):
        do_transfer(staff, house.units["020101"], day("2023-10-01"), acting_user=secretary)


def test_nobody_is_posted_to_a_unit_that_does_not_stand_or_after_leaving(
    house: House, secretary: User
) -> None:
    gone = do_end_unit(house.units["020101"], MARCH_31, acting_user=secretary)
    with pytest.raises(ValidationError, match="ありません"):
        do_transfer(house.staff["1003"], gone, APRIL, acting_user=secretary)
    do_retire(house.staff["1004"], MARCH_31, acting_user=secretary)
    with pytest.raises(ValidationError, match="退職"):
        do_transfer(house.staff["1004"], house.units["0102"], APRIL, acting_user=secretary)


def test_retirement_ends_the_posts(house: House, secretary: User) -> None:
    do_retire(house.staff["1004"], MARCH_31, acting_user=secretary)
    assert house.post("1004").valid_until == MARCH_31
    assert Staff.objects.get(number="1004").left_on == MARCH_31


def test_a_new_member_of_staff_begins_with_a_post(house: House, secretary: User) -> None:
    staff = do_hire(
        number="2001",
        name="新田 春子",
        joined_on=APRIL,
        unit=house.units["0101"],
        acting_user=secretary,
    )
    assert division_of(staff, APRIL) == house.units["0101"]
    with pytest.raises(ValidationError, match="職員番号"):
        do_hire(number="2001", name="別人", acting_user=secretary)


def test_an_officer_of_a_later_day_was_none_before(house: House, secretary: User) -> None:
    do_set_officer(house.post("1002"), True, APRIL, acting_user=secretary)
    assert [p.staff.number for p in officers_of(house.units["0101"], MARCH_31)] == ["1003"]
    assert [p.staff.number for p in officers_of(house.units["0101"], APRIL)] == ["1002", "1003"]


def test_heads_are_found_for_many_units_at_once(house: House) -> None:
    heads = heads_of([unit.pk for unit in house.units.values()], START)
    assert {pk: [p.staff.number for p in posts] for pk, posts in heads.items()} == {
        house.units["0101"].pk: ["1002"]
    }
    assert house.post("1002").rank == PostRank.HEAD


def test_the_order_of_staff_follows_the_reading(house: House, secretary: User) -> None:
    for number, kana in (("3001", "ばんどう"), ("3002", "はんどう"), ("3003", "ハンダ"), ("3004", "ﾊﾝﾄﾞｳ")):
        do_hire(number=number, name="仮", kana=kana, acting_user=secretary)
    ordered = Staff.objects.filter(number__gte="3").order_by("kana_order").values_list("number", flat=True)
    assert list(ordered) == ["3003", "3002", "3004", "3001"]
