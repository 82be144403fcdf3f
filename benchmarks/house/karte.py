"""The register of kartes out and in: 135 systems with about 200 fields, every cell the same; and its pages.

``python benchmarks/house/karte.py`` (SQLite)
"""

import os
import statistics
import sys
import time
from typing import Any

from homes import ROOT, home, machine

FOLDER = ROOT / "examples" / "reference-year"
PAGES = 20
P95_MS = 150.0


def main() -> int:
    """A line a measure; 1 when a cell came back changed or a page misses its target."""
    print(f"kartes of the reference year ({machine()})")
    with home("sqlite") as place:
        place.tenshu("migrate")
        print(place.tenshu("load-year", str(FOLDER)).line("load the reference year", 30.0))
        os.environ |= place.env
        return measure()


def measure() -> int:
    """Round trip of every table, then the pages of one system."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tenshu.config.settings")
    django.setup()
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse

    from tenshu.ground.access.models import User
    from tenshu.ground.access.roles import Role
    from tenshu.ground.systems.models import System

    user = User.objects.create(login_name="bench", display_name="計測")
    user.grants.create(role=Role.SECRETARIAT, valid_from="2020-04-01")
    changed = round_trip(user)
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"  # no files are collected in this home
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": plain}}
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    pk = System.objects.get(number="0042").pk
    slow = False
    for name, url in (
        ("hub page of a system", reverse("systems:system-detail", args=[pk])),
        ("karte of a system", reverse("karte:karte-detail", args=[pk])),
        ("list of kartes", reverse("karte:karte-list")),
        ("R4 against now, all systems", reverse("karte:difference-list")),
    ):
        p95 = ninety_fifth(client, url)
        slow |= p95 > P95_MS and name.startswith("hub")
        print(f"  {name}: p95 {p95:.0f} ms")
    return int(changed or slow)


def round_trip(user: Any) -> int:
    """Export and plan every table; gives the number of rows that would change."""
    from tenshu.dx.karte.sheets import TABLES
    from tenshu.ground.exchange.outgoing import export_spec
    from tenshu.ground.exchange.planning import make_plan
    from tenshu.ground.exchange.reading import read_book

    columns = rows = changed = 0
    out = back = 0.0
    for spec in TABLES:
        begin = time.perf_counter()
        content = export_spec(spec, user)
        middle = time.perf_counter()
        plan = make_plan(read_book(content, "見本.xlsx"), spec, user)
        back += time.perf_counter() - middle
        out += middle - begin
        columns += len(spec.columns)
        rows += len(plan.rows)
        changed += len(plan.changes({})) + len(plan.errors)
    print(f"  {columns} columns, {rows:,} rows: out {out:.2f} s, back {back:.2f} s, changed {changed}")
    return changed


def ninety_fifth(client: Any, url: str) -> float:
    """Milliseconds within which 95 of 100 answers come, once warm."""
    taken = []
    for _ in range(PAGES + 1):
        begin = time.perf_counter()
        response = client.get(url, {"nendo": "R5"})
        taken.append((time.perf_counter() - begin) * 1_000)
        if response.status_code != 200:
            raise SystemExit(f"{url}: {response.status_code}")
    return statistics.quantiles(taken[1:], n=20)[-1]


if __name__ == "__main__":
    sys.exit(main())
