"""The worker: takes a job, runs it, settles it; fenced, so that a job is settled by its present attempt alone."""

import datetime
import logging
import threading
from traceback import extract_tb, format_tb
from typing import Any

from django.db import Error, connection, transaction
from django.tasks import TaskResultStatus
from django.utils import timezone
from django.utils.json import normalize_json
from django_tasks_db.models import DBTaskResult

from tenshu.ground.audit.origin import acting_from
from tenshu.ground.jobs import heartbeat
from tenshu.ground.jobs.errors import JobCancelled, JobError, Superseded
from tenshu.ground.jobs.hanging import InHand
from tenshu.ground.jobs.models import Ending, JobState, QueueRow, Worker
from tenshu.ground.jobs.rescue import put_back
from tenshu.ground.jobs.runs import JobRun, storable
from tenshu.ground.jobs.tasks import USUAL_LIMIT, Job
from tenshu.ground.jobs.timing import timing

log = logging.getLogger("tenshu.jobs")


def claim(worker: Worker) -> tuple[QueueRow, JobRun] | None:
    """Take the next job, by priority and age; None when nothing is ready."""
    ready = DBTaskResult.objects.ready().filter(backend_name="default")
    if connection.vendor == "sqlite" and not ready.exists():
        return None  # to look needs no write lock, to look inside a transaction would take it
    with transaction.atomic():
        task = ready.select_for_update(skip_locked=True).first()
        if task is None:
            return None
        task.claim(str(worker))
        attempt = len(task.worker_ids)
        state = JobState(task=task, attempt=attempt, worker=worker)
        JobState.objects.bulk_create(
            [state],
            update_conflicts=True,
            unique_fields=["task"],
            update_fields=["attempt", "worker", "ending", "message", "done", "total", "note"],
        )
    return task, JobRun(task.pk, attempt, worker.pk)


class WorkerLoop:
    """Works in the thread that calls ``work``; ``stop`` may be called from a signal or another thread."""

    def __init__(self, worker: Worker, *, drain: bool = False) -> None:
        self.worker = worker
        self.in_hand: InHand | None = None  # read by the keeper, who ends what does not end by itself
        self.was_buried = False  # set by the keeper: taken for dead, so enter anew before the next job
        self._drain = drain
        self._may_hold = False  # the database went away: a job may still stand in this worker's hands
        self._stop = threading.Event()

    def stop(self) -> None:
        """Finish the running job and come back."""
        self._stop.set()

    @property
    def is_stopping(self) -> bool:
        """Whether the worker was told to stop."""
        return self._stop.is_set()

    def work(self) -> int:
        """Work until stopped, or until nothing is ready when draining; returns how many jobs were run."""
        count = 0
        while not self._stop.is_set():
            _renew_connection()
            try:
                taken = self._next()
                if taken is None:
                    if self._drain:
                        break
                    self._stop.wait(timing().poll)
                    continue
                self._run(*taken)
                count += 1
            except Error as error:
                # The database is away: what was in hand is put back as soon as it answers again, however late.
                log.error("the database does not answer: %s", type(error).__qualname__)
                self._may_hold = True
                if self._drain:
                    raise
                self._stop.wait(max(timing().poll, 0.2))
        return count

    def _next(self) -> tuple[QueueRow, JobRun] | None:
        if self._may_hold:
            # Counted like a lost worker: a job that makes the database refuse its own end does not go round for ever.
            put_back(self.worker)
            self._may_hold = False
        if self.was_buried:
            self.worker, self.was_buried = heartbeat.begin(self.worker.name), False
        return claim(self.worker)

    def _run(self, task: QueueRow, run: JobRun) -> None:
        with acting_from("job"):
            try:
                self._attempt(task, run)
            except Superseded:
                log.warning("job %s: attempt %s was superseded", task.pk, run.attempt)
            finally:
                self.in_hand = None
        run.write_lines()

    def _attempt(self, row: QueueRow, run: JobRun) -> None:
        task = None
        try:
            task = row.task
            limit = task.limit_seconds if isinstance(task, Job) else USUAL_LIMIT
            self.in_hand = InHand.begin(row.pk, run.attempt, self.worker.pk, limit)
            arguments = row.args_kwargs
            result = (
                task.run(run, *arguments["args"], **arguments["kwargs"])
                if isinstance(task, Job)
                else task.call(*arguments["args"], **arguments["kwargs"])
            )
            returned = normalize_json(result)
        except Superseded:
            raise
        except JobCancelled as error:
            self._fail(run, error, Ending.CANCELLED)
        except Exception as error:  # noqa: BLE001 - whatever a job raises is its end, not the worker's
            self._failed(task, run, error)
        else:
            if not run.finished:
                run.settle(TaskResultStatus.SUCCESSFUL, return_value=returned)

    def _failed(self, task: Any, run: JobRun, error: Exception) -> None:
        log.error("job %s failed: %s", run.job_id, where(error))
        retries = task.retries if isinstance(task, Job) and not isinstance(error, JobError) else 0
        with transaction.atomic():
            # Locked: who cancels it now comes before this or finds it ended, and it is not tried again.
            state = JobState.objects.select_for_update().get(pk=run.job_id)
            times = state.failed_times + 1
            if state.cancel_requested or times > retries:
                ending = Ending.CANCELLED if state.cancel_requested else Ending.FAILED
                self._fail(run, error, ending, times)
                return
            wait = datetime.timedelta(seconds=task.retry_seconds * 2**state.failed_times)
            run.settle(
                TaskResultStatus.READY,
                {"failed_times": times, "message": where(error)[:500]},
                run_after=timezone.now() + wait,
            )

    def _fail(self, run: JobRun, error: Exception, ending: Ending, failed_times: int = 0) -> None:
        message = str(error) if isinstance(error, JobError) else where(error)
        run.settle(
            TaskResultStatus.FAILED,
            {"ending": ending, "message": storable(message)[:500], "failed_times": failed_times},
            exception_class_path=f"{type(error).__module__}.{type(error).__qualname__}",
            traceback="".join(format_tb(error.__traceback__)),
        )


def _renew_connection() -> None:
    """Drop a broken or aged connection. A sound one on SQLite stays: opening it anew for each job costs more than the job."""
    if connection.in_atomic_block:
        return  # a test around the worker
    if connection.errors_occurred or connection.settings_dict["CONN_MAX_AGE"]:
        connection.close_if_unusable_or_obsolete()


def where(error: BaseException) -> str:
    """The class of ``error`` and the line of code that raised it: never its message, which may name people."""
    frames = extract_tb(error.__traceback__)
    place = f"（{frames[-1].filename.rsplit('/', 1)[-1]} {frames[-1].lineno}行）" if frames else ""
    return f"{type(error).__qualname__}{place}"
