"""The process log: what a line holds, and what never gets into it."""

import io
import json
import logging
import logging.config

import pytest
from django.db import IntegrityError
from django.test import Client
from tests.test_permission_table import URLS
from tests.world import PASSWORD

from tenshu.ground.access.roles import Role
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.operations.logs import JsonFormatter, LineFormatter, configuration
from tenshu.ground.ui.views import server_error

FORMATTERS = (JsonFormatter, LineFormatter)


@pytest.fixture(params=FORMATTERS, ids=["json", "line"])
def lines(request):
    """All that the process logs from now on, at every level."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(request.param())
    root, own = logging.getLogger(), logging.getLogger("tenshu.requests")
    levels = root.level, own.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    own.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(levels[0])
    own.setLevel(levels[1])


def test_a_request_is_one_line_with_its_route_and_not_its_path(client, lines, db):
    response = client.get("/operations/health?name=hanako")
    text = lines.getvalue()
    assert "operations:health" in text
    assert response["X-Request-ID"] in text
    assert "hanako" not in text
    assert "/operations/health" not in text


def test_a_json_line_is_an_object():
    record = logging.LogRecord("tenshu.jobs", logging.ERROR, __file__, 1, "二行\nの%s", ("文",), None)
    text = JsonFormatter().format(record)
    assert "\n" not in text
    found = json.loads(text)
    assert (found["level"], found["logger"], found["message"]) == ("ERROR", "tenshu.jobs", "二行\nの文")


@pytest.mark.parametrize("formatter", FORMATTERS)
def test_an_exception_is_told_without_what_it_says(formatter):
    try:
        try:
            raise IntegrityError("Key (mail)=(hanako@example.jp) 見本 花子")
        except IntegrityError as error:
            raise ValueError("見本 花子") from error
    except ValueError:
        record = logging.getLogger("x").makeRecord(
            "x", 40, __file__, 1, "failed", (), __import__("sys").exc_info()
        )
    text = formatter().format(record)
    assert "IntegrityError" in text
    assert "test_logs.py" in text
    assert "花子" not in text
    assert "hanako" not in text


@pytest.mark.parametrize("formatter", FORMATTERS)
def test_arguments_of_foreign_loggers_and_addresses_are_left_out(formatter):
    foreign = logging.LogRecord("django.request", 30, __file__, 1, "Not Found: %s", ("/見本-花子/",), None)
    own = logging.LogRecord("tenshu.x", 30, __file__, 1, "to %s", ("hanako@example.jp",), None)
    assert "花子" not in formatter().format(foreign)
    assert "hanako" not in formatter().format(own)


def test_no_name_and_no_address_gets_into_the_log_of_a_whole_visit(client, world, lines):
    client.post("/access/login/", {"username": "secretary", "password": "machigai"})
    client.post("/access/login/", {"username": "secretary", "password": PASSWORD})
    client = Client(raise_request_exception=False)
    client.force_login(world.users[Role.SECRETARIAT])
    for name, keywords in URLS:
        from django.urls import reverse

        client.get(reverse(name, kwargs=world.example(keywords)), {"q": "見本 花子 hanako@example.jp"})
    client.get("/office/staff/見本-花子/")
    client.get("/", headers={"host": "hanako.example.jp"})
    text = lines.getvalue()
    assert text.count("tenshu.requests") > len(URLS)
    people = {user.display_name for user in world.users.values()}
    people |= {member.name for member in world.house.staff.values()}
    people |= set(AuditRow.objects.values_list("actor_name", flat=True)) - {"天守"}
    assert [name for name in people if name in text] == []
    assert "花子" not in text
    assert "hanako@" not in text
    assert PASSWORD not in text
    assert "machigai" not in text


@pytest.mark.parametrize("shape", ["json", "line"])
def test_the_configuration_is_one_that_logging_takes(shape):
    # In a configurator of its own: the process's logging stays as it is.
    made = logging.config.DictConfigurator(configuration(shape, "WARNING"))
    formatter = made.configure_formatter(configuration(shape, "WARNING")["formatters"]["safe"])
    assert isinstance(formatter, JsonFormatter if shape == "json" else LineFormatter)


def test_a_change_in_the_record_bears_the_id_of_its_request(client, world, lines):
    client.force_login(world.users[Role.SECRETARIAT])
    job = world.kwargs["job_id"]
    response = client.post(f"/jobs/{job}/retry/")
    row = AuditRow.objects.get(verb="jobs.job.retried")
    assert str(row.request_id) == response["X-Request-ID"]


def test_what_django_refuses_is_logged_without_what_was_sent(client, lines, settings):
    settings.ALLOWED_HOSTS = ["tenshu.example.jp"]
    client.get("/", headers={"Host": "hanako.mihon.example.jp"})
    text = lines.getvalue()
    assert "django.security.DisallowedHost" in text
    assert "hanako" not in text


def test_a_page_that_breaks_is_logged_by_its_route_and_not_by_what_was_typed(lines, rf):
    server_error(rf.get("/見本-花子/\n2026-11-24 ERROR tenshu forged"))
    text = lines.getvalue()
    assert "画面を作れませんでした" in text
    assert "花子" not in text
    assert "forged" not in text


def test_a_line_of_text_stays_one_line():
    record = logging.LogRecord(
        "tenshu.jobs", logging.ERROR, __file__, 1, "%s", ("一\n2026 ERROR forged",), None
    )
    assert "\n" not in LineFormatter().format(record)
