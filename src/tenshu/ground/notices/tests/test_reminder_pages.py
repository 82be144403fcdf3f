"""The record of reminders: who was told what on which rung, and why it stopped; and mail that does not arrive."""

import datetime
import io

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tenshu.dx.taskforce.models import Issue, IssueState
from tenshu.ground.access.roles import Role
from tenshu.ground.calendar.business_days import BusinessCalendar
from tenshu.ground.notices.models import FailingAddress, Reminder, StopReason
from tenshu.ground.notices.reminders import climb, ladders, note_stops
from tenshu.mechanisms.gathering.models import ActionItem

DAY = datetime.date(2023, 9, 4)
"""A Monday."""


@pytest.fixture
def reminded(world):
    """The issue of 人事課, due today; its officer was told."""
    Issue.objects.update(due=DAY)
    assert climb(DAY) >= 1
    return Reminder.objects.filter(ladder="taskforce.issue")


def test_a_reminder_keeps_what_was_told_and_goes_on_while_it_is_owed(reminded):
    row = reminded.get()
    assert (row.title, row.debtor_name, row.step) == ("認証が分かれている", "人事課", "self")
    assert note_stops(DAY + datetime.timedelta(days=1)) == 0
    assert reminded.get().stopped_on is None


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"state": IssueState.DONE, "done_on": DAY}, StopReason.DONE),
        ({"due": DAY + datetime.timedelta(days=7)}, StopReason.DUE_MOVED),
        ({"due": DAY + datetime.timedelta(days=70)}, StopReason.DUE_MOVED),
        ({"owner_unit": "0102"}, StopReason.HANDED_ON),
    ],
)
def test_why_a_ladder_stopped_is_noted_the_next_morning(change, why, reminded, world):
    if "owner_unit" in change:
        change = {"owner_unit": world.house.units[change["owner_unit"]]}
    Issue.objects.update(**change)
    morning = DAY + datetime.timedelta(days=1)
    climb(morning)
    row = reminded.get(on=DAY)
    assert (row.stopped_on, row.stopped_why) == (morning, why)


def test_the_secretariat_reads_searches_and_takes_the_record_away(reminded, world, client):
    client.force_login(world.users[Role.SECRETARIAT])
    url = reverse("notices:reminder-list")
    page = client.get(url).text
    assert "認証が分かれている" in page
    assert "続いている" in page
    assert "認証が分かれている" not in client.get(url, {"q": "別の業務"}).text
    assert "認証が分かれている" not in client.get(url, {"step": "head"}).text
    note_stops(DAY)
    Reminder.objects.update(stopped_on=DAY, stopped_why=StopReason.DONE)
    assert "認証が分かれている" not in client.get(url, {"state": "going"}).text
    assert "済んだ・なくなった" in client.get(url, {"state": "done"}).text
    book = openpyxl.load_workbook(io.BytesIO(client.get(url, {"out": "xlsx"}).content))
    assert any("認証が分かれている" in str(cell.value) for row in book.active for cell in row)


def test_the_page_of_what_is_owed_tells_who_was_reminded(reminded, world, client):
    client.force_login(world.users[Role.OFFICER])
    url = reverse("taskforce:issue-detail", args=[world.kwargs["issue_id"]])
    told = client.get(url).text
    assert "督促" in told
    assert f"{reminded.get().person.display_name}（本人）" in told
    Reminder.objects.all().delete()
    assert "<h2>督促</h2>" not in client.get(url).text


def owed(key):
    """The first thing that a room says is owed."""
    ActionItem.objects.update(due=DAY)
    return next(iter(ladders()[key].debts(DAY)))


@pytest.mark.parametrize("key", sorted(ladders()))
def test_every_room_with_reminders_shows_them_where_the_thing_is(key, world, client):
    debt = owed(key)
    day = BusinessCalendar.load().add(debt.due, 0)
    climb(day)
    row = Reminder.objects.filter(ladder=key, about_key=str(debt.about.pk), on=day).first()
    client.force_login(world.users[Role.SECRETARIAT])
    page = client.get(debt.url).text
    assert "<h2>督促</h2>" in page
    assert f"{row.person.display_name}（{row.step_label}）" in page


def test_who_was_late_with_a_task_of_a_meeting_is_not_told_to_every_reader(world, client):
    debt = owed("gathering.action-item")
    climb(BusinessCalendar.load().add(debt.due, 0))
    for role, told in ((Role.SECRETARIAT, True), (Role.EXECUTIVE, False)):
        client.force_login(world.users[role])
        response = client.get(debt.url)
        assert response.status_code == 200
        assert ("<h2>督促</h2>" in response.text) is told


def test_the_record_asks_a_fixed_number_of_questions(reminded, world, client, django_assert_max_num_queries):
    first = reminded.get()
    Reminder.objects.bulk_create(
        Reminder(
            ladder=first.ladder, about_type=first.about_type, about_key=str(n), debtor="unit:1", due=DAY,
            rung=0, step="self", person=first.person, notice=first.notice, on=DAY, title=f"課題{n}",
        )
        for n in range(1_000, 1_040)
    )  # fmt: skip
    client.force_login(world.users[Role.SECRETARIAT])
    with django_assert_max_num_queries(20):
        assert "課題1039" in client.get(reverse("notices:reminder-list")).text


def test_a_persons_page_tells_that_mail_does_not_arrive_to_those_whom_it_concerns(world):
    staff = world.house.staff["1003"]
    staff.mail = "1003@example.jp"
    staff.save(update_fields=["mail"])
    row = FailingAddress.objects.create(address=staff.mail, reason="550 5.1.1 User unknown")
    FailingAddress.objects.filter(pk=row.pk).update(
        since=datetime.datetime(2023, 11, 3, 9, 0, tzinfo=timezone.get_current_timezone())
    )
    url = reverse("office:staff-detail", args=[staff.pk])

    def seen_by(role):
        browser = Client()
        browser.force_login(world.users[role])
        return browser.get(url).text

    told = seen_by(Role.SECRETARIAT)
    assert "1003@example.jpに届きません" in told
    assert "令和5年11月3日から" in told
    assert "アドレスの訂正を事務局に頼んでください" in seen_by(Role.OFFICER)
    assert "届きません" not in seen_by(Role.STAFF)
    FailingAddress.objects.all().delete()
    assert "メールの不達" not in seen_by(Role.SECRETARIAT)
