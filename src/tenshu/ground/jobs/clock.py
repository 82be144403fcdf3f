"""The clock: ``Slot`` for the rooms, and the slots of this room."""

from tenshu.ground.jobs.retention import prune_jobs
from tenshu.ground.jobs.slots import Slot

__all__ = ["SLOTS", "Slot"]

SLOTS = [Slot(name="jobs.prune", cron="20 3 * * *", job=prune_jobs)]
