"""The only writer of audit rows. Called by the actions of every room inside their own transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection, models
from django.db.transaction import TransactionManagementError
from django.utils import timezone

from tenshu.ground.audit.hashing import row_hash
from tenshu.ground.audit.listeners import tell
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.audit.origin import current_origin
from tenshu.ground.audit.snapshot import jsonable

if TYPE_CHECKING:
    from tenshu.ground.access.models import User


@dataclass(frozen=True, slots=True)
class Change:
    """One change to be recorded. ``before`` is empty for something new, ``after`` for something removed."""

    verb: str
    target: models.Model
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""


def record(
    verb: str,
    target: models.Model,
    *,
    acting_user: "User",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> AuditRow:
    """Write one audit row in the running transaction.

    Only the fields that differ between ``before`` and ``after`` are kept. Raises
    ``TransactionManagementError`` outside a transaction: a change and its record stand or fall together.
    """
    change = Change(verb, target, before or {}, after or {}, reason)
    return record_many([change], acting_user=acting_user)[0]


def record_many(changes: Iterable[Change], *, acting_user: "User") -> list[AuditRow]:
    """Write one audit row a change, in bulk: for imports and other writes of many rows."""
    if not connection.in_atomic_block:
        raise TransactionManagementError("An audit row must be written in the transaction of its change.")
    now, origin = timezone.now(), current_origin()
    rows = []
    changes = list(changes)
    for change in changes:
        before, after = _differing(jsonable(change.before), jsonable(change.after))
        row = AuditRow(
            at=now,
            actor=acting_user,
            actor_name=acting_user.display_name,
            channel=origin.channel,
            address=origin.address,
            request_id=origin.request_id,
            verb=change.verb,
            target_type=change.target._meta.label_lower,
            target_key=str(change.target.pk),
            target_label=str(change.target)[:300],
            before=before,
            after=after,
            reason=change.reason,
        )
        row.row_hash = row_hash(row)
        rows.append(row)
    made = AuditRow.objects.bulk_create(rows, batch_size=500)
    tell(changes)
    return made


def _differing(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    if not before or not after:
        return before, after
    changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    return (
        {k: v for k, v in before.items() if k in changed},
        {k: v for k, v in after.items() if k in changed},
    )
