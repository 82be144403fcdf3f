"""Reading the return mailbox: control copies prove what was sent, reports tell what did not arrive.

Messages are known by UID and Message-ID, never by \\Seen: whoever looks into the mailbox by hand disturbs nothing.
A control copy is deleted once what it proves is committed; reports and everything else stay for people to read.
"""

import datetime
import itertools
import logging
import ssl
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import Message
from imaplib import IMAP4
from typing import Any

from django.db import transaction
from django.utils import timezone
from imap_tools import AND, BaseMailBox, MailBox, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from tenshu.ground.notices.composing import one_line
from tenshu.ground.notices.delivery import mark_failing, mark_overdue
from tenshu.ground.notices.models import Bounce, Mail, MailboxPosition, MailState
from tenshu.ground.notices.reports import Report, read_reports
from tenshu.ground.notices.setup import MailSetup, mail_setup
from tenshu.ground.notices.wire import Wire

log = logging.getLogger("tenshu.mail")
_BATCH = 500
#: A report holds a few lines and the headers of our mail; what is larger is left for people.
_REPORT_BYTES = 1_000_000
_BROKEN = (OSError, IMAP4.error, ImapToolsError)
_MARKER = "tenshu-marker-"
_OPEN = (MailState.SENDING, MailState.UNSURE, MailState.WAITING)


class MailboxUnreachableError(Exception):
    """The return mailbox cannot be opened; the message is Japanese."""


@dataclass(slots=True)
class Read:
    """What one reading found."""

    copies: int = 0
    reports: int = 0
    decided: int = 0
    again: int = 0
    markers: frozenset[str] = frozenset()


@contextmanager
def open_mailbox(setup: MailSetup) -> Iterator[BaseMailBox]:
    """The return mailbox, signed in. Raises ``MailboxUnreachableError``."""
    server = setup.imap
    if server is None:
        raise MailboxUnreachableError("戻りのメールボックスが設定されていません。")
    try:
        if server.tls == "tls":
            trust = ssl.create_default_context(cafile=setup.ca_file)
            box: BaseMailBox = MailBox(server.host, server.port, timeout=60, ssl_context=trust)
        else:
            box = MailBoxUnencrypted(server.host, server.port, timeout=60)
        box.login(server.user, server.password, initial_folder=setup.mailbox)
    except _BROKEN as error:
        raise MailboxUnreachableError(
            f"戻りのメールボックスを開けません（{type(error).__name__}）。"
        ) from error
    try:
        yield box
    except _BROKEN as error:
        raise MailboxUnreachableError(
            f"戻りのメールボックスを読む途中で、つながりが切れました（{type(error).__name__}）。"
        ) from error
    finally:
        with suppress(*_BROKEN):
            box.logout()


def read_returns(setup: MailSetup | None = None) -> Read:
    """Read what is new, then decide what is in doubt. Without a mailbox nothing is read and doubts stay open."""
    setup = setup or mail_setup()
    mark_overdue()
    if setup.imap is None:
        return Read()
    with open_mailbox(setup) as box:
        read = _read_new(box, setup)
        read.again = _decide(box, setup, read)
    return read


def _read_new(box: BaseMailBox, setup: MailSetup) -> Read:
    read = Read()
    position, _ = MailboxPosition.objects.get_or_create(mailbox=_name(setup))
    validity = int(box.folder.status(setup.mailbox, ["UIDVALIDITY"])["UIDVALIDITY"])
    if position.uid_validity != validity:
        position.uid_validity, position.last_uid = validity, 0
    criteria = AND(uid=f"{position.last_uid + 1}:*")
    headers = box.fetch(criteria, mark_seen=False, headers_only=True, bulk=_BATCH)
    # "n:*" names the last message even when its UID is lower.
    fresh = ((int(head.uid or 0), head) for head in headers)
    last = position.last_uid
    unread = ((uid, head) for uid, head in fresh if uid > last)
    for batch in itertools.batched(unread, _BATCH, strict=False):
        _take(box, batch, position, read, setup)
    position.read_at = timezone.now()
    position.save()
    return read


def _take(
    box: BaseMailBox,
    batch: tuple[tuple[int, Any], ...],
    position: MailboxPosition,
    read: Read,
    setup: MailSetup,
) -> None:
    """One batch: reports and copies are committed with the position, then the copies are deleted."""
    copies: dict[str, list[str]] = {}
    markers: dict[str, str] = {}
    told: list[tuple[str, list[Report]]] = []
    for uid, head in batch:
        message_id = one_line(str(head.obj.get("Message-ID", "")))
        if head.obj.get_content_type() == "multipart/report":
            told += _told(box, uid) if head.size_rfc822 <= _REPORT_BYTES else []
        elif message_id.startswith(f"<{_MARKER}"):
            markers[str(uid)] = message_id
        elif message_id:
            copies.setdefault(message_id, []).append(str(uid))
    with transaction.atomic():
        known = _prove(list(copies))
        own = set(
            Mail.objects.filter(message_id__in=known, address=setup.return_path).values_list(
                "message_id", flat=True
            )
        )
        for report_id, reports in told:
            read.reports += _note_reports(report_id, reports)
        position.last_uid = max(uid for uid, _ in batch)
        position.save()
    read.copies += len(known)
    read.markers |= frozenset(markers.values())
    # A mail to somebody who reads this very mailbox is not a copy only: it stays.
    done = [uid for message_id in known if message_id not in own for uid in copies[message_id]]
    done += list(markers)
    if done:
        box.delete(done)


def _told(box: BaseMailBox, uid: int) -> list[tuple[str, list[Report]]]:
    """Message-ID and content of a report; nothing of one that cannot be read: it must not keep all others from it."""
    try:
        messages: list[Message] = [one.obj for one in box.fetch(uid_list=str(uid), mark_seen=False)]
        return [(one_line(str(one.get("Message-ID", ""))), read_reports(one)) for one in messages]
    except _BROKEN:
        raise
    except Exception as error:  # noqa: BLE001 - anybody may send what no parser was made for
        log.error("a report of non-delivery cannot be read: %s", type(error).__qualname__)
        return []


def _prove(message_ids: list[str]) -> list[str]:
    """Mails whose copy was read were sent, whatever their sender lived to write down."""
    now = timezone.now()
    mails = Mail.objects.filter(message_id__in=message_ids)
    known = list(mails.values_list("message_id", flat=True))
    mails.update(copy_seen_at=now)
    mails.filter(state__in=_OPEN, attempts__gt=0).update(
        state=MailState.SENT, sent_at=now, leased_until=None, answer="控えで送信を確かめました。"
    )
    return known


def _note_reports(report_id: str, reports: list[Report]) -> int:
    noted = 0
    for report in reports:
        mail = Mail.objects.filter(message_id=report.message_id).first() if report.message_id else None
        if mail is None:
            continue
        _, is_new = Bounce.objects.get_or_create(
            report_id=(report_id or f"about {mail.message_id}")[:300],
            address=report.address[:254],
            defaults={
                "mail": mail,
                "status": report.status[:20],
                "diagnosis": report.diagnosis,
                "is_final": report.is_final,
            },
        )
        noted += is_new
        if is_new and report.is_final and _same(report.address, mail.address):
            _bounce(mail, report)
    return noted


def _bounce(mail: Mail, report: Report) -> None:
    Mail.objects.filter(pk=mail.pk).update(
        state=MailState.BOUNCED, answer=f"{report.status} {report.diagnosis}"[:500]
    )
    if report.blames_address:
        mark_failing(mail.address, f"{report.status} {report.diagnosis}")


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _decide(box: BaseMailBox, setup: MailSetup, read: Read) -> int:
    """Mails in doubt without a copy: when copies sent later have come and theirs has not, they were never taken."""
    settled = timezone.now() - datetime.timedelta(seconds=setup.settle_seconds)
    doubtful = Mail.objects.filter(state=MailState.UNSURE, copied=True, unsure_since__lte=settled)
    keys = list(doubtful.values_list("pk", flat=True)) if setup.copies_to else []
    if not keys or not _marker_came(box, setup, read):
        return 0
    now = timezone.now()
    return Mail.objects.filter(pk__in=keys, state=MailState.UNSURE, copy_seen_at=None).update(
        state=MailState.WAITING, due_at=now, unsure_since=None, answer="控えがないので、もう一度送ります。"
    )


def _marker_came(box: BaseMailBox, setup: MailSetup, read: Read, *, seconds: float = 30) -> bool:
    """Send a marker to the return mailbox and read until it is there: the way is open, and nothing is queued in it."""
    marker = f"<{_MARKER}{uuid.uuid4().hex}@{setup.domain}>"
    wire = Wire(setup)
    try:
        if not wire.probe(marker):
            return False
    finally:
        wire.close()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        box.folder.set(setup.mailbox)
        more = _read_new(box, setup)
        read.copies, read.reports = read.copies + more.copies, read.reports + more.reports
        if marker in more.markers:
            return True
        time.sleep(0.25)
    return False


def _name(setup: MailSetup) -> str:
    server = setup.imap
    return f"{server.user}@{server.host}/{setup.mailbox}"[:300] if server else ""
