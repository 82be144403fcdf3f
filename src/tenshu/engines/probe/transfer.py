"""One HTTP exchange at a time per handle, many handles at once: libcurl's multi interface on the prober's
loop.

Every exchange opens a new connection to an address that was resolved and judged before, so that its phases
are those of a first visitor. The certificate chain comes from libcurl's debug callback: it shows the served
certificates even when they are not trusted, at half the cost of its certificate listing. That is still a
tenth of a check, so a request says whether it wants the chain.
"""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Callable
from functools import partial

import pycurl

from tenshu.engines.probe.event_loop import READABLE, WRITABLE, EventLoop, Timer
from tenshu.engines.probe.reply import Reply, Request, declared_size, explain, read_reply
from tenshu.engines.probe.settings import Limits, Timeouts

_CERTIFICATE_MESSAGE = 11
_TEXT, _TLS_IN = 0, 5
_EXPANSION_FROM = 1 << 20
_ERROR_FLAGS = ~(READABLE | WRITABLE)
_CIPHERS = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"


class _Slot:
    """A reusable libcurl handle with the receiver of its callbacks."""

    __slots__ = (
        "body",
        "chain",
        "connected",
        "curl",
        "digest",
        "done",
        "header_lines",
        "headers",
        "limits",
        "reading_chain",
        "refusal",
        "request",
        "seen",
        "size",
        "started",
        "timer",
        "tls_text",
        "version",
        "wire_size",
    )

    def __init__(self, limits: Limits) -> None:
        self.curl = pycurl.Curl()
        self.limits = limits
        self.started = self.connected = 0.0
        self.header_lines: list[bytes] = []
        self.headers: tuple[str, ...] = ()
        self.reading_chain = False
        self.version = -1
        self.timer: Timer | None = None
        self.done: Callable[[Reply], None] | None = None
        self.curl.setopt(pycurl.WRITEFUNCTION, self.write)
        self.curl.setopt(pycurl.DEBUGFUNCTION, self.debug)
        self.curl.setopt(pycurl.HEADERFUNCTION, self.header_lines.append)

    def reset(self, request: Request, done: Callable[[Reply], None]) -> None:
        self.request = request
        self.done = done
        self.digest = hashlib.sha256()
        self.size = self.wire_size = 0
        self.connected = 0.0
        self.seen = (0.0, 0)
        self.refusal = ("", "")
        self.header_lines.clear()
        self.chain = b""
        self.tls_text = b""
        self.body: list[bytes] = []

    def write(self, data: bytes) -> int | None:
        """Take decoded body bytes; refuses (returns -1) what exceeds a limit."""
        self.size += len(data)
        if self.size > self.limits.body_bytes:
            self.refusal = ("body_too_large", f"more than {self.limits.body_bytes} bytes")
            return -1
        if self.size > _EXPANSION_FROM:
            if not self.wire_size:
                self.wire_size = declared_size(self.header_lines)
            if self.expands_too_much():
                return -1
        self.digest.update(data)
        if self.request.keep_body:
            self.body.append(data)
        return None

    @property
    def sha256(self) -> str:
        return str(self.digest.hexdigest())

    def expands_too_much(self) -> bool:
        """True, with the refusal noted, when the body is out of proportion to its known size on the wire."""
        too_much = 0 < self.wire_size * self.limits.expansion < self.size
        if too_much and self.size > _EXPANSION_FROM:
            text = f"{self.size} bytes out of {self.wire_size} on the wire"
            self.refusal = ("expands_too_much", text)
            return True
        return False

    def debug(self, kind: int, data: bytes) -> None:
        """Keep the certificate message and the line that names the TLS version."""
        if kind == _TLS_IN:
            if data[0] == _CERTIFICATE_MESSAGE and len(data) > 5:  # 5 bytes: a bare record header
                self.chain = data
        elif kind == _TEXT and data[:21] == b"SSL connection using ":
            self.tls_text = data


class Transfers:
    """All exchanges of one prober: one libcurl multi handle, so that the trust store is parsed once a day."""

    def __init__(
        self,
        loop: EventLoop,
        *,
        timeouts: Timeouts,
        limits: Limits,
        ca_file: str,
        user_agent: str,
    ) -> None:
        self.due = math.inf
        self.in_flight: set[_Slot] = set()
        self._loop = loop
        self._timeouts, self._limits = timeouts, limits
        self._ca_file, self._user_agent = ca_file, user_agent
        self._free: list[_Slot] = []
        self._by_fd: dict[int, _Slot] = {}
        self._reading_chains = 0
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_SOCKETFUNCTION, self._socket_wish)
        self._multi.setopt(pycurl.M_TIMERFUNCTION, self._timer_wish)
        loop.add_source(self)
        loop.after_pass(self._collect)

    def start(self, request: Request, done: Callable[[Reply], None]) -> None:
        """Begin `request`; `done(reply)` is called exactly once, from the loop, unless `abandon` comes
        first.
        """
        slot = self._free.pop() if self._free else self._new_slot()
        slot.reset(request, done)
        curl = slot.curl
        place = f"[{request.address}]" if ":" in request.address else request.address
        curl.setopt(pycurl.URL, request.url)
        curl.setopt(pycurl.CONNECT_TO, [f"::{place}:{request.port}"])
        if slot.headers != request.headers:
            slot.headers = request.headers
            curl.setopt(pycurl.HTTPHEADER, list(request.headers))
        version = pycurl.CURL_HTTP_VERSION_2TLS if request.http2 else pycurl.CURL_HTTP_VERSION_1_1
        if slot.version != version:
            slot.version = version
            curl.setopt(pycurl.HTTP_VERSION, version)
        if slot.reading_chain is not request.read_chain:
            self._read_chain(slot, wanted=request.read_chain)
        self.in_flight.add(slot)
        slot.started = time.monotonic()
        self._multi.add_handle(curl)
        slot.timer = self._loop.call_after(self._timeouts.connect_s, partial(self._check_phase, slot))

    def abandon(self) -> None:
        """Drop all exchanges without calling their `done`."""
        for slot in list(self.in_flight):
            slot.done = None
            self._release(slot)

    def close(self) -> None:
        self.abandon()
        for slot in self._free:
            slot.curl.close()
        self._free.clear()
        self._multi.close()

    def fire(self) -> None:
        self.due = math.inf
        self._multi.socket_action(pycurl.SOCKET_TIMEOUT, 0)

    def _new_slot(self) -> _Slot:
        slot = _Slot(self._limits)
        curl = slot.curl
        curl.slot = slot
        curl.setopt(pycurl.SOCKOPTFUNCTION, partial(self._opened, slot))
        curl.setopt(pycurl.NOSIGNAL, 1)
        curl.setopt(pycurl.FRESH_CONNECT, 1)
        curl.setopt(pycurl.FORBID_REUSE, 1)
        curl.setopt(pycurl.PROXY, "")
        curl.setopt(pycurl.NOPROXY, "*")
        curl.setopt(pycurl.FOLLOWLOCATION, 0)
        curl.setopt(pycurl.USERAGENT, self._user_agent)
        curl.setopt(pycurl.ACCEPT_ENCODING, "")
        # Below 64 KiB, from where on glibc tidies its whole heap at every free.
        curl.setopt(pycurl.BUFFERSIZE, 61_440)
        curl.setopt(pycurl.MAXFILESIZE_LARGE, self._limits.body_bytes)
        curl.setopt(pycurl.CAINFO, self._ca_file)
        curl.setopt(pycurl.SSL_VERIFYPEER, 1)
        curl.setopt(pycurl.SSL_VERIFYHOST, 2)
        curl.setopt(pycurl.SSL_SESSIONID_CACHE, 0)
        # Addresses come from the own resolver; libcurl would keep each for a minute and sweep them all at
        # the end of every exchange.
        curl.setopt(pycurl.DNS_CACHE_TIMEOUT, 0)
        # The order of browsers: AES-128 first.
        curl.setopt(pycurl.TLS13_CIPHERS, _CIPHERS)
        # One classical key share: the hybrid post-quantum share costs the prober a tenth of its checks.
        # Servers without X25519 ask for another curve with one more round trip.
        curl.setopt(pycurl.SSL_EC_CURVES, "X25519:P-256:P-384")
        return slot

    def _opened(self, slot: _Slot, fd: int, _purpose: int) -> int:
        self._by_fd[fd] = slot
        return 0  # CURL_SOCKOPT_OK

    def _socket_wish(self, wish: int, fd: int, _multi: object, _data: object) -> None:
        if wish == pycurl.POLL_REMOVE:
            self._loop.unwatch(fd)
            self._by_fd.pop(fd, None)
            return
        mask = (READABLE if wish & pycurl.POLL_IN else 0) | (WRITABLE if wish & pycurl.POLL_OUT else 0)
        if not mask & WRITABLE:
            # The first wish to read is the moment after the connection: libcurl tells it only at the end.
            slot = self._by_fd.get(fd)
            if slot is not None and not slot.connected:
                slot.connected = time.monotonic()
        self._loop.watch(fd, mask, self._ready)

    def _timer_wish(self, milliseconds: int) -> None:
        self.due = math.inf if milliseconds < 0 else time.monotonic() + milliseconds / 1000

    def _ready(self, fd: int, events: int) -> None:
        mask = pycurl.CSELECT_IN if events & READABLE else 0
        if events & WRITABLE:
            mask |= pycurl.CSELECT_OUT
        if events & _ERROR_FLAGS:
            mask |= pycurl.CSELECT_ERR
        self._multi.socket_action(fd, mask)
        slot = self._by_fd.get(fd) if self._reading_chains else None
        if slot is not None and slot.reading_chain and slot.tls_text and slot.chain:
            # All that was wanted is there: the body need not pass through the debug callback.
            self._read_chain(slot, wanted=False)

    def _read_chain(self, slot: _Slot, *, wanted: bool) -> None:
        """Open or close the debug callback; refused inside libcurl's own callbacks."""
        slot.reading_chain = wanted
        self._reading_chains += 1 if wanted else -1
        slot.curl.setopt(pycurl.VERBOSE, wanted)

    def _collect(self) -> None:
        """Hand over what libcurl finished."""
        if not self.in_flight:
            return
        queued = 1
        while queued:
            queued, finished, failed = self._multi.info_read()
            for curl in finished:
                self._finish(curl.slot, 0, "")
            for curl, code, text in failed:
                self._finish(curl.slot, code, text)

    def _finish(self, slot: _Slot, code: int, text: str) -> None:
        reply = read_reply(slot, slot.curl.getinfo(pycurl.TOTAL_TIME))
        if not code:
            slot.wire_size = reply.wire_size
            code = pycurl.E_WRITE_ERROR if slot.expands_too_much() else 0
        if code:
            reply.outcome, reply.detail = explain(slot, reply, code, text)
        self._hand_over(slot, reply)

    def _hand_over(self, slot: _Slot, reply: Reply) -> None:
        done = slot.done
        self._release(slot)
        if done is not None:
            done(reply)

    def _release(self, slot: _Slot) -> None:
        if slot.timer is not None:
            slot.timer.cancel()
            slot.timer = None
        self._multi.remove_handle(slot.curl)
        self.in_flight.discard(slot)
        slot.done = None
        slot.body = []
        self._free.append(slot)

    def _check_phase(self, slot: _Slot) -> None:
        """End an exchange whose present phase is over its limit, else look again when it could be."""
        # libcurl refreshes its own total only now and then while an exchange is under way.
        reply = read_reply(slot, time.monotonic() - slot.started)
        limit, spent, outcome = self._phase(slot, reply)
        left = limit - spent
        if left <= 0.0005:
            reply.outcome, reply.detail = outcome, f"more than {limit:g} s"
            self._hand_over(slot, reply)
            return
        if outcome == "transfer_timeout" and self._limits.slow_bytes_per_s:
            now, total = time.monotonic(), int(slot.curl.getinfo(pycurl.SIZE_DOWNLOAD_T))
            since, before = slot.seen
            if since and (total - before) / (now - since) < self._limits.slow_bytes_per_s:
                reply.outcome = "slow_body"
                reply.detail = f"{total - before} bytes in {now - since:.1f} s"
                self._hand_over(slot, reply)
                return
            slot.seen = (now, total)
            left = min(left, self._limits.slow_window_s)
        slot.timer = self._loop.call_later(left, partial(self._check_phase, slot))

    def _phase(self, slot: _Slot, reply: Reply) -> tuple[float, float, str]:
        """Limit of the present phase, seconds spent in it, and the outcome when it is exceeded."""
        timeouts = self._timeouts
        if not math.isnan(reply.transfer_s):
            return timeouts.transfer_s, reply.transfer_s, "transfer_timeout"
        if not math.isnan(reply.first_byte_s):
            return timeouts.first_byte_s, reply.first_byte_s, "first_byte_timeout"
        if not math.isnan(reply.tls_s):
            return timeouts.tls_s, reply.tls_s, "tls_timeout"
        return timeouts.connect_s, reply.connect_s, "connect_timeout"
