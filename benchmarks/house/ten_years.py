"""Fills the home of the environment with ten years of an office that never was, in bulk.

``python ten_years.py [--share 1.0] [--audit-rows 1000000] [--seed 1]`` prints the time of each step and, as the last
line, JSON with the sign-in. Share 1.0: 20,000 staff in service, 2,000 systems, 1,100 units with two reorganisations,
80,000 posts, 20,000 sessions with 100,000 attendances. Rows are written with ``bulk_create``: pages are measured
here, not the actions. The spans of units, posts and ownerships obey the consistency rules (``tenshu check`` finds
nothing in the office); years before the last are closed by the action itself, so that frozen figures are the real ones.
"""

import argparse
import json
import time

import django

django.setup()

from django.utils import timezone  # noqa: E402
from ten_years_audit import write_audit_rows  # noqa: E402
from ten_years_people import People, build_people  # noqa: E402
from ten_years_units import Offices, build_units  # noqa: E402
from ten_years_work import build_work  # noqa: E402

from tenshu.annual.actions import do_close_year  # noqa: E402
from tenshu.ground.access.actions import system_user  # noqa: E402
from tenshu.ground.calendar.actions import do_open_year  # noqa: E402
from tenshu.ground.calendar.fiscal_year import FiscalYear  # noqa: E402
from tenshu.ground.office.models import OfficeProfile  # noqa: E402

YEARS = 10


def main() -> None:
    """Build everything; the sizes follow ``--share``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--audit-rows", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    last = FiscalYear.containing(timezone.localdate())
    years = [FiscalYear(last.year - back) for back in reversed(range(YEARS))]
    machine = system_user()
    OfficeProfile.objects.create(name="見本県")
    for year in years:
        do_open_year(year, acting_user=machine)
    clock = Clock()
    offices: Offices = build_units(years, options.share)
    clock.tell("units")
    people: People = build_people(offices, years, options.share, options.seed)
    clock.tell("staff, posts, accounts")
    build_work(offices, people, years, options.share, options.seed)
    clock.tell("systems, task forces, sessions")
    for year in years[:-1]:
        do_close_year(year, acting_user=machine)
    clock.tell("nine years closed")
    write_audit_rows(int(options.audit_rows * options.share), people.accounts, options.seed)
    clock.tell("audit rows")
    print(json.dumps({"login": people.login, "password": people.password}))


class Clock:
    """Prints how long each step took."""

    def __init__(self) -> None:
        self._at = time.perf_counter()

    def tell(self, step: str) -> None:
        """The seconds since the last step."""
        now = time.perf_counter()
        print(f"  generated {step}: {now - self._at:.1f} s", flush=True)
        self._at = now


if __name__ == "__main__":
    main()
