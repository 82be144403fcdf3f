"""One attempt at a job, as the job itself sees it: progress, log, cancelling, and the fence around its effects."""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tenshu.ground.jobs.errors import JobCancelled, Superseded
from tenshu.ground.jobs.models import JobEffect, JobLine, JobState

LOOK_EVERY_SECONDS = 0.5


def storable(text: str) -> str:
    """``text`` as every database takes it: without NUL, and without halves of characters (from a broken file name)."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


class JobRun:
    """Handed to every job. Without arguments it stands alone and stores nothing: for tests and immediate runs."""

    def __init__(
        self, job_id: uuid.UUID | None = None, attempt: int = 1, worker_id: int | None = None
    ) -> None:
        self.job_id = job_id
        self.attempt = attempt
        self.finished = False
        self._worker_id = worker_id
        self._lines: list[JobLine] = []
        self._steps: set[str] = set()
        self._last: dict[str, float] = {}

    def progress(self, done: int, total: int = 0, note: str = "") -> None:
        """Show how far the job is. Written twice a second at most; raises ``Superseded`` when fenced off."""
        if self.job_id is None or (done != total and not self._is_time_to("write")):
            return
        if not self._own().update(done=max(done, 0), total=max(total, 0), note=storable(note)[:200]):
            raise Superseded

    def raise_if_cancelled(self) -> None:
        """Raise ``JobCancelled`` if somebody wants the job to stop. Call it often: it looks twice a second at most."""
        if self.job_id is None or not self._is_time_to("look"):
            return
        wanted = self._own().values_list("cancel_requested", flat=True).first()
        if wanted is None:
            raise Superseded
        if wanted:
            raise JobCancelled

    def log(self, text: str) -> None:
        """Add a line to the job's log. No names, no addresses: the line is kept and shown.

        A line written inside a transaction appears when that has ended, also when it was rolled back.
        """
        if self.job_id is None:
            return
        self._lines.append(
            JobLine(task_id=self.job_id, attempt=self.attempt, at=timezone.now(), text=storable(text)[:500])
        )
        if not connection.in_atomic_block:
            self.write_lines()

    def write_lines(self) -> None:
        """Store the lines that wait; called by the worker when the job has ended."""
        waiting, self._lines = self._lines, []
        if waiting:
            JobLine.objects.bulk_create(waiting)

    @contextmanager
    def fenced(self) -> Iterator[None]:
        """A transaction that this attempt alone may commit; raises ``Superseded`` otherwise."""
        with transaction.atomic():
            self._hold()
            yield

    @contextmanager
    def once(self, step: str) -> Iterator[bool]:
        """A fenced transaction for one step: gives True the first time, False when the step has happened already."""
        with self.fenced():
            if self.job_id is None:
                first = step not in self._steps
                self._steps.add(step)
            else:
                _, first = JobEffect.objects.get_or_create(task_id=self.job_id, step=step)
            yield first

    @contextmanager
    def finish(self) -> Iterator[None]:
        """A transaction in which the job's last effect and its completion commit together, or neither.

        Raises ``Superseded`` at its end, and takes the effect back, when the job has been given to another attempt.
        """
        with transaction.atomic():
            yield
            self.settle(TaskResultStatus.SUCCESSFUL)
        self.finished = True

    def settle(self, status: str, state: dict[str, Any] | None = None, **values: Any) -> None:
        """Write the end of the attempt; used by the worker. Raises ``Superseded`` when it is no longer the job's.

        Letting go of the state is the fence: the rescue holds the same row, and one of the two comes first.
        """
        if self.job_id is None:
            return
        with transaction.atomic(savepoint=False):
            if not self._own().update(worker=None, **(state or {})):
                raise Superseded
            finished_at = None if status == TaskResultStatus.READY else timezone.now()
            DBTaskResult.objects.filter(pk=self.job_id).update(
                status=status, finished_at=finished_at, **values
            )

    def _own(self) -> Any:
        return JobState.objects.filter(pk=self.job_id, attempt=self.attempt, worker=self._worker_id)

    def _hold(self) -> None:
        # The rescue takes the same row before it gives the job away: one of the two comes first.
        if self.job_id is not None and self._own().select_for_update().values_list("pk").first() is None:
            raise Superseded

    def _is_time_to(self, do: str) -> bool:
        now = time.monotonic()
        if now - self._last.get(do, 0.0) < LOOK_EVERY_SECONDS:
            return False
        self._last[do] = now
        return True
