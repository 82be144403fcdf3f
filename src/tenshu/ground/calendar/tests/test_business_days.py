import datetime

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenshu.ground.access.models import User
from tenshu.ground.calendar.actions import do_add_closure, do_remove_closure
from tenshu.ground.calendar.business_days import (
    BusinessCalendar,
    add_business_days,
    business_days_between,
    is_business_day,
    weekday_ja,
)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create(login_name="secretary", display_name="見本 花子")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-02-14", True), ("2024-02-10", False), ("2024-02-12", False), ("2024-02-23", False),
        ("2023-12-28", True), ("2023-12-29", False), ("2024-01-03", False), ("2024-01-04", True),
        ("2024-05-06", False), ("2023-05-03", False),
    ],
)  # fmt: skip
def test_weekends_holidays_and_the_turn_of_the_year_are_no_business_days(text: str, expected: bool) -> None:
    assert is_business_day(day(text)) is expected


@pytest.mark.django_db
def test_days_are_counted_over_the_turn_of_the_year() -> None:
    assert add_business_days(day("2023-12-28"), 1) == day("2024-01-04")
    assert add_business_days(day("2024-01-04"), -1) == day("2023-12-28")
    assert add_business_days(day("2023-12-30"), 0) == day("2024-01-04")
    assert business_days_between(day("2023-12-28"), day("2024-01-05")) == 2
    assert business_days_between(day("2024-01-05"), day("2023-12-28")) == -2
    assert weekday_ja(day("2024-02-14")) == "水"


def test_an_office_sets_its_own_closures(user: User) -> None:
    closure = do_add_closure(
        "夏季一斉閉庁", day("2023-08-14"), day("2023-08-15"), every_year=False, acting_user=user
    )
    assert not is_business_day(day("2023-08-14"))
    assert not is_business_day(day("2023-12-29"))
    do_remove_closure(closure, acting_user=user)
    assert is_business_day(day("2023-08-14"))
    do_add_closure("年末年始", day("2000-12-28"), day("2001-01-04"), every_year=True, acting_user=user)
    assert not is_business_day(day("2023-12-28"))
    with pytest.raises(ValidationError):
        do_add_closure("逆", day("2024-01-02"), day("2024-01-01"), every_year=False, acting_user=user)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.dates(day("2000-01-01"), day("2030-12-31")), count=st.integers(-30, 30))
def test_adding_and_counting_agree(db: None, start: datetime.date, count: int) -> None:
    calendar = BusinessCalendar.load()
    start = calendar.add(start, 0)
    reached = calendar.add(start, count)
    assert calendar.is_business_day(reached)
    assert calendar.between(start, reached) == count
    assert calendar.add(reached, -count) == start
