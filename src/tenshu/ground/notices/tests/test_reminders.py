"""The ladder 本人 → 所属長 → 部局, with a room's own action items and issues."""

import datetime
from typing import Any

import pytest

from tenshu.dx.taskforce.models import Issue
from tenshu.ground.access.roles import Role
from tenshu.ground.calendar.business_days import BusinessCalendar
from tenshu.ground.notices.models import MailFate, Notice, Reminder
from tenshu.ground.notices.reminders import STANDARD, Step, climb, settle_done
from tenshu.ground.office.actions import do_hire, do_transfer
from tenshu.ground.office.models import PostRank
from tenshu.ground.office.tests.building import START
from tenshu.mechanisms.gathering.actions import (
    do_add_action_item,
    do_change_action_item,
    do_finish_action_item,
)
from tenshu.mechanisms.gathering.models import ActionItem

pytestmark = pytest.mark.django_db

DUE = datetime.date(2026, 11, 20)  # a Friday; the Monday after is a holiday


@pytest.fixture
def office(world: Any) -> Any:
    """人事課 with officer and head, 総務部 with a head of its own."""
    machine = world.house.machine
    chief = do_hire(number="1900", name="部長 一郎", joined_on=START, acting_user=machine)
    do_transfer(chief, world.house.units["01"], START, rank=PostRank.HEAD, acting_user=machine)
    from tenshu.ground.access.models import User

    world.chief = User.objects.create(login_name="chief", display_name="部長 一郎", staff=chief)
    Issue.objects.all().delete()
    return world


@pytest.fixture
def item(office: Any) -> ActionItem:
    made = ActionItem(
        gathering=office.objects["own_meeting"],
        text="案を作る",
        owner_unit=office.objects["own"],
        due=DUE,
    )
    made = do_add_action_item(made, acting_user=office.house.machine)
    Notice.objects.all().delete()
    return made


def _days(first: str, last: str) -> list[datetime.date]:
    start, end = map(datetime.date.fromisoformat, (first, last))
    return [start + datetime.timedelta(days=n) for n in range((end - start).days + 1)]


def _told() -> list[tuple[str, str]]:
    return [(str(row.on), row.step) for row in Reminder.objects.order_by("pk")]


def test_the_ladder_climbs_from_oneself_to_the_department_on_business_days_only(
    office: Any, item: ActionItem
) -> None:
    for day in _days("2026-11-14", "2026-12-05"):
        climb(day)
        climb(day)  # a second run of the clock tells nobody twice
    assert _told() == [
        ("2026-11-17", Step.SELF),
        ("2026-11-20", Step.SELF),
        ("2026-11-24", Step.HEAD),  # not on the weekend, not on the holiday
        ("2026-11-30", Step.DEPARTMENT),
    ]
    people = [row.person for row in Reminder.objects.order_by("pk")]
    assert people == [office.users[Role.OFFICER]] * 2 + [office.users[Role.HEAD], office.chief]
    calendar = BusinessCalendar.load()
    assert all(calendar.is_business_day(row.on) for row in Reminder.objects.all())
    last = Notice.objects.order_by("pk").last()
    assert last is not None
    assert (last.title, last.due) == ("人事課の「案を作る」が期限を過ぎています", DUE)


def test_it_stops_at_once_when_the_thing_is_done(office: Any, item: ActionItem) -> None:
    climb(datetime.date(2026, 11, 17))
    do_finish_action_item(item, DUE, acting_user=office.house.machine)
    for day in _days("2026-11-18", "2026-12-05"):
        climb(day)
    assert _told() == [("2026-11-17", Step.SELF)]


def test_a_reminder_that_waits_as_a_mail_is_taken_back_when_the_thing_is_done(
    office: Any, item: ActionItem
) -> None:
    climb(datetime.date(2026, 11, 17))
    assert settle_done(day=datetime.date(2026, 11, 17)) == 0
    do_finish_action_item(item, DUE, acting_user=office.house.machine)
    assert settle_done(day=datetime.date(2026, 11, 17)) == 1
    assert Notice.objects.get().fate == MailFate.SETTLED


def test_given_to_somebody_else_the_ladder_begins_anew_for_that_person(office: Any, item: ActionItem) -> None:
    for day in _days("2026-11-17", "2026-11-24"):
        climb(day)
    other = office.house.staff["1002"]
    do_change_action_item(item, {"owner": other}, acting_user=office.house.machine)
    climb(datetime.date(2026, 11, 25))
    newest = Reminder.objects.order_by("pk").last()
    assert newest is not None
    assert (newest.step, newest.person.staff, newest.debtor) == (Step.SELF, other, f"staff:{other.pk}")


def test_a_new_due_date_begins_anew(office: Any, item: ActionItem) -> None:
    for day in _days("2026-11-17", "2026-11-30"):
        climb(day)
    before = Reminder.objects.count()
    do_change_action_item(item, {"due": datetime.date(2026, 12, 18)}, acting_user=office.house.machine)
    climb(datetime.date(2026, 12, 1))
    assert Reminder.objects.count() == before
    climb(datetime.date(2026, 12, 15))
    assert Reminder.objects.count() == before + 1


def test_what_is_found_late_climbs_one_rung_a_day(office: Any, item: ActionItem) -> None:
    for day in _days("2026-12-07", "2026-12-11"):
        climb(day)
    assert _told() == [
        ("2026-12-07", Step.SELF),
        ("2026-12-08", Step.HEAD),
        ("2026-12-09", Step.DEPARTMENT),
    ]


def test_a_division_without_a_head_does_not_hold_the_ladder_up(office: Any, item: ActionItem) -> None:
    office.house.post("1002").delete()
    for day in _days("2026-12-07", "2026-12-11"):
        climb(day)
    assert [step for _, step in _told()] == [Step.SELF, Step.DEPARTMENT]


def test_a_head_who_owes_it_is_reminded_and_not_told_to_look_after_himself(
    office: Any, item: ActionItem
) -> None:
    head = office.users[Role.HEAD]
    do_change_action_item(item, {"owner": head.staff}, acting_user=office.house.machine)
    Notice.objects.all().delete()
    for day in _days("2026-11-24", "2026-11-25"):
        climb(day)
    titles = dict(Notice.objects.filter(person=head).values_list("key", "title"))
    assert set(titles.values()) == {"「案を作る」の期限を過ぎています"}
    assert Reminder.objects.filter(person=head, step=Step.HEAD).exists()


def test_a_due_day_on_a_sunday_is_not_called_today_on_the_friday(office: Any, item: ActionItem) -> None:
    do_change_action_item(item, {"due": datetime.date(2026, 11, 15)}, acting_user=office.house.machine)
    climb(datetime.date(2026, 11, 13))
    assert Notice.objects.get(kind="gathering.action-due").title == "「案を作る」の期限が近づいています"


def test_what_is_far_from_its_day_costs_no_question_of_its_own(
    office: Any, item: ActionItem, django_assert_max_num_queries: Any
) -> None:
    far = datetime.date(2027, 3, 31)
    ActionItem.objects.bulk_create(
        ActionItem(gathering=item.gathering, text=f"案{n}", owner_unit=item.owner_unit, due=far)
        for n in range(30)
    )
    with django_assert_max_num_queries(25):
        climb(datetime.date(2026, 11, 16))


def test_nobody_is_chased_for_what_was_left_open_long_ago(office: Any, item: ActionItem) -> None:
    climb(DUE + datetime.timedelta(days=95))
    assert _told() == []


def test_the_standard_ladder_is_sorted() -> None:
    assert [rung.days for rung in STANDARD] == sorted(rung.days for rung in STANDARD)


def test_an_issue_of_a_working_group_is_reminded_of_too(office: Any) -> None:
    Issue.objects.create(
        working_group=office.objects["group"],
        title="認証が分かれている",
        owner_unit=office.objects["own"],
        opened_on=datetime.date(2026, 4, 1),
        due=DUE,
    )
    climb(datetime.date(2026, 11, 17))
    assert Notice.objects.get(kind="taskforce.issue-due").url.startswith("/taskforce/")
