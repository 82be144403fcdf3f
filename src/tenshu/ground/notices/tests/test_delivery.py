"""Sending and what comes back, against the real Postfix and Dovecot."""

import datetime
import email.policy
import socket
from email import message_from_bytes
from typing import Any

import pytest
from django.utils import timezone
from tests.mail_servers import MailServers

from tenshu.ground.notices.delivery import Sender
from tenshu.ground.notices.models import Bounce, FailingAddress, Mail, MailFate, MailState, Notice
from tenshu.ground.notices.outbox import gather
from tenshu.ground.notices.returns import read_returns
from tenshu.ground.notices.sending import notify
from tenshu.ground.notices.tests.conftest import person
from tenshu.ground.notices.tests.scripted import scripted

pytestmark = [pytest.mark.servers, pytest.mark.django_db, pytest.mark.xdist_group("mail")]

KIND = "notices.trouble"


@pytest.fixture(autouse=True)
def _business_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever day it is when the tests run, the office is open."""
    monkeypatch.setattr("tenshu.ground.notices.outbox.is_open", lambda *_: True)


def _mail(to: str = "p1", **values: Any) -> Mail:
    made = {"subject": "【天守】見本", "body": "本文\n", "kind": KIND, "due_at": timezone.now(), **values}
    number = Mail.objects.count()
    return Mail.objects.create(
        message_id=f"<m{number}@pref.test>",
        person=person(100 + number, "例田 太郎"),
        address=f"{to}@pref.test",
        **made,
    )


def test_a_notice_arrives_as_a_readable_japanese_mail(mail: MailServers) -> None:
    someone = person(1, "髙橋 𠮷郎（見本）")
    title = "第2回 DX推進タスクフォース会議のご案内：環境衛生課・監理グループの皆さまへ（長い件名でも読める）"
    notify(
        [someone],
        kind=KIND,
        title=title,
        body="会議を開きます。\n.点で始まる行\n資料を見てください。",
        url="/notices/",
    )
    assert gather() == 1
    assert Sender().run() == 1
    mail.settle()
    (raw,) = mail.delivered("p1")
    got = message_from_bytes(raw.as_bytes(), policy=email.policy.default)
    assert got["Subject"] == f"【天守】{title}"
    assert got["To"].addresses[0].display_name == "髙橋 𠮷郎（見本）"
    assert got["Auto-Submitted"] == "auto-generated"
    text = got.get_body().get_content().replace("\r\n", "\n")
    assert "会議を開きます。\n.点で始まる行\n資料を見てください。" in text
    assert "開く：https://tenshu.pref.test/notices/" in text
    row = Mail.objects.get()
    assert (row.state, got["Message-ID"]) == (MailState.SENT, row.message_id)
    assert row.answer.startswith("250 ")
    assert all(line.isascii() and len(line) <= 998 for line in raw.as_string().splitlines())


def test_a_title_with_line_ends_cannot_add_headers(mail: MailServers) -> None:
    notify([person(1)], kind=KIND, title="件名\r\nBcc: p2@pref.test\r\n\r\n本文", body="x")
    gather()
    Sender().run()
    mail.settle()
    assert len(mail.delivered("p1")) == 1
    assert mail.delivered("p2") == []


def test_the_control_copy_is_read_and_deleted_and_proves_the_mail(mail: MailServers) -> None:
    row = _mail()
    Sender().run()
    mail.settle()
    assert len(mail.files("tenshu")) == 1
    assert read_returns().copies == 1
    row.refresh_from_db()
    assert row.copy_seen_at is not None
    assert mail.files("tenshu") == []
    assert read_returns().copies == 0


def test_a_mail_whose_sender_died_after_it_was_taken_is_not_sent_again(mail: MailServers) -> None:
    row = _mail()
    sender = Sender()
    claimed = sender.claim()
    assert claimed is not None
    sender.wire.send(claimed, uncopied=lambda: None)  # and here the process is killed
    mail.settle()
    Mail.objects.update(leased_until=timezone.now() - datetime.timedelta(seconds=1))
    assert Sender().run() == 0
    assert Mail.objects.get().state == MailState.UNSURE
    read_returns()
    row.refresh_from_db()
    assert row.state == MailState.SENT
    Sender().run()
    mail.settle()
    assert mail.counted() == {row.message_id: 1}


def test_a_mail_whose_sender_died_before_is_sent_once_its_copy_is_known_to_be_missing(
    mail: MailServers,
) -> None:
    row = _mail()
    Sender().claim()
    Mail.objects.update(leased_until=timezone.now() - datetime.timedelta(seconds=1))
    assert read_returns().again == 1
    Sender().run()
    mail.settle()
    row.refresh_from_db()
    assert (row.state, row.attempts) == (MailState.SENT, 2)
    assert mail.counted() == {row.message_id: 1}


def test_without_a_return_mailbox_a_doubtful_mail_is_asked_about_and_never_sent_twice(
    mail: MailServers, settings: Any
) -> None:
    from tenshu.ground.notices.trouble import unanswered

    settings.MAIL = {**settings.MAIL, "imap": None}
    row = _mail()
    Sender().claim()
    Mail.objects.update(leased_until=timezone.now() - datetime.timedelta(seconds=1))
    assert Sender().run() == 0
    read_returns()
    assert unanswered() == [row]
    assert Sender().run() == 0


def test_an_unknown_address_fails_at_once_and_is_spared_from_then_on(mail: MailServers) -> None:
    row, later = _mail("nobody"), _mail("nobody", due_at=timezone.now() + datetime.timedelta(hours=1))
    Sender().run()
    for mail_row in (row, later):
        mail_row.refresh_from_db()
        assert mail_row.state == MailState.FAILED
    assert "5.1.1" in row.answer
    assert FailingAddress.objects.get().address == "nobody@pref.test"
    notify([person(9, box="nobody")], kind=KIND, title="次の知らせ")
    assert gather() == 0
    assert Notice.objects.get().fate == MailFate.NO_ADDRESS


def test_a_bounce_is_read_matched_and_shown(mail: MailServers) -> None:
    row = _mail("gone")
    Sender().run()
    mail.settle()
    assert Mail.objects.get().state == MailState.SENT
    assert read_returns().reports == 1
    row.refresh_from_db()
    bounce = Bounce.objects.get()
    assert (bounce.mail, bounce.address, bounce.status, bounce.is_final) == (
        row,
        "gone@pref.test",
        "5.1.1",
        True,
    )
    assert row.state == MailState.BOUNCED
    assert FailingAddress.objects.get().address == "gone@pref.test"
    assert len(mail.files("tenshu")) == 1  # the report stays for people


def test_reading_again_from_the_beginning_changes_nothing(mail: MailServers) -> None:
    from tenshu.ground.notices.models import MailboxPosition

    _mail("gone")
    Sender().run()
    mail.settle()
    read_returns()
    MailboxPosition.objects.update(uid_validity=0)
    assert read_returns().reports == 0
    assert Bounce.objects.count() == 1


def test_what_people_left_unread_or_opened_makes_no_difference(mail: MailServers) -> None:
    _mail("gone")
    Sender().run()
    mail.settle()
    with mail.mailbox("tenshu") as box:
        assert list(box.fetch(mark_seen=True))
    assert read_returns().reports == 1


def test_a_server_that_asks_to_wait_is_asked_again_later(mail: MailServers, settings: Any) -> None:
    row = _mail()
    with scripted([b"220 hi", b"250 hi", b"250 ok", b"451 4.7.1 greylisted", b"250 ok", b"221 bye"]) as port:
        settings.MAIL = {**settings.MAIL, "smtp": {**settings.MAIL["smtp"], "port": port, "tls": "none"}}
        assert Sender().run() == 0
    row.refresh_from_db()
    assert (row.state, row.attempts) == (MailState.WAITING, 1)
    assert row.due_at > timezone.now()
    assert "4.7.1" in row.answer


def test_a_connection_lost_after_the_mail_was_handed_over_leaves_a_doubt(
    mail: MailServers, settings: Any
) -> None:
    row = _mail()
    lines = [b"220 hi", b"250 hi", b"250 ok", b"250 ok", b"250 ok", b"354 go"]
    with scripted(lines) as port:
        settings.MAIL = {**settings.MAIL, "smtp": {**settings.MAIL["smtp"], "port": port, "tls": "none"}}
        assert Sender().run() == 0
    row.refresh_from_db()
    assert row.state == MailState.UNSURE


def test_a_dead_server_costs_one_mail_a_try_and_the_rest_stays(mail: MailServers, settings: Any) -> None:
    rows = [_mail(), _mail(), _mail()]
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    settings.MAIL = {**settings.MAIL, "smtp": {**settings.MAIL["smtp"], "port": port}}
    Sender().run()
    for row in rows:
        row.refresh_from_db()
    assert [row.attempts for row in rows] == [1, 0, 0]
    assert {row.state for row in rows} == {MailState.WAITING}
