"""The page of results and the suggestions, over HTTP."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tenshu.ground.access.roles import Role
from tenshu.ground.search import finding
from tenshu.mechanisms.gathering import actions as gathering
from tenshu.mechanisms.gathering.models import Gathering

URL = reverse("search:results")


@pytest.fixture
def client(indexed):
    client = Client()
    client.force_login(indexed.users[Role.SECRETARIAT])
    return client


def page(client, **query):
    response = client.get(URL, query)
    assert response.status_code == 200
    return response.content.decode()


def meetings(world, count):
    rows = [
        Gathering(
            kind="meeting",
            title=f"巡回点検 {n}",
            host=world.objects["own"],
            held_on="2023-05-01",
            minutes="棚卸しをした。",
        )
        for n in range(count)
    ]
    for row in rows:
        gathering.do_plan_gathering(row, acting_user=world.house.machine)


def test_before_a_question_the_page_says_how_to_ask(client):
    html = page(client)
    assert "2文字から探せます" in html
    assert "探すもの：システム、システムカルテ、契約" in html


def test_the_question_stays_in_both_boxes_and_in_the_title(client):
    html = page(client, q="<総務>")
    assert html.count('value="&lt;総務&gt;"') == 2
    assert "<title>「&lt;総務&gt;」の検索結果 | 天守</title>" in html


def test_the_box_of_other_pages_is_empty(client):
    assert 'id="house-search" type="search" name="q" value=""' in client.get("/?q=総務").content.decode()


def test_hits_with_kind_place_and_marked_words(client):
    html = page(client, q="総務事務", kind="system")
    assert "<mark>総務事務</mark>システム" in html
    assert "0007 総務部 人事課" in html
    assert "1件見つかりました" in html


def test_a_reading_is_shown_when_it_is_the_reason(client):
    assert '<span class="mono"><mark>みほん</mark> はなこ</span>' in page(client, q="ミホン")


def test_kinds_are_tabs_with_their_counts(client, indexed):
    meetings(indexed, 3)
    html = page(client, q="総務")
    assert "組織 <small>1</small>" in html
    only = page(client, q="総務", kind="unit")
    assert "<mark>総務</mark>事務システム" not in only
    assert "すべて <small>" in only


def test_an_unknown_kind_is_all_kinds(client):
    assert "<mark>総務</mark>事務システム" in page(client, q="総務", kind="nonsense")


def test_pages_of_twenty(client, indexed):
    meetings(indexed, 23)
    first, second = page(client, q="巡回点検"), page(client, q="巡回点検", page="2")
    assert first.count("<h2>") == 20
    assert second.count("<h2>") == 3
    assert "21～23 / 23" in second
    assert page(client, q="巡回点検", page="99").count("<h2>") == 3


def test_nothing_found_says_what_to_try(client):
    assert "見つかりませんでした" in page(client, q="ぬるぽん")
    assert "2文字以上にすると" in page(client, q="ぬ")
    assert "すべての種類から探す" in page(client, q="総務", kind="issue")


def test_too_many_hits_are_said(client, indexed, monkeypatch):
    from tenshu.ground.search.ui import views

    meetings(indexed, 6)
    monkeypatch.setattr(finding, "MOST_HITS", 4)
    monkeypatch.setattr(views, "MOST_HITS", 4)
    monkeypatch.setattr(finding.find, "__kwdefaults__", {"kind": "", "most": 4})
    html = page(client, q="巡回点検")
    assert "4件より多く見つかりました" in html
    assert html.count("<h2>") == 4


def test_suggestions_are_a_list_of_options_by_kind(client, indexed):
    meetings(indexed, 6)
    html = page(client, q="巡回", part="suggestions")
    assert html.count('role="option"') == 4
    assert 'aria-label="会議・研修"' in html
    assert "「巡回」の結果をすべて見る" in html
    assert "<html" not in html


def test_no_suggestion_says_so_and_no_question_says_nothing(client):
    assert "「ぬるぽん」は見つかりません" in page(client, q="ぬるぽん", part="suggestions")
    assert page(client, q="", part="suggestions").strip() == ""


def test_the_box_is_a_form_that_needs_no_script(client):
    html = page(client)
    assert f'role="search" action="{URL}"' in html
    assert 'aria-keyshortcuts="/ Control+K"' in html


def test_many_hits_ask_the_database_no_more_often_than_few(client, indexed):
    meetings(indexed, 2)
    page(client, q="巡回点検")
    with CaptureQueriesContext(
        connection,
    ) as few:
        page(client, q="巡回点検")
    meetings(indexed, 18)
    with CaptureQueriesContext(connection) as many:
        page(client, q="巡回点検")
    assert len(many) == len(few)


@pytest.mark.parametrize(
    "query", [{"q": "会議", "page": "x"}, {"q": "a" * 5_000}, {"q": "会議\0"}, {"q": "%", "kind": "%"}]
)
def test_odd_addresses_are_answered(client, query):
    page(client, **query)


def test_only_reading_is_allowed(client):
    assert client.post(URL, {"q": "総務"}).status_code == 405
