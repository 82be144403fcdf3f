"""Jobs for the tests: each leaves rows in a bare table without any constraint, so that a doubled effect is seen."""

import time
import uuid

from django.db import connection

from tenshu.ground.jobs.slots import Slot
from tenshu.ground.jobs.tasks import JobError, JobRun, job

PROBE = "CREATE TABLE job_probe (job varchar(40), effect varchar(80))"


def leave(run: JobRun, effect: str) -> None:
    """An effect in the database."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO job_probe VALUES (%s, %s)", [str(run.job_id), effect])


def effects() -> list[tuple[str, str]]:
    """All effects of all jobs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT job, effect FROM job_probe ORDER BY job, effect")
        return [(str(uuid.UUID(job_id)), effect) for job_id, effect in cursor.fetchall()]


@job(title="見本：一度に")
def at_once(run: JobRun, *, pause: float = 0.0) -> None:
    time.sleep(pause)
    with run.finish():
        leave(run, "done")


@job(title="見本：まるごと", atomic=True)
def atomically(run: JobRun) -> None:
    leave(run, "done")


@job(title="見本：段階に分けて")
def in_steps(run: JobRun, *, steps: int = 3, pause: float = 0.0) -> None:
    for step in range(steps):
        with run.once(f"step-{step}") as first:
            if first:
                leave(run, f"step-{step}")
        run.progress(step + 1, steps, "段階")
        time.sleep(pause)


@job(title="見本：待つ")
def patient(run: JobRun, *, seconds: float) -> None:
    leave(run, "begun")
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        run.progress(1, 2, "待っています")
        run.raise_if_cancelled()
        time.sleep(0.02)
    with run.finish():
        leave(run, "done")


@job(title="見本：失敗")
def failing(run: JobRun, *, text: str = "") -> None:
    run.log("これから失敗します。")
    leave(run, "tried")
    raise ValueError(text)


@job(title="見本：断り")
def refusing(run: JobRun) -> None:
    raise JobError("前の年度が締まっていません。")


@job(title="見本：二度目にできる", retries=2, retry_seconds=0)
def second_time(run: JobRun) -> None:
    leave(run, "tried")
    if run.attempt < 2:
        raise ConnectionError


@job(title="見本：終わらない", limit_seconds=1, retries=1, retry_seconds=0)
def endless(run: JobRun) -> None:
    leave(run, f"begun-{run.attempt}")
    with run.finish():  # holds its own row, and on SQLite the only lock there is
        leave(run, "never")
        time.sleep(3_600)


@job(title="見本：つながりが切れる")
def cut_off(run: JobRun) -> None:
    if run.attempt == 1:
        connection.connection.close()
    with run.finish():
        leave(run, "done")


@job(title="見本：書けない言葉で失敗", retries=1, retry_seconds=3_600)
def unwritable(run: JobRun) -> None:
    text = "名前\x00\udce3"
    run.log(text)
    raise ValueError(text)


FIVE_MINUTES = Slot(name="sample.five", cron="*/5 * * * *", job=at_once, overlap=True)
HOURLY = Slot(name="sample.hourly", cron="0 * * * *", job=at_once)
DAILY = Slot(name="sample.daily", cron="0 3 * * *", job=at_once)
