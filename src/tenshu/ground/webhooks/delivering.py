"""Sending deliveries: leased one by one, through the guarded door, with back-off, and a stop after many failures."""

import datetime
import random

from django.db import connection, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from tenshu.ground.notices.recipients import secretariat
from tenshu.ground.notices.sending import notify
from tenshu.ground.outgoing.door import OutgoingError, request
from tenshu.ground.webhooks.models import Delivery, DeliveryState, Endpoint, EndpointSecret, EndpointState
from tenshu.ground.webhooks.signing import UnreadableSecretError, signature, unseal

#: Minutes until the next try; after the last the delivery is given up.
BACK_OFF = (1, 2, 5, 15, 60, 180, 360, 720)
PAUSE_AFTER = 15
TIMEOUT = 10
_LEASE = datetime.timedelta(minutes=2)
_CONCLUDED = ["status_code", "answer", "seconds", "leased_until", "state", "ended_at", "due_at"]
_KEPT = datetime.timedelta(days=90)


def deliver_due(*, seconds: float = 50) -> int:
    """Send what is due for at most ``seconds``; returns how many were taken.

    An endpoint that fails is left alone for the rest of the run: a dead one does not hold up the others.
    """
    end = timezone.now() + datetime.timedelta(seconds=seconds)
    failed: set[int] = set()
    taken = 0
    while timezone.now() < end and (delivery := _claim(failed)):
        if deliver(delivery):
            taken += 1
        else:
            failed.add(delivery.endpoint_id)
    return taken


def deliver(delivery: Delivery) -> bool:
    """One attempt at a claimed delivery; whether the endpoint took it. At least once: a crash sends it again."""
    endpoint = delivery.endpoint
    body, now = delivery.body.encode(), timezone.now()
    code: int | None = None
    started = timezone.now()
    try:
        keys = _keys(endpoint, now)
        answer = request(
            "POST",
            endpoint.url,
            headers=headers(delivery, keys, body, int(now.timestamp())),
            body=body,
            timeout=TIMEOUT,
            max_bytes=64_000,
            redirects=0,
        )
        code = answer.status
        text = answer.body[:2000].decode("utf-8", "replace")
    except OutgoingError as error:
        text = str(error)
    except UnreadableSecretError:
        text = "署名の鍵が読めません。鍵を作り直してください。"
    seconds = (timezone.now() - started).total_seconds()
    taken = code is not None and 200 <= code < 300
    _conclude(delivery, code, " ".join(text.replace("\0", "").split())[:500], seconds, taken=taken)
    return taken


def headers(delivery: Delivery, keys: list[str], body: bytes, timestamp: int) -> dict[str, str]:
    """What the receiver needs to trust the body."""
    message_id = str(delivery.event_id)
    return {
        "Content-Type": "application/json; charset=utf-8",
        "Tenshu-Webhook-Id": message_id,
        "Tenshu-Webhook-Timestamp": str(timestamp),
        "Tenshu-Webhook-Event": delivery.event,
        "Tenshu-Webhook-Signature": signature(keys, message_id=message_id, timestamp=timestamp, body=body),
    }


def _keys(endpoint: Endpoint, now: datetime.datetime) -> list[str]:
    valid = endpoint.secrets.filter(Q(valid_until=None) | Q(valid_until__gt=now))
    return [unseal(row.sealed) for row in valid]


def _claim(without: set[int]) -> Delivery | None:
    now = timezone.now()
    with transaction.atomic():
        due = Q(state=DeliveryState.WAITING, due_at__lte=now)
        lost = Q(state=DeliveryState.SENDING, leased_until__lt=now)
        rows = Delivery.objects.filter(due | lost, endpoint__state=EndpointState.ACTIVE)
        rows = rows.exclude(endpoint_id__in=without).order_by("due_at", "pk")
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True, of=("self",))
        delivery = rows.select_related("endpoint").first()
        if delivery is not None:
            delivery.state, delivery.leased_until = DeliveryState.SENDING, now + _LEASE
            delivery.attempts += 1
            delivery.save(update_fields=["state", "leased_until", "attempts"])
    return delivery


@transaction.atomic
def _conclude(delivery: Delivery, code: int | None, answer: str, seconds: float, *, taken: bool) -> None:
    """Write the attempt down, unless the endpoint was removed meanwhile, or the lease ended and another has sent it."""
    now = timezone.now()
    held = Delivery.objects.select_for_update().filter(
        pk=delivery.pk, state=DeliveryState.SENDING, attempts=delivery.attempts
    )
    if not held.exists():
        return
    delivery.status_code, delivery.answer, delivery.seconds = code, answer, seconds
    delivery.leased_until = None
    if taken:
        delivery.state, delivery.ended_at = DeliveryState.DELIVERED, now
    elif delivery.attempts > len(BACK_OFF):
        delivery.state, delivery.ended_at = DeliveryState.FAILED, now
    else:
        minutes = BACK_OFF[delivery.attempts - 1] * random.uniform(0.8, 1.2)  # noqa: S311 - not a secret
        delivery.state = DeliveryState.WAITING
        delivery.due_at = now + datetime.timedelta(minutes=minutes)
    delivery.save(update_fields=_CONCLUDED)
    endpoint = Endpoint.objects.select_for_update().get(pk=delivery.endpoint_id)
    endpoint.failures = 0 if taken else endpoint.failures + 1
    if code == 410:
        _pause(endpoint, "相手のシステムが、もう受け取らないと答えました（410）。")
    elif endpoint.failures >= PAUSE_AFTER:
        _pause(endpoint, f"続けて{endpoint.failures}回失敗しました。最後の答え：{answer or code}")
    endpoint.save(update_fields=["failures", "state", "paused_because"])


def _pause(endpoint: Endpoint, why: str) -> None:
    if endpoint.state == EndpointState.PAUSED:
        return
    endpoint.state, endpoint.paused_because = EndpointState.PAUSED, why[:500]
    notify(
        secretariat(),
        kind="webhooks.paused",
        about=endpoint,
        title=f"「{endpoint.name}」への通知を止めました",
        body=f"{why}\n送り先を直してから、再開してください。止めている間の通知は、再開すると送ります。",
        url=reverse("webhooks:endpoint-detail", args=[endpoint.pk]),
    )


def prune() -> int:
    """Delete the log of what ended more than 90 days ago, and what has waited for a paused endpoint as long.

    Keys that sign no more go too. Returns how many deliveries were deleted.
    """
    now = timezone.now()
    EndpointSecret.objects.filter(valid_until__lt=now).delete()
    forgotten = Q(endpoint__state=EndpointState.PAUSED, ended_at=None, created_at__lt=now - _KEPT)
    return Delivery.objects.filter(Q(ended_at__lt=now - _KEPT) | forgotten).delete()[0]
