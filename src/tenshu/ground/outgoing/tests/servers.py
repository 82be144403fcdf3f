"""A real HTTP server on loopback whose answers a test writes, and names that resolve as a test says."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Asked:
    """One request as the server read it."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class HttpServer:
    """``answer(asked) -> (status, headers, body)``; ``asked`` keeps what came."""

    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    answer: Callable[[Asked], tuple[int, dict[str, str], bytes]] = lambda _asked: (200, {}, b"ok")

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"


@contextmanager
def http_server() -> Iterator[HttpServer]:
    state = HttpServer()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, self.path, headers, self.rfile.read(length))
            state.asked.append(asked)
            status, extra, body = state.answer(asked)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            for name, value in extra.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    for method in ("GET", "POST", "PUT", "HEAD", "DELETE", "PATCH"):
        setattr(Handler, f"do_{method}", Handler.handle_one)

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: Any) -> None:
            """The door cuts off what is too long: nothing to report."""

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()


def resolve_as(monkeypatch: Any, names: dict[str, list[list[str]]]) -> dict[str, int]:
    """Names answer with the first list of addresses, at the next look-up with the next; counts the look-ups."""
    counts = dict.fromkeys(names, 0)
    real = socket.getaddrinfo

    def answer(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
        if host not in names:
            return real(host, port, *args, **kwargs)
        turns = names[host]
        addresses = turns[min(counts[host], len(turns) - 1)]
        counts[host] += 1
        return [
            (
                socket.AF_INET6 if ":" in a else socket.AF_INET,
                socket.SOCK_STREAM,
                6,
                "",
                (a, port, 0, 0) if ":" in a else (a, port),
            )
            for a in addresses
        ]

    monkeypatch.setattr("socket.getaddrinfo", answer)
    return counts
