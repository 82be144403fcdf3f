"""The work that ``jobs.py`` measures, in the environment of a home: ``prepare``, or ``ours|plain WORKERS JOBS``."""

import json
import logging
import os
import resource
import sys
import time

import django
from django.tasks import task

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tenshu.config.settings")
django.setup()

from django.db import connection, connections  # noqa: E402

from tenshu.config.commands.worker import work  # noqa: E402
from tenshu.ground.jobs.tasks import JobRun, job  # noqa: E402


def insert() -> None:
    """The effect."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO job_benchmark VALUES (1)")


@job(title="ours")
def ours(run: JobRun) -> None:
    with run.finish():
        insert()


@task
def plain() -> None:
    insert()


def work_ours() -> None:
    """``tenshu worker --drain``, with its keeper, from the point where Django is ready."""
    work("benchmark", drain=True)


def work_plain() -> None:
    """The package's worker until nothing is ready, without its pause at the start."""
    from django_tasks_db.management.commands.db_worker import Worker

    Worker(
        queue_names=["default"],
        interval=1,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=f"plain-{os.getpid()}",
        excluded_queue_names=[],
    ).run()


def measure(kind: str, workers: int, count: int) -> dict[str, float]:
    """Seconds of putting in and of working, CPU of the workers, effects."""
    module = sys.modules["jobs_work"]
    logging.disable(logging.WARNING)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM job_benchmark")
    made = getattr(module, kind)
    started = time.perf_counter()
    for _ in range(count):
        made.enqueue()
    enqueue = time.perf_counter() - started
    connections.close_all()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    pids = []
    for _ in range(workers):
        pid = os.fork()
        if not pid:
            (work_ours if kind == "ours" else work_plain)()
            os._exit(0)
        pids.append(pid)
    ended = [os.waitpid(pid, 0)[1] for pid in pids]
    worked = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert not any(ended), ended
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM job_benchmark")
        effects = cursor.fetchone()[0]
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"enqueue": enqueue, "work": worked, "cpu": cpu, "effects": effects}


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE job_benchmark (n integer)")
    else:
        import jobs_work  # so that the jobs' paths can be imported by any worker

        print(json.dumps(jobs_work.measure(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
