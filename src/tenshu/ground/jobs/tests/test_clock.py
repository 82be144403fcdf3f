"""The clock in one process: what is due, what is caught up, what is passed over; and the pruning."""

import datetime

import pytest
from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tenshu.ground.jobs.models import JobState, SlotTurn, Worker
from tenshu.ground.jobs.retention import prune_jobs
from tenshu.ground.jobs.runs import JobRun
from tenshu.ground.jobs.slots import Slot, all_slots
from tenshu.ground.jobs.tests.sample_jobs import DAILY, FIVE_MINUTES, HOURLY, at_once
from tenshu.ground.jobs.tests.sample_state import make_job
from tenshu.ground.jobs.ticking import tick

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("queue")]
NOON = datetime.datetime(2026, 4, 1, 12, 0, tzinfo=datetime.timezone(datetime.timedelta(hours=9)))


def hours(number):
    return datetime.timedelta(hours=number)


def test_a_new_slot_begins_with_its_next_turn():
    assert tick(NOON, [DAILY]) == 0
    assert tick(NOON + hours(14), [DAILY]) == 0
    assert tick(NOON + hours(15), [DAILY]) == 1
    assert tick(NOON + hours(15), [DAILY]) == 0


def test_slots_are_in_japanese_time():
    assert timezone.localtime(DAILY.next(NOON)).hour == 3
    assert DAILY.latest(NOON) == NOON - hours(9)
    assert HOURLY.latest(NOON) == NOON


def test_of_the_turns_that_were_missed_only_the_latest_is_caught_up():
    tick(NOON, [FIVE_MINUTES])
    assert tick(NOON + hours(10), [FIVE_MINUTES]) == 1
    assert list(SlotTurn.objects.order_by("due").values_list("due", flat=True)) == [NOON, NOON + hours(10)]


def test_nothing_older_than_26_hours_is_caught_up():
    weekly = Slot(name="sample.weekly", cron="0 3 * * 1", job=at_once)
    tick(NOON, [weekly])
    SlotTurn.objects.create(name=weekly.name, due=weekly.latest(NOON) - hours(24 * 7))
    monday = weekly.next(NOON)
    assert tick(monday + hours(27), [weekly]) == 0
    assert tick(monday + hours(25), [weekly]) == 1


def test_a_turn_is_passed_over_while_the_last_one_is_unfinished():
    tick(NOON, [HOURLY])
    assert tick(NOON + hours(1), [HOURLY]) == 1
    assert tick(NOON + hours(2), [HOURLY]) == 0
    DBTaskResult.objects.update(status=TaskResultStatus.SUCCESSFUL)
    assert tick(NOON + hours(3), [HOURLY]) == 1


def test_every_slot_of_the_house_can_be_read_and_has_a_title():
    assert "jobs.prune" in {slot.name for slot in all_slots()}
    assert all(slot.label and slot.latest(NOON) <= NOON < slot.next(NOON) for slot in all_slots())


def test_old_jobs_turns_and_workers_are_removed(monkeypatch):
    monkeypatch.setattr("tenshu.ground.jobs.retention.PORTION", 1)
    long_ago = timezone.now() - datetime.timedelta(days=60)
    old, failed, young = (
        make_job(status)
        for status in (TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED, TaskResultStatus.SUCCESSFUL)
    )
    DBTaskResult.objects.filter(pk__in=[old.pk, failed.pk]).update(finished_at=long_ago)
    waiting = make_job()
    DBTaskResult.objects.filter(pk=waiting.pk).update(enqueued_at=long_ago)
    for name, day in (("sample.a", 1), ("sample.a", 2), ("sample.b", 1)):
        SlotTurn.objects.create(name=name, due=long_ago + datetime.timedelta(days=day))
    gone = Worker.objects.create(
        name="旧", host="a", pid=1, started_at=long_ago, last_seen=long_ago, stopped_at=long_ago
    )
    holding = Worker.objects.create(
        name="持", host="a", pid=2, started_at=long_ago, last_seen=long_ago, stopped_at=long_ago
    )
    JobState.objects.create(task=waiting, worker=holding)
    prune_jobs.func(JobRun())
    assert set(DBTaskResult.objects.values_list("pk", flat=True)) == {failed.pk, young.pk, waiting.pk}
    assert SlotTurn.objects.filter(name="sample.a").count() == 1
    assert SlotTurn.objects.filter(name="sample.b").count() == 1
    assert not Worker.objects.filter(pk=gone.pk).exists()
    assert Worker.objects.filter(pk=holding.pk).exists()
