"""What machines ask of a running house: alive, ready, how it is."""

import pytest
from django.db import connection
from django.db.models import F
from django.db.utils import OperationalError

from tenshu.ground.jobs import heartbeat
from tenshu.ground.jobs.models import Worker
from tenshu.ground.operations import health

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _asked_anew(monkeypatch):
    monkeypatch.setattr(health, "_migrated_until", 0.0)


def test_a_living_process_says_so_without_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/operations/health")
    assert response.json() == {"status": "alive"}
    assert "sessionid" not in response.cookies
    assert "no-store" in response["Cache-Control"]


def test_a_house_with_a_worker_is_ready(client):
    heartbeat.begin("見本")
    response = client.get("/operations/ready")
    assert (response.status_code, response.json()) == (200, {"status": "ready", "reasons": []})


def test_without_a_worker_seen_lately_it_is_not_ready(client):
    assert client.get("/operations/ready").json()["reasons"] == ["worker"]
    worker = heartbeat.begin("見本")
    Worker.objects.filter(pk=worker.pk).update(
        last_seen=F("last_seen") - heartbeat.datetime.timedelta(hours=1)
    )
    response = client.get("/operations/ready")
    assert (response.status_code, response.json()["reasons"]) == (503, ["worker"])


def test_with_a_migration_outstanding_it_is_not_ready(client):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'jobs'")
    assert client.get("/operations/ready").json()["reasons"] == ["migrations"]


def test_without_a_folder_for_files_it_is_not_ready(client, settings, tmp_path):
    heartbeat.begin("見本")
    (tmp_path / "taken").write_text("a file stands where the folder should be")
    settings.FILES_ROOT = tmp_path / "taken"
    assert client.get("/operations/ready").json()["reasons"] == ["files"]


def test_a_database_that_does_not_answer_is_a_reason_and_not_a_fault(client, monkeypatch):
    def refuse(self):
        raise OperationalError

    monkeypatch.setattr(health.MigrationExecutor, "__init__", lambda *_: refuse(None))
    response = client.get("/operations/ready")
    assert (response.status_code, response.json()["reasons"]) == (503, ["database"])


def test_a_probe_may_call_the_machine_by_its_address(client):
    assert client.get("/operations/health", headers={"host": "192.0.2.7"}).status_code == 200
    assert client.get("/access/login/", headers={"host": "192.0.2.7"}).status_code == 400


def test_nothing_is_written_by_asking(client):
    assert client.post("/operations/health").status_code == 405
