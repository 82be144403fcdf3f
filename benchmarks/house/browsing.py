"""The product served on loopback, and one client that signs in and asks over a kept connection."""

import http.client
import math
import re
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from http.cookies import SimpleCookie
from typing import Self
from urllib.parse import quote, urlencode

from homes import ROOT, TENSHU, Home, tree_cpu

START_LIMIT = 120.0


class Served:
    """``tenshu serve`` (or the server that ``command`` names for a port) on loopback, stopped at the end."""

    def __init__(
        self, place: Home, *, workers: int = 1, command: Callable[[int], list[str]] | None = None
    ) -> None:
        self._place = place
        self.port = _free_port()
        own = [*TENSHU, "serve", "--port", str(self.port), "--workers", str(workers)]
        self._command = command(self.port) if command else own

    def __enter__(self) -> Self:
        self._log = (self._place.folder / "serve.log").open("w")
        self._process = subprocess.Popen(
            self._command, env=self._place.env, cwd=ROOT, stdout=self._log, stderr=subprocess.STDOUT
        )
        limit = time.monotonic() + START_LIMIT
        while time.monotonic() < limit and self._process.poll() is None:
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=1):
                    return self
            except OSError:
                time.sleep(0.2)
        self.__exit__()
        raise SystemExit(
            f"tenshu serve did not start: {(self._place.folder / 'serve.log').read_text()[-2000:]}"
        )

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=30)
        self._log.close()

    def cpu(self) -> float:
        """CPU seconds of the serving processes so far."""
        return tree_cpu(self._process.pid)


class Browser:
    """One person at one connection."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self._cookies: SimpleCookie = SimpleCookie()

    def sign_in(self, login: str, password: str) -> None:
        """Sign in through the page."""
        _, body = self._ask("GET", "/access/login/")
        names = re.findall(r'<input[^>]*name="([^"]+)"', body)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', body)
        if token is None:
            raise SystemExit("The sign-in page has no form.")
        login_field = next(name for name in names if name not in {"csrfmiddlewaretoken", "password", "next"})
        form = {"csrfmiddlewaretoken": token[1], login_field: login, "password": password, "next": "/"}
        status, _ = self._ask("POST", "/access/login/", urlencode(form))
        if status != 302:
            raise SystemExit(f"Sign-in answers {status}.")

    def get(self, address: str) -> tuple[float, int]:
        """Milliseconds to the last byte, and the size; anything but 200 stops the benchmark."""
        begun = time.perf_counter()
        status, body = self._ask("GET", quote(address, safe="/?=&%"))
        spent = (time.perf_counter() - begun) * 1000
        if status != 200:
            raise SystemExit(f"{address} answers {status}.")
        return spent, len(body)

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{name}={item.value}" for name, item in self._cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            self._cookies.load(cookie)
        return answer.status, text


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that ``percent`` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
