"""Requests a second and p95 of the API through granian with two workers, beside a bare django-ninja endpoint.

``python benchmarks/house/api.py [--small] [--only sqlite]``

A tenth of ten years of a big office (``ten_years.py``) is served by ``tenshu serve --workers 2`` on loopback. Four
connections ask as fast as they are answered: a list of 100 systems, one system, the same unchanged (304), and a write
(a name is changed and recorded; two connections). The peer is the same 100 rows as constants from a django-ninja endpoint without database,
token, permission and ETag, by the same granian and the same clients. Client and servers share the cores, so the
figures are lower bounds; the mean CPU milliseconds of the serving processes and of the database server a request stand firm
under other load.
"""

import argparse
import http.client
import json
import os
import secrets
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from browsing import Served, percentile
from homes import DATABASES, Home, home, machine

TARGET = {"list of 100": 60.0, "one system": 40.0, "unchanged (304)": 40.0, "write": 100.0}
"""Milliseconds that 95 of 100 answers must not exceed on two free cores."""
CONNECTIONS = 4


def main() -> int:
    """A table a database; 1 when a target is missed on a machine that is not busy."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--small", action="store_true", help="a hundredth of the rows, 1 s a question, SQLite"
    )
    parser.add_argument("--only", choices=DATABASES, help="one database")
    parser.add_argument("--seconds", type=float, default=5.0, help="seconds a question")
    parser.add_argument("--share", type=float, default=0.1, help="share of the rows")
    options = parser.parse_args()
    if options.small:
        options.share, options.seconds, options.only = 0.06, 1.0, options.only or "sqlite"
    missed = []
    for database in [options.only] if options.only else DATABASES:
        print(
            f"API, {database}, share {options.share:g} of 10 years, {CONNECTIONS} connections ({machine()})"
        )
        print(
            f"  {'question':<34}{'requests/s':>11}{'p50 ms':>8}{'p95 ms':>8}{'CPU ms':>8}{'DB CPU':>8}  target p95"
        )
        with home(database) as place:
            missed += measure(place, options.share, options.seconds)
    print(f"missed: {', '.join(missed) or 'none'} ({machine()})")
    return int(bool(missed))


def measure(place: Home, share: float, seconds: float) -> list[str]:
    """Fill the home, serve it, ask; then the peer."""
    place.tenshu("migrate")
    place.script("ten_years.py", "--share", str(share))
    given = json.loads(place.script("api_work.py").splitlines()[-1])
    place.env["TENSHU_API_REQUESTS_A_MINUTE"] = "100000000"
    headers = {"Authorization": f"Bearer {given['token']}"}
    missed = []
    with Served(place, workers=2) as served:
        path = f"/api/v1/systems/{given['system']}"
        tag = ask_once(served.port, "GET", path, headers).getheader("ETag", "")
        questions: dict[str, Question] = {
            "list of 100": lambda _: ("GET", "/api/v1/systems?view=all&limit=100", headers, None),
            "one system": lambda _: ("GET", path, headers, None),
            "unchanged (304)": lambda _: ("GET", path, headers | {"If-None-Match": tag}, None),
            "write": lambda number: rename(given["systems"], number, headers),
        }
        for label, question in questions.items():
            line = ask_for(served.port, question, seconds, 2 if label == "write" else CONNECTIONS)
            cpu, database = served.cpu(), place.server_cpu()
            line = ask_for(served.port, question, seconds, 2 if label == "write" else CONNECTIONS)
            line += [(served.cpu() - cpu) * 1000, (place.server_cpu() - database) * 1000]
            missed += told(label, line, TARGET[label])
    with Served(place, workers=2, command=bare_server()) as peer:
        cpu = peer.cpu()
        line = ask_for(peer.port, lambda _: ("GET", "/rows", {}, None), seconds, CONNECTIONS)
        told("peer: bare django-ninja, 100 rows", [*line, (peer.cpu() - cpu) * 1000, 0.0], None)
    return missed


type Asked = tuple[str, str, dict[str, str], str | None]
type Question = Callable[[int], Asked]


def rename(systems: list[int], number: int, headers: dict[str, str]) -> Asked:
    """Another name for one of the systems."""
    body = json.dumps({"name": f"見本システム {secrets.token_hex(4)}"})
    address = f"/api/v1/systems/{systems[number % len(systems)]}"
    return "PATCH", address, headers | {"Content-Type": "application/json"}, body


def bare_server() -> Callable[[int], list[str]]:
    """The command that serves the peer on a port."""
    granian = str(Path(sys.executable).with_name("granian"))
    return lambda port: [
        granian,
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--workers",
        "2",
        "--working-dir",
        str(Path(__file__).parent),
        "bare_api:application",
    ]


def ask_once(port: int, method: str, path: str, headers: dict[str, str]) -> http.client.HTTPResponse:
    """One answer; anything but 200 stops the benchmark."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise SystemExit(f"{path} answers {answer.status}: {body.decode()[:300]}")
    return answer


def ask_for(port: int, question: Question, seconds: float, connections: int) -> list[float]:
    """Requests a second, p50, p95 and the number of requests of as many connections for ``seconds``."""
    times: list[float] = []
    end = time.perf_counter() + seconds

    def ask(first: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        number = first
        while time.perf_counter() < end:
            method, path, headers, body = question(number)
            number += connections
            begun = time.perf_counter()
            connection.request(method, path, body.encode() if body else None, headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status not in (200, 304):
                raise SystemExit(f"{path} answers {answer.status}")
            times.append((time.perf_counter() - begun) * 1000)

    threads = [threading.Thread(target=ask, args=(first,)) for first in range(connections)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = time.perf_counter() - begun
    return [len(times) / spent, percentile(times, 50), percentile(times, 95), float(len(times))]


def told(label: str, line: list[float], target: float | None) -> list[str]:
    """Print a line; the label when its target is missed on a machine with a core to spare."""
    rate, middle, most, number, cpu, database = line
    verdict = ""
    if target is not None:
        busy = os.getloadavg()[0] > (os.cpu_count() or 1) + CONNECTIONS
        verdict = f"{target:g} ms: {'reached' if most <= target else 'busy' if busy else 'MISSED'}"
    print(
        f"  {label:<34}{rate:>11.0f}{middle:>8.1f}{most:>8.1f}{cpu / number:>8.2f}{database / number:>8.2f}  {verdict}",
        flush=True,
    )
    return [label] if verdict.endswith("MISSED") else []


if __name__ == "__main__":
    sys.exit(main())
