"""The record under load: 8 processes that write while a sealer seals, then the walk over the whole chain.

``python benchmarks/house/audit.py [--small] [--seconds 10] [--rows 100000]``

A write is one transaction with one row of the record, as a click on a page makes it. The goal set for it is that
thousands of answers a minute pass: 50 writes a second. Verifying and sealing are told in rows a second; sealing one
new row is timed on a short and on a long record, where it has to cost the same.
"""

import argparse
import json
import sys

from homes import DATABASES, Home, home, machine

WRITERS = 8
TARGET = 50.0


def main() -> int:
    """A few lines a database; 1 when writes are too slow, fail, or leave a chain that does not hold."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--small", action="store_true", help="2 seconds, 2,000 rows")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--rows", type=int, default=100_000)
    options = parser.parse_args()
    if options.small:
        options.seconds, options.rows = 2.0, 2_000
    print(f"the record, {WRITERS} writers and a sealer ({machine()})")
    code = 0
    for database in DATABASES:
        with home(database) as place:
            place.tenshu("migrate")
            place.script("audit_work.py", "prepare")
            code |= writers(place, options.seconds)
            code |= chain(place, options.rows)
    return code


def writers(place: Home, seconds: float) -> int:
    """All writers and the sealer at once."""
    server = place.server_cpu()
    found = json.loads(place.script("audit_work.py", "writers", str(WRITERS), str(seconds)).splitlines()[-1])
    server = place.server_cpu() - server
    rate, errors = found["rate"], found["errors"]
    cpu = (found["cpu"] + server) / max(found["rows"], 1) * 1000
    reached = rate >= TARGET and not errors
    print(
        f"{place.database}: {rate:8,.0f} writes/s, p95 of a write {found['p95']:6.1f} ms, {cpu:5.2f} ms CPU a write, "
        f"{errors} errors, {found['sealed']:,} sealed meanwhile  target {TARGET:g}/s: {'reached' if reached else 'MISSED'}"
    )
    return int(not reached)


def chain(place: Home, rows: int) -> int:
    """Seal and verify a long record."""
    found = json.loads(place.script("audit_work.py", "chain", str(rows)).splitlines()[-1])
    print(
        f"{place.database}: seal {found['sealed'] / found['seal']:8,.0f} rows/s, verify {found['rows'] / found['verify']:8,.0f} "
        f"rows/s ({found['rows']:,} rows in {found['verify']:.1f} s, {found['verify_cpu']:.1f} s CPU), {found['breaches']} breaches; "
        f"seal one new row: {found['one_short']:.1f} ms on a short record, {found['one_long']:.1f} ms on the long one"
    )
    return int(found["breaches"] > 0)


if __name__ == "__main__":
    sys.exit(main())
