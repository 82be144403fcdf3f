"""Two web processes and three workers over one database, sharing nothing else: one house."""

import json
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from contextlib import ExitStack, contextmanager
from http.cookiejar import CookieJar
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode

import pytest
from django.tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from tests.world import PASSWORD, build_world

from tenshu.ground.audit.models import AuditRow
from tenshu.ground.audit.verification import verify_chain
from tenshu.ground.jobs.models import SlotTurn, Worker
from tenshu.ground.jobs.tests import sample_jobs
from tenshu.ground.jobs.tests.nursery import Nursery, child_environment

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]
PATIENCE = 240  # of a busy machine; only a house that does not come up waits so long
KEY = "one-key-for-all-machines-of-the-house-of-the-tests-0123456789"
JOBS = 90


class Person:
    """Somebody with a browser's cookies, who may turn to either machine."""

    def __init__(self):
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, url):
        with self._opener.open(url, timeout=30) as answer:
            return answer.url, answer.read().decode()

    def send(self, url, **values):
        """Fill in the form at ``url`` and send it."""
        _, page = self.get(url)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page).group(1)
        data = urlencode({"csrfmiddlewaretoken": token, **values}).encode()
        with self._opener.open(urllib.request.Request(url, data), timeout=30) as answer:
            return answer.url, answer.read().decode()


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@contextmanager
def machine(home, *command):
    """``tenshu`` with a home of its own; told to stop at the end, which it must do in good order."""
    env = child_environment(
        home,
        TENSHU_SECRET_KEY=KEY,
        TENSHU_LOG_FORMAT="json",
        TENSHU_HEARTBEAT_SECONDS="0.5",
        TENSHU_WORKER_POLL_SECONDS="0.1",
    )
    with (home / "log").open("w+") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tenshu.config.command_line", *command], env=env, stderr=log, stdout=log
        )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(timeout=PATIENCE)
            finally:
                process.kill()
        log.seek(0)
        assert process.returncode == 0, log.read()


def until(condition, what):
    deadline = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < deadline, what
        time.sleep(0.1)
    return found


def asked(url):
    """Status and JSON of a probe; nothing while the machine does not listen yet."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, json.load(answer)
    except HTTPError as error:
        return error.code, json.load(error)
    except (URLError, ConnectionError):
        return None


def test_two_web_processes_and_three_workers_are_one_house(tmp_path, settings, lasting_probe):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.Argon2PasswordHasher"
    ]  # as the machines have it
    world = build_world()
    DBTaskResult.objects.all().delete()
    Worker.objects.all().delete()
    SlotTurn.objects.all().delete()
    homes = {name: tmp_path / name for name in ("web-a", "web-b", "workers")}
    for home in homes.values():
        home.mkdir()
    first, second = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
    with ExitStack() as running:
        for name, url in (("web-a", first), ("web-b", second)):
            port = url.rsplit(":", 1)[-1]
            running.enter_context(machine(homes[name], "serve", "--port", port, "--workers", "1"))
        workers = running.enter_context(
            Nursery(homes["workers"], TENSHU_HEARTBEAT_SECONDS="0.5", TENSHU_WORKER_POLL_SECONDS="0.1")
        )
        for url in (first, second):
            until(lambda url=url: asked(f"{url}/operations/health"), f"{url} does not answer")
        assert asked(f"{first}/operations/ready") == (503, {"status": "not ready", "reasons": ["worker"]})

        for number in range(3):
            workers.ask(f"worker worker-{number}")
        until(lambda: Worker.objects.count() == 3, "the workers have not come")
        assert asked(f"{second}/operations/ready") == (200, {"status": "ready", "reasons": []})

        secretary = Person()
        secretary.send(f"{first}/access/login/", username="secretary", password=PASSWORD)
        where, _ = secretary.get(f"{second}/calendar/")
        assert where == f"{second}/calendar/"

        secretary.send(
            f"{first}/calendar/closures/add/",
            name="庁舎の点検",
            first_day="2099-05-01",
            last_day="2099-05-01",
        )
        assert "庁舎の点検" in secretary.get(f"{second}/calendar/")[1]

        expected = [(sample_jobs.at_once.enqueue(pause=0.05).id, "done") for _ in range(JOBS)]
        until(lambda: not DBTaskResult.objects.ready().exists(), "jobs are stuck")
        until(
            lambda: not DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING).exists(),
            "a job is stuck",
        )
        assert Counter(sample_jobs.effects()) == Counter(expected)
        hands = set(DBTaskResult.objects.values_list("worker_ids__0", flat=True))
        assert len(hands) == 3

        _, text = secretary.get(f"{first}/operations/metrics")
        assert 'tenshu_workers{state="alive"} 3.0' in text
        assert re.search(r'tenshu_requests_total\{[^}]*route="access:login"[^}]*\} [1-9]', text)
        workers.stop()
    assert AuditRow.objects.filter(verb="calendar.closure.added", actor=world.users["secretariat"]).exists()
    assert not Worker.objects.filter(stopped_at__isnull=True).exists()
    assert list(verify_chain()) == []
    lines = [
        json.loads(line) for line in (homes["web-a"] / "log").read_text().splitlines() if line[:1] == "{"
    ]
    routes = {line["route"] for line in lines if line["logger"] == "tenshu.requests"}
    assert {"access:login", "calendar:closure-add", "operations:ready"} <= routes
