"""Attachments as a kind of their own: found by name and by what is written in them, seen like the record they hang on."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.files.models import Attachment
from tenshu.ground.files.queries import readable_attachments
from tenshu.ground.search.models import Extract, IndexRow
from tenshu.ground.search.sources import SearchSource, SearchText, source_of_model


class AttachmentSource(SearchSource[Attachment]):
    """The gate asks twice: the kind of the record must be open, and the gate to the download."""

    def readable(self, user: User, keys: Iterable[int]) -> set[int]:
        # Without the texts: these are long.
        found = list(Attachment.objects.filter(pk__in=list(keys)).select_related("target_type"))
        kinds = {attachment.target_type: source_of(attachment) for attachment in found}
        opened = {kind for kind, source in kinds.items() if source is not None and source.open_to(user)}
        return readable_attachments(user, [item for item in found if item.target_type in opened])


def source_of(attachment: Attachment) -> SearchSource[Any] | None:
    """The kind of the record that the file hangs on."""
    model = attachment.target_type.model_class()
    found = source_of_model(model._meta.label_lower) if model is not None else None
    return found if found is not None and found.model is not Attachment else None


def _rows() -> QuerySet[Attachment]:
    return Attachment.objects.select_related("stored__extract", "target_type").order_by("pk")


def _shown() -> QuerySet[Attachment]:
    return _rows().prefetch_related("target")


def _text(attachment: Attachment) -> SearchText:
    extract: Extract | None = getattr(attachment.stored, "extract", None)
    body = extract.text if extract is not None else ""
    return SearchText(attachment.name, body, on=timezone.localdate(attachment.uploaded_at))


def _marks(attachment: Attachment) -> Iterable[str]:
    """The kind of the record, and the record's own marks as its row has them."""
    source = source_of(attachment)
    if source is None:
        return ()
    row = IndexRow.objects.filter(source=source.key, object_key=attachment.target_pk).first()
    return (f"in:{source.key}", *(row.marks.split() if row is not None else ()))


def marks_from(held: Mapping[str, frozenset[str] | None]) -> frozenset[str]:
    """The marks by which attachments are seen, from those by which the records are (``None``: all of a kind)."""
    return frozenset(
        mark
        for key, own in held.items()
        for mark in ((f"in:{key}",) if own is None else (f"{key}|{word}" for word in own))
    )


def _url(attachment: Attachment) -> str:
    """The page of the record; the file itself where that is gone."""
    source, target = source_of(attachment), attachment.target
    if source is None or target is None:
        return reverse("files:attachment-download", args=[attachment.pk])
    return source.url(target)


def _under(attachment: Attachment) -> str:
    source, target = source_of(attachment), attachment.target
    return f"{source.label}「{target}」の添付" if source is not None and target is not None else ""


def _nothing(user: User) -> QuerySet[Attachment]:
    return Attachment.objects.none()


ATTACHMENTS = AttachmentSource(
    key="attachment",
    label="添付",
    model=Attachment,
    rows=_rows,
    shown=_shown,
    text=_text,
    url=_url,
    under=_under,
    opens="files:attachment-download",
    visible=_nothing,
    marks=_marks,
    icon="clip",
    order=900,
    batch=10,
)


def keys_hanging_on(source: SearchSource[Any], keys: Iterable[int]) -> list[int]:
    """Attachments of records of one kind."""
    kind = ContentType.objects.get_for_model(source.model)
    hanging = Attachment.objects.filter(target_type=kind, target_pk__in=[str(key) for key in keys])
    return list(hanging.values_list("pk", flat=True))
