"""What all tests share: quick passwords, plain static files, and the record's triggers out of the way of clean-up."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's sync API runs inside a loop
os.environ.setdefault("TENSHU_HOME", ".cache/test-home")


def pytest_configure(config: pytest.Config) -> None:
    """Settings that only tests use; everything else is the product's own."""
    from django.conf import settings
    from django.test.utils import override_settings

    # Not plain assignments: Django has looked at some of these when it read the rooms, and has to be told.
    override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        STORAGES={
            **settings.STORAGES,
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
        TASKS={"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}},
        WHITENOISE_USE_FINDERS=True,
        WHITENOISE_AUTOREFRESH=True,
    ).enable()
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        # A real file, as in an office: threads and processes then lock as they do there, not as in memory.
        name = _fast_folder() / f"tenshu-test-{os.getpid()}.sqlite3"
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(name)


def _fast_folder() -> Path:
    memory = Path("/dev/shm")  # noqa: S108 - a folder of ours inside, gone with the tests
    return memory if os.access(memory, os.W_OK) else Path(os.environ["TENSHU_HOME"])


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Any) -> None:
    """Every test writes its attachments and anchors into a folder of its own."""
    settings.FILES_ROOT = tmp_path / "files"
    settings.TENSHU_HOME = tmp_path


@pytest.fixture(autouse=True)
def _removable_record(request: pytest.FixtureRequest) -> None:
    """Transactional tests empty every table afterwards; the record's triggers would refuse that.

    Tests of the triggers themselves install them again (they run inside a transaction).
    """
    if "live_server" in request.fixturenames or _is_transactional(request):
        request.getfixturevalue("django_db_setup")
        from django.db import connection

        from tenshu.ground.rooms import offered

        with request.getfixturevalue("django_db_blocker").unblock(), connection.cursor() as cursor:
            for remove_statements in offered("guards", "remove_statements"):
                for statement in remove_statements(connection.vendor):
                    cursor.execute(statement)


def _is_transactional(request: pytest.FixtureRequest) -> bool:
    mark = request.node.get_closest_marker("django_db")
    return "transactional_db" in request.fixturenames or bool(mark and mark.kwargs.get("transaction"))


@pytest.fixture
def world(db: None) -> Any:
    """One office with a record of every kind and a person for each role (tests/world)."""
    from tests.world import build_world

    return build_world()


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a command with a home and a database of its own (tests/commands.py)."""
    from tests.commands import own_environment

    with own_environment(tmp_path / "home") as env:
        yield env
