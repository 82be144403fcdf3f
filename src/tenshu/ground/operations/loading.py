"""Filling the tables of an empty database with the lines of a backup: keys as they were, references checked at the end."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import batched
from typing import Any

from django.core.management.color import no_style
from django.db import connection, transaction

from tenshu.ground.operations.columns import from_line
from tenshu.ground.operations.container import DamagedBackupError, Reader
from tenshu.ground.operations.schema import Table

BATCH = 2_000


def empty(tables: Sequence[Table]) -> None:
    """Take out what migrations have put in: the backup brings its own."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"DELETE FROM {quote(table.name)}")


def load(table: Table, described: dict[str, Any], reader: Reader) -> Iterator[int]:
    """Write every row of ``table``; yields how many are written so far.

    Raises:
        DamagedBackupError: the columns or the number of rows are not what the manifest says.
    """
    if described["columns"] != [[column.name, column.kind] for column in table.columns]:
        raise DamagedBackupError(f"控えの表 {table.name} の列が、この版の天守と合いません。")
    values = from_line(table.columns, connection.vendor)
    rows = (values(line) for line in reader.lines(described["member"]))
    written = 0
    for count in _copied(table, rows) if connection.vendor == "postgresql" else _inserted(table, rows):
        written += count
        yield written
    if written != described["rows"]:
        raise DamagedBackupError(
            f"控えの表 {table.name} が{described['rows']:,}行ではなく{written:,}行です。"
        )


def _columns(table: Table) -> str:
    return ", ".join(connection.ops.quote_name(column.name) for column in table.columns)


def _copied(table: Table, rows: Iterator[list[Any]]) -> Iterator[int]:
    statement = f"COPY {connection.ops.quote_name(table.name)} ({_columns(table)}) FROM STDIN"
    # The driver's own errors would reach nobody who knows Django's.
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as copy:
        for batch in batched(rows, BATCH, strict=False):
            for row in batch:
                copy.write_row(row)
            yield len(batch)


def _inserted(table: Table, rows: Iterator[list[Any]]) -> Iterator[int]:
    places = ", ".join(["%s"] * len(table.columns))
    statement = f"INSERT INTO {connection.ops.quote_name(table.name)} ({_columns(table)}) VALUES ({places})"
    with connection.cursor() as cursor:
        for batch in batched(rows, BATCH, strict=False):
            cursor.executemany(statement, batch)
            yield len(batch)


@contextmanager
def unguarded(tables: Sequence[Table]) -> Iterator[None]:
    """Triggers and foreign keys out of the way; both are back at the end, and the references are checked.

    A trigger would write what the backup brings anyway; keys in the order of the tables cannot hold yet.
    """
    if connection.vendor == "postgresql":
        with _unguarded_postgresql(tables):
            yield
    else:
        with _unguarded_sqlite():
            yield


@contextmanager
def _unguarded_sqlite() -> Iterator[None]:
    with connection.constraint_checks_disabled(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")
        yield
        for _, statement in triggers:
            cursor.execute(statement)
        connection.check_constraints()


@contextmanager
def _unguarded_postgresql(tables: Sequence[Table]) -> Iterator[None]:
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(pg_constraint.oid) FROM pg_constraint "
            "JOIN pg_class ON pg_class.oid = conrelid WHERE contype = 'f' "
            "AND relnamespace = current_schema()::regnamespace"
        )
        keys = cursor.fetchall()
        for table, name, _ in keys:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {quote(name)}")
        for copied in tables:
            cursor.execute(f"ALTER TABLE {quote(copied.name)} DISABLE TRIGGER USER")
        yield
        for copied in tables:
            cursor.execute(f"ALTER TABLE {quote(copied.name)} ENABLE TRIGGER USER")
        for table, name, definition in keys:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {quote(name)} {definition}")


def set_sequences(tables: Sequence[Table]) -> None:
    """On PostgreSQL, numbers go on after the highest that a table holds; SQLite sees to that by itself."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), [table.model for table in tables]):
                cursor.execute(statement)


def raise_sequences(last_numbers: Mapping[str, int | None]) -> None:
    """Numbers go on after the last one ever given, also where that record is gone: history speaks by number."""
    raise_one = _raise_on_postgresql if connection.vendor == "postgresql" else _raise_on_sqlite
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        for name, last in last_numbers.items():
            if last is not None and name in present:
                raise_one(cursor, name, last)


def _raise_on_postgresql(cursor: Any, table: str, last: int) -> None:
    key = connection.introspection.get_primary_key_column(cursor, table)
    cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [connection.ops.quote_name(table), key])
    (sequence,) = cursor.fetchone()
    if sequence is not None:
        # A fresh sequence says 1 before it has given it: what is set here has been given.
        cursor.execute(f"SELECT setval(%s, GREATEST(last_value, %s)) FROM {sequence}", [sequence, last])


def _raise_on_sqlite(cursor: Any, table: str, last: int) -> None:
    cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
    row = cursor.fetchone()
    if row is None:
        cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])
    elif row[0] < last:
        cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [last, table])
