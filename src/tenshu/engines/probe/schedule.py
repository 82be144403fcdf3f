"""When each target is due: fixed phases by hash, so that load is even and a restart keeps every site's
rhythm.
"""

from __future__ import annotations

import hashlib
import heapq
import math
from collections.abc import Sequence

from tenshu.engines.probe.plan import Target


def fraction(seed: int, *parts: object) -> float:
    """A number in [0, 1) that depends on nothing but the arguments."""
    text = "\x1f".join(str(part) for part in (seed, *parts)).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest()) / 2**64


class Schedule:
    """Due times of targets in epoch seconds.

    Cycle k of a target with interval T is due at (k + phase + jitter_k) * T, where phase in [0, 1) is the
    hash of its id and jitter_k in [0, jitter) that of id and k: checks never fall into step with other
    periodic work.
    """

    def __init__(
        self,
        targets: Sequence[Target],
        *,
        interval_s: float,
        seed: int,
        jitter: float,
        start: float,
        at_once: bool = False,
    ) -> None:
        """With `at_once` every target is due once, at `start`, and never again."""
        self._targets, self._seed, self._jitter = targets, seed, jitter
        self._intervals = [target.interval_s or interval_s for target in targets]
        self._phases = [] if at_once else [fraction(seed, target.id) for target in targets]
        self._at_once = at_once
        self.skipped = 0
        if at_once:
            self._heap = [(start, number, start) for number in range(len(targets))]
        else:
            self._heap = [self._first(number, start) for number in range(len(targets))]
        heapq.heapify(self._heap)

    def __len__(self) -> int:
        return len(self._heap)

    @property
    def next_at(self) -> float:
        """Epoch seconds of the next thing to do; infinity when nothing is left."""
        return self._heap[0][0] if self._heap else math.inf

    def pop_due(self, now: float) -> tuple[int, float] | None:
        """(number of the target, when it was due) of the longest waiting one, or None."""
        if self._heap and self._heap[0][0] <= now:
            _when, number, due = heapq.heappop(self._heap)
            return number, due
        return None

    def defer(self, number: int, due: float, until: float) -> None:
        """Put a popped target back until `until`; it stays due since `due`."""
        heapq.heappush(self._heap, (until, number, due))

    def plan_next(self, number: int, due: float, now: float) -> None:
        """Enter the next cycle of a target that was started; cycles already over are counted as skipped."""
        if self._at_once:
            return
        interval = self._intervals[number]
        cycle = self._cycle_of(number, due) + 1
        while (following := self._due(number, cycle)) <= now - interval:
            cycle += 1
            self.skipped += 1
        heapq.heappush(self._heap, (following, number, following))

    def waiting(self, now: float) -> tuple[int, float]:
        """(how many targets are due and not started, seconds that the longest of them has waited)."""
        dues = [due for when, _number, due in self._heap if due <= now]
        return len(dues), now - min(dues) if dues else 0.0

    def oldest_wait(self, now: float) -> float:
        """Seconds that the first entry is overdue; cheap, for every pass."""
        return max(0.0, now - self._heap[0][0]) if self._heap else 0.0

    def _due(self, number: int, cycle: int) -> float:
        interval = self._intervals[number]
        shift = self._jitter * fraction(self._seed, self._targets[number].id, cycle) if self._jitter else 0.0
        return (cycle + self._phases[number] + shift) * interval

    def _cycle_of(self, number: int, due: float) -> int:
        """The cycle whose due time is `due`; exact because jitter is far below one interval."""
        interval = self._intervals[number]
        cycle = math.floor(due / interval - self._phases[number] - self._jitter / 2 + 0.5)
        candidates = (cycle - 1, cycle, cycle + 1)
        return min(candidates, key=lambda k: abs(self._due(number, k) - due))

    def _first(self, number: int, start: float) -> tuple[float, int, float]:
        cycle = math.floor(start / self._intervals[number] - self._phases[number]) - 1
        while (due := self._due(number, cycle)) < start:
            cycle += 1
        return due, number, due
