"""The frame round every page, and the answers when a page cannot be shown."""

import pytest
from django.test import Client

from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.ui import navigation
from tenshu.ground.ui.navigation import Entry, Wing, current_entry, menu

pytestmark = pytest.mark.django_db


@pytest.fixture
def client_of(gallery, person):
    client = Client(raise_request_exception=False)
    client.force_login(person)
    return client


class Match:
    def __init__(self, view_name):
        self.view_name = view_name


def test_the_page_names_office_person_and_year(client_of):
    html = client_of.get("/gallery/").content.decode()
    assert "見本県" in html
    assert "見本 花子" in html
    assert "行政DX推進課 主査" in html
    assert "令和5年度" in html
    assert 'href="#main"' in html


def test_the_year_switch_keeps_the_page_and_its_filters(client_of):
    html = client_of.get("/gallery/?q=%E8%A6%8B%E6%9C%AC&page=2").content.decode()
    assert "/gallery/?q=%E8%A6%8B%E6%9C%AC&amp;nendo=R4" in html


def test_a_closed_year_is_told_on_every_page(client_of):
    html = client_of.get("/gallery/?nendo=R4").content.decode()
    assert "令和4年度は締めました" in html
    assert "令和5年4月12日</time>の姿を見ています" in html
    assert "令和4年度は締めました" not in client_of.get("/gallery/?nendo=R5").content.decode()


def test_the_search_box_is_on_every_page_and_empty(client_of):
    html = client_of.get("/gallery/?q=%E8%A6%8B%E6%9C%AC").content.decode()
    assert 'role="search" action="/search/"' in html
    assert 'id="house-search" type="search" name="q" value=""' in html


def test_the_menu_stands_in_the_order_of_the_report(person):
    labels = [section.wing for section in menu(person, FiscalYear(2023), None)]
    assert labels == sorted(labels, key=list(Wing).index)


def test_a_room_that_the_table_does_not_open_is_not_shown(person, monkeypatch):
    hidden = Entry(Wing.GENAI, "見えない部屋", "nowhere:page")
    monkeypatch.setattr(navigation, "entries", lambda: (hidden,))
    assert menu(person, FiscalYear(2023), None) == []


def test_counts_of_closed_wings_are_not_asked_for_unless_they_are_dangers(person, monkeypatch):
    asked = []

    def counter(name):
        return lambda user, year: asked.append(name) or 2

    calm = Entry(Wing.DX, "組織", "office:unit-tree", count=counter("calm"))
    danger = Entry(Wing.SECURITY, "見張り", "audit:row-list", count=counter("danger"), danger=True)
    monkeypatch.setattr(navigation, "entries", lambda: (calm, danger))
    sections = menu(person, FiscalYear(2023), None)
    assert asked == ["danger"]
    assert sections[-1].dangers == 2


@pytest.mark.parametrize(
    ("view", "label"),
    [
        ("office:staff-detail", "職員"),
        ("office:unit-edit", "組織"),
        ("office:other", "組織"),
        ("else:page", None),
    ],
)
def test_the_current_entry_is_found_by_url_noun_or_room(view, label):
    entries = [
        Entry(Wing.OFFICE, "組織", "office:unit-tree"),
        Entry(Wing.OFFICE, "職員", "office:staff-list"),
    ]
    found = current_entry(Match(view), entries)
    assert (found.label if found else None) == label


def test_a_missing_page_says_so_and_leads_back(client_of):
    response = client_of.get("/nowhere/")
    assert response.status_code == 404
    assert "このページはありません" in response.content.decode()
    assert "やることへ戻る" in response.content.decode()


def test_a_missing_page_is_a_banner_for_htmx(client_of):
    response = client_of.get("/nowhere/", headers={"HX-Request": "true"})
    assert response.status_code == 404
    assert "<html" not in response.content.decode()
    assert 'role="status"' in response.content.decode()


def test_an_error_gives_a_number_to_quote_and_the_log_has_it(client_of, caplog):
    response = client_of.get("/gallery/broken/")
    html = response.content.decode()
    assert response.status_code == 500
    number = html.split('class="mono">')[1].split("<")[0]
    assert any(number in record.getMessage() for record in caplog.records)
    assert "broken on purpose" not in html


def test_a_visitor_gets_the_bare_page(gallery, client):
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert 'class="bare"' in response.content.decode()


def test_the_frame_costs_the_same_on_every_page(client_of, django_assert_max_num_queries):
    client_of.get("/gallery/confirm/")
    with django_assert_max_num_queries(14):
        client_of.get("/gallery/confirm/")
