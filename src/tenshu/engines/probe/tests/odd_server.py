"""A hand-made web server on loopback that can be slow, lying or silent in each phase separately."""

from __future__ import annotations

import gzip
import socket
import ssl
import threading
import time
from dataclasses import dataclass

from tenshu.engines.probe.tests.authority import Leaf


@dataclass
class Manner:
    """How the next connections are treated; times in seconds."""

    tls_delay: float = 0.0
    header_delay: float = 0.0
    body_delay: float = 0.0
    drip: float = 0.0
    head: bytes = b"HTTP/1.1 200 OK\r\n"
    body: bytes = b"hello"
    declared: int | None = None


class OddServer:
    """Serves every request the same way, by `manner`; `seen` holds the requests, as bytes."""

    def __init__(self, leaf: Leaf | None = None) -> None:
        self.manner = Manner()
        self.seen: list[bytes] = []
        self.context: ssl.SSLContext | None = None
        if leaf is not None:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(leaf.chain, leaf.key)
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port: int = self.socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self.socket.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client, self.manner), daemon=True).start()

    def _serve(self, client: socket.socket, manner: Manner) -> None:
        try:
            with client:
                if self.context is not None:
                    time.sleep(manner.tls_delay)
                    client = self.context.wrap_socket(client, server_side=True)
                with client:
                    self._answer(client, manner)
        except OSError:
            return  # the prober gave up, as the tests want it to

    def _answer(self, client: socket.socket, manner: Manner) -> None:
        request = b""
        while b"\r\n\r\n" not in request:
            chunk = client.recv(4096)
            if not chunk:
                return
            request += chunk
        self.seen.append(request)
        time.sleep(manner.header_delay)
        size = len(manner.body) if manner.declared is None else manner.declared
        head = manner.head + f"Content-Length: {size}\r\nConnection: close\r\n\r\n".encode()
        client.sendall(head + manner.body[:1])
        time.sleep(manner.body_delay)
        if manner.drip:
            for position in range(1, len(manner.body)):
                client.sendall(manner.body[position : position + 1])
                time.sleep(manner.drip)
        else:
            client.sendall(manner.body[1:])


class FullHouse:
    """A listening socket whose queue is full: new connections get no answer at all."""

    def __init__(self) -> None:
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.socket.listen(0)
        self.port: int = self.socket.getsockname()[1]
        self._guests = []
        for _ in range(4):
            guest = socket.socket()
            guest.setblocking(False)
            guest.connect_ex(("127.0.0.1", self.port))
            self._guests.append(guest)
        time.sleep(0.1)

    def close(self) -> None:
        for guest in self._guests:
            guest.close()
        self.socket.close()


def gzip_bomb(megabytes: int) -> bytes:
    """A small body that decodes to `megabytes` of zeros."""
    return gzip.compress(bytes(megabytes << 20), compresslevel=9)
