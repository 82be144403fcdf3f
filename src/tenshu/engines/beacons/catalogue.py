"""The store's catalogue: which files were imported, what they left, in which hours logs were there."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS setting (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS import (
    hash TEXT PRIMARY KEY, file TEXT NOT NULL, format TEXT NOT NULL, network TEXT NOT NULL,
    lines INTEGER NOT NULL, rejects INTEGER NOT NULL, missed_bytes INTEGER NOT NULL,
    imported_at TEXT NOT NULL, summary TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS part (
    hash TEXT NOT NULL, kind TEXT NOT NULL, day TEXT NOT NULL, network TEXT NOT NULL,
    path TEXT NOT NULL PRIMARY KEY,
    rows INTEGER NOT NULL, first_us INTEGER NOT NULL, last_us INTEGER NOT NULL,
    pieces INTEGER NOT NULL, named INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS part_by_day ON part (day, kind, network);
CREATE TABLE IF NOT EXISTS hour (
    network TEXT NOT NULL, hour INTEGER NOT NULL, rows INTEGER NOT NULL, PRIMARY KEY (network, hour)
) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Part:
    """One Parquet file of one table, day and network; `path` is relative to the store.

    `pieces`: some rows may be cut by an exporter; `named`: some flows tell the name of their destination.
    """

    kind: str
    day: str
    network: str
    path: str
    rows: int
    first_us: int
    last_us: int
    pieces: bool
    named: bool


class Catalogue:
    """A SQLite file; every import is one transaction, so a broken one leaves nothing behind."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with self.reading() as connection:
            connection.executescript(SCHEMA)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection that is closed afterwards."""
        connection = sqlite3.connect(self.path, timeout=60, isolation_level=None)
        try:
            yield connection
        finally:
            connection.close()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection inside an exclusive transaction, rolled back on any error."""
        with self.reading() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def setting(self, key: str, default: str) -> str:
        """A setting of the store, written with its default the first time it is asked for."""
        with self.writing() as connection:
            connection.execute("INSERT OR IGNORE INTO setting VALUES (?, ?)", (key, default))
            row = connection.execute("SELECT value FROM setting WHERE key = ?", (key,)).fetchone()
        return str(row[0])

    def imported(self, digest: str) -> tuple[str, str] | None:
        """(file, network) of an import with this hash, or None."""
        with self.reading() as connection:
            row = connection.execute("SELECT file, network FROM import WHERE hash = ?", (digest,)).fetchone()
        return None if row is None else (str(row[0]), str(row[1]))

    def parts(self, days: list[str], kind: str) -> list[Part]:
        """The parts of a kind on the given days, in a fixed order."""
        marks = ",".join("?" * len(days))
        with self.reading() as connection:
            rows = connection.execute(
                "SELECT kind, day, network, path, rows, first_us, last_us, pieces, named FROM part"
                f" WHERE kind = ? AND day IN ({marks}) ORDER BY network, day, path",
                (kind, *days),
            ).fetchall()
        return [Part(*row) for row in rows]

    def span_us(self) -> tuple[int, int] | None:
        """First and last flow of the whole store in microseconds UTC, or None when it is empty."""
        with self.reading() as connection:
            row = connection.execute(
                "SELECT min(first_us), max(last_us) FROM part WHERE kind = 'flows'"
            ).fetchone()
        return None if row[0] is None else (int(row[0]), int(row[1]))

    def hours(self, networks: list[str] | None = None) -> list[tuple[str, int, int]]:
        """(network, hour since 1970 UTC, rows) in order, of all or of the given networks."""
        with self.reading() as connection:
            rows = connection.execute(
                "SELECT network, hour, rows FROM hour ORDER BY network, hour"
            ).fetchall()
        wanted = None if networks is None else set(networks)
        return [(n, h, r) for n, h, r in rows if wanted is None or n in wanted]
