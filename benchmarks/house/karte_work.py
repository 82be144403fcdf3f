"""The work that ``karte.py`` measures, in the environment of a home: ``TIMES`` a page; its last line is 1 after a miss."""

import statistics
import sys
import time
from typing import Any

P95_MS = 150.0


def measure(times: int) -> int:
    """Round trip of every table, then the pages of one system; 1 when a cell came back changed or a page is slow."""
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse

    from tenshu.ground.access.models import User
    from tenshu.ground.access.roles import Role
    from tenshu.ground.systems.models import System

    user = User.objects.create(login_name="bench", display_name="計測")
    user.grants.create(role=Role.SECRETARIAT, valid_from="2020-04-01")
    from karte_fill import fill

    fill()
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
        p95 = ninety_fifth(client, url, times)
        slow |= p95 > P95_MS and name.startswith("hub")
        print(f"  {name}: p95 {p95:.0f} ms")
    return int(changed or slow)


def round_trip(user: Any) -> int:
    """Take every sheet out, plan it again, delete all, bring all back; gives the number of cells that differ."""
    from karte_fill import clear, specs

    from tenshu.ground.exchange.actions import apply_plan
    from tenshu.ground.exchange.outgoing import export_spec
    from tenshu.ground.exchange.planning import make_plan
    from tenshu.ground.exchange.reading import read_book

    begin = time.perf_counter()
    books = {spec.name: export_spec(spec, user) for spec in specs()}
    out = time.perf_counter() - begin
    before = {spec.name: cells_of(spec, books[spec.name]) for spec in specs()}
    told(before)
    begin, changed = time.perf_counter(), 0
    for spec in specs():
        plan = make_plan(read_book(books[spec.name], "見本.xlsx"), spec, user)
        changed += len(plan.changes({})) + len(plan.errors)
    again = time.perf_counter() - begin
    clear()
    begin = time.perf_counter()
    for spec in specs():
        plan = make_plan(read_book(copied(spec, before[spec.name]), "見本.xlsx"), spec, user)
        changed += len(plan.errors)
        apply_plan(plan, {}, acting_user=user)
    back = time.perf_counter() - begin
    for spec in specs():
        after = cells_of(spec, export_spec(spec, user))
        changed += sum(one != other for one, other in zip(before[spec.name], after, strict=True))
    print(f"  out {out:.2f} s, planned again {again:.2f} s, deleted and brought back {back:.2f} s")
    print(f"  rows that differ: {changed}")
    return changed


def cells_of(spec: Any, content: bytes) -> list[tuple[Any, ...]]:
    """The cells of a sheet, row by row and sorted, in the order of the columns; keys and versions left out."""
    import io

    import openpyxl

    page = openpyxl.load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
    lines = page.iter_rows(values_only=True)
    next(lines)  # headings; behind the columns stand the key and the version of the row
    rows = (line[: len(spec.columns)] for line in lines)
    return sorted((row for row in rows if any(cell is not None for cell in row)), key=repr)


def copied(spec: Any, rows: list[tuple[Any, ...]]) -> bytes:
    """The cells in a workbook of one's own, without the hidden keys that tie a sheet to the records it came from."""
    import io

    import openpyxl

    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = spec.title
    for row in [tuple(column.heading for column in spec.columns), *rows]:
        page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def told(sheets: dict[str, list[tuple[Any, ...]]]) -> None:
    """Print how many cells there are, in all and of the system that has the fewest."""
    from karte_fill import fields_of_systems, specs

    cells = sum(cell is not None for rows in sheets.values() for row in rows for cell in row)
    fields = sorted(fields_of_systems().values())
    print(f"  {len(specs())} sheets, {sum(map(len, sheets.values())):,} rows, {cells:,} filled cells")
    print(
        f"  filled fields of a system: {fields[0]} to {fields[-1]}, half have {fields[len(fields) // 2]} or more"
        f" ({len(fields)} systems)"
    )


def ninety_fifth(client: Any, url: str, times: int) -> float:
    """Milliseconds within which 95 of 100 answers come, once warm."""
    taken = []
    for _ in range(times + 1):
        begin = time.perf_counter()
        response = client.get(url, {"nendo": "R5"})
        taken.append((time.perf_counter() - begin) * 1_000)
        if response.status_code != 200:
            raise SystemExit(f"{url}: {response.status_code}")
    return statistics.quantiles(taken[1:], n=20)[-1]


if __name__ == "__main__":
    import django

    django.setup()
    print(measure(int(sys.argv[1])))
