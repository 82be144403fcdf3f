"""やること: what each role finds on the home page."""

import datetime
import html

import pytest
import time_machine
from django.test import Client

from tenshu.ground.access.models import User
from tenshu.ground.access.roles import Role
from tenshu.ground.audit.writing import change
from tenshu.ground.ui.todo import TodoItem
from tenshu.home.queries import Waiting, grouped
from tenshu.mechanisms.gathering.actions import do_add_action_item
from tenshu.mechanisms.gathering.models import ActionItem

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2024, 2, 14)


@pytest.fixture(autouse=True)
def _mid_february():
    with time_machine.travel(datetime.datetime(2024, 2, 14, 9, 0, tzinfo=datetime.UTC), tick=False):
        yield


def page_of(user, query=""):
    client = Client()
    client.force_login(user)
    return html.unescape(client.get(f"/{query}").content.decode())


def give_work(world, text, unit, due):
    do_add_action_item(
        ActionItem(gathering=world.objects["own_meeting"], text=text, owner_unit=unit, due=due),
        acting_user=world.house.machine,
    )


def test_things_are_grouped_by_the_span_in_which_they_fall_due():
    days = (
        None,
        TODAY + datetime.timedelta(days=30),
        TODAY,
        TODAY - datetime.timedelta(days=1),
        TODAY + datetime.timedelta(days=1),
    )
    rows = [
        Waiting(TodoItem("する", "/", due=day), None)
        for day in sorted(days, key=lambda day: day or datetime.date.max)
    ]
    titles = [group.title for group in grouped(rows, TODAY)]
    assert titles == ["期限超過", "今日まで", "今週", "来週から", "期限なし"]


def test_the_secretariat_sees_figures_and_starts_with_the_most_urgent(world):
    give_work(world, "起案する", world.house.units["010201"], TODAY - datetime.timedelta(days=2))
    page = page_of(world.users[Role.SECRETARIAT])
    assert "期限を過ぎたものが1件" in page
    assert "急ぐものから始める" in page
    assert "期限超過 <span>1件</span>" in page
    assert 'href="/figures/taskforce.systems/"' in page
    assert "記録のない数値が" in page


def test_a_figure_tells_the_value_of_the_year_before_where_it_was_recorded(world):
    change(
        world.objects["system"],
        {"candidate_from": datetime.date(2022, 4, 1)},
        "systems.system.changed",
        acting_user=world.house.machine,
    )
    from tenshu.annual.actions import do_reissue
    from tenshu.ground.calendar.fiscal_year import FiscalYear

    do_reissue(FiscalYear(2022), "見本", acting_user=world.users[Role.SECRETARIAT])
    page = page_of(world.users[Role.SECRETARIAT])
    assert '<span class="trend">R4 1システム</span>' in page
    assert 'class="spark"' in page


def test_a_division_starts_with_its_next_step_and_sees_what_it_owns(world):
    give_work(world, "案を直す", world.house.units["0101"], datetime.date(2024, 2, 20))
    page = page_of(world.users[Role.OFFICER])
    assert "next-card" in page
    assert "期限 2月20日（火）　あと4開庁日" in page
    assert "参加しているWG" in page
    assert "の数値" not in page


def test_an_account_without_a_role_is_told_so(world):
    page = page_of(User.objects.create(login_name="nobody", display_name="名無し"))
    assert "役割がありません" in page
    assert "事務局に" in page


def test_rows_of_one_operation_are_told_as_one_change(world):
    client = Client()
    client.force_login(world.users[Role.SECRETARIAT])
    client.post(f"/imports/runs/{world.kwargs['run_id']}/commit/")
    page = page_of(world.users[Role.SECRETARIAT])
    assert page.count('class="when"') <= 6
    assert "見本システム" in page


def test_the_home_page_asks_a_bounded_number_of_questions(world, django_assert_max_num_queries):
    client = Client()
    client.force_login(world.users[Role.SECRETARIAT])
    for number in range(20):
        give_work(world, f"仕事{number}", world.house.units["010201"], TODAY)
    with django_assert_max_num_queries(60):
        client.get("/")
