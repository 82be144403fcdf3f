"""How long jobs are kept: done ones a week, failed ones a quarter of a year."""

import datetime

from django.db.models import F, OuterRef, Q, Subquery
from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tenshu.ground.jobs.models import JobState, SlotTurn, Worker
from tenshu.ground.jobs.tasks import JobRun, job

KEEP_DONE = datetime.timedelta(days=7)
KEEP_FAILED = datetime.timedelta(days=90)
KEEP_TURNS = datetime.timedelta(days=30)
KEEP_WORKERS = datetime.timedelta(days=30)
PORTION = 1_000


@job(title="古いジョブの記録を消す", priority=-50)
def prune_jobs(run: JobRun) -> None:
    """Remove old jobs with their lines and steps, old turns of the clock (but the last of each slot), old workers."""
    now = timezone.now()
    old = Q(status=TaskResultStatus.SUCCESSFUL, finished_at__lt=now - KEEP_DONE)
    old |= Q(status=TaskResultStatus.FAILED, finished_at__lt=now - KEEP_FAILED)
    jobs = DBTaskResult.objects.filter(old).order_by()
    count = 0
    # In portions: on SQLite nobody else writes while one is removed.
    while keys := list(jobs.values_list("pk", flat=True)[:PORTION]):
        DBTaskResult.objects.filter(pk__in=keys).delete()
        count += len(keys)
    newest = SlotTurn.objects.filter(name=OuterRef("name")).order_by("-due").values("due")[:1]
    SlotTurn.objects.annotate(newest=Subquery(newest)).filter(
        due__lt=now - KEEP_TURNS, newest__gt=F("due")
    ).delete()
    busy = JobState.objects.filter(worker__isnull=False).values("worker")
    Worker.objects.filter(stopped_at__lt=now - KEEP_WORKERS).exclude(pk__in=busy).delete()
    run.log(f"{count:,}件のジョブの記録を消しました。")
