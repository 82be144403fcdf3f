"""The only writer of the index: rows are made from the records as they are, inside the transaction of their change."""

import hashlib
import itertools
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from django.db import connection, models, transaction

from tenshu.ground.search.folding import fold
from tenshu.ground.search.models import IndexRow
from tenshu.ground.search.sources import SearchSource
from tenshu.ground.search.stores import store

VERSION = "1"
"""Raised when rows are made in another way: every row is then out of date and is made anew."""
LONGEST_TITLE = 400
LONGEST_BODY = 300_000
"""Letters of one record that can be found; what stands behind is left out."""


def row_of(source: SearchSource[Any], record: models.Model) -> IndexRow:
    """The row that ``record`` ought to have."""
    text = source.text(record)
    row = IndexRow(
        source=source.key,
        object_key=record.pk,
        title=fold(text.title)[:LONGEST_TITLE],
        keys=" ".join(filter(None, map(fold, text.keys)))[:LONGEST_TITLE],
        whole=fold(text.body[:LONGEST_BODY]),
        marks=" ".join(sorted(f"{source.key}|{mark}" for mark in source.marks(record))),
        on=text.on,
    )
    row.digest = _digest(row)
    return row


def _digest(row: IndexRow) -> str:
    parts = (VERSION, row.title, row.keys, row.whole, row.marks, str(row.on))
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()


@transaction.atomic
def refresh(source: SearchSource[Any], keys: Iterable[int | None]) -> int:
    """Bring the rows of these records up to date; those whose record is gone go. Returns how many differed.

    The rows are locked before the records are read, so that of two writers the later one sees the work of both.
    """
    differing = 0
    wanted = sorted({key for key in keys if key is not None})
    for batch in itertools.batched(wanted, source.batch, strict=False):
        differing += _refresh_batch(source, batch)
    return differing


def _refresh_batch(source: SearchSource[Any], keys: Sequence[int]) -> int:
    kept = {row.object_key: row for row in _locked(source, keys)}
    wanted = {record.pk: row_of(source, record) for record in source.rows().filter(pk__in=keys)}
    gone = [row for key, row in kept.items() if key not in wanted]
    changed = [
        (row, wanted[key]) for key, row in kept.items() if key in wanted and row.digest != wanted[key].digest
    ]
    new = [wanted[key] for key in keys if key in wanted and key not in kept]
    if gone:
        store().remove(gone)
    differing = len(gone) + len(changed) + len(new)
    if (new or changed) and store().save(new, changed) < len(new):
        # Somebody else made rows of these records after we looked, perhaps of a newer text: now they can be locked.
        differing += _refresh_batch(source, [row.object_key for row in new])
    return differing


def _locked(source: SearchSource[Any], keys: Collection[int]) -> models.QuerySet[IndexRow]:
    rows = IndexRow.objects.filter(source=source.key, object_key__in=keys).order_by("pk")
    return rows.select_for_update() if connection.features.has_select_for_update else rows


@transaction.atomic
def drop(source: SearchSource[Any], keys: Iterable[int]) -> None:
    """Forget records that are gone."""
    rows = list(_locked(source, list(keys)))
    if rows:
        store().remove(rows)


def differences(source: SearchSource[Any]) -> Iterator[list[int]]:
    """Keys of records whose row is missing or out of date, batch by batch; read only."""
    for keys in key_batches(source):
        kept = dict(
            IndexRow.objects.filter(source=source.key, object_key__in=keys).values_list(
                "object_key", "digest"
            )
        )
        records = source.rows().filter(pk__in=keys)
        yield [record.pk for record in records if kept.get(record.pk) != row_of(source, record).digest]


def key_batches(source: SearchSource[Any]) -> Iterator[list[int]]:
    """The keys of all records in rising order."""
    after = 0
    while True:
        rows = source.model._default_manager.filter(pk__gt=after).order_by("pk")
        keys = list(rows.values_list("pk", flat=True)[: source.batch])
        if not keys:
            return
        yield keys
        after = keys[-1]


def left_over(source: SearchSource[Any]) -> models.QuerySet[IndexRow]:
    """Rows whose record is gone."""
    return IndexRow.objects.filter(source=source.key).exclude(
        object_key__in=source.model._default_manager.values("pk")
    )


def missing(source: SearchSource[Any]) -> models.QuerySet[Any]:
    """Records without a row."""
    kept = IndexRow.objects.filter(source=source.key).values("object_key")
    rows: models.QuerySet[Any] = source.model._default_manager.exclude(pk__in=kept)
    return rows
