"""A sheet whose table has 10,000 rows, out as a workbook and in again, beside openpyxl on the same file.

``python benchmarks/house/sheet_workbook.py [--small] [--only sqlite]``

Each step runs in a process of its own and tells its seconds and its peak of memory beyond the bare house. Targets for
10,000 rows × 8 columns: out under 5 s, looked through under 10 s, saved under 20 s, no step above 400 MB.
The peer does much less: it reads all cells of the file (and writes the values to a plain one), without types, checks,
keys, merge, database or record.
"""

import argparse
import json
import sys

from homes import DATABASES, Home, home, machine

TARGETS = {
    "look through new": 10.0,
    "page": 2.0,
    "save new": 20.0,
    "out": 5.0,
    "look through changed": 10.0,
    "save changed": 20.0,
}
MOST_MEGABYTES = 400.0


def main() -> int:
    """A table a database; 1 when a target is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--small", action="store_true", help="1,000 rows")
    parser.add_argument("--only", choices=DATABASES, help="one database")
    options = parser.parse_args()
    code = 0
    for database in [options.only] if options.only else DATABASES:
        with home(database) as place:
            place.tenshu("migrate")
            code |= measure(place, 1_000 if options.small else 10_000)
    return code


def measure(place: Home, rows: int) -> int:
    """Fill a sheet, take it out, fill it in, look through, save; the peer reads and writes the same file."""
    print(f"{place.database} ({machine()}), {rows:,} rows × 8 columns")
    missed = False
    step(place, "make", rows)
    for name in (*TARGETS, "openpyxl reads", "openpyxl writes"):
        found = step(place, name, rows)
        late = found["seconds"] > TARGETS.get(name, float("inf"))
        large = name in TARGETS and found["megabytes"] > MOST_MEGABYTES
        missed |= late or large
        print(
            f"  {name:<20} {found['seconds']:6.2f} s, {found['megabytes']:6.1f} MB  {found['told']}"
            f"{'  MISSED' if late or large else ''}"
        )
    return int(missed)


def step(place: Home, name: str, rows: int) -> dict[str, float]:
    """What one step took."""
    told: dict[str, float] = json.loads(
        place.script("sheet_workbook_work.py", name, str(rows)).splitlines()[-1]
    )
    return told


if __name__ == "__main__":
    sys.exit(main())
