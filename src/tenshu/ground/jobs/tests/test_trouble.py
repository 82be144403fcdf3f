"""What goes wrong round a worker: a database that goes away, words that cannot be stored, clocks, locks, full disks."""

import datetime
import signal
import subprocess
import sys
import threading
import time

import pytest
from django.db import connection, transaction
from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tenshu.config.commands import worker as command
from tenshu.ground.access.actions import system_user
from tenshu.ground.jobs import heartbeat
from tenshu.ground.jobs.actions import do_acknowledge_job, do_cancel_job, do_retry_job
from tenshu.ground.jobs.keeper import Keeper
from tenshu.ground.jobs.models import Ending, JobState, SlotTurn
from tenshu.ground.jobs.queries import oldest_wait, open_failures, waits_long
from tenshu.ground.jobs.rescue import rescue
from tenshu.ground.jobs.tests import sample_jobs
from tenshu.ground.jobs.tests.nursery import child_environment
from tenshu.ground.jobs.tests.sample_state import make_job
from tenshu.ground.jobs.tests.test_clock import NOON, hours
from tenshu.ground.jobs.tests.test_once import drain, fall_silent, row, taken
from tenshu.ground.jobs.ticking import tick
from tenshu.ground.jobs.working import WorkerLoop

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("queue")]
PATIENCE = 30


def in_thread(work):
    """Run ``work`` beside the test, on a connection of its own."""

    def run():
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def wait_for(condition):
    end = time.monotonic() + PATIENCE
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


@pytest.mark.django_db(transaction=True)
def test_what_was_in_hand_goes_back_when_the_connection_breaks(lasting_probe, settings):
    settings.JOB_POLL_SECONDS = 0.01
    result = sample_jobs.cut_off.enqueue()
    loop = WorkerLoop(heartbeat.begin("見本"))
    thread = in_thread(loop.work)
    done = wait_for(lambda: row(result).status == TaskResultStatus.SUCCESSFUL)
    loop.stop()
    thread.join(PATIENCE)
    assert done
    assert len(sample_jobs.effects()) == 1
    assert row(result).state.lost_times == 1  # so that it cannot go round for ever


def test_an_exception_that_no_database_can_store_ends_the_job_and_not_the_worker():
    result = sample_jobs.unwritable.enqueue()
    drain()
    assert row(result).state.failed_times == 1
    DBTaskResult.objects.update(run_after=timezone.now())
    assert drain() == 1
    found = row(result)
    assert (found.status, found.state.ending) == (TaskResultStatus.FAILED, Ending.FAILED)
    assert "名前" not in found.traceback  # the lines of code, never what the exception says
    assert "sample_jobs.py" in found.traceback


def test_a_job_that_was_cancelled_and_then_fails_is_not_tried_again(monkeypatch):
    result = sample_jobs.unwritable.enqueue()
    monkeypatch.setattr(
        "tenshu.ground.jobs.runs.JobRun.log",
        lambda *_: do_cancel_job(result.db_result, acting_user=system_user()),
    )
    drain()
    found = row(result)
    assert (found.status, found.state.ending) == (TaskResultStatus.FAILED, Ending.CANCELLED)


@pytest.mark.django_db(transaction=True)
def test_the_rescue_does_not_wait_for_a_row_that_a_frozen_machine_holds(lasting_probe):
    result = sample_jobs.at_once.enqueue()
    worker, _, _ = taken()
    fall_silent(worker)
    locks = (
        connection.features.has_select_for_update_skip_locked
    )  # SQLite has no locked rows, only a locked file
    held, let_go = threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            if locks:
                JobState.objects.select_for_update().get(pk=result.id)
                held.set()
                let_go.wait(PATIENCE)
        held.set()

    thread = in_thread(hold)
    held.wait(PATIENCE)
    try:
        if locks:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '2s'")
        assert rescue() == (0 if locks else 1)
    finally:
        let_go.set()
        thread.join(PATIENCE)
    rescue()
    assert row(result).status == TaskResultStatus.READY


@pytest.mark.django_db(transaction=True)
def test_the_keeper_goes_on_whatever_a_turn_meets(settings, monkeypatch):
    settings.JOB_HEARTBEAT_SECONDS = 0.01
    turns = []

    def broken():
        turns.append(1)
        raise RuntimeError

    monkeypatch.setattr("tenshu.ground.jobs.keeper.rescue", broken)
    keeper = Keeper(WorkerLoop(heartbeat.begin("見本")), with_clock=False, begin_anew=lambda _: None)
    keeper.start()
    went_on = wait_for(lambda: len(turns) > 2)
    keeper.stop()
    assert went_on


@pytest.mark.django_db(transaction=True)
def test_the_sealer_goes_on_when_the_disk_was_full(monkeypatch):
    turns = []

    def full():
        turns.append(1)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tenshu.ground.audit.sealing.seal_pending", full)
    monkeypatch.setattr(command, "SEAL_EVERY_SECONDS", 0.01)
    stop = threading.Event()
    thread = in_thread(lambda: command._seal_until(stop))
    went_on = wait_for(lambda: len(turns) > 2)
    stop.set()
    thread.join(PATIENCE)
    assert went_on


def test_a_machine_with_a_wrong_clock_does_not_stop_the_clock_of_the_house():
    tick(NOON, [sample_jobs.HOURLY])
    assert tick(NOON + hours(24 * 365), [sample_jobs.HOURLY]) == 1
    DBTaskResult.objects.update(status=TaskResultStatus.SUCCESSFUL)
    assert tick(NOON + hours(1), [sample_jobs.HOURLY]) == 1
    assert tick(NOON + hours(1), [sample_jobs.HOURLY]) == 0


def test_a_job_that_is_tried_again_has_not_waited_since_it_was_first_queued():
    job = make_job(TaskResultStatus.FAILED)
    DBTaskResult.objects.update(enqueued_at=timezone.now() - datetime.timedelta(days=3))
    do_retry_job(job, acting_user=system_user())
    assert oldest_wait() < datetime.timedelta(minutes=5)
    assert not waits_long()
    DBTaskResult.objects.update(run_after=timezone.now() - datetime.timedelta(hours=2))
    assert oldest_wait() > datetime.timedelta(hours=1)
    assert waits_long()


def test_who_has_looked_at_a_failure_of_the_clock_has_looked_at_the_earlier_ones():
    failed = [make_job(TaskResultStatus.FAILED) for _ in range(4)]
    for number, job in enumerate(failed):
        moment = NOON + hours(number)
        DBTaskResult.objects.filter(pk=job.pk).update(finished_at=moment)
        JobState.objects.create(task=job, attempt=1, ending=Ending.FAILED)
        if number != 1:
            SlotTurn.objects.create(name="sample.hourly", due=moment, task=job)
    failed[2].refresh_from_db()
    assert do_acknowledge_job(failed[2], acting_user=system_user()) == 2
    assert set(open_failures()) == {failed[1], failed[3]}


@pytest.mark.servers
@pytest.mark.django_db(transaction=True)
def test_a_worker_beside_the_pages_finishes_its_job_and_ends_with_them(lasting_probe, tmp_path):
    job = sample_jobs.patient.enqueue(seconds=1.5).db_result
    worker = subprocess.Popen(
        [sys.executable, "-m", "tenshu.config.command_line", "worker", "--with-parent"],
        env=child_environment(tmp_path, TENSHU_WORKER_POLL_SECONDS="0.05"),
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        assert wait_for(sample_jobs.effects)
        worker.send_signal(signal.SIGTERM)  # a service manager tells everybody, and then the pages end too
        worker.communicate(timeout=PATIENCE)
    finally:
        worker.kill()
    assert worker.returncode == 0
    job.refresh_from_db()
    assert job.status == TaskResultStatus.SUCCESSFUL
