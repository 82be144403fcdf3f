"""Is it the site or is it us? References on the own side decide before a failure is blamed on a site.

A failed sample is held until a round of reference checks that began after the failure is over. When no
reference answered, in that round or in one that overlapped the sample, the sample is marked as the own
side's fault.
"""

from __future__ import annotations

import errno
import math
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from tenshu.engines.probe.event_loop import WRITABLE, EventLoop, Timer
from tenshu.engines.probe.plan import read_reference

_ROUND_S = 2.0
_SOONEST_S = 0.5


@dataclass(frozen=True, slots=True)
class _Held:
    started: float
    ended: float
    release: Callable[[bool], None]


class OwnNetwork:
    """Watches `references` ("tcp://ADDRESS:PORT"); an accepted or a refused connection both prove the
    line.
    """

    def __init__(self, loop: EventLoop, references: tuple[str, ...], period_s: float) -> None:
        self._loop, self._period_s = loop, period_s
        self._places = [read_reference(text) for text in references]
        self._held: list[_Held] = []
        self._open: dict[int, socket.socket] = {}
        self._round_started = -math.inf
        self._round_running = False
        self._limit: Timer | None = None
        self._next: Timer | None = None
        self._down: list[tuple[float, float]] = []
        self.on_change: Callable[[bool], None] | None = None
        self.up: bool | None = None
        self.reference_ms = math.nan

    def start(self) -> None:
        if self._places:
            self._begin_round()

    @property
    def holding(self) -> int:
        """Samples that wait for a verdict."""
        return len(self._held)

    def judge(self, started: float, release: Callable[[bool], None]) -> None:
        """Call `release(our_side)` when it is known whether the own line was down since `started`
        (monotonic).
        """
        if not self._places:
            release(False)
            return
        self._held.append(_Held(started, time.monotonic(), release))
        if not self._round_running:
            self._schedule(max(0.0, self._round_started + _SOONEST_S - time.monotonic()))

    def close(self) -> None:
        """Stop; samples still held are released with what is known."""
        for timer in (self._limit, self._next):
            if timer is not None:
                timer.cancel()
        self._close_sockets()
        held, self._held = self._held, []
        for item in held:
            item.release(self._was_down(item.started, math.inf) or self.up is False)

    def _schedule(self, delay: float) -> None:
        if self._next is not None:
            self._next.cancel()
        self._next = self._loop.call_later(delay, self._begin_round)

    def _begin_round(self) -> None:
        self._round_started, self._round_running = time.monotonic(), True
        self._limit = self._loop.call_later(_ROUND_S, partial(self._end_round, up=False))
        for place in self._places:
            family = socket.AF_INET6 if ":" in place[0] else socket.AF_INET
            try:
                connection = socket.socket(family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
                code = connection.connect_ex(place)
            except OSError:
                continue
            self._open[connection.fileno()] = connection
            if code in (0, errno.EINPROGRESS):
                fd = connection.fileno()
                self._loop.watch(fd, WRITABLE, partial(self._connected, connection))
            elif code == errno.ECONNREFUSED:
                self._end_round(up=True)
                return
            else:
                self._forget(connection)
        if not self._open and self._round_running:
            self._end_round(up=False)

    def _connected(self, connection: socket.socket, _fd: int, _events: int) -> None:
        code = connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code in (0, errno.ECONNREFUSED):
            self._end_round(up=True)
            return
        self._forget(connection)
        if not self._open:
            self._end_round(up=False)

    def _end_round(self, *, up: bool) -> None:
        if not self._round_running:
            return
        now = time.monotonic()
        self._round_running = False
        if self._limit is not None:
            self._limit.cancel()
        self._close_sockets()
        self.reference_ms = (now - self._round_started) * 1000 if up else math.nan
        if not up:
            self._note_down(self._round_started, now)
        if self.up is not up:
            self.up = up
            if self.on_change is not None:
                self.on_change(up)
        self._release(self._round_started, now)
        # While the line is down or samples wait, look again soon; else at the calm pace.
        self._schedule(self._period_s if up and not self._held else min(self._period_s, _SOONEST_S))

    def _release(self, began: float, now: float) -> None:
        ready = [item for item in self._held if item.ended <= began]
        self._held = [item for item in self._held if item.ended > began]
        for item in ready:
            item.release(self._was_down(item.started, now))

    def _note_down(self, began: float, ended: float) -> None:
        """Join consecutive rounds that failed into one span; an hour of spans is kept."""
        if self._down and self.up is False:
            self._down[-1] = (self._down[-1][0], ended)
        else:
            self._down.append((began, ended))
        self._down = [span for span in self._down if span[1] > ended - 3600]

    def _was_down(self, started: float, ended: float) -> bool:
        return any(began <= ended and over >= started for began, over in self._down)

    def _forget(self, connection: socket.socket) -> None:
        self._loop.unwatch(connection.fileno())
        self._open.pop(connection.fileno(), None)
        connection.close()

    def _close_sockets(self) -> None:
        for connection in list(self._open.values()):
            self._forget(connection)
