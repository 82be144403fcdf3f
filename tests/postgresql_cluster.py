"""A throw-away PostgreSQL cluster on a Unix socket, for tests and benchmarks."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

PLACES = ("/usr/lib/postgresql/17/bin", "/usr/lib/postgresql/16/bin", "/usr/lib/postgresql/15/bin")


def _program(name: str) -> str:
    found = shutil.which(name) or next((f"{p}/{name}" for p in PLACES if Path(p, name).exists()), None)
    if found is None:
        raise RuntimeError(
            f"PostgreSQL 15 の {name} がありません。scripts/debian-packages を実行してください。"
        )
    return os.path.realpath(found)


def _as_owner() -> tuple[list[str], str | None]:
    """PostgreSQL refuses root: as root it runs under the account postgres, or nobody."""
    if os.getuid() != 0:
        return [], None
    names = {entry.pw_name for entry in pwd.getpwall()}
    owner = "postgres" if "postgres" in names else "nobody"
    entry = pwd.getpwnam(owner)
    return ["setpriv", f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups"], owner


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[str]:
    """A fresh cluster; gives its database URL. ``durable`` keeps fsync on, for honest benchmarks."""
    prefix, owner = _as_owner()
    folder = Path(tempfile.mkdtemp(prefix="tenshu-pg-"))
    data = folder / "data"
    if owner:
        shutil.chown(folder, owner)
    env = {**os.environ, "LC_ALL": "C.UTF-8"}
    try:
        _run(
            [
                *prefix,
                _program("initdb"),
                "-D",
                str(data),
                "-U",
                "tenshu",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
            ],
            env,
        )
        options = f"-k {folder} -c listen_addresses='' -c max_connections=60 -c shared_buffers=128MB"
        if not durable:
            options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        control = [*prefix, _program("pg_ctl"), "-D", str(data)]
        _run([*control, "-w", "-l", str(folder / "log"), "-o", options, "start"], env)
        try:
            with psycopg.connect(
                host=str(folder), user="tenshu", dbname="postgres", autocommit=True
            ) as server:
                server.execute("CREATE DATABASE tenshu")
            yield f"postgresql://tenshu@{quote(str(folder), safe='')}/tenshu"
        finally:
            _run([*control, "-m", "immediate", "stop"], env)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(command: list[str], env: dict[str, str]) -> None:
    # A file, not a pipe: the server that pg_ctl starts would keep a pipe open for ever.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(command, env=env, stdout=output, stderr=subprocess.STDOUT, cwd="/", check=False)
        if done.returncode:
            output.seek(0)
            raise RuntimeError(f"{command[-1]}: {output.read()}")
