"""The tick of the clock: queues the jobs of the slots that have come due, each turn once over all workers."""

import datetime
from collections.abc import Iterable
from typing import cast

from django.db import transaction
from django.tasks import TaskResultStatus
from django.utils import timezone

from tenshu.ground.jobs.models import QueueRow, SlotTurn
from tenshu.ground.jobs.slots import Slot, all_slots

LOOK_BACK = datetime.timedelta(hours=26)
#: A turn further ahead was taken by a machine whose clock was wrong: it holds nothing up.
CLOCKS_DIFFER = datetime.timedelta(hours=1)


def tick(now: datetime.datetime | None = None, slots: Iterable[Slot] | None = None) -> int:
    """Queue what is due; returns how many jobs. Safe to call from any number of workers at once.

    Of the turns missed within ``LOOK_BACK`` only the latest is caught up. A slot that was never seen before
    only gets its row: it begins with its next turn.
    """
    now = now or timezone.now()
    queued = 0
    for slot in all_slots() if slots is None else slots:
        due = slot.latest(now)
        taken = SlotTurn.objects.filter(name=slot.name, due__range=(due, now + CLOCKS_DIFFER))
        if now - due <= LOOK_BACK and not taken.exists():
            queued += _take(slot, due)
    return queued


def _take(slot: Slot, due: datetime.datetime) -> int:
    with transaction.atomic():
        is_new = not SlotTurn.objects.filter(name=slot.name).exists()
        turn, made = SlotTurn.objects.get_or_create(name=slot.name, due=due)
        if not made or is_new or (not slot.overlap and _is_unfinished(slot.name)):
            return 0
        result = slot.job.enqueue(**slot.kwargs)
        turn.task = cast("QueueRow | None", getattr(result, "db_result", None))
        turn.save(update_fields=["task"])
    return 1


def _is_unfinished(name: str) -> bool:
    unfinished = (TaskResultStatus.READY, TaskResultStatus.RUNNING)
    return SlotTurn.objects.filter(name=name, task__status__in=unfinished).exists()
