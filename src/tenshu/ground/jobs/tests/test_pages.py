"""Jobs on the pages: who sees and does what, what is told and what is masked."""

import threading

import pytest
from django.db import connection
from django.tasks import TaskResultStatus
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from tenshu.ground.access.roles import Role
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.jobs import heartbeat
from tenshu.ground.jobs.masking import masked
from tenshu.ground.jobs.models import Ending, JobState, Worker
from tenshu.ground.jobs.queries import open_failures, running_jobs, waiting_jobs
from tenshu.ground.jobs.tests import sample_jobs
from tenshu.ground.jobs.tests.sample_state import make_job
from tenshu.ground.jobs.tests.sample_state import sample_jobs as sample_state
from tenshu.ground.jobs.todo import todo_items
from tenshu.ground.jobs.working import WorkerLoop

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretary(client, world):
    client.force_login(world.users[Role.SECRETARIAT])
    return client


def page(client, name, **kwargs):
    return client.get(reverse(f"jobs:{name}", kwargs=kwargs))


def press(client, name, job):
    return client.post(reverse(f"jobs:{name}", args=[job.pk]), follow=True).content.decode()


def test_the_overview_tells_what_runs_waits_and_failed(secretary):
    sample_state(failures=1)
    text = page(secretary, "job-overview").content.decode()
    assert "120 / 1,000（12％）" in text
    assert "会議を数えています" in text
    assert "ValueError（counting.py 12行）" in text
    assert "part=now" in text


def test_the_overview_can_be_told_to_keep_still(secretary):
    text = secretary.get(reverse("jobs:job-overview"), {"live": "0"}).content.decode()
    assert "part=now" not in text


def test_htmx_gets_the_moving_part_alone(secretary):
    url = reverse("jobs:job-overview") + "?part=now"
    part = secretary.get(url, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="now"')
    assert "<html" in secretary.get(url).content.decode()


def test_the_overview_warns_when_no_worker_lives(secretary):
    Worker.objects.filter(stopped_at__isnull=True).update(last_seen="2020-01-01T00:00:00Z")
    assert "動いているワーカーがありません" in page(secretary, "job-overview").content.decode()


def test_the_overview_costs_the_same_with_many_jobs(secretary):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            page(secretary, "job-overview")
        return len(queries)

    sample_state(failures=1)
    few = cost()
    for _ in range(3):
        sample_state_again()
    assert cost() == few


def sample_state_again():
    for status in (TaskResultStatus.READY, TaskResultStatus.RUNNING, TaskResultStatus.FAILED):
        JobState.objects.create(task=make_job(status), attempt=1, worker=Worker.objects.first())


def test_names_and_addresses_in_arguments_are_masked(secretary, world):
    job = DBTaskResult.objects.get(pk=world.kwargs["job_id"])
    job.args_kwargs = {"args": ["hanako@example.jp"], "kwargs": {"name": "試験 太郎", "year": 2023}}
    job.save()
    text = page(secretary, "job-detail", job_id=job.pk).content.decode()
    assert "2023" in text
    assert "試験" not in text
    assert "hanako" not in text
    assert "伏せています（5文字）" in text


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (2023, "2023"),
        (True, "はい"),
        (None, "なし"),
        ("notices.send", "notices.send"),
        ("2026-04-01", "2026-04-01"),
        ("0012345", "伏せています（7文字）"),
        ("hanako@example.jp", "伏せています（17文字）"),
        ("見本", "伏せています（2文字）"),
        ([1, 2], "1、2"),
        (list(range(9)), "9件"),
        ({"a": 1}, "1項目"),
    ],
)
def test_only_harmless_arguments_are_shown(value, shown):
    assert masked(value) == shown


def test_a_waiting_job_is_cancelled_at_once_and_recorded(secretary):
    job = waiting_jobs()[0]
    assert "取り消しました" in press(secretary, "job-cancel", job)
    job.refresh_from_db()
    assert (job.status, job.state.ending) == (TaskResultStatus.FAILED, Ending.CANCELLED)
    assert AuditRow.objects.filter(verb="jobs.job.cancelled", target_key=str(job.pk)).count() == 1


def test_a_running_job_is_asked_to_stop(secretary):
    job = running_jobs()[0]
    assert "取消を求めました" in press(secretary, "job-cancel", job)
    assert JobState.objects.get(pk=job.pk).cancel_requested
    assert AuditRow.objects.filter(verb="jobs.job.cancel_requested").count() == 1


def test_a_failed_job_is_tried_again_and_recorded(secretary, queue, probe):
    job = sample_state(failures=1)
    assert "もう一度積みました" in press(secretary, "job-retry", job)
    job.refresh_from_db()
    assert job.status == TaskResultStatus.READY
    assert AuditRow.objects.filter(verb="jobs.job.retried").count() == 1
    assert "失敗していません" in press(secretary, "job-retry", job)
    DBTaskResult.objects.update(args_kwargs={"args": [], "kwargs": {}})
    WorkerLoop(heartbeat.begin("見本"), drain=True).work()
    job.refresh_from_db()
    assert job.status == TaskResultStatus.SUCCESSFUL


def test_a_failure_waits_for_the_secretariat_until_it_was_looked_at(secretary, world):
    sample_state(failures=1)
    user = world.users[Role.SECRETARIAT]

    def waits():
        return [item.title for item in todo_items(user, FiscalYear(2023))]

    assert waits() == ["失敗したジョブ1件を確かめる"]
    assert list(todo_items(world.users[Role.OFFICER], FiscalYear(2023))) == []
    press(secretary, "job-acknowledge", open_failures()[0])
    assert waits() == []
    assert AuditRow.objects.filter(verb="jobs.job.acknowledged").count() == 1


def test_an_ended_job_cannot_be_cancelled(secretary):
    job = sample_state()
    assert "もう終わっています" in press(secretary, "job-cancel", job)


def test_the_security_group_looks_but_does_not_act(client, world):
    client.force_login(world.users[Role.SECURITY])
    job = running_jobs()[0]
    text = page(client, "job-detail", job_id=job.pk).content.decode()
    assert "取り消す" not in text
    assert client.post(reverse("jobs:job-cancel", args=[job.pk])).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_a_running_job_stops_where_it_asks(queue, lasting_probe, world):
    from tenshu.ground.jobs.actions import do_cancel_job

    DBTaskResult.objects.all().delete()
    result = sample_jobs.patient.enqueue(seconds=60)
    loop = WorkerLoop(heartbeat.begin("見本"), drain=True)

    def work():
        loop.work()
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    while not sample_jobs.effects() and thread.is_alive():
        thread.join(0.05)
    assert do_cancel_job(result.db_result, acting_user=world.users[Role.SECRETARIAT]) is False
    thread.join(30)
    assert not thread.is_alive()
    job = DBTaskResult.objects.get(pk=result.id)
    assert (job.status, job.state.ending) == (TaskResultStatus.FAILED, Ending.CANCELLED)
    assert [effect for _, effect in sample_jobs.effects()] == ["begun"]
