import datetime

import pytest
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.test import RequestFactory

from tenshu.ground.access.models import User
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.calendar.actions import do_close_year, do_open_year, do_reopen_year
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.calendar.middleware import FiscalYearMiddleware
from tenshu.ground.calendar.models import OpenedYear
from tenshu.ground.calendar.queries import is_closed, opened_years

R4, R5 = FiscalYear(2022), FiscalYear(2023)


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create(login_name="secretary", display_name="見本 花子")


def asked(query: str, session: dict[str, object] | None = None) -> FiscalYear:
    request = RequestFactory().get(f"/{query}")
    request.session = {} if session is None else session  # type: ignore[assignment]
    FiscalYearMiddleware(lambda _: HttpResponse())(request)
    year: FiscalYear = request.fiscal_year  # type: ignore[attr-defined]
    return year


def test_a_year_is_opened_once(user: User) -> None:
    assert do_open_year(R5, acting_user=user) == do_open_year(R5, acting_user=user)
    assert [row.fiscal_year for row in opened_years()] == [R5]
    assert AuditRow.objects.filter(verb="calendar.year.opened").count() == 1


def test_a_year_is_closed_and_reopened_with_a_reason(user: User) -> None:
    row = do_close_year(do_open_year(R5, acting_user=user), acting_user=user)
    assert is_closed(R5)
    assert not is_closed(R4)
    with pytest.raises(ValidationError, match="締めてあります"):
        do_close_year(row, acting_user=user)
    with pytest.raises(ValidationError, match="理由"):
        do_reopen_year(row, reason=" ", acting_user=user)
    do_reopen_year(row, reason="決算の訂正", acting_user=user)
    assert OpenedYear.objects.get().closed_at is None
    assert AuditRow.objects.get(verb="calendar.year.reopened").reason == "決算の訂正"
    with pytest.raises(ValidationError, match="締めてありません"):
        do_reopen_year(row, reason="もう一度", acting_user=user)


def test_the_newest_opened_year_holds_until_another_is_chosen(user: User) -> None:
    for year in (R4, R5):
        do_open_year(year, acting_user=user)
    session: dict[str, object] = {}
    assert asked("", session) == R5
    assert asked("?nendo=R4", session) == R4
    assert asked("", session) == R4
    assert asked("?nendo=%E4%BB%A4%E5%92%8C5%E5%B9%B4%E5%BA%A6", session) == R5


@pytest.mark.parametrize("query", ["?nendo=R3", "?nendo=abc", "?nendo=", "?nendo=99999"])
def test_a_year_that_is_not_opened_changes_nothing(user: User, query: str) -> None:
    do_open_year(R5, acting_user=user)
    session: dict[str, object] = {}
    assert asked(query, session) == R5
    assert not session


@pytest.mark.django_db
def test_before_any_year_is_opened_the_present_one_holds() -> None:
    assert datetime.date.today() in asked("")
