"""An epoll loop for one prober: watched sockets, timers, and a record of its own lag."""

from __future__ import annotations

import heapq
import select
import time
from collections import deque
from collections.abc import Callable
from typing import Protocol

READABLE = select.EPOLLIN
WRITABLE = select.EPOLLOUT
_BUCKET_S = 0.1
_KEPT_BUCKETS = 3_000


class Source(Protocol):
    """Something with one deadline of its own (libcurl's timer): `due` in monotonic seconds."""

    due: float

    def fire(self) -> None:
        """Called when `due` has passed; sets the next `due`."""


class Timer:
    """A pending call of the loop; `cancel` forgets it."""

    __slots__ = ("callback",)

    def __init__(self, callback: Callable[[], None]) -> None:
        self.callback: Callable[[], None] | None = callback

    def cancel(self) -> None:
        self.callback = None


class LagRecord:
    """Worst delay in ms that the loop caused or suffered, by buckets of 0.1 s.

    A delay is either the time that one pass kept the sockets waiting, or the time by which
    the operating system woke the loop too late.
    """

    def __init__(self) -> None:
        self._buckets: deque[tuple[int, float]] = deque(maxlen=_KEPT_BUCKETS)

    def add(self, moment: float, seconds: float) -> None:
        bucket = int(moment / _BUCKET_S)
        if self._buckets and self._buckets[-1][0] == bucket:
            if seconds > self._buckets[-1][1]:
                self._buckets[-1] = (bucket, seconds)
        else:
            self._buckets.append((bucket, seconds))

    def worst_ms(self, since: float) -> float:
        """Worst delay in ms among the buckets that end after `since` (monotonic seconds)."""
        first, worst = int(since / _BUCKET_S), 0.0
        for bucket, seconds in reversed(self._buckets):
            if bucket < first:
                break
            worst = max(worst, seconds)
        return worst * 1000


class EventLoop:
    """Single-threaded loop. Callbacks run to their end; none may block."""

    def __init__(self) -> None:
        self.lag = LagRecord()
        self._pass_started = time.monotonic()
        self._epoll = select.epoll()
        self._watchers: dict[int, Callable[[int, int], None]] = {}
        self._timers: list[tuple[float, int, Timer]] = []
        self._sequence = 0
        self._lanes: dict[float, deque[tuple[float, Timer]]] = {}
        self._sources: list[Source] = []
        self._after_pass: list[Callable[[], None]] = []

    def watch(self, fd: int, mask: int, callback: Callable[[int, int], None]) -> None:
        """Call `callback(fd, events)` when `fd` is ready; replaces an earlier watch of the same fd."""
        if fd in self._watchers:
            self._epoll.modify(fd, mask)
        else:
            self._epoll.register(fd, mask)
        self._watchers[fd] = callback

    def unwatch(self, fd: int) -> None:
        """Forget `fd`; unknown or already closed descriptors are ignored."""
        if self._watchers.pop(fd, None) is not None:
            try:
                self._epoll.unregister(fd)
            except OSError:
                return  # closed by its owner: epoll has dropped it by itself

    def call_at(self, when: float, callback: Callable[[], None]) -> Timer:
        """Call `callback` once, at monotonic time `when` or soon after."""
        timer = Timer(callback)
        self._sequence += 1
        heapq.heappush(self._timers, (when, self._sequence, timer))
        return timer

    def call_later(self, seconds: float, callback: Callable[[], None]) -> Timer:
        return self.call_at(time.monotonic() + seconds, callback)

    def call_after(self, delay: float, callback: Callable[[], None]) -> Timer:
        """Like `call_later`, for the few delays that every check uses: equal delays fall due in the order of
        their calls, so a queue for each does what a heap would, and cancelled calls leave it early.
        """
        timer = Timer(callback)
        lane = self._lanes.get(delay)
        if lane is None:
            lane = self._lanes[delay] = deque()
        lane.append((time.monotonic() + delay, timer))
        return timer

    def add_source(self, source: Source) -> None:
        self._sources.append(source)

    def after_pass(self, callback: Callable[[], None]) -> None:
        """Run `callback` at the end of every pass."""
        self._after_pass.append(callback)

    def run_pass(self, longest_wait: float) -> None:
        """Wait at most `longest_wait` seconds for events, then handle all that is ready."""
        before = time.monotonic()
        planned = self._next_due(before + longest_wait)
        ready = self._epoll.poll(max(0.0, planned - before))
        start = self._pass_started = time.monotonic()
        oversleep = start - max(planned, before) if not ready else 0.0
        for fd, events in ready:
            callback = self._watchers.get(fd)
            if callback is not None:
                callback(fd, events)
        self._fire_due()
        for after in self._after_pass:
            after()
        end = time.monotonic()
        self.lag.add(end, max(end - start, oversleep))

    def lag_ms(self, since: float) -> float:
        """Worst lag in ms between `since` (monotonic) and now, the pass under way included."""
        return max(self.lag.worst_ms(since), (time.monotonic() - self._pass_started) * 1000)

    def close(self) -> None:
        self._watchers.clear()
        self._epoll.close()

    def _next_due(self, limit: float) -> float:
        while self._timers and self._timers[0][2].callback is None:
            heapq.heappop(self._timers)
        if self._timers:
            limit = min(limit, self._timers[0][0])
        for lane in self._lanes.values():
            while lane and lane[0][1].callback is None:
                lane.popleft()
            if lane and lane[0][0] < limit:
                limit = lane[0][0]
        for source in self._sources:
            limit = min(limit, source.due)
        return limit

    def _fire_due(self) -> None:
        now = time.monotonic()
        for source in self._sources:
            if source.due <= now:
                source.fire()
        while self._timers and self._timers[0][0] <= now:
            timer = heapq.heappop(self._timers)[2]
            if timer.callback is not None:
                timer.callback()
        for lane in list(self._lanes.values()):
            while lane and lane[0][0] <= now:
                timer = lane.popleft()[1]
                if timer.callback is not None:
                    timer.callback()
