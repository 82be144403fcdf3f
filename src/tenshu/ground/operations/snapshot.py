"""All tables as they stood at one moment, read while others write."""

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from django.db import connection

from tenshu.ground.operations.schema import Table

BATCH = 2_000


class Snapshot(Protocol):
    """A moment of the database."""

    vendor: str

    def rows(self, table: Table) -> Iterator[Sequence[Any]]:
        """Every row of ``table`` in the order of its key, in constant memory."""

    def count(self, table: Table) -> int:
        """How many rows ``table`` has."""

    def last_row(self, table: Table) -> Sequence[Any] | None:
        """The row of ``table`` with the highest key."""

    def last_number(self, table: Table) -> int | None:
        """The highest number that the key of ``table`` has ever given out."""

    def migrations(self) -> list[tuple[str, str]]:
        """The migrations applied at this moment."""


@contextmanager
def open_snapshot() -> Iterator[Snapshot]:
    """A snapshot of the house's database; writers are not held up."""
    if connection.vendor == "postgresql":
        with _postgresql() as snapshot:
            yield snapshot
    else:
        with _sqlite() as snapshot:
            yield snapshot


def _listed(table: Table) -> tuple[str, str, str]:
    quote = connection.ops.quote_name
    return ", ".join(quote(c.name) for c in table.columns), quote(table.name), quote(table.key)


def _last(table: Table) -> str:
    columns, name, key = _listed(table)
    return f"SELECT {columns} FROM {name} ORDER BY {key} DESC LIMIT 1"


class _Sqlite:
    vendor = "sqlite"

    def __init__(self, link: sqlite3.Connection) -> None:
        self._link = link

    def rows(self, table: Table) -> Iterator[Sequence[Any]]:
        columns, name, key = _listed(table)
        cursor = self._link.execute(f"SELECT {columns} FROM {name} ORDER BY {key}")
        while batch := cursor.fetchmany(BATCH):
            yield from batch

    def count(self, table: Table) -> int:
        (found,) = self._link.execute(f"SELECT COUNT(*) FROM {_listed(table)[1]}").fetchone()
        return int(found)

    def last_row(self, table: Table) -> Sequence[Any] | None:
        row: Sequence[Any] | None = self._link.execute(_last(table)).fetchone()
        return row

    def last_number(self, table: Table) -> int | None:
        row = self._link.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", [table.name]).fetchone()
        return int(row[0]) if row else None

    def migrations(self) -> list[tuple[str, str]]:
        return sorted(self._link.execute("SELECT app, name FROM django_migrations").fetchall())


@contextmanager
def _sqlite() -> Iterator[Snapshot]:
    # A connection of its own: the house's begin every transaction with the write lock, which would stop writers.
    path = Path(connection.settings_dict["NAME"]).absolute()
    with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=60)) as link:
        link.isolation_level = None
        link.execute("BEGIN")
        link.execute("SELECT COUNT(*) FROM django_migrations").fetchone()  # the moment of the snapshot
        yield _Sqlite(link)


class _Postgresql:
    vendor = "postgresql"

    def __init__(self, link: Any) -> None:
        self._link = link

    def rows(self, table: Table) -> Iterator[Sequence[Any]]:
        columns, name, key = _listed(table)
        with self._link.chunked_cursor() as cursor:
            cursor.execute(f"SELECT {columns} FROM {name} ORDER BY {key}")
            while batch := cursor.fetchmany(BATCH):
                yield from batch

    def _one(self, sql: str, *values: object) -> Any:
        with self._link.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchone()

    def count(self, table: Table) -> int:
        return int(self._one(f"SELECT COUNT(*) FROM {_listed(table)[1]}")[0])

    def last_row(self, table: Table) -> Sequence[Any] | None:
        row: Sequence[Any] | None = self._one(_last(table))
        return row

    def last_number(self, table: Table) -> int | None:
        _, name, _ = _listed(table)
        (sequence,) = self._one("SELECT pg_get_serial_sequence(%s, %s)", name, table.key)
        if sequence is None:
            return None
        last, called = self._one(f"SELECT last_value, is_called FROM {sequence}")
        return int(last) if called else None

    def migrations(self) -> list[tuple[str, str]]:
        with self._link.cursor() as cursor:
            cursor.execute("SELECT app, name FROM django_migrations")
            return sorted(cursor.fetchall())


@contextmanager
def _postgresql() -> Iterator[Snapshot]:
    link: Any = connection.copy()
    try:
        link.set_autocommit(False)
        with link.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT COUNT(*) FROM django_migrations")  # the moment of the snapshot
        yield _Postgresql(link)
    finally:
        link.close()
