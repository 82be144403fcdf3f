"""The return mailbox against what anybody may send to it, and against a server that goes away."""

import base64
import datetime
import smtplib
from email import message_from_string
from typing import Any

import pytest
from django.utils import timezone
from tests.mail_servers import RETURNS, MailServers

from tenshu.ground.notices.delivery import Sender
from tenshu.ground.notices.models import Bounce, Mail, MailState
from tenshu.ground.notices.reports import read_reports
from tenshu.ground.notices.returns import MailboxUnreachableError, read_returns
from tenshu.ground.notices.tests.conftest import person
from tenshu.ground.notices.tests.scripted import scripted
from tenshu.ground.notices.trouble import unanswered

pytestmark = pytest.mark.django_db

REPORT = """\
Message-ID: {report_id}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain; charset=iso-2022-jp
Content-Transfer-Encoding: base64

{words}

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.pref.test

Final-Recipient: rfc822; p1@pref.test
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <p1@pref.test>; user unknown; see https://pref.test/

--b
Content-Type: text/rfc822-headers
Content-Transfer-Encoding: base64

{headers}

--b--
"""


def _report(original_id: str, report_id: str = "<r1@mx.pref.test>") -> str:
    headers = base64.b64encode(f"Message-ID: {original_id}\n".encode()).decode()
    words = base64.b64encode("メールは届きませんでした。".encode("iso-2022-jp")).decode()
    return REPORT.format(report_id=report_id, words=words, headers=headers)


def _deep() -> str:
    lines = ["Content-Type: multipart/report; boundary=b0", ""]
    for n in range(1_200):
        lines += [f"--b{n}", f"Content-Type: multipart/mixed; boundary=b{n + 1}", ""]
    return "\n".join(lines)


def _mail(address: str = "p1@pref.test", **values: Any) -> Mail:
    made = {"subject": "【天守】見本", "body": "本文\n", "kind": "notices.trouble", "due_at": timezone.now()}
    number = Mail.objects.count()
    return Mail.objects.create(
        message_id=f"<m{number}@pref.test>",
        person=person(100 + number),
        address=address,
        **{**made, **values},
    )


def _send(mail: MailServers, text: str) -> None:
    with smtplib.SMTP("localhost", mail.smtp_port) as smtp:
        smtp.sendmail("somebody@pref.test", [RETURNS], text.replace("\n", "\r\n").encode())


def test_a_japanese_report_tells_all_its_words() -> None:
    (report,) = read_reports(message_from_string(_report("<m0@pref.test>")))
    assert (report.message_id, report.address, report.status) == ("<m0@pref.test>", "p1@pref.test", "5.1.1")
    assert report.diagnosis == "550 5.1.1 <p1@pref.test>; user unknown; see https://pref.test/"
    assert report.blames_address


@pytest.mark.servers
@pytest.mark.xdist_group("mail")
def test_what_anybody_sends_does_not_keep_the_rest_from_being_read(mail: MailServers) -> None:
    row = _mail()
    _send(mail, _deep())
    _send(mail, _report("<forged\x00@pref.test>", "<r2@mx.pref.test>"))
    _send(mail, _report(row.message_id, "<r3@mx.pref.test>") + "x" * 60 + "\n" + ("y" * 60 + "\n") * 20_000)
    Sender().run()
    mail.settle()
    read = read_returns()
    assert (read.copies, read.reports) == (1, 0)
    row.refresh_from_db()
    assert row.copy_seen_at is not None
    _send(mail, _report(row.message_id))
    mail.settle()
    assert read_returns().reports == 1
    assert Bounce.objects.get().mail == row


@pytest.mark.servers
@pytest.mark.xdist_group("mail")
def test_a_report_about_one_mail_cannot_hurt_another_address(mail: MailServers) -> None:
    row = _mail("p2@pref.test")
    Sender().run()
    _send(mail, _report(row.message_id))  # it speaks of p1
    mail.settle()
    read_returns()
    row.refresh_from_db()
    assert row.state == MailState.SENT


@pytest.mark.servers
@pytest.mark.xdist_group("mail")
def test_who_reads_the_return_mailbox_keeps_the_mails_sent_to_it(mail: MailServers) -> None:
    row = _mail(RETURNS)
    Sender().run()
    mail.settle()
    read_returns()
    row.refresh_from_db()
    assert row.copy_seen_at is not None
    assert len(mail.files("tenshu")) == 1


def test_a_mailbox_that_hangs_up_is_told_as_such(settings: Any) -> None:
    with scripted([b"* OK ready"]) as port:
        imap = {"host": "localhost", "port": port, "user": "a", "password": "b", "tls": "none"}
        settings.MAIL = {**settings.MAIL, "from": RETURNS, "imap": imap}
        with pytest.raises(MailboxUnreachableError, match="戻りのメールボックス"):
            read_returns()


def test_a_doubt_that_no_copy_decides_for_hours_is_told_to_people(settings: Any) -> None:
    imap = {"host": "localhost", "port": 1, "user": "a", "password": "b", "tls": "none"}
    settings.MAIL = {**settings.MAIL, "from": RETURNS, "imap": imap, "hours": "08:00-20:00"}
    row = _mail(state=MailState.UNSURE, copied=True, unsure_since=timezone.now())
    assert unanswered() == []
    Mail.objects.update(unsure_since=timezone.now() - datetime.timedelta(hours=7))
    assert unanswered() == [row]
