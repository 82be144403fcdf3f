"""The readers: the attachments of a record, the gate to a download, the check of the store."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models

from tenshu.ground.access.models import User
from tenshu.ground.files import store
from tenshu.ground.files.models import Attachment, StoredFile
from tenshu.ground.rooms import offered

type Gate = Callable[[User, Any], bool]
"""Whether a person may read a record, and with it what hangs on it."""


def attachments_of(obj: models.Model) -> models.QuerySet[Attachment]:
    """The attachments of ``obj``, oldest first."""
    kind = ContentType.objects.get_for_model(obj)
    return Attachment.objects.filter(target_type=kind, target_pk=str(obj.pk)).select_related(
        "stored", "uploaded_by"
    )


def access_attachment(user: User, attachment_id: int) -> Attachment | None:
    """The attachment when ``user`` may read the record that it hangs on, else ``None``."""
    attachment = Attachment.objects.select_related("stored").filter(pk=attachment_id).first()
    if attachment is None or not may_read_target(user, attachment):
        return None
    return attachment


def may_read_target(user: User, attachment: Attachment) -> bool:
    """The gate of the record's own room: its ``attachments.GATES``, else its ``objects.for_user``.

    A model with neither is closed to everybody: forgetting the gate never opens anything.
    """
    model = attachment.target_type.model_class()
    if model is None:
        return False
    gate = _gates().get(model._meta.label_lower)
    if gate is not None:
        target = attachment.target
        return target is not None and gate(user, target)
    for_user = getattr(model._default_manager, "for_user", None)
    return for_user is not None and bool(for_user(user).filter(pk=attachment.target_pk).exists())


def readable_attachments(user: User, attachments: Iterable[Attachment]) -> set[int]:
    """Keys of those that ``may_read_target`` lets ``user`` read, by one query a kind of record where no gate is set."""
    by_kind: dict[ContentType, list[Attachment]] = defaultdict(list)
    for attachment in attachments:
        by_kind[attachment.target_type].append(attachment)
    found: set[int] = set()
    gates = _gates()
    for kind, hanging in by_kind.items():
        model = kind.model_class()
        for_user = getattr(model._default_manager, "for_user", None) if model is not None else None
        if model is not None and model._meta.label_lower in gates:
            found |= {item.pk for item in hanging if may_read_target(user, item)}
        elif for_user is not None:
            targets = for_user(user).filter(pk__in={item.target_pk for item in hanging})
            readable = {str(pk) for pk in targets.values_list("pk", flat=True)}
            found |= {item.pk for item in hanging if item.target_pk in readable}
    return found


def _gates() -> dict[str, Gate]:
    return {label.lower(): gate for gates in offered("attachments", "GATES") for label, gate in gates.items()}


@dataclass(frozen=True, slots=True)
class StoreProblem:
    """Something wrong in the store: ``kind`` is missing, altered or unknown."""

    kind: str
    sha256: str
    detail: str


def verify_store() -> list[StoreProblem]:
    """Hash every stored content again: missing, altered, and contents that no record knows of."""
    return [*broken_contents(), *unknown_contents()]


def broken_contents() -> Iterator[StoreProblem]:
    """Contents that a record knows and that are missing from the store or no longer what they were."""
    for kept in StoredFile.objects.order_by("pk").iterator():
        try:
            found = store.digest_on_disk(kept.sha256)
        except OSError as error:
            yield StoreProblem("altered", kept.sha256, f"読めません（{error.strerror}、{_names_of(kept)}）")
            continue
        if found == (kept.sha256, kept.size):
            continue
        names = _names_of(kept)
        if found is None:
            yield StoreProblem("missing", kept.sha256, f"保存場所にありません（{names}）")
        else:
            yield StoreProblem("altered", kept.sha256, f"中身が書き換わっています（{names}）")


def _names_of(kept: StoredFile) -> str:
    return "、".join(kept.attachments.values_list("name", flat=True)[:3]) or "添付先なし"


def unknown_contents() -> Iterator[StoreProblem]:
    """Contents that no record knows of: what a transaction that was taken back leaves behind, or a stranger's."""
    known = set(StoredFile.objects.values_list("sha256", flat=True))
    for digest in store.digests_on_disk():
        if digest not in known:
            yield StoreProblem("unknown", digest, "記録の無いファイルです")
