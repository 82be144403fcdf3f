"""Backup and restore of ten years, beside the databases' own tools. ``python benchmarks/house/backup.py [--small]``

Time, size and peak memory of ``tenshu backup`` and ``tenshu restore`` (into the same and into the other database), with attached
files; beside them ``pg_dump``/``pg_restore`` and sqlite3's backup, each with a tar of the files. The peers check no
check sums, bring no other database and know no audit chain; they tell what the bytes alone cost.
"""

import argparse
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import unquote, urlsplit

from homes import DATABASES, TENSHU, Home, home, machine

SECONDS_A_MILLION_ROWS = {"backup": 60.0, "restore": 180.0}
MOST_MEMORY = 400.0
SMALL, FULL = 0.02, 1.0

FILES = """
import io, random, sys
import django; django.setup()
from tenshu.ground.access.actions import system_user
from tenshu.ground.files.models import Attachment, StoredFile
from tenshu.ground.files import store
count, chance, user = int(sys.argv[1]), random.Random(1), system_user()
for number in range(count):
    digest, size = store.put(io.BytesIO(chance.randbytes(chance.randrange(2_000, 400_000))))
    kept = StoredFile.objects.create(sha256=digest, size=size, content_type="application/pdf")
    Attachment.objects.create(stored=kept, name=f"{number}.pdf", target_type_id=1, target_pk="1", uploaded_by=user)
"""


def main() -> int:
    """Figures of each database; 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true")
    parser.add_argument(
        "--share", type=float, help="size of the office; 1.0 is 20,000 staff and a million audit rows"
    )
    options = parser.parse_args()
    share = options.share or (SMALL if options.small else FULL)
    print(f"backup and restore of ten years, share {share:g} ({machine()})")
    missed = 0
    for database in DATABASES:
        with home(database) as place:
            place.tenshu("migrate")
            place.script("ten_years.py", "--share", str(share))
            place.run([sys.executable, "-c", FILES, str(max(20, int(2_000 * share)))])
            missed += measured(place)
    return int(bool(missed))


def measured(place: Home) -> int:
    """One database: ours, then its own tool."""
    backup = place.folder.with_name(f"{place.folder.name}.zip")
    try:
        wall, memory, said = timed(place, "backup", str(backup))
        rows = int(said.split("表 ")[1].split("行")[0].replace(",", ""))
        missed = told(place.database, "backup", wall, memory, rows, backup.stat().st_size)
        for target in DATABASES:
            with home(target) as other:
                wall, memory, _ = timed(other, "restore", str(backup))
                missed += told(f"{place.database} to {target}", "restore", wall, memory, rows)
        peer(place)
    finally:
        backup.unlink(missing_ok=True)
    return missed


def timed(place: Home, *arguments: str) -> tuple[float, float, str]:
    """Seconds, peak memory in MB and output of a command."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [*TENSHU, *arguments], env=place.env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"tenshu {arguments[0]} failed: {said}")
    return time.perf_counter() - begun, usage.ru_maxrss / 1024, said


def told(way: str, what: str, wall: float, memory: float, rows: int, size: int = 0) -> int:
    """Print one line; 1 when it misses its target."""
    target = 30.0 + SECONDS_A_MILLION_ROWS[what] * rows / 1e6
    fine = wall <= target and memory <= MOST_MEMORY
    written = f", {size / 1e6:,.1f} MB" if size else ""
    print(
        f"{way:<26} {what:<8} {rows:>10,} rows {wall:8.1f} s{written}, peak {memory:,.0f} MB  "
        f"target {target:.0f} s and {MOST_MEMORY:.0f} MB: {'reached' if fine else 'MISSED'}",
        flush=True,
    )
    return int(not fine)


def peer(place: Home) -> None:
    """The database's own copy and a tar of the files."""
    folder = place.folder.with_name(f"{place.folder.name}-peer")
    folder.mkdir()
    try:
        begun = time.perf_counter()
        name = of_postgresql(place, folder) if place.database == "postgresql" else of_sqlite(place, folder)
        copied = time.perf_counter() - begun
        with tarfile.open(folder / "files.tar", "w") as tar:
            tar.add(place.folder / "files", "files")
        size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
        print(
            f"{place.database:<26} peer: {name} {copied:.1f} s, with tar {time.perf_counter() - begun:.1f} s, {size:,.1f} MB"
        )
    finally:
        shutil.rmtree(folder)


def of_sqlite(place: Home, folder: Path) -> str:
    """sqlite3's online backup."""
    with (
        closing(sqlite3.connect(place.folder / "tenshu.sqlite3")) as source,
        closing(sqlite3.connect(folder / "copy.sqlite3")) as copy,
    ):
        source.backup(copy)
    return "sqlite3 backup (not compressed)"


def of_postgresql(place: Home, folder: Path) -> str:
    """pg_dump in its own format, and pg_restore into a fresh database."""
    url = urlsplit(place.env["TENSHU_DATABASE_URL"])
    link = ["-h", unquote(url.hostname or ""), "-U", "tenshu"]
    dump = str(folder / "copy.dump")
    subprocess.run(["pg_dump", *link, "-Fc", "-f", dump, "tenshu"], check=True)
    subprocess.run(["createdb", *link, "peer"], check=True)
    begun = time.perf_counter()
    subprocess.run(["pg_restore", *link, "-d", "peer", dump], check=True)
    return f"pg_restore {time.perf_counter() - begun:.1f} s; pg_dump and both"


if __name__ == "__main__":
    sys.exit(main())
