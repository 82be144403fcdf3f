"""The work of ``audit.py``: ``prepare``, ``writers COUNT SECONDS``, ``chain ROWS``; the last line is JSON."""

import json
import multiprocessing
import sys
import time
from collections.abc import Callable

import django

django.setup()

from browsing import percentile  # noqa: E402
from django.db import DatabaseError, connection, transaction  # noqa: E402

from tenshu.ground.access.actions import system_user  # noqa: E402
from tenshu.ground.audit.actions import Change, record, record_many  # noqa: E402
from tenshu.ground.audit.models import AuditRow, PendingRow  # noqa: E402
from tenshu.ground.audit.sealing import seal_pending  # noqa: E402
from tenshu.ground.audit.verification import verify_chain  # noqa: E402
from tenshu.ground.office.models import Staff  # noqa: E402

type Figures = dict[str, float]
BEFORE, AFTER = {"mail": "mihon@example.jp"}, {"mail": "mihon2@example.jp"}


def prepare() -> Figures:
    """An account and a person to write about."""
    system_user()
    Staff.objects.create(number="100000", name="見本 花子", kana="みほん はなこ")
    return {}


def writers(count: int, seconds: float) -> Figures:
    """So many processes that write and one that seals, all at once."""
    connection.close()
    # Forked, so that Django is started once; each child connects for itself.
    with multiprocessing.get_context("fork").Pool(count + 1) as pool:
        sealing = pool.apply_async(seal, (seconds,))
        writing = [pool.apply_async(write, (seconds,)) for _ in range(count)]
        wrote = [one.get() for one in writing]
        sealed = sealing.get()["rows"]
    return {
        "rows": sum(one["rows"] for one in wrote),
        "rate": sum(one["rows"] / one["wall"] for one in wrote),
        "cpu": sum(one["cpu"] for one in wrote),
        "p95": max(one["p95"] for one in wrote),
        "errors": sum(one["errors"] for one in wrote),
        "sealed": sealed,
    }


def write(seconds: float) -> Figures:
    """One row a transaction until the time is over."""
    actor, person, times, errors = system_user(), Staff.objects.get(), [0.0], 0
    begun, cpu = time.perf_counter(), time.process_time()
    while (at := time.perf_counter()) - begun < seconds:
        try:
            with transaction.atomic():
                record("office.staff.corrected", person, before=BEFORE, after=AFTER, acting_user=actor)
            times.append((time.perf_counter() - at) * 1000)
        except DatabaseError:
            errors += 1
    return {
        "rows": len(times) - 1,
        "wall": time.perf_counter() - begun,
        "cpu": time.process_time() - cpu,
        "p95": percentile(times, 95),
        "errors": errors,
    }


def seal(seconds: float) -> Figures:
    """Seal every second, as the worker does."""
    begun, rows = time.perf_counter(), 0
    while time.perf_counter() - begun < seconds:
        rows += seal_pending()
        time.sleep(1)
    return {"rows": rows}


def chain(rows: int) -> Figures:
    """Fill up to ``rows``, seal, verify; the time of sealing one row before and after."""
    actor, person = system_user(), Staff.objects.get()
    seal_pending()
    one_short = seal_one(person)
    change = Change("office.staff.corrected", person, BEFORE, AFTER)
    while (lacking := rows - AuditRow.objects.count()) > 0:
        with transaction.atomic():
            record_many([change] * min(lacking, 5_000), acting_user=actor)
    waiting, at = PendingRow.objects.count(), time.perf_counter()
    seal_pending()
    sealed = time.perf_counter() - at
    one_long = seal_one(person)
    at, cpu = time.perf_counter(), time.process_time()
    breaches = sum(1 for _ in verify_chain())
    return {
        "rows": AuditRow.objects.count(),
        "sealed": waiting,
        "seal": sealed,
        "verify": time.perf_counter() - at,
        "verify_cpu": time.process_time() - cpu,
        "breaches": breaches,
        "one_short": one_short,
        "one_long": one_long,
    }


def seal_one(person: Staff) -> float:
    """Milliseconds to seal one new row, the best of five."""
    times = []
    for _ in range(5):
        with transaction.atomic():
            record("office.staff.corrected", person, before=BEFORE, after=AFTER, acting_user=system_user())
        at = time.perf_counter()
        seal_pending()
        times.append((time.perf_counter() - at) * 1000)
    return min(times)


if __name__ == "__main__":
    works: dict[str, Callable[..., object]] = {"prepare": prepare, "writers": writers, "chain": chain}
    work = works[sys.argv[1]]
    arguments = [float(text) if "." in text else int(text) for text in sys.argv[2:]]
    print(json.dumps(work(*arguments)))
