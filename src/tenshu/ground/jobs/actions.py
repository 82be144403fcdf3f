"""What people do to jobs: cancel, try again, note a failure. The worker's own writing is in ``working`` and ``rescue``."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tenshu.ground.access.models import User
from tenshu.ground.audit.actions import record
from tenshu.ground.jobs.errors import JobCancelled
from tenshu.ground.jobs.models import Ending, JobState, QueueRow, SlotTurn
from tenshu.ground.jobs.rescue import give_up


def do_cancel_job(job: QueueRow, *, acting_user: User) -> bool:
    """Cancel ``job``: a waiting one at once (True), a running one as soon as it asks (False).

    Raises ``ValidationError`` when the job has ended already.
    """
    with transaction.atomic():
        waiting = bool(give_up(_in(job, TaskResultStatus.READY), JobCancelled))
        # Of a running job the state alone is locked: the worker that is just ending takes it before the queue's row.
        states = JobState.objects.select_for_update()
        if waiting:
            state, _ = states.get_or_create(task=job)
        else:
            held = states.filter(task=job, worker__isnull=False).first()
            if held is None:
                raise ValidationError("このジョブはもう終わっています。")
            state = held
        state.cancel_requested = True
        state.ending = Ending.CANCELLED if waiting else ""
        state.save(update_fields=["cancel_requested", "ending"])
        record(
            "jobs.job.cancelled" if waiting else "jobs.job.cancel_requested",
            state,
            before={"cancel_requested": False},
            after={"cancel_requested": True},
            acting_user=acting_user,
        )
    return waiting


def do_retry_job(job: QueueRow, *, acting_user: User) -> None:
    """Put a failed or cancelled ``job`` back into the queue; what its earlier attempts did once is not done again.

    Raises ``ValidationError`` when the job is not among the failed ones.
    """
    with transaction.atomic():
        changed = _in(job, TaskResultStatus.FAILED).update(
            status=TaskResultStatus.READY,
            finished_at=None,
            exception_class_path="",
            traceback="",
            run_after=timezone.now(),
        )
        if not changed:
            raise ValidationError("このジョブは失敗していません。")
        state, _ = JobState.objects.select_for_update().get_or_create(task=job)
        before = {"ending": state.ending}
        state.ending, state.message = "", ""
        state.cancel_requested = state.acknowledged = False
        state.lost_times = state.failed_times = 0
        state.save()
        record("jobs.job.retried", state, before=before, after={"ending": ""}, acting_user=acting_user)


def do_acknowledge_job(job: QueueRow, *, acting_user: User) -> int:
    """Note that a failure has been looked at: it no longer waits for the secretariat. Returns how many are noted.

    Of a job of the clock the failures of its earlier turns with it: a night without a mailbox leaves hundreds.
    Raises ``ValidationError`` when the job has not failed.
    """
    slot = SlotTurn.objects.filter(task=job).values_list("name", flat=True).first()
    same = Q(task=job)
    if slot is not None and job.finished_at:
        turns = SlotTurn.objects.filter(name=slot, task__finished_at__lte=job.finished_at)
        same |= Q(task__in=turns.values("task"), ending__in=[Ending.FAILED, Ending.LOST])
    with transaction.atomic():
        failed = JobState.objects.filter(same, task__status=TaskResultStatus.FAILED)
        if not failed.filter(task=job).exists():
            raise ValidationError("このジョブは失敗していません。")
        states = list(failed.filter(acknowledged=False).select_for_update(of=("self",)).order_by("pk"))
        for state in states:
            state.acknowledged = True
            state.save(update_fields=["acknowledged"])
            record(
                "jobs.job.acknowledged",
                state,
                before={"acknowledged": False},
                after={"acknowledged": True},
                acting_user=acting_user,
            )
    return len(states)


def _in(job: QueueRow, status: TaskResultStatus) -> QuerySet[QueueRow]:
    return DBTaskResult.objects.filter(pk=job.pk, status=status)
