"""The register of kartes out and in: 135 systems with every field filled, every cell the same; and its pages.

``python benchmarks/house/karte.py [--small] [--only sqlite]``

Every field of every sheet is filled first (``karte_fill.py``). Then all sheets go out; planned again they change nothing;
and after everything was deleted they bring back the very same cells. The hub page of a system: p95 under 150 ms.
"""

import argparse
import sys

from homes import DATABASES, ROOT, home, machine

FOLDER = ROOT / "examples" / "reference-year"


def main() -> int:
    """Some lines a database; 1 when a cell came back changed or a page misses its target."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--small", action="store_true", help="few rounds, SQLite")
    parser.add_argument("--only", choices=DATABASES, help="one database")
    options = parser.parse_args()
    if options.small:
        options.only = options.only or "sqlite"
    code = 0
    for database in [options.only] if options.only else DATABASES:
        with home(database) as place:
            place.tenshu("migrate")
            print(f"kartes of the reference year, {database} ({machine()})")
            print(place.tenshu("load-year", str(FOLDER)).line("load the reference year", 30.0), flush=True)
            *lines, missed = place.script("karte_work.py", "5" if options.small else "20").splitlines()
            print("\n".join(lines), flush=True)
            code |= int(missed)
    return code


if __name__ == "__main__":
    sys.exit(main())
