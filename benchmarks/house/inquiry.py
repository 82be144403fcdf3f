"""Opening a campaign, answering a sheet and compiling all of them: 135 and 2,000 systems with 100 questions.

``python benchmarks/house/inquiry.py [--small] [--only sqlite]``

Targets: opening 135 × 100 under 1 s (within the request), 2,000 × 100 under 10 s (a job); the answering page and the
saving of one answer p95 under 500 ms. Opening holds the sheets, their steps, the record and the notices of all divisions.
"""

import argparse
import json
import sys

from homes import DATABASES, Home, home, machine

OPENING = {135: 1.0, 2_000: 10.0}
PAGE = 500.0


def main() -> int:
    """A table a database; 1 when a target is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--small", action="store_true", help="135 systems only, few rounds")
    parser.add_argument("--only", choices=DATABASES, help="one database")
    options = parser.parse_args()
    code = 0
    for database in [options.only] if options.only else DATABASES:
        with home(database) as place:
            place.tenshu("migrate")
            code |= measure(place, [135] if options.small else list(OPENING), 5 if options.small else 30)
    return code


def measure(place: Home, sizes: list[int], rounds: int) -> int:
    """Open, answer, compile."""
    numbers = [str(size) for size in sizes]
    found = json.loads(place.script("inquiry_work.py", str(rounds), *numbers).splitlines()[-1])
    print(f"{place.database} ({machine()})")
    missed = False
    for size, seconds, compile_seconds in found["campaigns"]:
        late = seconds > OPENING[size]
        missed |= late
        print(
            f"  opening {size:>5,} × 100: {seconds:6.2f} s (target {OPENING[size]:g} s)"
            f"{'  MISSED' if late else ''}; compile with all answers of a tenth: {compile_seconds:.2f} s"
        )
    for name, (p50, p95) in found["pages"].items():
        late = p95 > PAGE
        missed |= late
        print(f"  {name:<24} p50 {p50:6.1f} ms, p95 {p95:6.1f} ms{'  MISSED' if late else ''}")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
