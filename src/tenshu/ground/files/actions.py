"""The only writers of stored files and attachments."""

import re
import unicodedata
from pathlib import PurePosixPath
from typing import BinaryIO

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import File
from django.db import models, transaction

from tenshu.ground.access.models import User
from tenshu.ground.audit import actions as audit
from tenshu.ground.files import store
from tenshu.ground.files.inspection import LARGEST, Inspected, inspect_file
from tenshu.ground.files.models import Attachment, StoredFile

_LONGEST_NAME = 200
_NOT_IN_NAMES = re.compile(r'[<>:"|?*]')
_OF_DEVICES = re.compile(r"(?:CON|PRN|AUX|NUL|COM[0-9]|LPT[0-9])(?:\.|$)", re.IGNORECASE)


def do_store(stream: BinaryIO, inspected: Inspected) -> StoredFile:
    """Keep a content that was inspected before; the same content is kept once."""
    digest, size = store.put(stream)
    kept, _ = StoredFile.objects.get_or_create(
        sha256=digest, defaults={"size": size, "content_type": inspected.content_type}
    )
    return kept


@transaction.atomic
def attach(
    obj: models.Model, upload: File[bytes], *, acting_user: User, name: str = "", largest: int = LARGEST
) -> Attachment:
    """Hang ``upload`` on ``obj``. ``largest`` is in bytes.

    Raises:
        FileRefused: the file is not taken; the message says why.
    """
    shown = clean_name(name or upload.name or "")
    stream: BinaryIO = upload.file  # type: ignore[assignment]
    attachment = Attachment.objects.create(
        stored=do_store(stream, inspect_file(stream, shown, largest=largest)),
        name=shown,
        target_type=ContentType.objects.get_for_model(obj),
        target_pk=str(obj.pk),
        uploaded_by=acting_user,
    )
    audit.record("files.attachment.added", obj, after=_described(attachment), acting_user=acting_user)
    return attachment


@transaction.atomic
def detach(attachment: Attachment, *, acting_user: User, reason: str) -> None:
    """Take an attachment off its record. The content stays in the store, the fact in the audit record."""
    target = attachment.target or attachment
    audit.record(
        "files.attachment.removed",
        target,
        before=_described(attachment),
        acting_user=acting_user,
        reason=reason,
    )
    attachment.delete()


def clean_name(name: str) -> str:
    """A file name that every system can keep: no folders, control characters or names of devices, not too long."""
    bare = PurePosixPath(name.replace("\\", "/")).name
    bare = "".join(c for c in unicodedata.normalize("NFC", bare) if unicodedata.category(c)[0] != "C")
    bare = _NOT_IN_NAMES.sub("_", bare).strip().rstrip(". ")
    if _OF_DEVICES.match(bare):
        bare = f"_{bare}"
    path = PurePosixPath(bare)
    return bare if len(bare) <= _LONGEST_NAME else path.stem[: _LONGEST_NAME - len(path.suffix)] + path.suffix


def _described(attachment: Attachment) -> dict[str, str | int]:
    return {"name": attachment.name, "sha256": attachment.stored.sha256, "size": attachment.stored.size}
