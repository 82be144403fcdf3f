"""``tenshu migrate`` on an empty home, on both databases. ``python benchmarks/house/migrate.py [--small]``

The peer's figure is cited, not measured here: CISO Assistant (Django, 100 and more migrations) needed
7 min 38 s for its migrations on an empty SQLite database on two shared cores.
"""

import argparse
import sys

from homes import DATABASES, home, machine

TARGET = 15.0
CITED = "cited, measured elsewhere on two shared cores: CISO Assistant, migrate on an empty database"
CITED_TIME = "7 min 38 s"


def main() -> int:
    """One line a database; 1 when the target is missed."""
    argparse.ArgumentParser(description=__doc__).add_argument("--small", action="store_true")
    print(f"migrate an empty home ({machine()})")
    code = 0
    for database in DATABASES:
        with home(database) as place:
            first = place.tenshu("migrate")
            again = place.tenshu("migrate")
        print(first.line(f"{database}: empty home", TARGET))
        print(again.line(f"{database}: nothing outstanding"))
        code |= first.wall > TARGET
    print(f"{CITED}: {CITED_TIME}")
    return code


if __name__ == "__main__":
    sys.exit(main())
