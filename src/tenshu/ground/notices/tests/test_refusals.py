"""What servers refuse and what cannot be written: one bad mail, address or setting must not cost the others."""

import datetime
import email.policy
from email import message_from_bytes
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.utils import timezone

from tenshu.config.connections import mail_settings
from tenshu.config.environment import EnvironmentValueError
from tenshu.ground.access.roles import Role
from tenshu.ground.notices.actions import do_retry_mail
from tenshu.ground.notices.delivery import Sender
from tenshu.ground.notices.models import FailingAddress, Mail, MailFate, MailState, Notice
from tenshu.ground.notices.retention import prune_mails
from tenshu.ground.notices.sending import settle
from tenshu.ground.notices.setup import mail_setup
from tenshu.ground.notices.tests.conftest import person
from tenshu.ground.notices.tests.scripted import scripted
from tenshu.ground.notices.trouble import tell_troubles
from tenshu.ground.notices.wire import wire_address

pytestmark = pytest.mark.django_db

HELLO = [b"220 hi", b"250 hi"]
TAKEN = [b"250 ok", b"250 ok", b"354 go", b"250 taken"]
BYE = [b"221 bye"]


@pytest.fixture(autouse=True)
def _mail_is_on(settings: Any) -> None:
    settings.MAIL = {**settings.MAIL, "from": "tenshu@pref.test", "imap": None, "hours": "08:00-20:00"}


def _send(settings: Any, answers: list[bytes], *, thinks: float = 0) -> tuple[Sender, bytes]:
    server = scripted(answers, thinks=thinks)
    with server as port:
        reached = {"host": "localhost", "port": port, "user": "", "password": "", "tls": "none"}
        settings.MAIL = {**settings.MAIL, "smtp": reached}
        sender = Sender()
        sender.run()
    return sender, server.content


def _mail(address: str = "p1@pref.test", name: str = "例田 太郎", **values: Any) -> Mail:
    number = Mail.objects.count()
    made = {"subject": "【天守】見本", "body": "本文\n", "kind": "notices.trouble", "due_at": timezone.now()}
    return Mail.objects.create(
        message_id=f"<m{number}@pref.test>",
        person=person(100 + number, name),
        address=address,
        **{**made, **values},
    )


def _states() -> list[str]:
    return list(Mail.objects.order_by("pk").values_list("state", flat=True))


@pytest.mark.parametrize("bad", ["山田@pref.test", "taro..yamada@pref.test", "taro@" + "あ" * 70 + ".jp"])
def test_an_address_that_cannot_be_written_costs_its_own_mail_only(bad: str, settings: Any) -> None:
    _mail(bad)
    _mail()
    sender, _ = _send(settings, [*HELLO, *TAKEN, *BYE])
    assert sender.sent == 1
    assert _states() == [MailState.FAILED, MailState.SENT]
    assert FailingAddress.objects.get().address == bad


def test_a_japanese_domain_goes_in_its_ascii_form(settings: Any) -> None:
    assert wire_address("taro@日本.jp") == "taro@xn--wgv71a.jp"
    _mail("taro@日本.jp")
    _, content = _send(settings, [*HELLO, *TAKEN, *BYE])
    assert _states() == [MailState.SENT]
    assert b"<taro@xn--wgv71a.jp>" in content


def test_a_name_with_line_ends_cannot_add_headers_nor_stop_the_others(settings: Any) -> None:
    _mail(name="例田\r\nBcc: p2@pref.test\n太郎")
    _, content = _send(settings, [*HELLO, *TAKEN, *BYE])
    assert _states() == [MailState.SENT]
    got = message_from_bytes(content, policy=email.policy.default)
    assert got["Bcc"] is None
    assert got["To"].addresses[0].addr_spec == "p1@pref.test"


def test_holiday_replies_are_asked_not_to_come_and_reports_of_non_delivery_may(settings: Any) -> None:
    _mail()
    _, content = _send(settings, [*HELLO, *TAKEN, *BYE])
    suppressed = message_from_bytes(content)["X-Auto-Response-Suppress"].replace(" ", "").split(",")
    assert {"OOF", "AutoReply"} <= set(suppressed)
    assert not {"NDR", "All"} & set(suppressed)


def test_what_a_server_says_can_be_kept_whatever_it_is(settings: Any) -> None:
    _mail()
    _send(settings, [*HELLO, *TAKEN[:3], b"250 ta\x00ken \xff", *BYE])
    assert _states() == [MailState.SENT]
    assert Mail.objects.get().answer.startswith("250 ta ken")


def test_a_server_that_looks_through_a_mail_for_long_leaves_no_doubt(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tenshu.ground.notices.wire._COMMAND_SECONDS", 0.5)
    _mail()
    _send(settings, [*HELLO, *TAKEN, *BYE], thinks=1)
    assert _states() == [MailState.SENT]


def test_a_refused_sender_does_not_burn_the_outbox(settings: Any) -> None:
    for _ in range(3):
        _mail()
    _send(settings, [*HELLO, b"550 5.1.8 Sender address rejected", *BYE])
    assert _states() == [MailState.WAITING] * 3
    assert list(Mail.objects.order_by("pk").values_list("attempts", flat=True)) == [1, 0, 0]
    assert not FailingAddress.objects.exists()


@pytest.mark.parametrize(
    "answer",
    [
        b"554 5.7.1 Relay access denied",
        b"552 5.2.2 Mailbox full",
        b"521 5.3.2 System not accepting network messages",
    ],
)
def test_what_is_not_the_fault_of_the_address_is_tried_again(answer: bytes, settings: Any) -> None:
    _mail()
    _send(settings, [*HELLO, b"250 ok", answer, b"250 reset", *BYE])
    row = Mail.objects.get()
    assert (row.state, row.attempts) == (MailState.WAITING, 1)
    assert row.answer == answer.decode()
    assert not FailingAddress.objects.exists()


def test_the_secretariat_hears_once_a_day_that_mails_do_not_leave(world: Any) -> None:
    long_ago = timezone.now() - datetime.timedelta(hours=3)
    _mail(attempts=3, created_at=long_ago, answer="550 5.1.8 Sender address rejected")
    _mail(created_at=long_ago)  # waits for the morning, nobody has tried it
    tell_troubles()
    tell_troubles()
    told = Notice.objects.get(key__startswith="stuck:", person=world.users[Role.SECRETARIAT])
    assert told.title == "1通のメールをまだ送れていません"
    assert "5.1.8" in told.body


def test_what_was_answered_holds_though_the_server_hangs_up_after_it(settings: Any) -> None:
    _mail()
    _send(settings, [*HELLO, b"250 ok", b"550 5.1.1 User unknown"])
    assert _states() == [MailState.FAILED]
    assert FailingAddress.objects.get().address == "p1@pref.test"


def test_a_mail_sent_again_by_hand_does_not_lean_on_the_copy_of_its_first_try(settings: Any) -> None:
    row = _mail(state=MailState.BOUNCED, copy_seen_at=timezone.now(), sent_at=timezone.now())
    do_retry_mail(row, acting_user=row.person)
    row.refresh_from_db()
    assert (row.state, row.copy_seen_at, row.sent_at) == (MailState.WAITING, None, None)


def test_nothing_is_sent_again_to_somebody_who_has_left() -> None:
    row = _mail(state=MailState.FAILED)
    staff = row.person.staff
    assert staff is not None
    staff.left_on = timezone.localdate() - datetime.timedelta(days=1)
    staff.save(update_fields=["left_on"])
    with pytest.raises(ValidationError, match="いまはいない"):
        do_retry_mail(row, acting_user=row.person)


def test_a_mail_that_still_waits_for_a_server_is_dropped_when_the_thing_is_done() -> None:
    alone, together = _mail(), _mail()
    about = alone.person.staff
    assert about is not None
    for mail, titles in ((alone, ["一"]), (together, ["二", "三"])):
        for title in titles:
            notice = Notice(person=mail.person, kind="notices.trouble", title=title, timing="at_once")
            notice.mail, notice.fate = mail, MailFate.MAILED
            if title != "三":
                notice.about_type = ContentType.objects.get_for_model(about)
                notice.about_key = str(about.pk)
            notice.save()
    assert settle(about) == 1
    assert _states() == [MailState.DROPPED, MailState.WAITING]  # the second tells of something else too


def test_old_mails_go_when_they_are_done_and_their_notices_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenshu.ground.notices.retention.PORTION", 1)
    long_ago = timezone.now() - datetime.timedelta(days=401)
    for state in (MailState.SENT, MailState.BOUNCED, MailState.UNSURE):
        _mail(state=state, created_at=long_ago)
    young, told = _mail(state=MailState.SENT), Mail.objects.earliest("pk")
    notice = Notice.objects.create(
        person=told.person, kind="notices.trouble", title="一", timing="at_once", mail=told
    )
    assert prune_mails() == 2
    assert _states() == [MailState.UNSURE, MailState.SENT]
    assert Mail.objects.filter(pk=young.pk).exists()
    notice.refresh_from_db()
    assert notice.mail is None


def test_at_night_only_the_urgent_ones_are_tried_again(settings: Any) -> None:
    _mail()
    settings.MAIL = {
        **settings.MAIL,
        "smtp": {"host": "localhost", "port": 1, "user": "", "password": "", "tls": "none"},
    }
    assert Sender(kinds=["sample.urgent"]).claim() is None
    assert Sender().claim() is not None


@pytest.mark.parametrize("hours", ["20:00-08:00", "08:00-08:00", "8-20", "08:00-25:00", "08:60-20:00"])
def test_hours_in_which_nothing_could_ever_go_are_refused(hours: str, settings: Any) -> None:
    settings.MAIL = {**settings.MAIL, "hours": hours}
    with pytest.raises(ImproperlyConfigured, match="TENSHU_MAIL_HOURS"):
        mail_setup()


def test_the_day_may_end_at_midnight(settings: Any) -> None:
    settings.MAIL = {**settings.MAIL, "hours": "08:00-24:00"}
    assert mail_setup().closes == datetime.time.max


@pytest.mark.parametrize("sender", ["天守 <dx@pref.test>", "dx@県.jp", "dx", "a@pref.test,b@pref.test"])
def test_a_sender_that_is_no_plain_address_is_refused_before_it_costs_a_mail(
    sender: str, settings: Any
) -> None:
    settings.MAIL = {**settings.MAIL, "from": sender}
    with pytest.raises(ImproperlyConfigured, match="TENSHU_MAIL_FROM"):
        mail_setup()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TENSHU_MAIL_HOURS", "20:00-08:00"),
        ("TENSHU_MAIL_FROM", "天守 <dx@pref.test>"),
        ("TENSHU_MAIL_FROM", ""),
        ("TENSHU_MAIL_FLOOD", "five"),
    ],
)
def test_a_house_does_not_begin_with_mail_that_could_never_work(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TENSHU_SMTP_HOST", "localhost")
    monkeypatch.setenv("TENSHU_MAIL_FROM", "dx@pref.test")
    mail_settings()
    monkeypatch.setenv(name, value)
    with pytest.raises(EnvironmentValueError, match=name):
        mail_settings()
