"""A job in every state and a living worker, for the pages."""

from django.db.models.functions import Now
from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max

from tenshu.ground.jobs import heartbeat
from tenshu.ground.jobs.models import Ending, JobLine, JobState, SlotTurn
from tenshu.ground.jobs.retention import prune_jobs


def make_job(status=TaskResultStatus.READY, **kwargs):
    """A row of the queue, without a worker."""
    now = timezone.now()
    ended = status in {TaskResultStatus.FAILED, TaskResultStatus.SUCCESSFUL}
    return DBTaskResult.objects.create(
        task_path=prune_jobs.module_path,
        args_kwargs={"args": [], "kwargs": kwargs},
        status=status,
        backend_name="default",
        run_after=get_date_max(),
        started_at=None if status == TaskResultStatus.READY else now,
        finished_at=now if ended else None,
        worker_ids=[] if status == TaskResultStatus.READY else ["見本#1"],
    )


def sample_jobs(*, failures=0):
    """One job in every state; gives the failed one, which has been looked at. ``failures`` more have not."""
    worker = heartbeat.begin("見本")
    worker.__class__.objects.filter(pk=worker.pk).update(last_seen=Now())
    make_job()
    running = make_job(TaskResultStatus.RUNNING, year=2023)
    JobState.objects.create(
        task=running, attempt=1, worker=worker, done=120, total=1_000, note="会議を数えています"
    )
    JobLine.objects.create(task=running, attempt=1, at=timezone.now(), text="120件まで終わりました。")
    done = make_job(TaskResultStatus.SUCCESSFUL)
    JobState.objects.create(task=done, attempt=1)
    SlotTurn.objects.update_or_create(name="jobs.prune", due=timezone.now(), defaults={"task": done})
    looked_at_one = None
    for looked_at in (True, *[False] * failures):
        failed = make_job(TaskResultStatus.FAILED, year=2023, name="見本 花子")
        JobState.objects.create(
            task=failed,
            attempt=1,
            ending=Ending.FAILED,
            message="ValueError（counting.py 12行）",
            acknowledged=looked_at,
        )
        JobLine.objects.create(task=failed, attempt=1, at=timezone.now(), text="はじめます。")
        looked_at_one = looked_at_one or failed
    return looked_at_one
