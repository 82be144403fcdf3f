"""A storm of sign-ins: 2,000 people at 16 connections, through granian with 2 processes, on both databases.

``python benchmarks/house/sign_in.py [--small] [--only sqlite] [--people 2000]``

Each person opens the sign-in page and sends name and password once; the answer must lead into the house. Timed is the
sending (POST): password check by Argon2, session, list of devices, log. Printed beside it is what Argon2 alone costs in
CPU, measured in the same run: it is the floor that no sign-in can go below. Target: no error, every sign-in in the log and
in the list of sessions, and at most 30 ms of CPU beside Argon2 and the page a sign-in.
"""

import argparse
import http.client
import json
import re
import sys
import threading
import time
from http.cookies import SimpleCookie
from itertools import count
from urllib.parse import urlencode

from browsing import Served, percentile
from homes import DATABASES, Home, home, machine

CONNECTIONS = 16
BESIDE_HASH = 30.0
LOGIN = "/access/login/"


class Storm:
    """People who sign in one after the other at several connections."""

    def __init__(self, port: int, people: int, password: str) -> None:
        self.port, self.people, self.password = port, people, password
        self.times: list[float] = []
        self.errors: list[str] = []
        self._next = count()

    def blow(self) -> float:
        """Seconds that all of them needed."""
        threads = [threading.Thread(target=self._sign_in_people) for _ in range(CONNECTIONS)]
        begun = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return time.perf_counter() - begun

    def _sign_in_people(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        while (number := next(self._next)) < self.people:
            try:
                self._sign_in(connection, f"bench-{number}")
            except OSError as error:
                self.errors.append(repr(error))
                connection.close()

    def _sign_in(self, connection: http.client.HTTPConnection, name: str) -> None:
        connection.request("GET", LOGIN)
        page = connection.getresponse()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.read().decode())
        cookies = SimpleCookie(page.headers["Set-Cookie"])
        form = {"csrfmiddlewaretoken": token[1] if token else "", "username": name, "password": self.password}
        headers = {
            "Cookie": f"csrftoken={cookies['csrftoken'].value}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        begun = time.perf_counter()
        connection.request("POST", LOGIN, urlencode(form), headers)
        answer = connection.getresponse()
        answer.read()
        self.times.append((time.perf_counter() - begun) * 1000)
        if answer.status != 302 or answer.headers["Location"] != "/":
            self.errors.append(f"{name}: {answer.status}")


def measure(place: Home, people: int) -> int:
    """One storm; 1 when something is missing afterwards or the target is missed."""
    place.tenshu("migrate")
    cost = json.loads(place.script("sign_in_work.py", "make", str(people)).splitlines()[-1])
    with Served(place, workers=2) as served:
        Storm(served.port, 4, "not-the-password-1").blow()  # warms both processes up
        storm = Storm(served.port, people, cost["password"])
        cpu, server = served.cpu(), place.server_cpu()
        seconds = storm.blow()
        cpu, server = served.cpu() - cpu, place.server_cpu() - server
    left = json.loads(place.script("sign_in_work.py", "count").splitlines()[-1])
    each, beside = cpu / people * 1000, (cpu + server) / people * 1000 - cost["hash_ms"]
    whole = left["let_in"] == left["sessions"] == people and not storm.errors
    print(f"  Argon2 alone                 {cost['hash_ms']:8.1f} ms CPU   ({cost['hash']})")
    print(f"  sign-ins                     {people / seconds:8.1f} a second, {people} in {seconds:.1f} s")
    print(
        f"  p50, p95 of the sending      {percentile(storm.times, 50):8.0f} ms, {percentile(storm.times, 95):.0f} ms"
    )
    print(f"  CPU a sign-in with its page  {each:8.1f} ms, database server {server / people * 1000:.1f} ms")
    print(
        f"  beside Argon2                {beside:8.1f} ms  target {BESIDE_HASH:g} ms: {_word(beside <= BESIDE_HASH)}"
    )
    print(
        f"  errors                       {len(storm.errors):8d}     target 0, log and sessions whole: {_word(whole)}"
    )
    for error in storm.errors[:5]:
        print(f"    {error}")
    return 0 if whole and beside <= BESIDE_HASH else 1


def _word(reached: bool) -> str:
    return "reached" if reached else "MISSED"


def main() -> int:
    """One storm a database."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--small", action="store_true", help="40 people, SQLite")
    parser.add_argument("--only", choices=DATABASES, help="one database")
    parser.add_argument("--people", type=int, default=2000, help="how many sign in")
    options = parser.parse_args()
    if options.small:
        options.people, options.only = 40, options.only or "sqlite"
    code = 0
    for database in [options.only] if options.only else DATABASES:
        print(f"sign-in storm, {database}, {CONNECTIONS} connections, 2 processes ({machine()})", flush=True)
        with home(database) as place:
            code |= measure(place, options.people)
    return code


if __name__ == "__main__":
    sys.exit(main())
