"""How changes of records reach the index: the record of changes tells what was written, Django what was deleted."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from django.db.models.signals import post_delete

from tenshu.ground.audit.actions import Change
from tenshu.ground.audit.listeners import listen
from tenshu.ground.files.models import Attachment
from tenshu.ground.search.attachments import ATTACHMENTS, keys_hanging_on
from tenshu.ground.search.index import drop, refresh
from tenshu.ground.search.sources import SearchSource, followers, source_of_model, sources


def begin() -> None:
    """Listen. Called once, when the house starts."""
    listen(after_changes)
    post_delete.connect(after_deletion, dispatch_uid="search")


def after_changes(changes: Sequence[Change]) -> None:
    """Bring the index up to date with records that were written, in their transaction."""
    rows: dict[str, list[models.Model]] = defaultdict(list)
    for change in changes:
        rows[change.target._meta.label_lower].append(change.target)
        if change.verb == "files.attachment.added":
            _after_attaching(change.target)
    keys: dict[str, set[int]] = defaultdict(set)
    for label, written in rows.items():
        for source, keys_of in followers(label):
            keys[source.key].update(_known(keys_of(written)))
    _refresh_with_files(keys)


def _known(keys: Iterable[int | None]) -> list[int]:
    return [key for key in keys if key is not None]


def _after_attaching(target: models.Model) -> None:
    # A job fixes the backend of all jobs when it is defined: too early while the house is only starting.
    from tenshu.ground.search.reading import read_file

    source = source_of_model(target._meta.label_lower)
    if source is None:
        return
    keys = keys_hanging_on(source, [target.pk])
    refresh(ATTACHMENTS, keys)
    unread = Attachment.objects.filter(pk__in=keys, stored__extract__isnull=True)
    for stored_id in sorted(set(unread.values_list("stored_id", flat=True))):
        read_file.enqueue(stored_id=stored_id)


def after_deletion(sender: type[models.Model], instance: models.Model, **kwargs: Any) -> None:
    """Forget a deleted record, and bring those up to date that it belonged to."""
    for source, keys_of in followers(sender._meta.label_lower):
        found = _known(keys_of([instance]))
        if source.model is sender:
            drop(source, found)
        else:
            _refresh_with_files({source.key: found})


def _refresh_with_files(keys: dict[str, Any]) -> None:
    for key, found in keys.items():
        source: SearchSource[Any] = sources()[key]
        if refresh(source, found) and source.model is not ATTACHMENTS.model:
            refresh(ATTACHMENTS, keys_hanging_on(source, found))


def refresh_records(label: str, keys: Iterable[int]) -> None:
    """For writers that bypass the record of changes: records of the model ``label`` were written."""
    for source in sources().values():
        if source.model._meta.label_lower == label:
            _refresh_with_files({source.key: list(keys)})
