"""changedetection.io over the same pairs: a real instance on loopback, in default and ``source:`` mode."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from corpus import Case

MODES = {"default": "", "source:": "source:"}
INSTALL = (
    "python -m venv DIR && DIR/bin/pip install changedetection.io, then --peer DIR/bin/python "
    "(or CHANGEDETECTION_PYTHON=DIR/bin/python)"
)


class PageServer(ThreadingHTTPServer):
    """Serves the earlier or the later copy of each pair under ``/NUMBER``."""

    daemon_threads = True

    def __init__(self, cases: list[Case]) -> None:
        super().__init__(("127.0.0.1", 0), PageHandler)
        self.cases, self.later = cases, False


class PageHandler(BaseHTTPRequestHandler):
    """One page a request."""

    server: PageServer

    def do_GET(self) -> None:
        name = self.path.strip("/")
        case = self.server.cases[int(name)] if name.isdigit() and int(name) < len(self.server.cases) else None
        if case is None:
            self.send_error(404)
            return
        copy = case.after if self.server.later else case.before
        self.send_response(200)
        for header, value in copy.headers.items():
            self.send_header(header, value)
        self.send_header("Content-Length", str(len(copy.body)))
        self.end_headers()
        self.wfile.write(copy.body)

    def log_message(self, *_: object) -> None:
        """Stay silent."""


class Instance:
    """A running changedetection.io with its own datastore."""

    def __init__(self, python: str, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.folder = folder
        program = Path(python).with_name("changedetection.io")
        environment = {
            **os.environ,
            "ALLOW_IANA_RESTRICTED_ADDRESSES": "true",
            "FETCH_WORKERS": "4",
            "MINIMUM_SECONDS_RECHECK_TIME": "0",
        }
        command = [
            str(program),
            "-C",
            "-d",
            str(folder),
            "-h",
            "127.0.0.1",
            "-p",
            str(self.port),
            "-l",
            "ERROR",
        ]
        self.process = subprocess.Popen(
            command,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.key = ""

    def wait_until_up(self) -> None:
        """Wait for the API and read its key from the datastore. Raises RuntimeError after two minutes."""
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            time.sleep(0.5)
            stored = self.folder / "changedetection.json"
            if not stored.exists():
                stored = self.folder / "url-watches.json"
            try:
                settings = json.loads(stored.read_text())["settings"]["application"]
                self.key = settings["api_access_token"]
                self.ask("GET", "/api/v1/systeminfo")
            except (OSError, KeyError, ValueError, urllib.error.URLError):
                continue
            return
        raise RuntimeError("changedetection.io did not start within two minutes")

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """One API call; an answer of 500 (a listing during an import) is asked again."""
        data = json.dumps(body).encode() if body is not None else None
        headers = {"x-api-key": self.key, "content-type": "application/json"}
        for attempt in range(20):
            request = urllib.request.Request(
                f"http://127.0.0.1:{self.port}{path}", data=data, headers=headers, method=method
            )
            try:
                with urllib.request.urlopen(request, timeout=30) as answer:
                    return json.loads(answer.read() or b"null")
            except urllib.error.HTTPError as error:
                if error.code != 500 or attempt == 19:
                    raise
                time.sleep(0.5)
        return None

    def wait_checked(self, count: int, since: float) -> dict[str, Any]:
        """Wait until every watch was checked after a moment; returns the watches."""
        deadline = time.monotonic() + 400
        watches: dict[str, Any] = {}
        while time.monotonic() < deadline:
            time.sleep(1)
            watches = self.ask("GET", "/api/v1/watch")
            done = sum((watch.get("last_checked") or 0) >= since for watch in watches.values())
            if done >= count:
                time.sleep(2)
                return dict(self.ask("GET", "/api/v1/watch"))
        raise RuntimeError("changedetection.io did not check every page within 400 seconds")

    def stop(self) -> None:
        """End the instance by its process group, which was started here."""
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def watch_pairs(python: str, cases: list[Case]) -> dict[tuple[str, int], bool]:
    """Whether each mode reported a change for each pair."""
    server = PageServer(cases)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    root = f"http://127.0.0.1:{server.server_address[1]}"
    with tempfile.TemporaryDirectory(prefix="page-watch-") as folder:
        instance = Instance(python, Path(folder))
        try:
            instance.wait_until_up()
            for uuid in instance.ask("GET", "/api/v1/watch"):
                instance.ask("DELETE", f"/api/v1/watch/{uuid}")
            names: dict[str, tuple[str, int]] = {}
            for number in range(len(cases)):
                for mode, prefix in MODES.items():
                    answer = instance.ask("POST", "/api/v1/watch", {"url": f"{prefix}{root}/{number}"})
                    names[answer["uuid"]] = (mode, number)
            instance.wait_checked(len(names), 1)
            before = {name: instance.ask("GET", f"/api/v1/watch/{name}")["history_n"] for name in names}
            server.later = True
            time.sleep(1.1)
            since = int(time.time())
            instance.ask("GET", "/api/v1/watch?recheck_all=1")
            instance.wait_checked(len(names), since)
            after = {name: instance.ask("GET", f"/api/v1/watch/{name}")["history_n"] for name in names}
        finally:
            instance.stop()
            server.shutdown()
    return {names[name]: after[name] > before[name] for name in names}


def compare_with_peer(cases: list[Case], python: str) -> None:
    """Print the peer's figures, or how to install it."""
    if not python or not Path(python).exists():
        print(f"changedetection.io    not measured: not installed. To measure it: {INSTALL}")
        return
    version = subprocess.run(
        [python, "-c", "import importlib.metadata as m; print(m.version('changedetection.io'))"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    try:
        changed = watch_pairs(python, cases)
    except (RuntimeError, urllib.error.URLError) as error:
        print(f"changedetection.io    not measured: {error}", file=sys.stderr)
        return
    attacks = [number for number, case in enumerate(cases) if case.label == "attack"]
    benign = [number for number, case in enumerate(cases) if case.label == "benign"]
    beyond = sum(_beyond_the_page(cases[number]) for number in attacks)
    for mode in MODES:
        found = sum(changed[mode, number] for number in attacks)
        noise = sum(changed[mode, number] for number in benign)
        print(
            f"changedetection.io    {version}, {mode:8} detected {found}/{len(attacks)}, "
            f"false alarms {noise}/{len(benign)}"
        )
    print(f"                      ({beyond} attacks are outside the page's HTML, where it does not look)")


def _beyond_the_page(case: Case) -> bool:
    """Whether the attack is in script files, pictures, headers or what other visitors get."""
    before, after = case.before, case.after
    moved = before.scripts != after.scripts or before.views != after.views or before.headers != after.headers
    return (moved or before.images != after.images) and case.kind in (
        "script-file",
        "image",
        "cloaking",
        "policy",
    )
