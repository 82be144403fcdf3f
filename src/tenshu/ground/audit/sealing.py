"""The sealer: adds the rows written since the last batch to the chain, one sealer at a time."""

import json
import os

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from tenshu.ground.audit.hashing import GENESIS, link_hash
from tenshu.ground.audit.models import PendingRow, Seal

BATCH = 2_000
_LOCK = 0x7E45_8001  # advisory lock of the sealer on PostgreSQL


def seal_pending() -> int:
    """Seal every row that is not sealed yet; returns how many. Safe to call from any number of processes."""
    total = 0
    while done := _seal_batch():
        total += done
    return total


def _seal_batch() -> int:
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        last = Seal.objects.order_by("-position").first()
        position, previous = (last.position, last.chain_hash) if last else (0, GENESIS)
        # Only what is committed is seen, and only what is seen is taken off the list: a row that is committed
        # after one with a higher key waits for the next batch, and none is missed.
        waiting = list(
            PendingRow.objects.order_by("pk").values_list("pk", "row__uid", "row__row_hash")[:BATCH]
        )
        now = timezone.now()
        seals = []
        for _, uid, hash_of_row in waiting:
            position += 1
            previous = link_hash(previous, position, hash_of_row)
            seals.append(
                Seal(position=position, row_uid=uid, row_hash=hash_of_row, chain_hash=previous, sealed_at=now)
            )
        Seal.objects.bulk_create(seals)
        PendingRow.objects.filter(pk__in=[pk for pk, _, _ in waiting]).delete()
        if seals:
            transaction.on_commit(lambda: _anchor(position, previous))
    return len(seals)


def anchor_path() -> str:
    """The file outside the database that remembers the chain's head, so that a cut-off tail is found."""
    return os.fspath(settings.TENSHU_HOME / "audit-anchors.jsonl")


def _anchor(position: int, chain_hash: str) -> None:
    line = json.dumps({"position": position, "chain_hash": chain_hash, "at": timezone.now().isoformat()})
    with open(anchor_path(), "a", encoding="utf-8") as handle:  # noqa: PTH123
        handle.write(line + "\n")
