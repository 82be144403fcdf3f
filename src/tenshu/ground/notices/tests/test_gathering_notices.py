"""Making mails of notices: hours, floods, digests, choices, and what nobody is told twice."""

import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tenshu.ground.access.models import User
from tenshu.ground.calendar.business_days import BusinessCalendar
from tenshu.ground.notices.actions import do_set_preferences
from tenshu.ground.notices.kinds import NoticeKind, Timing, UnknownKindError, kinds
from tenshu.ground.notices.models import Mail, MailFate, Notice
from tenshu.ground.notices.outbox import digest_limits, gather, gather_digests
from tenshu.ground.notices.sending import notify, settle
from tenshu.ground.notices.tests.conftest import person

pytestmark = pytest.mark.django_db

TOKYO = ZoneInfo("Asia/Tokyo")
OPEN = datetime.datetime(2026, 11, 24, 10, 0, tzinfo=TOKYO)  # a Tuesday
NIGHT = datetime.datetime(2026, 11, 24, 22, 0, tzinfo=TOKYO)
HOLIDAY = datetime.datetime(2026, 11, 23, 10, 0, tzinfo=TOKYO)  # 勤労感謝の日
KIND, PLAIN, URGENT = "notices.trouble", "sample.plain", "sample.urgent"


@pytest.fixture(autouse=True)
def _mail_is_on(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    server = {"host": "localhost", "port": 25, "user": "", "password": "", "tls": "none"}
    settings.MAIL = {**settings.MAIL, "smtp": server, "from": "tenshu@pref.test", "flood": 3}
    more = {
        PLAIN: NoticeKind(key=PLAIN, label="ふつうの知らせ"),
        URGENT: NoticeKind(key=URGENT, label="急ぎの知らせ", urgent=True),
    }
    found = {**kinds(), **more}
    for module in ("kinds", "outbox"):
        monkeypatch.setattr(f"tenshu.ground.notices.{module}.kinds", lambda: found)


def _tell(people: list[User], count: int = 1, kind: str = PLAIN, **more: Any) -> None:
    for number in range(count):
        notify(people, kind=kind, title=f"知らせ{number}", body="本文", **more)


def test_each_notice_becomes_a_mail_of_its_own() -> None:
    _tell([person(1), person(2)], 2)
    assert gather(now=OPEN) == 4
    assert gather(now=OPEN) == 0
    assert set(Mail.objects.values_list("subject", flat=True)) == {"【天守】知らせ0", "【天守】知らせ1"}


def test_a_flood_becomes_one_mail_and_then_silence_for_an_hour() -> None:
    someone = person(1)
    _tell([someone], 10)
    assert gather(now=OPEN) == 1
    mail = Mail.objects.get()
    assert (mail.subject, mail.notices.count()) == ("【天守】お知らせ 10件", 10)
    assert "1．知らせ0" in mail.body
    assert "10．知らせ9" in mail.body
    _tell([someone], 2)
    gather(now=OPEN)  # within the mark of three
    _tell([someone], 4)
    assert gather(now=OPEN) == 1  # one gathered mail above it
    _tell([someone], 4)
    assert gather(now=OPEN) == 0  # and nothing more
    Mail.objects.update(created_at=OPEN - datetime.timedelta(hours=2))
    assert gather(now=OPEN) == 1


def test_outside_office_hours_and_on_holidays_only_urgent_mails_go() -> None:
    someone = person(1)
    _tell([someone])
    _tell([someone], kind=URGENT)
    for moment in (NIGHT, HOLIDAY):
        gather(now=moment)
    assert Mail.objects.get().kind == URGENT
    assert gather(now=OPEN) == 1


def test_digests_come_when_they_were_asked_for() -> None:
    someone, other = person(1), person(2)
    do_set_preferences(someone, {PLAIN: Timing.DAILY}, acting_user=someone)
    do_set_preferences(other, {PLAIN: Timing.WEEKLY}, acting_user=other)
    _tell([someone, other], 3)
    assert gather(now=OPEN) == 0
    assert gather([Timing.DAILY], now=OPEN) == 1
    assert Mail.objects.get().person == someone
    assert gather([Timing.DAILY, Timing.WEEKLY], now=OPEN) == 1
    assert Mail.objects.filter(person=other).get().notices.count() == 3


def _at(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=TOKYO)


@pytest.mark.parametrize(
    ("now", "first"),
    [
        ("2026-11-24 08:30", "2026-11-24 08:30"),  # the Monday is a holiday
        ("2026-11-27 16:00", "2026-11-24 08:30"),
        ("2026-12-28 09:00", "2026-12-28 08:30"),
        ("2027-01-04 09:00", "2027-01-04 08:30"),
        ("2028-01-04 09:00", "2028-01-04 08:30"),  # the Monday belongs to the days round New Year
    ],
)
def test_the_weekly_digest_counts_up_to_the_first_business_day_of_the_week(now: str, first: str) -> None:
    limits = digest_limits(_at(now), BusinessCalendar.load())
    assert limits[Timing.WEEKLY] == _at(first)
    assert limits[Timing.DAILY] == _at(f"{now[:10]} 08:30")


def test_before_half_past_eight_no_digest_of_the_day_is_due() -> None:
    assert digest_limits(_at("2026-11-24 08:29"), BusinessCalendar.load()) == {}
    assert set(digest_limits(_at("2026-11-25 08:29"), BusinessCalendar.load())) == {Timing.WEEKLY}


def _one_daily_one_weekly(made: str) -> None:
    for number, timing in enumerate((Timing.DAILY, Timing.WEEKLY)):
        someone = person(number)
        do_set_preferences(someone, {PLAIN: timing}, acting_user=someone)
        _tell([someone])
    Notice.objects.update(created_at=_at(made))


def test_digests_are_made_once_though_they_are_asked_for_all_day() -> None:
    _one_daily_one_weekly("2026-11-20 15:00")
    assert gather_digests(_at("2026-11-24 08:30")) == 2
    Notice.objects.update(created_at=_at("2026-11-24 08:31"), fate=MailFate.PENDING)
    assert [gather_digests(_at(f"2026-11-24 {hour}:00")) for hour in range(10, 20)] == [0] * 10
    assert (
        gather_digests(_at("2026-11-25 08:30")) == 1
    )  # the daily one; the weekly one waits for the next week


def test_hours_that_begin_later_and_a_worker_that_was_away_lose_no_digest(settings: Any) -> None:
    settings.MAIL = {**settings.MAIL, "hours": "09:00-17:00"}
    _one_daily_one_weekly("2026-11-20 15:00")
    assert gather_digests(_at("2026-11-24 08:30")) == 0
    assert gather_digests(_at("2026-11-25 09:00")) == 2  # a day late, the weekly one too


def test_who_wants_no_mail_still_sees_the_notice() -> None:
    someone = person(1)
    do_set_preferences(someone, {PLAIN: Timing.NEVER}, acting_user=someone)
    _tell([someone])
    assert gather(now=OPEN) == 0
    assert Notice.objects.get().fate == MailFate.IN_APP


def test_a_required_kind_cannot_be_turned_off() -> None:
    from django.core.exceptions import ValidationError

    someone = person(1)
    with pytest.raises(ValidationError, match="選べません"):
        do_set_preferences(someone, {KIND: Timing.NEVER}, acting_user=someone)
    do_set_preferences(someone, {KIND: Timing.DAILY}, acting_user=someone)


def test_under_one_key_nobody_is_told_twice() -> None:
    someone, other = person(1), person(2)
    assert notify([someone], kind=PLAIN, title="x", key="job:1") == 1
    assert notify([someone, other], kind=PLAIN, title="x", key="job:1") == 1
    assert Notice.objects.count() == 2


def test_who_cannot_sign_in_any_more_is_not_told() -> None:
    gone, machine = person(1), User.objects.create(login_name="m", display_name="天守", is_machine=True)
    gone.is_active = False
    assert notify([gone, machine], kind=PLAIN, title="x") == 0


def test_without_an_address_it_stays_in_the_application() -> None:
    auditor = User.objects.create(login_name="auditor", display_name="外部 監査人")
    _tell([auditor])
    assert gather(now=OPEN) == 0
    assert Notice.objects.get().fate == MailFate.NO_ADDRESS


def test_what_is_settled_before_it_is_mailed_is_not_mailed() -> None:
    someone = person(1)
    _tell([someone], about=someone.staff)
    assert settle(someone.staff, kind=PLAIN) == 1
    assert gather(now=OPEN) == 0
    assert Notice.objects.get().read_at is not None


def test_a_kind_that_nobody_declared_is_an_error() -> None:
    with pytest.raises(UnknownKindError):
        notify([], kind="nobody.knows", title="x")


def test_without_a_mail_server_nothing_is_made(settings: Any) -> None:
    settings.MAIL = {**settings.MAIL, "smtp": None}
    _tell([person(1)])
    assert gather(now=OPEN) == 0
    assert Notice.objects.get().fate == MailFate.PENDING


def test_old_news_is_not_mailed_when_a_mail_server_comes_at_last() -> None:
    _tell([person(1)])
    Notice.objects.update(created_at=OPEN - datetime.timedelta(days=20))
    assert gather(now=OPEN) == 0
    assert Notice.objects.get().fate == MailFate.IN_APP


def test_telling_many_people_costs_the_same_queries(django_assert_max_num_queries: Any) -> None:
    people = [person(n) for n in range(30)]
    with django_assert_max_num_queries(6):
        notify(people, kind=PLAIN, title="x", key="k")
    with django_assert_max_num_queries(17):
        gather(now=OPEN)
