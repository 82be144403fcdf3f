"""From the record to deliveries. The sealed chain is read in its order: no event is missed, none comes twice.

The writers of the record know nothing of this: an endpoint costs an action nothing.
"""

import json
import uuid

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from tenshu.ground.audit.models import AuditRow, Seal
from tenshu.ground.audit.sealing import seal_pending
from tenshu.ground.webhooks.events import event_label, events
from tenshu.ground.webhooks.models import Delivery, Endpoint, FeedPosition

BATCH = 2_000


def feed() -> int:
    """Make the deliveries of what was sealed since the last time; returns how many.

    The place is kept in one locked row: of several at once one goes on and the others wait for it.
    """
    seal_pending()
    FeedPosition.objects.get_or_create(pk=1, defaults={"position": _last_sealed()})
    made = 0
    while True:
        with transaction.atomic():
            place = FeedPosition.objects.select_for_update().get(pk=1)
            seals = list(
                Seal.objects.filter(position__gt=place.position)
                .order_by("position")
                .values_list("position", "row_uid")[:BATCH]
            )
            if not seals:
                return made
            made += _deliver([uid for _, uid in seals])
            place.position = seals[-1][0]
            place.save(update_fields=["position"])


def _deliver(uids: list[uuid.UUID]) -> int:
    endpoints = list(Endpoint.objects.all())
    wanted = {event for endpoint in endpoints for event in endpoint.events} & set(events())
    if not wanted:
        return 0
    rows = {row.uid: row for row in AuditRow.objects.filter(uid__in=uids, verb__in=wanted)}
    now = timezone.now()
    deliveries = [
        Delivery(endpoint=endpoint, event_id=row.uid, event=row.verb, body=_body(row), due_at=now)
        for uid in uids
        if (row := rows.get(uid)) is not None
        for endpoint in endpoints
        if row.verb in endpoint.events
    ]
    Delivery.objects.bulk_create(deliveries, batch_size=500, ignore_conflicts=True)
    return len(deliveries)


def _body(row: AuditRow) -> str:
    """What an endpoint is told: that it happened and to what. Who did it and the values stay inside."""
    return json.dumps(
        {
            "id": str(row.uid),
            "event": row.verb,
            "title": event_label(row.verb),
            "at": timezone.localtime(row.at).isoformat(),
            "object": {"type": row.target_type, "key": row.target_key, "label": row.target_label},
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _last_sealed() -> int:
    return Seal.objects.aggregate(last=Max("position"))["last"] or 0
