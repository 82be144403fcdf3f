"""The record of ten years: rows as the actions write them, hashed and sealed."""

import datetime
import random
import uuid

from django.db.models import Model
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.audit.hashing import row_hash
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.audit.sealing import seal_pending
from tenshu.ground.office.models import Post, Staff, Unit
from tenshu.ground.systems.models import System
from tenshu.mechanisms.gathering.models import Gathering

KINDS = (
    (Staff, "office.staff.corrected", "mail", "mihon@example.jp", "mihon2@example.jp"),
    (Post, "office.post.corrected", "title", "主事", "主査"),
    (System, "systems.system.corrected", "purpose", "台帳", "台帳と申請"),
    (Gathering, "gathering.changed", "place", "第1会議室", "第2会議室"),
    (Unit, "office.unit.corrected", "kana", "", "みほん"),
)
BATCH = 5_000


def write_audit_rows(count: int, accounts: list[User], seed: int) -> None:
    """``count`` rows in the order of time over ten years; one request changes one to forty of them."""
    dice = random.Random(seed + 2)
    targets = [(kind, _labels(kind[0])) for kind in KINDS]
    now = timezone.now()
    step = datetime.timedelta(days=3650) / max(count, 1)
    request, left, rows = uuid.uuid4(), 0, []
    for number in range(count):
        if left == 0:
            request, left, actor = (
                uuid.UUID(int=dice.getrandbits(128), version=4),
                dice.choice((1, 1, 1, 3, 40)),
                dice.choice(accounts),
            )
        left -= 1
        (model, verb, name, before, after), labels = dice.choices(targets, weights=(8, 4, 3, 4, 1))[0]
        key, label = labels[dice.randrange(len(labels))]
        row = AuditRow(
            uid=uuid.UUID(int=dice.getrandbits(128), version=4),
            at=now - step * (count - number),
            actor=actor,
            actor_name=actor.display_name,
            channel=dice.choice(("web", "web", "import")),
            address="192.0.2.7",
            request_id=request,
            verb=verb,
            target_type=model._meta.label_lower,
            target_key=str(key),
            target_label=label,
            before={name: before},
            after={name: after},
        )
        row.row_hash = row_hash(row)
        rows.append(row)
        if len(rows) == BATCH:
            AuditRow.objects.bulk_create(rows)
            rows = []
    AuditRow.objects.bulk_create(rows)
    seal_pending()


def _labels(model: type[Model]) -> list[tuple[int, str]]:
    if model is Post:
        found = Post.objects.values_list("pk", "staff__name", "unit__name")[:20_000]
        return [(pk, f"{name} {unit}") for pk, name, unit in found]
    field = "title" if model is Gathering else "name"
    return list(model._default_manager.values_list("pk", field)[:20_000])
