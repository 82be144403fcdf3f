"""The pages of fiscal years and closures, over HTTP."""

import datetime
import html

import pytest
from django.test import Client

from tenshu.ground.access.roles import Role
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.calendar.business_days import is_business_day
from tenshu.ground.calendar.models import OfficeClosure, OpenedYear


def browser(user):
    client = Client()
    client.force_login(user)
    return client


def text(response):
    return html.unescape(response.content.decode())


@pytest.fixture
def secretary(world):
    return browser(world.users[Role.SECRETARIAT])


def test_the_years_are_listed_with_their_state_and_who_closed_them(secretary):
    page = text(secretary.get("/calendar/"))
    assert "令和5年度" in page
    assert "集計中" in page
    assert "締め済" in page
    assert "見本 花子" in page


def test_the_secretariat_opens_the_next_year_and_finds_it_in_the_switch(secretary):
    assert 'value="令和6年度"' in text(secretary.get("/calendar/years/open/"))
    page = text(secretary.post("/calendar/years/open/", {"year": "令和６年度"}, follow=True))
    assert "令和6年度を開きました" in page
    assert OpenedYear.objects.filter(year=2024).exists()
    assert AuditRow.objects.filter(verb="calendar.year.opened").latest("pk").actor_name == "見本 花子"
    assert "nendo=R6" in text(secretary.get("/"))


@pytest.mark.parametrize(
    ("typed", "told"),
    [("R5", "もう開いてあります"), ("来年", "年度として読めません"), ("", "年度を入れてください")],
)
def test_what_is_no_new_year_is_refused_with_the_cure_and_stays(secretary, typed, told):
    response = secretary.post("/calendar/years/open/", {"year": typed})
    assert response.status_code == 422
    assert told in text(response)
    assert f'value="{typed}"' in text(response) or not typed


def test_a_closure_counts_at_once_and_can_be_taken_back(secretary, world):
    day = datetime.date(2026, 8, 13)
    assert is_business_day(day)
    values = {"name": "夏の一斉休業", "first_day": "R8.8.13", "last_day": ""}
    page = text(secretary.post("/calendar/closures/add/", values, follow=True))
    assert "夏の一斉休業" in page
    assert not is_business_day(day)
    closure = OfficeClosure.objects.get(name="夏の一斉休業")
    assert closure.last_day == day
    asked = text(secretary.get(f"/calendar/closures/{closure.pk}/remove/"))
    assert "開庁日として数える" in asked
    secretary.post(f"/calendar/closures/{closure.pk}/remove/")
    assert is_business_day(day)
    assert {row.verb for row in AuditRow.objects.filter(target_type="calendar.officeclosure")} >= {
        "calendar.closure.added",
        "calendar.closure.removed",
    }


def test_a_span_upside_down_is_refused(secretary):
    values = {"name": "停電", "first_day": "R8.8.13", "last_day": "R8.8.12"}
    response = secretary.post("/calendar/closures/add/", values)
    assert response.status_code == 422
    assert "最初の日以後" in text(response)


def test_the_rule_of_the_year_end_shows_until_an_own_one_takes_its_place(secretary):
    assert "登録がないときの決まり" in text(secretary.get("/calendar/"))
    values = {"name": "年末年始", "first_day": "R7.12.29", "last_day": "R8.1.3", "every_year": "on"}
    page = text(secretary.post("/calendar/closures/add/", values, follow=True))
    assert "登録がないときの決まり" not in page
    assert "12月29日～1月3日" in page


def test_a_division_reads_the_calendar_but_has_no_buttons(world):
    page = text(browser(world.users[Role.OFFICER]).get("/calendar/"))
    assert "年末年始" in page
    assert "年度を開く" not in page
    assert "外す" not in page
