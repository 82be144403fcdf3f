"""Jobs a second: putting into the queue and working, 1 and 3 workers, beside the plain worker of django-tasks-db.

``python benchmarks/house/jobs.py [--small] [--jobs 1000]``

A job is one INSERT. Ours commits it together with the job's completion, behind the fence, with a heartbeat beside;
the peer's worker commits the INSERT and the completion one after the other and promises nothing when it is killed.
Both take the jobs from the same table of the same queue. The goal set is 50 jobs a second: a mail to 6,677 people in a
bit more than two minutes.
"""

import argparse
import json
import sys

from homes import DATABASES, home, machine

TARGET = 50.0
WORKERS = (1, 3)


def main() -> int:
    """A line a database, number of workers and worker; 1 when ours is too slow or an effect is not there once."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--small", action="store_true", help="100 jobs")
    parser.add_argument("--jobs", type=int, default=1_000)
    options = parser.parse_args()
    count = 100 if options.small else options.jobs
    print(f"{count:,} jobs of one INSERT each ({machine()})")
    code = 0
    for database in DATABASES:
        with home(database) as place:
            place.tenshu("migrate")
            place.script("jobs_work.py", "prepare")
            for workers in WORKERS:
                for kind in ("ours", "plain"):
                    text = place.script("jobs_work.py", kind, str(workers), str(count))
                    code |= told(database, kind, workers, count, json.loads(text.splitlines()[-1]))
    return code


def told(database: str, kind: str, workers: int, count: int, found: dict[str, float]) -> int:
    """One line; the target is set for ours alone."""
    rate = count / found["work"]
    good = kind != "ours" or (rate >= TARGET and found["effects"] == count)
    name = "ours" if kind == "ours" else "django-tasks-db's worker"
    goal = f"  target {TARGET:g}/s: {'reached' if good else 'MISSED'}" if kind == "ours" else ""
    print(
        f"{database:<10} {workers} workers {name:<25} {rate:7,.0f} jobs/s worked, {count / found['enqueue']:7,.0f} /s put in, "
        f"{found['cpu'] / count * 1000:5.2f} ms CPU a job, {found['effects']:,.0f} effects{goal}"
    )
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
