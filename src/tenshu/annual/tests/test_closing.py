"""Closing a year: figures freeze with their rows, later changes show with who made them, corrections need a reason."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from tenshu.annual.actions import do_close_year, do_reissue, do_write_passage
from tenshu.annual.differences import stories
from tenshu.annual.models import Edition, Passage
from tenshu.annual.queries import draft, report_of
from tenshu.ground.access.roles import Role
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.audit.writing import change
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.calendar.queries import is_closed

pytestmark = pytest.mark.django_db
YEAR = FiscalYear(2023)


@pytest.fixture
def secretary(world):
    return world.users[Role.SECRETARIAT]


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(response) -> str:
    return response.content.decode()


def rename_system(world, user) -> None:
    """人事課's system stops being a candidate: the count of systems falls from 2 to 1."""
    change(
        world.objects["system"],
        {"candidate_until": datetime.date(2023, 6, 30)},
        "systems.system.changed",
        acting_user=user,
    )


def test_a_closed_year_keeps_showing_what_was_closed(world, secretary):
    edition = do_close_year(YEAR, acting_user=secretary)
    assert (edition.number, is_closed(YEAR)) == (1, True)
    rename_system(world, secretary)
    kept = next(item for item in report_of(YEAR).figures if item["key"] == "taskforce.systems")
    now = next(item for item in draft(YEAR).figures if item["key"] == "taskforce.systems")
    assert (kept["value"], now["value"]) == (2, 1)


def test_a_later_change_shows_the_row_and_who_changed_it(world, secretary):
    do_close_year(YEAR, acting_user=secretary)
    rename_system(world, world.users[Role.OFFICER])
    # The figures of kartes count the same systems and changed with it.
    found = {story.difference.figure.key: story for story in stories(YEAR)}
    assert {key.split(".")[0] for key in found} == {"taskforce", "karte"}
    story = found["taskforce.systems"]
    (row,) = story.rows
    assert (row.word, row.row.label) == ("削除", "総務事務システム")
    assert "仮名 次郎" in row.told_by


def test_closing_twice_and_closing_a_year_that_was_never_opened_are_refused(world, secretary):
    do_close_year(YEAR, acting_user=secretary)
    with pytest.raises(ValidationError, match="既に締めて"):
        do_close_year(YEAR, acting_user=secretary)
    with pytest.raises(ValidationError, match="開かれていません"):
        do_close_year(FiscalYear(2030), acting_user=secretary)


def test_a_correction_needs_a_reason_and_keeps_the_edition_before(world, secretary):
    do_close_year(YEAR, acting_user=secretary)
    rename_system(world, secretary)
    with pytest.raises(ValidationError, match="理由"):
        do_reissue(YEAR, "  ", acting_user=secretary)
    second = do_reissue(YEAR, "二重に登録していたため", acting_user=secretary)
    assert second.number == 2
    assert stories(YEAR) == []
    first = Edition.objects.get(year=YEAR.year, number=1)
    old = next(item for item in first.document["figures"] if item["key"] == "taskforce.systems")
    assert old["value"] == 2
    assert first.document_hash != second.document_hash
    assert AuditRow.objects.filter(verb="annual.issued", reason="二重に登録していたため").exists()


def test_an_open_year_cannot_be_corrected(world, secretary):
    with pytest.raises(ValidationError, match="締めていない"):
        do_reissue(YEAR, "理由", acting_user=secretary)


def test_a_failed_closing_leaves_nothing(world, secretary, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("tenshu.annual.actions.do_freeze_figures", broken)
    before = Edition.objects.count()
    with pytest.raises(RuntimeError):
        do_close_year(YEAR, acting_user=secretary)
    assert (Edition.objects.count(), is_closed(YEAR)) == (before, False)


def test_a_passage_is_kept_by_year_and_recorded(world, secretary):
    do_write_passage(YEAR, "1(1)", "補足です。", acting_user=secretary)
    do_write_passage(YEAR, "1(1)", "補足を直しました。", acting_user=secretary)
    assert Passage.objects.get(year=2023, section="1(1)").text == "補足を直しました。"
    rows = AuditRow.objects.filter(verb="annual.passage_written").order_by("pk")
    assert [row.after["text"] for row in rows] == ["補足です。", "補足を直しました。"]
    with pytest.raises(ValidationError, match="節はありません"):
        do_write_passage(YEAR, "9(9)", "x", acting_user=secretary)
    do_close_year(YEAR, acting_user=secretary)
    with pytest.raises(ValidationError, match="締め済"):
        do_write_passage(YEAR, "1(1)", "後から", acting_user=secretary)


def test_the_secretariat_closes_and_corrects_the_year_in_the_browser(world, secretary):
    client = browser(secretary)
    page = text(client.get("/annual/close/?nendo=R5"))
    assert "足りないものが" in page
    assert client.post("/annual/close/").status_code == 302
    rename_system(world, secretary)
    page = text(client.get("/annual/"))
    assert "4つの数値" in page
    assert "data-changed" in page
    page = text(client.get("/annual/differences/"))
    assert "総務事務システム" in page
    assert "見本 花子" in page
    refused = client.post("/annual/reissue/", {"reason": ""})
    assert refused.status_code == 422
    assert client.post("/annual/reissue/", {"reason": "二重登録を直した"}).status_code == 302
    page = text(client.get("/annual/editions/"))
    assert "第2版" in page
    assert "二重登録を直した" in page


def test_a_division_officer_writes_a_passage_and_cannot_close(world):
    client = browser(world.users[Role.OFFICER])
    assert client.get("/annual/close/").status_code == 403
    assert client.post("/annual/passages/1-1/", {"text": "人事課の取組です。"}).status_code == 302
    assert "人事課の取組です。" in text(client.get("/annual/"))
    assert client.get("/annual/passages/9-9/").status_code == 404


def test_every_number_of_the_page_opens_its_rows_for_those_who_may(world, secretary):
    page = text(browser(secretary).get("/annual/"))
    assert 'href="/figures/taskforce.systems/?nendo=R5"' in page
    rows = text(browser(secretary).get("/figures/taskforce.systems/?nendo=R5"))
    assert "総務事務システム" in rows
    assert "許認可システム" in rows
    assert "/figures/" not in text(browser(world.users[Role.OFFICER]).get("/annual/")).split("<article")[1]


@pytest.mark.parametrize("form", ["html", "docx", "pdf", "json"])
def test_the_report_downloads_in_every_form_with_a_japanese_name(world, secretary, form):
    response = browser(secretary).get(f"/annual/file/{form}/")
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment")
    assert "%E5%B9%B4%E6%AC%A1" in response["Content-Disposition"]
    assert response["X-Content-Type-Options"] == "nosniff"


def test_an_unknown_form_is_not_found(world, secretary):
    assert browser(secretary).get("/annual/file/exe/").status_code == 404


def test_years_stand_side_by_side(world, secretary):
    page = text(browser(secretary).get("/annual/years/"))
    assert "R4" in page
    assert "R5" in page
    assert '<span class="nowrap">2</span>' in page


def test_the_page_of_an_older_edition_stays_as_it_was(world, secretary):
    first = do_close_year(YEAR, acting_user=secretary)
    rename_system(world, secretary)
    do_reissue(YEAR, "理由", acting_user=secretary)
    page = text(browser(secretary).get(f"/annual/editions/{first.pk}/"))
    assert ">2システム<" in page
    assert "第1版" in page
