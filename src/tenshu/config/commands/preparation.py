"""What every command does first: start Django and bring the database up to date."""

import fcntl
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tenshu.config.command_line import CommandError
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.operations.schema import of_a_newer_release

_MIGRATING = 0x7E45_8002  # advisory lock of a migration on PostgreSQL


def prepare() -> None:
    """Start Django and migrate when anything is outstanding; an empty home works.

    Raises:
        CommandError: the database belongs to a newer release, whose records this one would spoil.
    """
    django.setup()
    if _is_behind():
        with _alone(), step("データベースを用意しています"):
            if _is_behind():  # else another process has done it meanwhile
                call_command("migrate", verbosity=0, interactive=False)


def _is_behind() -> bool:
    executor = MigrationExecutor(connection)
    if newer := of_a_newer_release(executor.loader):
        raise CommandError(
            f"データベースがこの天守より新しい版のものです（{newer[0][0]}.{newer[0][1]} など）。新しい版の天守で動かすか、"
            "この版で取った控えを空のデータベースへ戻してください。何も変えていません。"
        )
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time: web and worker processes of several machines may start together after an upgrade."""
    with (settings.TENSHU_HOME / "migrate.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATING])
        try:
            yield
        finally:
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATING])


def say(text: str) -> None:
    """A line for the person at the keyboard (standard error; results go to standard output)."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201


def tell(text: str) -> None:
    """A line of the result (standard output)."""
    print(text, flush=True)  # noqa: T201


@contextmanager
def step(title: str) -> Iterator[None]:
    """One step of a long command, with its time."""
    say(f"{title}…")
    started = time.monotonic()
    yield
    say(f"  終わりました（{time.monotonic() - started:.1f}秒）")


class ProgressLine:
    """One line that shows how far a long step has come; on a terminal it is rewritten in place."""

    def __init__(self) -> None:
        self._shown = ""
        self._at = 0.0

    def __call__(self, text: str, done: int | None = None, total: int | None = None) -> None:
        """Show ``text``, and ``done`` of ``total`` when they are known; at most ten times a second."""
        line = f"  {text}" + (f" {done:,} / {total:,}" if done is not None and total else "")
        now = time.monotonic()
        if line == self._shown or (now - self._at < 0.1 and done != total):
            return
        end = "\r" if sys.stderr.isatty() else "\n"
        print(line.ljust(len(self._shown)), file=sys.stderr, end=end, flush=True)  # noqa: T201
        self._shown, self._at = line, now


def fiscal_year(text: str) -> FiscalYear:
    """The fiscal year that an option names; raises ``CommandError``."""
    try:
        return FiscalYear.parse(text)
    except ValueError as error:
        raise CommandError(str(error)) from error
