"""The writing half of an action: save and record in one step, one row or many.

Rooms' actions are built from these; nothing else saves a model.
"""

import itertools
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import models, transaction

from tenshu.ground.access.models import User
from tenshu.ground.audit.actions import Change, record_many
from tenshu.ground.audit.snapshot import snapshot

BATCH = 500


def create[M: models.Model](instance: M, verb: str, *, acting_user: User, reason: str = "") -> M:
    """Save a new instance and record it. Raises ``ValidationError`` when the model's rules refuse it."""
    with transaction.atomic():
        instance.full_clean()
        instance.save(force_insert=True)
        record_many(
            [Change(verb, instance, after=snapshot(instance), reason=reason)], acting_user=acting_user
        )
    return instance


def change[M: models.Model](
    instance: M, values: Mapping[str, Any], verb: str, *, acting_user: User, reason: str = ""
) -> bool:
    """Set ``values`` on a saved instance and record what differs; returns whether anything did."""
    with transaction.atomic():
        before = snapshot(instance)
        for name, value in values.items():
            setattr(instance, name, value)
        after = snapshot(instance)
        if before == after:
            return False
        instance.full_clean()
        instance.save(update_fields=[name for name in after if before[name] != after[name]])
        record_many(
            [Change(verb, instance, before=before, after=after, reason=reason)], acting_user=acting_user
        )
    return True


def remove(instance: models.Model, verb: str, *, acting_user: User, reason: str = "") -> None:
    """Delete an instance and record what it was."""
    with transaction.atomic():
        record_many(
            [Change(verb, instance, before=snapshot(instance), reason=reason)], acting_user=acting_user
        )
        instance.delete()


def create_many[M: models.Model](
    instances: Sequence[M], verb: str, *, acting_user: User, reason: str = ""
) -> list[M]:
    """Save many new instances of one model in bulk and record each."""
    if not instances:
        return []
    with transaction.atomic():
        made: list[M] = type(instances[0])._default_manager.bulk_create(instances, batch_size=BATCH)
        record_many(
            [Change(verb, item, after=snapshot(item), reason=reason) for item in made],
            acting_user=acting_user,
        )
    return made


def change_many[M: models.Model](
    changes: Sequence[tuple[M, Mapping[str, Any]]], verb: str, *, acting_user: User, reason: str = ""
) -> int:
    """Set values on many saved instances of one model in bulk; returns how many differed."""
    touched: list[M] = []
    recorded: list[Change] = []
    fields: set[str] = set()
    for instance, values in changes:
        before = snapshot(instance)
        for name, value in values.items():
            setattr(instance, name, value)
        after = snapshot(instance)
        differing = [name for name in after if before[name] != after[name]]
        if differing:
            fields.update(differing)
            touched.append(instance)
            recorded.append(Change(verb, instance, before=before, after=after, reason=reason))
    if touched:
        with transaction.atomic():
            save_changed(touched, fields)
            record_many(recorded, acting_user=acting_user)
    return len(touched)


def save_changed[M: models.Model](instances: Sequence[M], fields: Collection[str]) -> None:
    """Write ``fields`` of many saved instances of one model. Needs a transaction; records nothing.

    One upsert a batch: the CASE expressions of ``bulk_update`` cost Django ten times as much. The rows are locked
    first, as an upsert would bring back what somebody else has deleted meanwhile; then ``ObjectDoesNotExist`` is raised.
    """
    if not instances or not fields:
        return
    model = type(instances[0])
    for batch in itertools.batched({item.pk: item for item in instances}.values(), BATCH, strict=False):
        rows = model._default_manager.filter(pk__in=[item.pk for item in batch])
        if len(rows.select_for_update().order_by("pk").values_list("pk", flat=True)) != len(batch):
            raise ObjectDoesNotExist("A row that was to be changed is gone.")
        model._default_manager.bulk_create(
            batch, update_conflicts=True, unique_fields=["pk"], update_fields=sorted(fields)
        )


def remove_many(instances: Sequence[models.Model], verb: str, *, acting_user: User, reason: str = "") -> int:
    """Delete many instances of one model and record what each was."""
    if not instances:
        return 0
    with transaction.atomic():
        record_many(
            [Change(verb, item, before=snapshot(item), reason=reason) for item in instances],
            acting_user=acting_user,
        )
        type(instances[0])._default_manager.filter(pk__in=[item.pk for item in instances]).delete()
    return len(instances)
