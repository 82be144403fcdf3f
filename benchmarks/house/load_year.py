"""``tenshu load-year examples/reference-year`` on both databases, the first time and again.

``python benchmarks/house/load_year.py [--small]`` (small: SQLite alone)
"""

import argparse
import sys

from homes import DATABASES, ROOT, home, machine

TARGET = 30.0
FOLDER = ROOT / "examples" / "reference-year"


def main() -> int:
    """Two lines a database; 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="SQLite alone")
    small = parser.parse_args().small
    print(f"load the reference year, about 7,000 staff and 135 systems ({machine()})")
    code = 0
    for database in DATABASES[: 1 if small else 2]:
        with home(database) as place:
            place.tenshu("migrate")
            first = place.tenshu("load-year", str(FOLDER))
            again = place.tenshu("load-year", str(FOLDER))
        print(first.line(f"{database}: into an empty home", TARGET))
        print(again.line(f"{database}: again, nothing to change", TARGET))
        code |= first.wall > TARGET or again.wall > TARGET
    return code


if __name__ == "__main__":
    sys.exit(main())
