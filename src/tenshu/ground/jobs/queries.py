"""Readers of jobs, workers and the clock."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, DateTimeField, F, Min, Q, QuerySet, When
from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tenshu.ground.jobs.heartbeat import living_workers, silent_workers
from tenshu.ground.jobs.models import Ending, JobState, QueueRow, Worker

WAITING_LONG = datetime.timedelta(minutes=10)
_FAILED_ENDINGS = Q(state__ending__in=[Ending.FAILED, Ending.LOST]) | Q(state__isnull=True)


@dataclass(frozen=True, slots=True)
class JobCounts:
    """How many jobs stand where; ``failed`` are the failures that nobody has looked at yet."""

    waiting: int
    running: int
    failed: int


def jobs() -> QuerySet[QueueRow]:
    """All jobs with their states."""
    return DBTaskResult.objects.select_related("state", "state__worker")


def newest_job(path: str, **arguments: Any) -> QueueRow | None:
    """The job of the function at ``path`` (``job.module_path``) that was last queued with these arguments, in any state."""
    wanted = {f"args_kwargs__kwargs__{name}": value for name, value in arguments.items()}
    return jobs().filter(task_path=path, **wanted).order_by("-enqueued_at").first()


def running_jobs() -> QuerySet[QueueRow]:
    """The jobs in workers' hands, the longest running first."""
    return jobs().filter(status=TaskResultStatus.RUNNING).order_by("started_at")


def waiting_jobs() -> QuerySet[QueueRow]:
    """The jobs in the queue, in its order."""
    return jobs().filter(status=TaskResultStatus.READY)


def open_failures() -> QuerySet[QueueRow]:
    """Failed jobs that nobody has looked at yet, the newest first."""
    rows = jobs().filter(_FAILED_ENDINGS, status=TaskResultStatus.FAILED)
    return rows.exclude(state__acknowledged=True).order_by("-finished_at")


def ended_jobs() -> QuerySet[QueueRow]:
    """Jobs that have ended, the newest first."""
    ended = (TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED)
    return jobs().filter(status__in=ended).order_by("-finished_at")


def job_counts() -> JobCounts:
    """The counts of the page's head, in one query."""
    found = DBTaskResult.objects.aggregate(
        waiting=Count("pk", filter=Q(status=TaskResultStatus.READY)),
        running=Count("pk", filter=Q(status=TaskResultStatus.RUNNING)),
        failed=Count(
            "pk",
            filter=Q(status=TaskResultStatus.FAILED)
            & _FAILED_ENDINGS
            & (Q(state__acknowledged=False) | Q(state__isnull=True)),
        ),
    )
    return JobCounts(**found)


def waits_long() -> bool:
    """Whether a job is ready since long: no worker takes it."""
    return oldest_wait() > WAITING_LONG


def oldest_wait() -> datetime.timedelta:
    """How long the oldest job that may be taken has waited: since it was queued, or since it was to be done (again)."""
    now = timezone.now()
    since = Case(
        When(run_after__lte=now, then=F("run_after")),
        default=F("enqueued_at"),
        output_field=DateTimeField(),
    )
    oldest = DBTaskResult.objects.ready().order_by().aggregate(at=Min(since))["at"]
    return max(now - oldest, datetime.timedelta()) if oldest else datetime.timedelta()


def alive_count() -> int:
    """How many workers were heard lately."""
    return living_workers().count()


def workers() -> list[tuple[Worker, str, QueueRow | None]]:
    """The workers with their state (動作中, 停止, 途絶) and the job in their hands: the living first, then the last thirty."""
    living = set(living_workers().values_list("pk", flat=True))
    silent = set(silent_workers().values_list("pk", flat=True))
    rows = list(Worker.objects.order_by("-started_at")[:30])
    rows += list(Worker.objects.filter(pk__in=(living | silent) - {row.pk for row in rows}))
    held: dict[Any, QueueRow] = {
        state.worker_id: state.task
        for state in JobState.objects.filter(worker__isnull=False).select_related("task")
    }
    found = []
    for row in rows:
        lost = row.was_lost or row.pk in silent
        word = "動作中" if row.pk in living else "途絶" if lost else "停止"
        found.append((row, word, held.get(row.pk)))
    return sorted(found, key=lambda item: item[1] != "動作中")
