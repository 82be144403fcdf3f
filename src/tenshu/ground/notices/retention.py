"""How long the outbox is kept: a little more than a year, as mails name people and what they still owe."""

import datetime

from django.utils import timezone

from tenshu.ground.notices.models import Bounce, Mail, MailState

KEPT = datetime.timedelta(days=400)
PORTION = 1_000
_DONE = (MailState.SENT, MailState.DROPPED, MailState.FAILED, MailState.BOUNCED)


def prune_mails() -> int:
    """Remove mails that are done and reports of non-delivery; returns how many mails. Notices and reminders stay."""
    limit = timezone.now() - KEPT
    old = Mail.objects.filter(state__in=_DONE, created_at__lt=limit).order_by()
    count = 0
    while keys := list(old.values_list("pk", flat=True)[:PORTION]):
        Mail.objects.filter(pk__in=keys).delete()
        count += len(keys)
    Bounce.objects.filter(read_at__lt=limit).delete()
    return count
