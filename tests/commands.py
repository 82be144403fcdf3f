"""The command line as a process of its own, with a home and a database of its own."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def own_environment(home: Path) -> Iterator[dict[str, str]]:
    """The environment of a fresh home; on PostgreSQL with a database of its own in the tests' cluster."""
    env = {**os.environ, "TENSHU_HOME": str(home)}
    if connection.vendor != "postgresql":
        env.pop("TENSHU_DATABASE_URL", None)
        yield env
        return
    given = connection.settings_dict
    server = {"host": given["HOST"], "user": given["USER"], "dbname": "postgres", "autocommit": True}
    name = f"own_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(**server) as link:
        link.execute(f"CREATE DATABASE {name}")
    env["TENSHU_DATABASE_URL"] = f"postgresql://{given['USER']}@{quote(given['HOST'], safe='')}/{name}"
    yield env
    with psycopg.connect(**server) as link:
        link.execute(f"DROP DATABASE {name} WITH (FORCE)")


def run(env: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``tenshu``; the exit code is the caller's to judge."""
    return subprocess.run(
        [sys.executable, "-m", "tenshu.config.command_line", *arguments],
        env=env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def tenshu(env: dict[str, str], *arguments: str) -> str:
    """Run ``tenshu`` to its good end; gives what it printed."""
    done = run(env, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout
