"""The house's own numbers: jobs, workers, sessions, the record."""

from collections.abc import Mapping

from django.contrib.sessions.models import Session
from django.db.models import Count
from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tenshu.ground.audit.models import PendingRow
from tenshu.ground.jobs.heartbeat import living_workers, silent_workers
from tenshu.ground.jobs.queries import job_counts, oldest_wait
from tenshu.ground.operations.gauge import Gauge


def _jobs() -> Mapping[str, float]:
    found = dict.fromkeys((status.value.lower() for status in TaskResultStatus), 0.0)
    rows = DBTaskResult.objects.order_by().values_list("status").annotate(count=Count("pk"))
    return found | {status.lower(): float(count) for status, count in rows}


def _workers() -> Mapping[str, float]:
    return {"alive": float(living_workers().count()), "silent": float(silent_workers().count())}


GAUGES = [
    Gauge("tenshu_jobs", "Jobs in the queue's table by state", _jobs, label="state"),
    Gauge("tenshu_jobs_failures_open", "Failed jobs nobody has looked at", lambda: job_counts().failed),
    Gauge(
        "tenshu_jobs_oldest_wait_seconds",
        "How long the oldest job that is ready has waited",
        lambda: oldest_wait().total_seconds(),
    ),
    Gauge("tenshu_workers", "Workers by state", _workers, label="state"),
    Gauge(
        "tenshu_sessions",
        "Sessions that have not expired",
        lambda: Session.objects.filter(expire_date__gt=timezone.now()).count(),
    ),
    Gauge("tenshu_audit_unsealed", "Rows of the record that wait for their seal", PendingRow.objects.count),
]
