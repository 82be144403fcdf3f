"""The house served by granian in processes of its own over the tests' database, to be killed at any moment."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from django.db import connection

from tests.commands import ROOT

_TARGET = "tests.serving_application:application"


class Server:
    """One web server; it may be killed and started again at the same address."""

    def __init__(self) -> None:
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start and wait until it answers."""
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(self.port), _TARGET]
        self.process = subprocess.Popen(
            [*command, "--no-ws", "--log-level", "error"],
            # The home of the tests: its secret key is that of the sessions.
            env={**os.environ, "TENSHU_DATABASE_URL": database_url()},
            cwd=ROOT,
            start_new_session=True,
        )
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"{self.url}/operations/health", timeout=5):
                    return
            except OSError:
                assert self.process.poll() is None, "the server has ended by itself"
                time.sleep(0.2)
        raise AssertionError("the server never answered")

    def kill(self) -> None:
        """SIGKILL to the server and all its processes, as when the machine loses its power."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


@contextmanager
def served() -> Iterator[Server]:
    """A running server."""
    server = Server()
    server.start()
    try:
        yield server
    finally:
        server.kill()


def database_url() -> str:
    """The tests' database, as another process names it."""
    given = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{given['NAME']}"
    return f"postgresql://{given['USER']}@{quote(given['HOST'], safe='')}/{given['NAME']}"
