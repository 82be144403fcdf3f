"""Where a restore writes: out of everybody's sight until it is whole.

SQLite: a database file beside the real one, renamed at the end. PostgreSQL: one transaction. A process that is killed
leaves the house as it was.
"""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from django.db import OperationalError, connection, transaction
from django.utils import timezone

LOCK_TIMEOUT_SECONDS = 3
_LOCKED = "55P03"  # lock_not_available


class InUseError(Exception):
    """Other processes have the database open."""


def database_path() -> Path:
    """The file of the SQLite database."""
    return Path(connection.settings_dict["NAME"])


@contextmanager
def landing(*, keep: bool) -> Iterator[None]:
    """Inside, the default connection is an empty database; at the good end it is the house's.

    ``keep`` leaves the SQLite database that is replaced beside it, under a name with the time.

    Raises:
        InUseError: the web or a worker still runs on what is to be replaced.
    """
    if connection.vendor == "postgresql":
        with _postgresql():
            yield
    else:
        with _sqlite(keep=keep):
            yield


@contextmanager
def _sqlite(*, keep: bool) -> Iterator[None]:
    final = database_path()
    temporary = final.with_name(f"{final.name}.restoring")
    _remove(temporary)
    connection.close()
    _close_for_others(final)
    connection.settings_dict["NAME"] = str(temporary)
    try:
        with connection.cursor() as cursor:
            # Nothing of it counts before it is renamed, so nothing has to be flushed on the way.
            cursor.execute("PRAGMA journal_mode=MEMORY")
            cursor.execute("PRAGMA synchronous=OFF")
            cursor.execute("PRAGMA cache_size=-65536")
        yield
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA optimize")
        connection.close()
        _flush(temporary)
        _close_for_others(final)
        put_in_place(temporary, final, keep=keep)
        _flush(final.parent)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = str(final)
        _remove(temporary)


def put_in_place(new: Path, final: Path, *, keep: bool) -> Path | None:
    """Rename ``new`` to ``final``; with ``keep`` what stood there gets a name with the time, which is given.

    At no moment is there nothing under the name: whoever is killed here leaves the one or the other.
    """
    kept = final.with_name(f"{final.name}.replaced-{timezone.localtime():%Y%m%d-%H%M%S}")
    if not keep or not final.exists():
        new.replace(final)
        return None
    try:
        kept.hardlink_to(final)
    except OSError:  # a file system without a second name for a file
        final.replace(kept)
    try:
        new.replace(final)
    except OSError:
        kept.replace(final)
        kept.unlink(missing_ok=True)  # two names of one file: the rename has done nothing
        raise
    return kept


def _close_for_others(path: Path) -> None:
    """Bring the write-ahead log home and make sure that nobody else has the database open."""
    if not path.exists():
        return
    try:
        with closing(sqlite3.connect(path, timeout=1)) as link:
            # Leaving WAL needs the database for oneself: the one question that every open connection answers.
            link.execute("PRAGMA journal_mode=DELETE").fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise InUseError(str(path)) from error
        raise OperationalError(str(error)) from error


def _remove(path: Path) -> None:
    for end in ("", "-wal", "-shm", "-journal"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + end).unlink()


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _postgresql() -> Iterator[None]:
    with transaction.atomic():
        with connection.cursor() as cursor:
            _refuse_others(cursor)
            cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT_SECONDS}s'")
            # Rows that migrations write would else wait for their check, and hold up the next change of their table.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            try:
                _drop_everything()
            except OperationalError as error:
                if getattr(error.__cause__, "sqlstate", "") != _LOCKED:
                    raise
                raise InUseError(str(connection.settings_dict["NAME"])) from error
        yield


def _refuse_others(cursor: Any) -> None:
    """A web process or a worker holds no lock between two requests, and would go on in another house.

    Known by its sign-in: whoever watches the database under another name is in nobody's way. A process that was just
    killed is given a moment to leave.
    """
    until = time.monotonic() + LOCK_TIMEOUT_SECONDS
    while True:
        cursor.execute("SELECT pg_stat_clear_snapshot()")  # else a transaction is told the same all the time
        cursor.execute(
            "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND usename = current_user "
            "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        if cursor.fetchone() == (0,):
            return
        if time.monotonic() > until:
            raise InUseError(str(connection.settings_dict["NAME"]))
        time.sleep(0.1)


def _drop_everything() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(name)} CASCADE")
