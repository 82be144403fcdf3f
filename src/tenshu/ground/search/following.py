"""How changes of records reach the index: the record of changes tells what was written, Django what was deleted."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models.signals import post_delete, pre_delete

from tenshu.ground.audit.actions import Change
from tenshu.ground.audit.listeners import listen
from tenshu.ground.files.models import Attachment
from tenshu.ground.search.attachments import ATTACHMENTS, keys_hanging_on
from tenshu.ground.search.index import drop, refresh
from tenshu.ground.search.sources import SearchSource, followers, source_of_model, sources

type Owner = tuple[str, int]
"""A record of the index: its kind and its key."""


def begin() -> None:
    """Listen. Called once, when the house starts."""
    listen(after_changes)
    pre_delete.connect(before_deletion, dispatch_uid="search")
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


@dataclass(slots=True)
class _Deletion:
    """Everything that one call of ``delete`` takes away, and the records to which it belongs.

    Many rows of one record go together (an agenda, the questions of a version): the record is read anew once,
    when the last of them is gone, and not once a row. It hangs on the record or the set whose ``delete`` was called.
    """

    owners: dict[tuple[str, Any], list[Owner]] = field(default_factory=dict)
    waiting: dict[Owner, set[tuple[str, Any]]] = field(default_factory=lambda: defaultdict(set))
    begun: bool = False


def before_deletion(
    sender: type[models.Model], instance: models.Model, origin: Any = None, **kwargs: Any
) -> None:
    """Note to which records a row belongs that is about to go. Django tells of all rows before the first one goes."""
    label = sender._meta.label_lower
    belongs = [
        (source.key, key)
        for source, keys_of in followers(label)
        if source.model is not sender
        for key in _known(keys_of([instance]))
    ]
    if not belongs:
        return
    carrier: Any = instance if origin is None else origin
    deletion: _Deletion | None = getattr(carrier, "_search_deletion", None)
    if deletion is None or deletion.begun:  # an earlier call on the same object
        deletion = carrier._search_deletion = _Deletion()
    deletion.owners[label, instance.pk] = belongs
    for owner in belongs:
        deletion.waiting[owner].add((label, instance.pk))


def after_deletion(
    sender: type[models.Model], instance: models.Model, origin: Any = None, **kwargs: Any
) -> None:
    """Forget a deleted record, and bring those up to date that it belonged to when nothing else of them has to go."""
    label = sender._meta.label_lower
    for source, keys_of in followers(label):
        if source.model is sender:
            drop(source, _known(keys_of([instance])))
    carrier: Any = instance if origin is None else origin
    deletion: _Deletion | None = getattr(carrier, "_search_deletion", None)
    if deletion is None:
        return
    deletion.begun = True
    for owner in deletion.owners.pop((label, instance.pk), ()):
        deletion.waiting[owner].discard((label, instance.pk))
        if not deletion.waiting[owner]:
            _refresh_with_files({owner[0]: [owner[1]]})


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
