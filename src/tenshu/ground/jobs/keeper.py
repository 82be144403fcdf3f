"""The worker's keeper: a thread that beats its heart, ends what hangs, rescues the jobs of the dead, ticks the clock."""

import logging
import threading
import time
from collections.abc import Callable

from django.db import connection

from tenshu.ground.jobs import heartbeat
from tenshu.ground.jobs.hanging import InHand
from tenshu.ground.jobs.rescue import rescue
from tenshu.ground.jobs.ticking import tick
from tenshu.ground.jobs.timing import timing
from tenshu.ground.jobs.working import WorkerLoop, where

log = logging.getLogger("tenshu.jobs")
TICK_EVERY_SECONDS = 5.0


class Keeper(threading.Thread):
    """Runs beside ``loop`` until ``stop`` is called; ``with_clock`` is False for a worker that only drains.

    ``begin_anew`` replaces this process by a fresh worker that settles the job which went on beyond its limit.
    """

    def __init__(self, loop: WorkerLoop, *, with_clock: bool, begin_anew: Callable[[InHand], None]) -> None:
        super().__init__(name="keeper", daemon=True)
        self._loop = loop
        self._with_clock = with_clock
        self._begin_anew = begin_anew
        self._end = threading.Event()
        self._ticked_at = -TICK_EVERY_SECONDS

    def run(self) -> None:
        """Beat first, at every turn: the rest may wait. Whatever goes wrong costs one turn, never the keeper."""
        while not self._end.is_set():
            try:
                self._end_what_hangs()
                if not heartbeat.beat(self._loop.worker):
                    self._loop.was_buried = True
                rescue()
                if self._with_clock and time.monotonic() - self._ticked_at >= TICK_EVERY_SECONDS:
                    tick()
                    self._ticked_at = time.monotonic()
            except Exception as error:  # noqa: BLE001 - without its keeper a worker that works is taken for dead
                log.error("the keeper's turn failed: %s", where(error))
            finally:
                connection.close_if_unusable_or_obsolete()
            self._end.wait(timing().heartbeat)
        connection.close()

    def _end_what_hangs(self) -> None:
        """First of all, and without a word to the database: the job may be what keeps it from answering."""
        held = self._loop.in_hand
        if held is not None and held.is_over:
            log.error("job %s went on beyond its %s seconds: the worker begins anew", held.job_id, held.limit)
            self._begin_anew(held)

    def stop(self) -> None:
        """Come to the end of the turn and stop."""
        self._end.set()
        self.join(timeout=10)
