"""Sending the outbox. Each mail goes once, as far as SMTP can tell; what it cannot tell is looked up, never guessed.

The order of things for one mail:

1. ``claim``: the row becomes 送信中 and is committed. Only this sender works on it now.
2. One SMTP transaction with two recipients in the envelope: the person and the return mailbox (control copy). The
   server answers for both at once.
3. ``conclude``: the answer is committed, and the next mail is claimed in the same transaction.

Killed before 1 is committed: nothing was sent, it is 送信待ち. Killed after 3: it is 送信済. Killed between: the row
stays 送信中 until its lease ends, then it is 送信を確認中: the server may have taken it or not. ``returns`` finds out by
the control copy, which arrives exactly if the server took the mail. No other row is ever in doubt: one a dead sender.
"""

import datetime
from collections.abc import Collection
from functools import partial

from django.db import connection, transaction
from django.utils import timezone

from tenshu.ground.notices.models import FailingAddress, Mail, MailState
from tenshu.ground.notices.outbox import drop_waiting
from tenshu.ground.notices.setup import MailSetup, mail_setup
from tenshu.ground.notices.wire import End, Outcome, Wire

#: Minutes until the next try after a 4xx or a dead server; after the last it is given up.
BACK_OFF = (1, 5, 15, 60, 120, 240, 480, 960)


class Sender:
    """One run of sending: one connection, one claimed mail at a time; with ``kinds`` only mails of these."""

    def __init__(self, setup: MailSetup | None = None, *, kinds: Collection[str] | None = None) -> None:
        self.setup = setup or mail_setup()
        self.kinds = kinds
        self.wire = Wire(self.setup)
        self.sent = self.failed = 0
        self.server_gone = False

    def run(self, *, seconds: float = 50) -> int:
        """Send what is due for at most ``seconds``; returns how many were sent."""
        if self.setup.smtp is None:
            return 0
        end = timezone.now() + datetime.timedelta(seconds=seconds)
        mark_overdue()
        mail = self.claim()
        try:
            while mail is not None:
                outcome = self.wire.send(mail, uncopied=partial(_without_copy, mail))
                mail = self.conclude(mail, outcome, go_on=timezone.now() < end)
        finally:
            self.wire.close()
        return self.sent

    def claim(self) -> Mail | None:
        """Take the next due mail, committed before anything of it is sent."""
        with transaction.atomic():
            return self._claim()

    def conclude(self, mail: Mail, outcome: Outcome, *, go_on: bool = True) -> Mail | None:
        """Write down how it ended and take the next one, in one transaction."""
        with transaction.atomic():
            self._conclude(mail, outcome)
            return self._claim() if go_on and not self.server_gone else None

    def _claim(self) -> Mail | None:
        now = timezone.now()
        rows = Mail.objects.filter(state=MailState.WAITING, due_at__lte=now).order_by("due_at", "pk")
        if self.kinds is not None:
            rows = rows.filter(kind__in=self.kinds)
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True, of=("self",))
        mail = rows.select_related("person").first()
        if mail is None:
            return None
        mail.state = MailState.SENDING
        mail.attempts += 1
        mail.leased_until = now + datetime.timedelta(seconds=self.setup.lease_seconds)
        mail.copied = bool(self.setup.copies_to)
        mail.save(update_fields=["state", "attempts", "leased_until", "copied"])
        return mail

    def _conclude(self, mail: Mail, outcome: Outcome) -> None:
        now = timezone.now()
        values: dict[str, object] = {"answer": outcome.answer[:500], "leased_until": None}
        match outcome.end:
            case End.SENT:
                values |= {"state": MailState.SENT, "sent_at": now}
                self.sent += 1
            case End.REFUSED:
                values |= {"state": MailState.FAILED}
                self.failed += 1
                if outcome.bad_address:
                    mark_failing(mail.address, outcome.answer)
            case End.UNSURE:
                values |= {"state": MailState.UNSURE, "unsure_since": now}
                self.server_gone = True
            case End.LATER | End.NOWHERE:
                self.server_gone = outcome.end is End.NOWHERE
                values |= _next_try(mail, now)
        # Whoever found out meanwhile that it was sent (a lease that ended too early) is not contradicted.
        Mail.objects.filter(pk=mail.pk, state__in=(MailState.SENDING, MailState.UNSURE)).update(**values)


def _next_try(mail: Mail, now: datetime.datetime) -> dict[str, object]:
    if mail.attempts > len(BACK_OFF):
        return {"state": MailState.FAILED}
    minutes = BACK_OFF[mail.attempts - 1]
    return {"state": MailState.WAITING, "due_at": now + datetime.timedelta(minutes=minutes)}


def _without_copy(mail: Mail) -> None:
    Mail.objects.filter(pk=mail.pk).update(copied=False)


def mark_overdue() -> int:
    """Mails whose sender is gone: nobody knows yet whether they were taken."""
    now = timezone.now()
    return Mail.objects.filter(state=MailState.SENDING, leased_until__lt=now).update(
        state=MailState.UNSURE, unsure_since=now, leased_until=None
    )


def mark_failing(address: str, reason: str) -> None:
    """Send nothing more to ``address`` until somebody clears it, and give up what waits for it."""
    FailingAddress.objects.get_or_create(address=address, defaults={"reason": reason[:500]})
    drop_waiting(address, reason)
