"""The worker's row and its heartbeat. Time is the database's own: the clocks of the machines may differ."""

import datetime
import os
import socket

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from tenshu.ground.jobs.models import JobState, Worker
from tenshu.ground.jobs.timing import timing


def begin(name: str = "") -> Worker:
    """Enter this process as a worker."""
    host = socket.gethostname()
    worker = Worker(
        name=name or host.split(".")[0][:60],
        host=host[:100],
        pid=os.getpid(),
        started_at=Now(),
        last_seen=Now(),
    )
    worker.save(force_insert=True)
    worker.refresh_from_db()
    return worker


def beat(worker: Worker) -> bool:
    """Say that the worker lives; False when it has been taken for dead meanwhile."""
    return bool(Worker.objects.filter(pk=worker.pk, stopped_at__isnull=True).update(last_seen=Now()))


def end(worker: Worker) -> None:
    """Say that the worker has stopped of its own will."""
    Worker.objects.filter(pk=worker.pk, stopped_at__isnull=True).update(last_seen=Now(), stopped_at=Now())


def silent_workers() -> QuerySet[Worker]:
    """Workers not heard for too long that have not stopped, or have stopped with a job in their hands."""
    limit = datetime.timedelta(seconds=timing().lost)
    holding = Exists(JobState.objects.filter(worker=OuterRef("pk")))
    return Worker.objects.filter(Q(stopped_at__isnull=True) | holding, last_seen__lt=Now() - limit)


def living_workers() -> QuerySet[Worker]:
    """Workers that were heard lately."""
    limit = datetime.timedelta(seconds=timing().lost)
    return Worker.objects.filter(stopped_at__isnull=True, last_seen__gte=Now() - limit)
