"""The page of a figure: its rows sort and are searched, its years are drawn."""

import datetime
import html

import pytest
from django.test import Client

from tenshu.annual.actions import do_reissue
from tenshu.ground.access.roles import Role
from tenshu.ground.audit.writing import change
from tenshu.ground.calendar.fiscal_year import FiscalYear

pytestmark = pytest.mark.django_db


@pytest.fixture
def client_of_secretary(world):
    client = Client()
    client.force_login(world.users[Role.SECRETARIAT])
    return client


def rows(client, query=""):
    page = html.unescape(client.get(f"/figures/taskforce.systems/{query}").content.decode())
    body = page[page.rindex("<tbody>") : page.rindex("</tbody>")]
    return [name for name in ("総務事務システム", "許認可システム") if name in body], body


def test_counted_rows_are_sorted_by_the_column_that_names_a_field(client_of_secretary):
    _, up = rows(client_of_secretary, "?sort=c0")
    _, down = rows(client_of_secretary, "?sort=-c0")
    assert up.index("0007") < up.index("0042")
    assert down.index("0042") < down.index("0007")


def test_counted_rows_are_searched(client_of_secretary):
    assert rows(client_of_secretary, "?q=許認可")[0] == ["許認可システム"]
    assert rows(client_of_secretary, "?q=人事課")[0] == ["総務事務システム"]


def test_two_recorded_years_are_drawn_and_compared(client_of_secretary, world):
    assert 'role="img"' not in client_of_secretary.get("/figures/taskforce.systems/").content.decode()
    change(
        world.objects["system"],
        {"candidate_from": datetime.date(2022, 4, 1)},
        "systems.system.changed",
        acting_user=world.house.machine,
    )
    do_reissue(FiscalYear(2022), "見本", acting_user=world.users[Role.SECRETARIAT])
    page = client_of_secretary.get("/figures/taskforce.systems/").content.decode()
    assert 'role="img"' in page
    assert "前年度より 1システム多い（令和4年度 1システム）" in page


def test_every_figure_sorts_by_each_column_that_says_so(client_of_secretary):
    from tenshu.mechanisms.figures.registry import all_figures

    for figure in all_figures().values():
        for index, column in enumerate(figure.columns):
            if column.sort:
                assert client_of_secretary.get(f"/figures/{figure.key}/?sort=c{index}").status_code == 200
        assert client_of_secretary.get(f"/figures/{figure.key}/?q=x").status_code == 200
