"""A process killed in the middle of an import leaves nothing behind; run again, it completes."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from tenshu.ground.exchange.tests.killed_import import ROWS

STEPS = "tenshu.ground.exchange.tests.killed_import"


@pytest.fixture
def environment(db: None, tmp_path: Path) -> Iterator[dict[str, str]]:
    """A database of the kind under test, of its own."""
    environment = {**os.environ, "TENSHU_HOME": str(tmp_path)}
    if connection.vendor != "postgresql":
        environment.pop("TENSHU_DATABASE_URL", None)
        yield environment
        return
    import psycopg

    name = f"killed_{uuid.uuid4().hex[:12]}"
    server = {
        key: value
        for key, value in connection.get_connection_params().items()
        if key in ("host", "port", "user", "password")
    }
    with psycopg.connect(**server, dbname="postgres", autocommit=True) as administration:
        administration.execute(f'CREATE DATABASE "{name}"')  # type: ignore[arg-type]
        base, _, _ = os.environ["TENSHU_DATABASE_URL"].rpartition("/")
        yield {**environment, "TENSHU_DATABASE_URL": f"{base}/{name}"}
        administration.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[arg-type]


def step(environment: dict[str, str], name: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", STEPS, name],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.servers
def test_a_killed_import_leaves_nothing_and_can_be_run_again(environment: dict[str, str]) -> None:
    step(environment, "prepare")
    with subprocess.Popen(
        [sys.executable, "-m", STEPS, "die"], env=environment, stdout=subprocess.PIPE, text=True
    ) as dying:
        assert dying.stdout is not None
        assert dying.stdout.readline().strip() == "written"
        dying.kill()
    assert step(environment, "tell") == "previewed 0 0"
    step(environment, "commit")
    assert step(environment, "tell") == f"committed {ROWS} {ROWS + 1}"
