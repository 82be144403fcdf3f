"""The DNS stage of a check, timed on its own: a stub resolver without cache on the prober's own loop.

A cache would make the DNS phase a fiction, therefore every lookup is a fresh question to the configured
servers. Replies are accepted only from the connected server with the right number and question.
"""

from __future__ import annotations

import os
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NamedTuple

from tenshu.engines.probe.event_loop import READABLE, WRITABLE, EventLoop, Timer
from tenshu.engines.probe.name_message import (
    RCODE_NO_NAME,
    TYPE_A,
    TYPE_AAAA,
    MessageError,
    NameAnswer,
    Question,
    make_question,
    read_answer,
)

_ATTEMPT_S = 1.0
_QUERIES_A_SOCKET = 64


class Resolution(NamedTuple):
    """Outcome of the DNS stage. `outcome` is "", "dns_timeout" or "dns_error"; `seconds` is its duration."""

    outcome: str
    detail: str
    addresses: tuple[str, ...]
    aliases: tuple[str, ...]
    ttl: int
    server: str
    seconds: float


@dataclass(slots=True)
class _Lookup:
    host: str
    started: float
    deadline: float
    done: Callable[[Resolution], None]
    answers: dict[int, NameAnswer] = field(default_factory=dict)
    open_kinds: tuple[int, ...] = ()
    attempt: int = 0
    timer: Timer | None = None
    server: str = ""
    problem: str = ""


@dataclass(slots=True, eq=False)
class _Port:
    """A connected UDP socket and the questions that wait on it."""

    socket: socket.socket
    server: str
    waiting: dict[int, tuple[_Lookup, Question]] = field(default_factory=dict)
    sent: int = 0


class Resolver:
    """Asks `servers` ("address" or "address:port", "[v6]:port") in turn, about one second each."""

    def __init__(self, loop: EventLoop, servers: tuple[str, ...] = ()) -> None:
        self._loop = loop
        self._servers = [_server_place(text) for text in servers or system_servers()]
        self._hosts = _hosts_file()
        self._numbers = _query_numbers()
        self._ports: dict[str, _Port] = {}
        self._open_ports: set[_Port] = set()

    def resolve(self, host: str, family: str, timeout: float, done: Callable[[Resolution], None]) -> None:
        """Look `host` up; `family` is "4", "6" or "any" (both asked, IPv4 listed first)."""
        now = time.monotonic()
        lookup = _Lookup(host, now, now + timeout, done)
        kinds = {"4": (TYPE_A,), "6": (TYPE_AAAA,)}.get(family, (TYPE_A, TYPE_AAAA))
        known = [text for text in self._hosts.get(host, ()) if _kind_of(text) in kinds]
        if known:
            done(Resolution("", "hosts file", tuple(known), (), 0, "hosts", time.monotonic() - now))
            return
        lookup.open_kinds = kinds
        self._ask(lookup)

    def close(self) -> None:
        for port in list(self._open_ports):
            self._close_port(port)
        self._ports.clear()

    def _ask(self, lookup: _Lookup) -> None:
        place = self._servers[lookup.attempt % len(self._servers)]
        lookup.attempt += 1
        over = partial(self._attempt_over, lookup)
        if lookup.deadline - time.monotonic() > _ATTEMPT_S:
            lookup.timer = self._loop.call_after(_ATTEMPT_S, over)
        else:
            lookup.timer = self._loop.call_at(lookup.deadline, over)
        try:
            port = self._port(place)
            for kind in lookup.open_kinds:
                number = next(self._numbers)
                while number in port.waiting:
                    number = next(self._numbers)
                question = make_question(lookup.host, kind, number)
                port.waiting[question.number] = (lookup, question)
                port.sent += 1
                port.socket.send(question.wire)
        except MessageError as error:
            self._finish(lookup, "dns_error", str(error))
        except OSError as error:
            lookup.problem = error.strerror or str(error)

    def _port(self, place: tuple[str, int]) -> _Port:
        """The current socket towards a server; renewed now and then so that its source port stays hard to
        guess.
        """
        label = f"{place[0]}#{place[1]}"
        port = self._ports.get(label)
        if port is not None and port.sent < _QUERIES_A_SOCKET:
            return port
        if port is not None:
            # A used-up socket stays until its questions are over.
            self._loop.call_later(_ATTEMPT_S + 1.0, partial(self._close_port, port))
        family = socket.AF_INET6 if ":" in place[0] else socket.AF_INET
        opened = socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        try:
            opened.connect(place)
        except OSError:
            opened.close()
            raise
        port = _Port(opened, label)
        self._ports[label] = port
        self._open_ports.add(port)
        self._loop.watch(opened.fileno(), READABLE, partial(self._readable, port))
        return port

    def _close_port(self, port: _Port) -> None:
        self._open_ports.discard(port)
        if port.socket.fileno() >= 0:
            self._loop.unwatch(port.socket.fileno())
            port.socket.close()

    def _readable(self, port: _Port, _fd: int, _events: int) -> None:
        for _ in range(max(1, len(port.waiting))):
            try:
                message = port.socket.recv(4096)
            except BlockingIOError:
                return
            except OSError as error:  # a refused port arrives here
                for lookup, _question in port.waiting.values():
                    lookup.problem = error.strerror or str(error)
                return
            entry = port.waiting.get(int.from_bytes(message[:2]))
            if entry is None:
                continue
            lookup, question = entry
            try:
                answer = read_answer(message, question)
            except MessageError:
                continue  # a forged or broken reply is not an answer: keep waiting
            del port.waiting[question.number]
            if answer.truncated:
                self._ask_over_tcp(lookup, question, port.server)
            else:
                self._answered(lookup, question.kind, answer, port.server)

    def _answered(self, lookup: _Lookup, kind: int, answer: NameAnswer, server: str) -> None:
        if kind not in lookup.open_kinds:
            return  # a second reply after a repeated question
        lookup.server = server
        if answer.problem and answer.rcode != RCODE_NO_NAME and time.monotonic() < lookup.deadline:
            lookup.problem = answer.problem
            if lookup.attempt < 2 * len(self._servers):
                return  # another server may do better when this attempt is over
        lookup.answers[kind] = answer
        lookup.open_kinds = tuple(other for other in lookup.open_kinds if other != kind)
        if not lookup.open_kinds:
            self._conclude(lookup)

    def _attempt_over(self, lookup: _Lookup) -> None:
        if not lookup.open_kinds:
            return
        if time.monotonic() < lookup.deadline - 0.001:
            self._ask(lookup)
            return
        if any(answer.addresses for answer in lookup.answers.values()):
            lookup.open_kinds = ()
            self._conclude(lookup)
        elif lookup.problem:
            self._finish(lookup, "dns_error", lookup.problem)
        else:
            self._finish(lookup, "dns_timeout", f"no answer in {lookup.attempt} attempts")

    def _conclude(self, lookup: _Lookup) -> None:
        for answer in lookup.answers.values():
            if answer.addresses:
                self._finish(lookup, "", "")
                return
        answers = [lookup.answers[kind] for kind in sorted(lookup.answers)]
        problems = [answer.problem for answer in answers if answer.problem]
        self._finish(lookup, "dns_error", problems[0] if problems else "no address")

    def _finish(self, lookup: _Lookup, outcome: str, detail: str) -> None:
        lookup.open_kinds = ()
        if lookup.timer is not None:
            lookup.timer.cancel()
        addresses: tuple[str, ...] = ()
        aliases: tuple[str, ...] = ()
        ttl = 0
        for kind in (TYPE_A, TYPE_AAAA):
            answer = lookup.answers.get(kind)
            if answer is not None:
                aliases = aliases or answer.aliases
                if answer.addresses:
                    ttl = min(ttl, answer.ttl) if addresses else answer.ttl
                    addresses += answer.addresses
        seconds = time.monotonic() - lookup.started
        lookup.done(Resolution(outcome, detail, addresses, aliases, ttl, lookup.server, seconds))

    def _ask_over_tcp(self, lookup: _Lookup, question: Question, server: str) -> None:
        address, port = server.rsplit("#", 1)
        _TcpQuestion(self._loop, (address, int(port)), question, partial(self._tcp_over, lookup, server))

    def _tcp_over(self, lookup: _Lookup, server: str, question: Question, message: bytes) -> None:
        with suppress(MessageError):
            self._answered(lookup, question.kind, read_answer(message, question), server)


class _TcpQuestion:
    """One question over TCP, for answers that do not fit into a datagram; silent on failure (the attempt
    ends).
    """

    def __init__(
        self,
        loop: EventLoop,
        place: tuple[str, int],
        question: Question,
        done: Callable[[Question, bytes], None],
    ) -> None:
        self._loop, self._question, self._done = loop, question, done
        self._received = b""
        family = socket.AF_INET6 if ":" in place[0] else socket.AF_INET
        self._socket = socket.socket(family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        with suppress(BlockingIOError):
            self._socket.connect(place)
        loop.watch(self._socket.fileno(), WRITABLE, self._writable)
        loop.call_later(5.0, self._close)

    def _writable(self, _fd: int, _events: int) -> None:
        try:
            self._socket.send(struct.pack("!H", len(self._question.wire)) + self._question.wire)
        except OSError:
            self._close()
            return
        self._loop.watch(self._socket.fileno(), READABLE, self._readable)

    def _readable(self, _fd: int, _events: int) -> None:
        try:
            chunk = self._socket.recv(65_537)
        except BlockingIOError:
            return
        except OSError:
            chunk = b""
        self._received += chunk
        whole = len(self._received) >= 2 and len(self._received) >= 2 + int.from_bytes(self._received[:2])
        if whole or not chunk:
            self._close()
        if whole:
            self._done(self._question, self._received[2:])

    def _close(self) -> None:
        if self._socket.fileno() >= 0:
            self._loop.unwatch(self._socket.fileno())
            self._socket.close()


def _query_numbers() -> Iterator[int]:
    """Unpredictable 16-bit numbers, drawn from the system in blocks."""
    while True:
        block = os.urandom(512)
        for position in range(0, len(block), 2):
            yield int.from_bytes(block[position : position + 2])


def system_servers() -> tuple[str, ...]:
    """Name servers of resolv.conf; the loopback address when it names none (resolv.conf(5))."""
    with suppress(OSError):
        lines = Path("/etc/resolv.conf").read_text(encoding="utf-8", errors="replace").splitlines()
        fields = [line.split() for line in lines]
        found = tuple(f[1].split("%")[0] for f in fields if len(f) > 1 and f[0] == "nameserver")
        if found:
            return found
    return ("127.0.0.1",)


def _hosts_file() -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    with suppress(OSError):
        for line in Path("/etc/hosts").read_text(encoding="utf-8", errors="replace").splitlines():
            fields = line.split("#", 1)[0].split()
            for name in fields[1:]:
                names.setdefault(name.lower(), []).append(fields[0])
    return names


def _kind_of(address: str) -> int:
    return TYPE_AAAA if ":" in address else TYPE_A


def _server_place(text: str) -> tuple[str, int]:
    """("address", port) of "192.0.2.1", "192.0.2.1:5353", "2001:db8::1" or "[2001:db8::1]:5353"."""
    if text.startswith("["):
        address, _, rest = text[1:].partition("]")
        return address, int(rest.lstrip(":") or 53)
    if text.count(":") == 1:
        address, _, port = text.partition(":")
        return address, int(port)
    return text, 53
