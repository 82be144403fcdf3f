"""The figures for Prometheus: what they count, who may read them, and that they name nobody."""

import datetime

import pytest
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from tenshu.ground.access.roles import Role
from tenshu.ground.jobs.tests.sample_state import sample_jobs
from tenshu.ground.notices.models import FailingAddress, Mail

pytestmark = pytest.mark.django_db
URL = "/operations/metrics"


def samples(client, **headers):
    """Every sample of a scrape: its name with its labels, and its number."""
    text = client.get(URL, headers=headers).content.decode()
    return {
        (sample.name, *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_jobs_and_workers_are_counted(client):
    sample_jobs(failures=2)
    found = samples(client)
    assert found["tenshu_jobs", "failed"] == 3
    assert found["tenshu_jobs", "running"] == 1
    assert found["tenshu_jobs_failures_open",] == 2
    assert found["tenshu_workers", "alive"] == 1


def test_mails_that_wait_and_doubts_are_counted(client, world):
    person, now = world.users[Role.OFFICER], timezone.now()
    for number, state in enumerate(("waiting", "waiting", "unsure", "sent")):
        Mail.objects.create(
            message_id=f"<{number}@x>", person=person, address="a@example.jp", kind="k", subject="s", body="b",
            state=state, due_at=now, created_at=now - datetime.timedelta(hours=1),
        )  # fmt: skip
    found = samples(client)
    assert (found["tenshu_mails", "waiting"], found["tenshu_mails", "unsure"]) == (2, 1)
    assert ("tenshu_mails", "sent") not in found
    assert found["tenshu_mails_oldest_wait_seconds",] >= 3_600
    assert found["tenshu_mail_addresses_failing",] == FailingAddress.objects.count() == 1


def test_requests_are_counted_by_route_and_status(client):
    before = samples(client)
    answered, timed = (
        ("tenshu_requests_total", "200", "GET", "operations:health"),
        ("tenshu_request_seconds_count", "operations:health"),
    )
    client.get("/operations/health?name=hanako")
    client.get("/there/is/nothing/here/")
    found = samples(client)
    assert found[answered] == before.get(answered, 0) + 1
    assert found[timed] == before.get(timed, 0) + 1
    assert found["tenshu_requests_total", "404", "GET", "none"] >= 1
    text = client.get(URL).content.decode()
    assert "hanako" not in text
    assert "nothing" not in text


def test_a_scrape_names_nobody(client, world):
    text = client.get(URL).content.decode()
    for user in world.users.values():
        assert user.display_name not in text
        assert f'"{user.login_name}"' not in text


def test_from_elsewhere_there_is_no_such_page(client):
    assert client.get(URL, REMOTE_ADDR="192.0.2.7").status_code == 404


def test_through_a_proxy_this_machine_is_elsewhere(client):
    assert client.get(URL, headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404


def test_a_named_network_may_scrape(client, settings):
    settings.METRICS_NETWORKS = ["192.0.2.0/24"]
    assert client.get(URL, REMOTE_ADDR="192.0.2.7").status_code == 200
    assert client.get(URL, REMOTE_ADDR="198.51.100.7").status_code == 404


def test_with_a_token_only_the_token_opens(client, settings):
    settings.METRICS_TOKEN = "kagi"
    assert client.get(URL).status_code == 404
    assert client.get(URL, headers={"Authorization": "Bearer chigau"}).status_code == 404
    assert (
        client.get(URL, REMOTE_ADDR="192.0.2.7", headers={"Authorization": "Bearer kagi"}).status_code == 200
    )
