"""The secretariat hears of a failed job once, and again when it was tried again and failed."""

import datetime

import pytest
from django.tasks import TaskResultStatus
from django.utils import timezone

from tenshu.ground.access.roles import Role
from tenshu.ground.jobs.models import SlotTurn
from tenshu.ground.jobs.tests.sample_state import make_job
from tenshu.ground.notices.models import Notice
from tenshu.ground.notices.trouble import tell_failed_jobs

pytestmark = pytest.mark.django_db


def heard():
    return Notice.objects.filter(kind="jobs.failed")


def test_a_failed_job_is_told_once(world):
    tell_failed_jobs()
    heard().delete()
    job = make_job(TaskResultStatus.FAILED, name="見本 花子")
    make_job(TaskResultStatus.SUCCESSFUL)

    assert tell_failed_jobs() == tell_failed_jobs() + heard().count()
    told = heard().get(person=world.users[Role.SECRETARIAT])
    assert told.url == f"/jobs/{job.pk}/"
    assert "見本 花子" not in told.title + told.body

    type(job).objects.filter(pk=job.pk).update(finished_at=timezone.now() + datetime.timedelta(minutes=5))
    tell_failed_jobs()
    assert heard().filter(person=world.users[Role.SECRETARIAT]).count() == 2


def test_a_job_of_the_clock_that_fails_all_night_is_told_once_a_day(world):
    tell_failed_jobs()
    heard().delete()
    for number in range(5):
        job = make_job(TaskResultStatus.FAILED)
        SlotTurn.objects.create(
            name="notices.returns", due=timezone.now() - datetime.timedelta(minutes=5 * number), task=job
        )
    tell_failed_jobs()
    tell_failed_jobs()
    assert heard().filter(person=world.users[Role.SECRETARIAT]).count() == 1
