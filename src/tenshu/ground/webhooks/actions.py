"""The writers of endpoints. Keys are shown once and never recorded."""

import datetime
import json
import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.audit.actions import record
from tenshu.ground.audit.writing import change, create, remove
from tenshu.ground.outgoing.destination import read_destination
from tenshu.ground.outgoing.door import RefusedError
from tenshu.ground.webhooks.events import TEST, event_label, events
from tenshu.ground.webhooks.models import Delivery, DeliveryState, Endpoint, EndpointSecret, EndpointState
from tenshu.ground.webhooks.signing import new_secret, seal

#: So long the former key signs along after a rotation.
OVERLAP = datetime.timedelta(hours=24)
MOST_FORMER = 20


@transaction.atomic
def do_add_endpoint(endpoint: Endpoint, *, acting_user: User) -> tuple[Endpoint, str]:
    """Add an endpoint; gives it and its key, which nobody can read again. Raises ``ValidationError``."""
    _refuse_unusable(endpoint.url, endpoint.events)
    create(endpoint, "webhooks.endpoint_added", acting_user=acting_user)
    secret = new_secret()
    EndpointSecret.objects.create(endpoint=endpoint, sealed=seal(secret))
    return endpoint, secret


def do_change_endpoint(endpoint: Endpoint, values: Mapping[str, Any], *, acting_user: User) -> bool:
    """Change name, URL or events."""
    _refuse_unusable(values.get("url", endpoint.url), values.get("events", endpoint.events))
    return change(endpoint, values, "webhooks.endpoint_changed", acting_user=acting_user)


@transaction.atomic
def do_rotate_secret(endpoint: Endpoint, *, acting_user: User) -> str:
    """A new key. The former ones sign along for a day each, so that the other system can be changed without a gap.

    Of several rotations in one day nobody knows which key the other system has: all of them, but for a flood, stay.
    """
    now = timezone.now()
    Endpoint.objects.select_for_update().get(pk=endpoint.pk)
    endpoint.secrets.filter(valid_until=None).update(valid_until=now + OVERLAP)
    former = endpoint.secrets.filter(valid_until__gt=now).values_list("pk", flat=True)[:MOST_FORMER]
    endpoint.secrets.exclude(pk__in=list(former)).delete()
    secret = new_secret()
    EndpointSecret.objects.create(endpoint=endpoint, sealed=seal(secret))
    record("webhooks.secret_rotated", endpoint, acting_user=acting_user)
    return secret


def do_pause(endpoint: Endpoint, *, acting_user: User) -> bool:
    """Send nothing until it is resumed; what happens meanwhile waits."""
    values = {"state": EndpointState.PAUSED, "paused_because": "人が止めました。"}
    return change(endpoint, values, "webhooks.endpoint_paused", acting_user=acting_user)


@transaction.atomic
def do_resume(endpoint: Endpoint, *, acting_user: User) -> bool:
    """Send again, at once, what has waited."""
    values = {"state": EndpointState.ACTIVE, "paused_because": "", "failures": 0}
    waiting = endpoint.deliveries.filter(state=DeliveryState.WAITING)
    waiting.update(due_at=timezone.now(), attempts=0)
    return change(endpoint, values, "webhooks.endpoint_resumed", acting_user=acting_user)


@transaction.atomic
def do_test(endpoint: Endpoint, *, acting_user: User) -> Delivery:
    """Make a test delivery, to be sent within a minute."""
    event_id, now = uuid.uuid4(), timezone.now()
    body = json.dumps(
        {
            "id": str(event_id),
            "event": TEST,
            "title": event_label(TEST),
            "at": timezone.localtime(now).isoformat(),
            "object": {"type": "webhooks.endpoint", "key": str(endpoint.pk), "label": endpoint.name},
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )
    delivery = Delivery.objects.create(
        endpoint=endpoint, event_id=event_id, event=TEST, body=body, due_at=now
    )
    record("webhooks.tested", endpoint, acting_user=acting_user)
    return delivery


@transaction.atomic
def do_retry_delivery(delivery: Delivery, *, acting_user: User) -> bool:
    """Send once more what was given up, under its old identifier. Raises ``ValidationError``."""
    delivery = Delivery.objects.select_for_update(of=("self",)).select_related("endpoint").get(pk=delivery.pk)
    if delivery.state != DeliveryState.FAILED:
        raise ValidationError("送れなかった送信ではありません。")
    values = {"state": DeliveryState.WAITING, "due_at": timezone.now(), "attempts": 0, "ended_at": None}
    return change(delivery, values, "webhooks.delivery_retried", acting_user=acting_user)


def do_remove_endpoint(endpoint: Endpoint, *, acting_user: User, reason: str = "") -> None:
    """Remove an endpoint with its log."""
    remove(endpoint, "webhooks.endpoint_removed", acting_user=acting_user, reason=reason)


def _refuse_unusable(url: str, chosen: list[str]) -> None:
    try:
        read_destination(url)
    except RefusedError as refused:
        raise ValidationError({"url": str(refused)}) from None
    if not chosen or not set(chosen) <= set(events()):
        raise ValidationError({"events": "知らせる出来事を1つ以上選んでください。"})
