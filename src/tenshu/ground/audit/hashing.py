"""SHA-256 over the canonical form of an audit row and over the links of the chain."""

import hashlib
import json
from datetime import UTC

from tenshu.ground.audit.models import AuditRow

GENESIS = "0" * 64


def row_hash(row: AuditRow) -> str:
    """The hash of everything that the row says, independent of the database that holds it."""
    content = [
        str(row.uid),
        row.at.astimezone(UTC).isoformat(timespec="microseconds"),
        row.actor_id,
        row.actor_name,
        row.channel,
        row.address,
        str(row.request_id),
        row.verb,
        row.target_type,
        row.target_key,
        row.target_label,
        row.before,
        row.after,
        row.reason,
    ]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def link_hash(previous: str, position: int, hash_of_row: str) -> str:
    """The hash of one link: the previous link, the place and the row's hash."""
    return hashlib.sha256(f"{previous}:{position}:{hash_of_row}".encode()).hexdigest()
