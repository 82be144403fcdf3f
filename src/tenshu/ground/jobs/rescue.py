"""The rescue: jobs in the hands of a dead worker go back into the queue, after three dead workers to the failed ones."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tenshu.ground.jobs.errors import JobCancelled, WorkerLost
from tenshu.ground.jobs.heartbeat import silent_workers
from tenshu.ground.jobs.models import Ending, JobState, QueueRow, Worker

LOST_TIMES_ALLOWED = 3


def rescue() -> int:
    """Take the jobs from every worker that has fallen silent; returns how many. Safe from any number of workers."""
    return sum(_bury(pk) for pk in list(silent_workers().values_list("pk", flat=True)))


def _bury(worker_id: int) -> int:
    with transaction.atomic():
        worker = silent_workers().filter(pk=worker_id).select_for_update(skip_locked=True).first()
        if worker is None:
            return 0
        Worker.objects.filter(pk=worker.pk).update(stopped_at=Now(), was_lost=True)
        return put_back(worker, wait=False)


def put_back(worker: Worker, *, was_lost: bool = True, wait: bool = True) -> int:
    """Take every job out of ``worker``'s hands. ``was_lost`` counts it against the job.

    The row of the state is the fence: a worker that is only slow holds it while it commits, or comes too late.
    Without ``wait`` what somebody holds is left for the next turn: a frozen machine can hold a row for hours, and
    who waits for it falls silent too.
    """
    with transaction.atomic():
        held = JobState.objects.select_for_update(skip_locked=not wait).filter(worker=worker).order_by("pk")
        states = list(held)
        for state in states:
            _put_back(state, int(was_lost))
    return len(states)


def _put_back(state: JobState, lost: int) -> None:
    times = state.lost_times + lost
    values: dict[str, Any] = {"worker": None, "lost_times": times}
    row = DBTaskResult.objects.filter(pk=state.pk, status=TaskResultStatus.RUNNING)
    if state.cancel_requested:
        give_up(row, JobCancelled)
        values |= {"ending": Ending.CANCELLED}
    elif times >= LOST_TIMES_ALLOWED:
        give_up(row, WorkerLost)
        values |= {
            "ending": Ending.LOST,
            "message": f"ワーカーが{times}回、途中で途絶えました。",
        }
    else:
        row.update(status=TaskResultStatus.READY, run_after=timezone.now())
    JobState.objects.filter(pk=state.pk).update(**values)


def give_up(row: QuerySet[QueueRow], reason: type[Exception]) -> int:
    """Set the job to failed for ``reason``; ``row`` is a queryset of one job in the state that is expected."""
    return row.update(
        status=TaskResultStatus.FAILED,
        finished_at=timezone.now(),
        exception_class_path=f"{reason.__module__}.{reason.__qualname__}",
        traceback="",
    )
