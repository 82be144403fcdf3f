"""The clock's slots: which job runs when, in Japanese time."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from cronsim import CronSim
from django.utils import timezone

from tenshu.ground.jobs.tasks import Job
from tenshu.ground.rooms import offered


@dataclass(frozen=True, slots=True)
class Slot:
    """A job at fixed times. ``name`` is its key for ever; ``cron`` has five fields; ``kwargs`` go to the job.

    Raises ``CronSimError`` for a ``cron`` that cannot be read.
    """

    name: str
    cron: str
    job: Job
    title: str = ""
    overlap: bool = False
    kwargs: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        CronSim(self.cron, timezone.localtime())

    @property
    def label(self) -> str:
        """The slot in Japanese."""
        return self.title or self.job.title

    def latest(self, now: datetime.datetime) -> datetime.datetime:
        """The last moment at or before ``now`` at which the slot is due."""
        following = timezone.localtime(now).replace(second=0, microsecond=0) + datetime.timedelta(minutes=1)
        return next(CronSim(self.cron, following, reverse=True))

    def next(self, now: datetime.datetime) -> datetime.datetime:
        """The first moment after ``now`` at which the slot is due."""
        return next(CronSim(self.cron, timezone.localtime(now)))


@cache
def all_slots() -> tuple[Slot, ...]:
    """The slots of all installed rooms. Two of one name are a mistake and raise ``ValueError``."""
    slots: tuple[Slot, ...] = tuple(slot for offer in offered("clock", "SLOTS") for slot in offer)
    names = [slot.name for slot in slots]
    if len(names) != len(set(names)):
        raise ValueError(f"Two slots of the clock share a name: {sorted(names)}")
    return slots
