"""The outbox's own numbers: what waits, what nobody knows of, to whom nothing goes."""

from collections.abc import Mapping

from django.db.models import Count, Min
from django.utils import timezone

from tenshu.ground.notices.models import FailingAddress, Mail, MailState
from tenshu.ground.operations.gauge import Gauge

_OPEN = (MailState.WAITING, MailState.SENDING, MailState.UNSURE)


def _mails() -> Mapping[str, float]:
    found = {str(state.value): 0.0 for state in _OPEN}
    rows = Mail.objects.filter(state__in=_OPEN).order_by().values_list("state").annotate(count=Count("pk"))
    return found | {state: float(count) for state, count in rows}


def _oldest_wait() -> float:
    oldest = Mail.objects.filter(state=MailState.WAITING).aggregate(at=Min("created_at"))["at"]
    return max((timezone.now() - oldest).total_seconds(), 0.0) if oldest else 0.0


GAUGES = [
    Gauge("tenshu_mails", "Mails of the outbox that are not done, by state", _mails, label="state"),
    Gauge(
        "tenshu_mails_oldest_wait_seconds", "Age of the oldest mail that waits for its server", _oldest_wait
    ),
    Gauge("tenshu_mail_addresses_failing", "Addresses that get no mails", FailingAddress.objects.count),
]
