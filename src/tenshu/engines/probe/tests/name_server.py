"""A small DNS server for loopback tests: UDP and TCP on one port, answers from a function.

Run as a program it serves `sNNNN.site.test -> 127.1.x.y`, TTL 0, for the benchmark:
`python name_server.py [ADDRESS PORT]`.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import struct
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

TYPE_A, TYPE_CNAME, TYPE_AAAA = 1, 5, 28


@dataclass
class Answer:
    """What the server says to one question; `silent` drops the query, `truncate` sets TC over UDP."""

    addresses: list[str] = field(default_factory=list)
    cname: list[str] = field(default_factory=list)
    rcode: int = 0
    ttl: int = 0
    silent: bool = False
    truncate: bool = False


Zone = Callable[[str, int], Answer]


def numbered_sites(name: str, kind: int) -> Answer:
    """`s0042.site.test` lives at 127.1.0.43; every other name does not exist."""
    label = name.split(".", 1)[0]
    if not (name.endswith(".site.test") and label[:1] == "s" and label[1:].isdigit()):
        return Answer(rcode=3)
    number = int(label[1:]) % 1000 + 1
    return Answer([f"127.1.{number >> 8}.{number & 255}"] if kind == TYPE_A else [])


class NameServer:
    """Threads that answer until `close`; `queries` counts what came in."""

    def __init__(self, zone: Zone, port: int = 0, address: str = "127.0.0.1") -> None:
        self.zone = zone
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.udp.bind((address, port))
        self.port: int = self.udp.getsockname()[1]
        self.tcp = socket.socket()
        self.tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.tcp.bind((address, self.port))
        self.tcp.listen(64)
        self.queries: list[tuple[str, int]] = []
        self.threads = [threading.Thread(target=loop, daemon=True) for loop in (self._udp, self._tcp)]
        for thread in self.threads:
            thread.start()

    def close(self) -> None:
        for server in (self.udp, self.tcp):
            with contextlib.suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)
            server.close()

    def _udp(self) -> None:
        while True:
            try:
                query, peer = self.udp.recvfrom(4096)
            except OSError:
                return
            if not query:
                return  # closed
            reply = self._reply(query, over_tcp=False)
            if reply:
                self.udp.sendto(reply, peer)

    def _tcp(self) -> None:
        while True:
            try:
                client, _ = self.tcp.accept()
            except OSError:
                return
            with client:
                size = client.recv(2, socket.MSG_WAITALL)
                query = client.recv(struct.unpack("!H", size)[0], socket.MSG_WAITALL)
                reply = self._reply(query, over_tcp=True)
                client.sendall(struct.pack("!H", len(reply)) + reply)

    def _reply(self, query: bytes, *, over_tcp: bool) -> bytes:
        position, labels = 12, []
        while query[position]:
            labels.append(query[position + 1 : position + 1 + query[position]].decode())
            position += 1 + query[position]
        question = query[12 : position + 5]
        kind = struct.unpack_from("!H", query, position + 1)[0]
        name = ".".join(labels).lower()
        self.queries.append((name, kind))
        del self.queries[:-10_000]
        answer = self.zone(name, kind)
        if answer.silent:
            return b""
        flags = 0x8180 | answer.rcode
        if answer.truncate and not over_tcp:
            return query[:2] + struct.pack("!HHHHH", flags | 0x0200, 1, 0, 0, 0) + question
        records = _records(answer)
        return query[:2] + struct.pack("!HHHHH", flags, 1, len(records), 0, 0) + question + b"".join(records)


def _records(answer: Answer) -> list[bytes]:
    records, owner = [], b"\xc0\x0c"
    for alias in answer.cname:
        target = _wire_name(alias)
        records.append(owner + struct.pack("!HHIH", TYPE_CNAME, 1, answer.ttl, len(target)) + target)
        owner = target
    for text in answer.addresses:
        address = ipaddress.ip_address(text)
        kind = TYPE_A if address.version == 4 else TYPE_AAAA
        packed = address.packed
        records.append(owner + struct.pack("!HHIH", kind, 1, answer.ttl, len(packed)) + packed)
    return records


def _wire_name(name: str) -> bytes:
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


def main(arguments: list[str]) -> None:
    """Serve the numbered sites at `[ADDRESS PORT]` until the process is ended; prints the port."""
    address, port = (arguments[0], int(arguments[1])) if arguments else ("127.0.0.1", 0)
    server = NameServer(numbered_sites, port, address)
    sys.stdout.write(f"{server.port}\n")
    sys.stdout.flush()
    for running in server.threads:
        running.join()


if __name__ == "__main__":
    main(sys.argv[1:])
