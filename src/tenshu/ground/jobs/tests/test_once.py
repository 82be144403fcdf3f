"""One attempt against another: the fence, the steps, the rescue."""

import datetime

import pytest
from django.db.models.functions import Now
from django.tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from tenshu.ground.jobs import heartbeat
from tenshu.ground.jobs.models import Ending, JobLine, JobState, Worker
from tenshu.ground.jobs.rescue import rescue
from tenshu.ground.jobs.runs import JobRun
from tenshu.ground.jobs.tasks import Superseded
from tenshu.ground.jobs.tests import sample_jobs
from tenshu.ground.jobs.working import WorkerLoop, claim

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("queue", "probe")]


def drain(name="見本"):
    """Work until nothing is ready."""
    return WorkerLoop(heartbeat.begin(name), drain=True).work()


def fall_silent(worker):
    long_ago = Now() - datetime.timedelta(hours=1)
    Worker.objects.filter(pk=worker.pk).update(last_seen=long_ago)


def taken():
    """A worker with a job in its hands."""
    worker = heartbeat.begin("見本")
    job, run = claim(worker)
    return worker, job, run


def row(result):
    return DBTaskResult.objects.select_related("state").get(pk=result.id)


def test_a_worker_does_what_waits_the_higher_priority_first():
    later = sample_jobs.at_once.enqueue()
    sooner = sample_jobs.at_once.using(priority=50).enqueue()
    assert drain() == 2
    assert row(sooner).started_at < row(later).started_at
    assert row(later).status == row(sooner).status == TaskResultStatus.SUCCESSFUL


def test_the_job_of_a_silent_worker_goes_back_and_is_done_by_another():
    result = sample_jobs.at_once.enqueue()
    worker, _, _ = taken()
    assert rescue() == 0
    fall_silent(worker)
    assert rescue() == 1
    assert row(result).status == TaskResultStatus.READY
    assert drain("別の") == 1
    assert row(result).status == TaskResultStatus.SUCCESSFUL
    worker.refresh_from_db()
    assert worker.was_lost


def test_a_slow_worker_cannot_commit_after_its_job_was_given_away():
    sample_jobs.at_once.enqueue()
    worker, _, slow = taken()
    fall_silent(worker)
    rescue()
    _, _, second = taken()
    with pytest.raises(Superseded), slow.finish():
        sample_jobs.leave(slow, "slow")
    with pytest.raises(Superseded), slow.once("step"):
        sample_jobs.leave(slow, "slow")
    with pytest.raises(Superseded):
        slow.progress(1, 1)
    with pytest.raises(Superseded):
        slow.raise_if_cancelled()
    with second.finish():
        sample_jobs.leave(second, "second")
    assert [effect for _, effect in sample_jobs.effects()] == ["second"]


def test_nothing_can_be_committed_after_the_completion():
    sample_jobs.at_once.enqueue()
    _, _, run = taken()
    with run.finish():
        pass
    with pytest.raises(Superseded), run.fenced():
        sample_jobs.leave(run, "late")
    assert sample_jobs.effects() == []


def test_a_step_that_has_happened_is_not_done_by_the_next_attempt():
    result = sample_jobs.in_steps.enqueue(steps=3)
    worker, _, run = taken()
    with run.once("step-0") as first:
        assert first
        sample_jobs.leave(run, "step-0")
    fall_silent(worker)
    rescue()
    drain()
    assert [effect for _, effect in sample_jobs.effects()] == ["step-0", "step-1", "step-2"]
    assert row(result).state.done == 3


def test_an_effect_and_its_completion_fall_together():
    sample_jobs.at_once.enqueue()
    _, job, run = taken()

    def break_in_the_middle():
        with run.finish():
            sample_jobs.leave(run, "done")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_in_the_middle()
    job.refresh_from_db()
    assert job.status == TaskResultStatus.RUNNING
    assert sample_jobs.effects() == []


def test_after_three_dead_workers_a_job_is_given_up_and_told():
    result = sample_jobs.at_once.enqueue()
    for _ in range(3):
        worker, _, _ = taken()
        fall_silent(worker)
        rescue()
    found = row(result)
    assert found.status == TaskResultStatus.FAILED
    assert found.state.ending == Ending.LOST
    assert "3回" in found.state.message
    assert drain() == 0


def test_a_job_in_the_hands_of_a_worker_that_has_left_goes_back_too():
    result = sample_jobs.at_once.enqueue()
    worker, _, _ = taken()
    heartbeat.end(worker)
    fall_silent(worker)
    assert rescue() == 1
    assert row(result).status == TaskResultStatus.READY


def test_a_failing_job_keeps_the_message_of_its_exception_from_page_and_log(caplog):
    result = sample_jobs.failing.enqueue(text="見本 花子 hanako@example.jp")
    drain()
    found = row(result)
    assert (found.status, found.state.ending) == (TaskResultStatus.FAILED, Ending.FAILED)
    assert found.state.message.startswith("ValueError（sample_jobs.py")
    assert "花子" not in caplog.text
    assert "hanako" not in caplog.text
    assert [line.text for line in JobLine.objects.filter(task=found)] == ["これから失敗します。"]


def test_the_sentence_of_a_refusal_is_told():
    result = sample_jobs.refusing.enqueue()
    drain()
    assert row(result).state.message == "前の年度が締まっていません。"


def test_an_exception_puts_a_job_with_retries_back():
    result = sample_jobs.second_time.enqueue()
    drain()
    assert row(result).status == TaskResultStatus.SUCCESSFUL
    assert len(sample_jobs.effects()) == 2


def test_a_job_whose_code_is_gone_fails():
    result = sample_jobs.at_once.enqueue()
    DBTaskResult.objects.filter(pk=result.id).update(task_path="tenshu.ground.jobs.gone.away")
    drain()
    found = row(result)
    assert found.status == TaskResultStatus.FAILED
    assert str(found.state) == "away"


def test_a_job_that_stands_alone_stores_nothing(settings):
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}
    run = JobRun()
    run.progress(1, 2, "途中")
    run.log("途中")
    run.raise_if_cancelled()
    with run.once("step") as first, run.once("step") as again:
        assert (first, again) == (True, False)
    assert sample_jobs.atomically.enqueue().status == TaskResultStatus.SUCCESSFUL
    assert not JobLine.objects.exists()
    assert not JobState.objects.exists()
