"""Where the tokens of the index lie: an array with a GIN index on PostgreSQL, a full-text table on SQLite.

Both answer one question: which rows hold all of these tokens and one of these marks.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import connection

from tenshu.ground.search.grams import BREAK, as_number, as_words, tokens
from tenshu.ground.search.models import IndexRow

RENEWED = ["title", "keys", "whole", "marks", "on", "digest"]


@dataclass(frozen=True, slots=True)
class Asked:
    """What rows must hold: every token, one mark of each group (an empty group asks nothing)."""

    tokens: frozenset[str]
    marks: tuple[frozenset[str], ...] = ()


class Store(Protocol):
    """One database's way."""

    def save(self, new: Sequence[IndexRow], changed: Sequence[tuple[IndexRow, IndexRow]]) -> int:
        """Keep rows with their tokens; of changed ones the old (as it was saved) and the new are given.

        Returns how many of the new ones were kept: not those that another transaction has made meanwhile.
        """

    def remove(self, rows: Sequence[IndexRow]) -> None:
        """Forget rows, given as they were saved."""

    def matching(self, asked: Asked) -> tuple[str, list[Any]]:
        """SQL from FROM on that gives the matching rows as ``r``, with its parameters."""

    def more_than(self, asked: Asked, limit: int) -> bool:
        """Whether more than ``limit`` rows match."""

    def bears(self, marks: frozenset[str]) -> tuple[str, list[Any]]:
        """SQL that tells whether ``r``, found another way, bears one of ``marks``, with its parameters."""


def row_tokens(row: IndexRow) -> set[str]:
    """All tokens of a row but its marks."""
    return tokens(row.title, BREAK.join((row.title, row.keys.replace(" ", BREAK), row.whole)))


def row_marks(row: IndexRow) -> list[str]:
    """The marks of a row: its kind, its year, who may see it."""
    return [f"kind:{row.source}", f"year:{row.on.year if row.on else 0}", *row.marks.split()]


class PostgresqlStore:
    """Columns ``tokens int[]`` and ``sight text[]`` of the table itself, under one GIN index."""

    _ADD = """
        INSERT INTO search_indexrow (source, object_key, title, keys, whole, marks, "on", digest, tokens, sight)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s) ON CONFLICT (source, object_key) DO NOTHING
    """
    _RENEW = """
        UPDATE search_indexrow SET (title, keys, whole, marks, "on", digest, tokens, sight) =
            (%s, %s, %s, %s, %s, %s, %s, %s) WHERE source = %s AND object_key = %s
    """

    def save(self, new: Sequence[IndexRow], changed: Sequence[tuple[IndexRow, IndexRow]]) -> int:
        renewed = [self._values(row) for _, row in changed]
        added = [self._values(row) for row in new]
        with connection.cursor() as cursor:
            if renewed:
                cursor.executemany(self._RENEW, [(*values[2:], *values[:2]) for values in renewed])
            if not added:
                return 0
            cursor.executemany(self._ADD, added)
            return int(cursor.rowcount)

    @staticmethod
    def _values(row: IndexRow) -> tuple[Any, ...]:
        plain = (row.source, row.object_key, row.title, row.keys, row.whole, row.marks, row.on, row.digest)
        return (*plain, sorted(map(as_number, row_tokens(row))), row_marks(row))

    def remove(self, rows: Sequence[IndexRow]) -> None:
        IndexRow.objects.filter(pk__in=[row.pk for row in rows]).delete()

    def more_than(self, asked: Asked, limit: int) -> bool:
        return _more_than(limit, *self.matching(asked))

    def matching(self, asked: Asked) -> tuple[str, list[Any]]:
        clauses: list[str] = ["TRUE"]
        values: list[Any] = []
        if asked.tokens:
            clauses.append("r.tokens @> %s::int[]")
            values.append(sorted(map(as_number, asked.tokens)))
        for group in filter(None, asked.marks):
            clauses.append("r.sight && %s::text[]")
            values.append(sorted(group))
        return f"FROM search_indexrow r WHERE {' AND '.join(clauses)}", values

    def bears(self, marks: frozenset[str]) -> tuple[str, list[Any]]:
        bearing = "SELECT b.id FROM search_indexrow b WHERE b.sight && %s::text[]"
        return _bears(marks, f"r.id IN ({bearing})", sorted)


class SqliteStore:
    """A contentless FTS5 table: it keeps no text, so what is taken out has to be told it again, word for word."""

    def save(self, new: Sequence[IndexRow], changed: Sequence[tuple[IndexRow, IndexRow]]) -> int:
        # Of two writers the second one has to wait before it reads: none can have made rows meanwhile.
        self._take([old for old, _ in changed])
        for old, row in changed:
            row.pk = old.pk
        renewed = [row for _, row in changed]
        IndexRow.objects.bulk_create(
            renewed, update_conflicts=True, unique_fields=["pk"], update_fields=RENEWED
        )
        rows = [*IndexRow.objects.bulk_create(new), *renewed]
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO search_tokens(rowid, words) VALUES (%s, %s)",
                [(row.pk, _words(row)) for row in rows],
            )
        return len(new)

    def remove(self, rows: Sequence[IndexRow]) -> None:
        self._take(rows)
        IndexRow.objects.filter(pk__in=[row.pk for row in rows]).delete()

    @staticmethod
    def _take(rows: Sequence[IndexRow]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO search_tokens(search_tokens, rowid, words) VALUES ('delete', %s, %s)",
                [(row.pk, _words(row)) for row in rows],
            )

    def more_than(self, asked: Asked, limit: int) -> bool:
        # Without the join: the full-text table alone tells it.
        return _more_than(limit, "FROM search_tokens WHERE search_tokens MATCH %s", [self._expression(asked)])

    def matching(self, asked: Asked) -> tuple[str, list[Any]]:
        tables = "search_tokens t CROSS JOIN search_indexrow r ON r.id = t.rowid"
        return f"FROM {tables} WHERE t.search_tokens MATCH %s", [self._expression(asked)]

    def bears(self, marks: frozenset[str]) -> tuple[str, list[Any]]:
        bearing = "SELECT rowid FROM search_tokens WHERE search_tokens MATCH %s"
        return _bears(
            marks, f"r.id IN ({bearing})", lambda single: self._expression(Asked(frozenset(), (single,)))
        )

    @staticmethod
    def _expression(asked: Asked) -> str:
        parts = [f'"{word}"' for word in sorted(as_words(asked.tokens).split())]
        parts += [
            "(" + " OR ".join(f'"{mark}"' for mark in sorted(group)) + ")"
            for group in filter(None, asked.marks)
        ]
        return " AND ".join(parts)


def _bears(
    marks: frozenset[str], one_of: str, value_of: Callable[[frozenset[str]], Any]
) -> tuple[str, list[Any]]:
    """Kinds that are seen whole are told by the row itself; of the others the index tells all rows at once."""
    whole = sorted(mark.removeprefix("kind:") for mark in marks if mark.startswith("kind:"))
    single = frozenset(mark for mark in marks if not mark.startswith("kind:"))
    # Asked even of no kind: beside an OR, PostgreSQL looks the rows up in one hash and does not compare marks row by row.
    kinds = f"r.source IN ({', '.join(['%s'] * max(len(whole), 1))})"
    values: list[Any] = [*(whole or [""])]
    return (f"({kinds} OR {one_of})", [*values, value_of(single)]) if single else (kinds, values)


def _more_than(limit: int, matching: str, values: list[Any]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM (SELECT 1 AS one {matching} LIMIT {limit + 1}) AS few", values)
        return bool(cursor.fetchone()[0] > limit)


def _words(row: IndexRow) -> str:
    return f"{as_words(sorted(row_tokens(row)))} {' '.join(row_marks(row))}"


def store() -> Store:
    """The store of the database in use."""
    return PostgresqlStore() if connection.vendor == "postgresql" else SqliteStore()


def install_statements(vendor: str) -> Iterable[str]:
    """What the migration adds beyond the model's own table."""
    if vendor == "postgresql":
        return (
            "ALTER TABLE search_indexrow ADD COLUMN tokens int[] NOT NULL DEFAULT '{}'",
            "ALTER TABLE search_indexrow ADD COLUMN sight text[] NOT NULL DEFAULT '{}'",
            "ALTER TABLE search_indexrow ALTER COLUMN tokens SET STORAGE EXTERNAL",
            "CREATE INDEX search_row_tokens ON search_indexrow USING gin (tokens, sight)",
            # Where the collation is not C, a plain index serves no prefix.
            "CREATE INDEX search_row_title_prefix ON search_indexrow (title text_pattern_ops)",
        )
    return (
        "CREATE VIRTUAL TABLE search_tokens USING fts5(words, content='', detail=none, columnsize=0, "
        "tokenize=\"ascii tokenchars ':.|-_'\")",
    )


def remove_statements(vendor: str) -> Iterable[str]:
    """The way back; on PostgreSQL everything goes with the table."""
    return () if vendor == "postgresql" else ("DROP TABLE search_tokens",)
