"""The loopback canary: the prober regularly probes itself, through the very path that its samples take.

A sample is only as good as its prober. What the canary reports above a fraction of a millisecond is the
prober's own delay, not a site's.
"""

from __future__ import annotations

import socket
import time
from collections import deque
from functools import partial

from tenshu.engines.probe.event_loop import READABLE, EventLoop, Timer
from tenshu.engines.probe.reply import Reply, Request
from tenshu.engines.probe.transfer import Transfers

_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"


class Canary:
    """A tiny web server on 127.0.0.1 inside the loop, and a probe of it every `period_s` seconds."""

    def __init__(self, loop: EventLoop, transfers: Transfers, period_s: float) -> None:
        self._loop, self._transfers, self._period_s = loop, transfers, period_s
        self._server = socket.create_server(("127.0.0.1", 0), backlog=16)
        self._server.setblocking(False)
        self._port: int = self._server.getsockname()[1]
        self._results: deque[tuple[float, float, float]] = deque(maxlen=600)
        self._sent = 0.0
        self._under_way = False
        self._timer: Timer | None = None
        loop.watch(self._server.fileno(), READABLE, self._accept)

    def start(self) -> None:
        """Send the first canary now and go on every period."""
        self._send()

    def worst_ms(self, since: float) -> float:
        """Worst canary in ms that overlapped the time since `since` (monotonic), else the latest; NaN
        before any.

        A canary that is still on its way counts with the time it has already taken.
        """
        worst = (time.monotonic() - self._sent) * 1000 if self._under_way else float("nan")
        for _sent, ended, took in reversed(self._results):
            if ended < since and worst == worst:
                break
            worst = took if worst != worst else max(worst, took)
            if ended < since:
                break  # none overlapped: the latest counts
        return worst

    def values(self) -> list[float]:
        """The latest results in ms, oldest first."""
        return [took for _sent, _ended, took in self._results]

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._loop.unwatch(self._server.fileno())
        self._server.close()

    def _send(self) -> None:
        self._timer = self._loop.call_later(self._period_s, self._send)
        if self._under_way:
            return
        self._under_way, self._sent = True, time.monotonic()
        url = f"http://127.0.0.1:{self._port}/"
        self._transfers.start(Request(url, "127.0.0.1", self._port, tls=False), self._answered)

    def _answered(self, _reply: Reply) -> None:
        self._under_way = False
        ended = time.monotonic()
        self._results.append((self._sent, ended, (ended - self._sent) * 1000))

    def _accept(self, _fd: int, _events: int) -> None:
        try:
            client, _ = self._server.accept()
        except BlockingIOError:
            return
        client.setblocking(False)
        self._loop.watch(client.fileno(), READABLE, partial(self._serve, client))

    def _serve(self, client: socket.socket, _fd: int, _events: int) -> None:
        try:
            if client.recv(4096):
                client.send(_ANSWER)
        except BlockingIOError:
            return
        except OSError:
            pass  # the prober has given this canary up: only the socket is left to close
        self._loop.unwatch(client.fileno())
        client.close()
