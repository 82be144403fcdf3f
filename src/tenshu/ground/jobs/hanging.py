"""A job that does not end: past its limit the worker's process begins anew without it, and the job has had a try.

A thread cannot be ended from outside, and the job may hold a lock without which nothing can be written, on SQLite the
only one. So the process is replaced first (``exec``: its connections close, the database takes back what was not
committed), and the new one settles what was left, as told in ``VARIABLE``. If it dies in between, the rescue finds
the job like that of any dead worker.
"""

import datetime
import os
import time
import uuid
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tenshu.ground.jobs import heartbeat
from tenshu.ground.jobs.errors import JobCancelled, JobHung
from tenshu.ground.jobs.models import Ending, JobLine, JobState, QueueRow, Worker
from tenshu.ground.jobs.rescue import give_up, put_back
from tenshu.ground.jobs.tasks import Job

VARIABLE = "TENSHU_HUNG_JOB"


@dataclass(frozen=True, slots=True)
class InHand:
    """The attempt that a worker is at, and until when (by the process's own clock)."""

    job_id: uuid.UUID
    attempt: int
    worker_id: int
    limit: float
    until: float

    @classmethod
    def begin(cls, job_id: uuid.UUID, attempt: int, worker_id: int, limit: float) -> "InHand":
        """From now on."""
        return cls(job_id, attempt, worker_id, limit, time.monotonic() + limit)

    @property
    def is_over(self) -> bool:
        """Whether the limit has passed."""
        return time.monotonic() >= self.until

    def environment(self) -> dict[str, str]:
        """The environment in which the process begins anew."""
        return {**os.environ, VARIABLE: f"{self.job_id} {self.attempt} {self.worker_id} {self.limit:g}"}


def settle_left_behind() -> bool:
    """Settle the job beyond whose limit this process began anew; False when there is none."""
    told = os.environ.pop(VARIABLE, "").split()
    if len(told) != 4:
        return False
    worker = Worker.objects.filter(pk=int(told[2])).first()
    if worker is None:
        return False
    settled = _settle(uuid.UUID(told[0]), int(told[1]), worker, float(told[3]))
    # Whatever else it had taken in the meantime goes back and loses no try.
    put_back(worker, was_lost=False)
    heartbeat.end(worker)
    return settled


def _settle(job_id: uuid.UUID, attempt: int, worker: Worker, limit: float) -> bool:
    """Count the try, and give the job back or up. The row of the state is the fence, as everywhere."""
    told = f"制限時間（{limit_text(limit)}）を過ぎても終わらないため、止めました。"
    with transaction.atomic():
        held = JobState.objects.select_for_update().filter(pk=job_id, attempt=attempt, worker=worker)
        state = held.first()
        if state is None:
            return False
        row = DBTaskResult.objects.filter(pk=job_id, status=TaskResultStatus.RUNNING)
        times = state.failed_times + 1
        values: dict[str, Any] = {"worker": None, "failed_times": times, "message": told}
        task = _task(row.first())
        if state.cancel_requested:
            give_up(row, JobCancelled)
            values |= {"ending": Ending.CANCELLED}
        elif task is not None and state.failed_times < task.retries:
            wait = datetime.timedelta(seconds=task.retry_seconds * 2**state.failed_times)
            row.update(status=TaskResultStatus.READY, run_after=timezone.now() + wait)
        else:
            give_up(row, JobHung)
            values |= {"ending": Ending.FAILED}
        JobState.objects.filter(pk=state.pk).update(**values)
        JobLine.objects.create(task_id=job_id, attempt=attempt, at=timezone.now(), text=told)
    return True


def _task(row: QueueRow | None) -> Job | None:
    try:
        task = row.task if row is not None else None
    except ImportError:  # the code of the job is gone
        return None
    return task if isinstance(task, Job) else None


def limit_text(seconds: float) -> str:
    """A limit as people say it: 60分, 1秒."""
    return f"{seconds / 60:g}分" if seconds >= 60 else f"{seconds:g}秒"
