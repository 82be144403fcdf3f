"""Real processes: workers killed in the middle, clocks that race, a worker that is told to stop."""

import datetime
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest
from django.tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from tenshu.ground.access.actions import system_user
from tenshu.ground.audit.actions import record
from tenshu.ground.audit.verification import verify_chain
from tenshu.ground.jobs.actions import do_retry_job
from tenshu.ground.jobs.models import Ending, JobState, SlotTurn, Worker
from tenshu.ground.jobs.queries import open_failures
from tenshu.ground.jobs.tests import sample_jobs
from tenshu.ground.jobs.tests.nursery import Nursery, child_environment

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("queue")]

HASTE = {
    "TENSHU_HEARTBEAT_SECONDS": "0.1",
    "TENSHU_WORKER_LOST_SECONDS": "1",
    "TENSHU_WORKER_POLL_SECONDS": "0.05",
}
STEPS = 3
KILLS = 25
PATIENCE = 120
KINDS = (
    (sample_jobs.at_once, {"pause": 0.03}, ["done"]),
    (sample_jobs.atomically, {}, ["done"]),
    (sample_jobs.in_steps, {"steps": STEPS, "pause": 0.02}, [f"step-{n}" for n in range(STEPS)]),
)


def until(condition, what):
    """Wait for ``condition``; a test that waits too long has failed."""
    deadline = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < deadline, what
        time.sleep(0.05)
    return found


def unfinished():
    return DBTaskResult.objects.filter(status__in=[TaskResultStatus.READY, TaskResultStatus.RUNNING]).count()


def retry_the_given_up():
    """What an officer does with jobs whose worker was killed three times."""
    for job in DBTaskResult.objects.filter(status=TaskResultStatus.FAILED):
        do_retry_job(job, acting_user=system_user())


def test_every_effect_of_200_jobs_happens_once_though_workers_are_killed(lasting_probe, tmp_path):
    dice = random.Random(20260401)
    expected = {}
    for number in range(200):
        job, arguments, effects = KINDS[number % len(KINDS)]
        expected[job.enqueue(**arguments).id] = effects
    with Nursery(tmp_path, **HASTE) as nursery:
        frozen: list[int] = []
        alive = [nursery.ask(f"worker w{n}") for n in range(3)]
        for number in range(KILLS):
            time.sleep(dice.uniform(0.05, 0.4))
            victim = dice.randrange(len(alive))
            if number % 6 == 5:
                # Not dead, only so slow that it is taken for dead; it goes on when its job is another's.
                os.kill(alive[victim], signal.SIGSTOP)
                frozen.append(alive[victim])
            else:
                nursery.kill(alive[victim])
            alive[victim] = nursery.ask(f"worker x{number}")
            retry_the_given_up()
        time.sleep(float(HASTE["TENSHU_WORKER_LOST_SECONDS"]) * 1.5)
        for pid in frozen:
            os.kill(pid, signal.SIGCONT)
        until(lambda: retry_the_given_up() or not unfinished(), "jobs are stuck")
    found = Counter(sample_jobs.effects())
    assert found == Counter((job, effect) for job, effects in expected.items() for effect in effects)
    assert set(DBTaskResult.objects.values_list("status", flat=True)) == {TaskResultStatus.SUCCESSFUL}
    assert Worker.objects.filter(was_lost=True).count() > 5
    assert any(len(taken) > 1 for taken in DBTaskResult.objects.values_list("worker_ids", flat=True))


def test_three_racing_clocks_queue_every_turn_once(lasting_probe, tmp_path):
    first = datetime.datetime(2026, 4, 1, 0, 0, tzinfo=datetime.UTC)
    last = first + datetime.timedelta(hours=6)
    with Nursery(tmp_path) as nursery:
        for _ in range(3):
            nursery.ask(f"tick {first.isoformat()} {last.isoformat()}")
        nursery.wait()
    turns = SlotTurn.objects.order_by("due")
    assert [turn.due for turn in turns] == [first + datetime.timedelta(minutes=5 * n) for n in range(72)]
    # The first turn of a slot that is new to the house is only noted.
    queued = [turn.task_id for turn in turns]
    assert queued[0] is None
    assert set(queued[1:]) == set(DBTaskResult.objects.values_list("pk", flat=True))
    assert len(set(queued)) == 72


def test_a_worker_told_to_stop_finishes_its_job_and_seals_the_record(lasting_probe, tmp_path):
    user = system_user()
    job = sample_jobs.patient.enqueue(seconds=1.5).db_result
    waiting = sample_jobs.atomically.enqueue().db_result
    worker = subprocess.Popen(
        [sys.executable, "-m", "tenshu.config.command_line", "worker", "--name", "見本"],
        env=child_environment(tmp_path, **HASTE),
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        until(sample_jobs.effects, "the worker has not begun")
        from django.db import transaction

        with transaction.atomic():
            record("jobs.job.retried", user, acting_user=user)
        worker.send_signal(signal.SIGTERM)
        _, said = worker.communicate(timeout=PATIENCE)
    finally:
        worker.kill()
    assert worker.returncode == 0, said
    job.refresh_from_db()
    waiting.refresh_from_db()
    assert (job.status, waiting.status) == (TaskResultStatus.SUCCESSFUL, TaskResultStatus.READY)
    assert sample_jobs.effects() == [(str(job.pk), "begun"), (str(job.pk), "done")]
    stopped = Worker.objects.get()
    assert stopped.name == "見本"
    assert stopped.stopped_at is not None
    assert not stopped.was_lost
    assert list(verify_chain()) == []


def test_a_job_that_does_not_end_is_ended_counted_and_told_and_the_worker_goes_on(lasting_probe, tmp_path):
    hung = sample_jobs.endless.using(priority=10).enqueue().db_result
    after = sample_jobs.atomically.enqueue().db_result
    slow_to_bury = HASTE | {"TENSHU_WORKER_LOST_SECONDS": "60"}
    worker = subprocess.Popen(
        [sys.executable, "-m", "tenshu.config.command_line", "worker", "--drain", "--name", "見本"],
        env=child_environment(tmp_path, **slow_to_bury),
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        _, said = worker.communicate(timeout=PATIENCE)
    finally:
        worker.kill()
    assert worker.returncode == 0, said
    hung.refresh_from_db()
    after.refresh_from_db()
    assert (hung.status, after.status) == (TaskResultStatus.FAILED, TaskResultStatus.SUCCESSFUL)
    assert sample_jobs.effects() == sorted(
        [(str(hung.pk), "begun-1"), (str(hung.pk), "begun-2"), (str(after.pk), "done")]
    )
    state = JobState.objects.get(pk=hung.pk)
    assert (state.ending, state.failed_times, state.lost_times) == (Ending.FAILED, 2, 0)
    assert state.message == "制限時間（1秒）を過ぎても終わらないため、止めました。"
    assert [line.text for line in hung.lines.all()] == [state.message] * 2
    assert hung in open_failures()
    # One process all the while: it began anew in its own place, so that nobody has to start another.
    assert set(Worker.objects.values_list("pid", "was_lost")) == {(worker.pid, False)}
    assert Worker.objects.filter(stopped_at__isnull=False).count() == 3
