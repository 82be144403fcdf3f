"""The order of hits: exact title or number, beginning of the title, inside the title, part of a number, text; newer first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from tenshu.ground.search.grams import EXACT_UP_TO, SHORTEST
from tenshu.ground.search.sources import sources
from tenshu.ground.search.stores import Asked, store
from tenshu.ground.search.wording import Wording

EXACT, BEGINNING, IN_TITLE, IN_KEYS, IN_TEXT = range(5)
IN_TURN = 3
"""Equally good hits of one kind that stand together before the next kind has its turn."""
OLDEST_YEARS = 60
_END = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that may be a hit. ``grade`` is its place in the order of the module's docstring."""

    pk: int
    source: str
    key: int
    grade: int


def ranked(asked: Asked, wording: Wording, most: int, *, among: int | None = None) -> list[Candidate]:
    """The best ``most`` of the rows that match; of very many only the first ``among`` are looked at."""
    matching, values = store().matching(asked)
    limit = f" LIMIT {among}" if among is not None else ""
    rows = f'SELECT r.id, r.source, r.object_key, r.title, r.keys, r."on" {matching}{limit}'
    return _best(rows, values, wording, most)


def by_title(wording: Wording, most: int, fence: frozenset[str]) -> list[Candidate]:
    """Rows inside the fence whose title is or begins with the words, from the index of titles."""
    smaller, larger = ("~<~", "~>=~") if connection.vendor == "postgresql" else ("<", ">=")
    inside, marks = store().bears(fence) if fence else ("TRUE", [])
    rows = (
        'SELECT r.id, r.source, r.object_key, r.title, r.keys, r."on" FROM search_indexrow r '
        f"WHERE r.title {larger} %s AND r.title {smaller} %s AND {inside} LIMIT {most * 4}"
    )
    return _best(rows, [wording.joined, wording.joined + _END, *marks], wording, most)


def _best(rows: str, values: Sequence[Any], wording: Wording, most: int) -> list[Candidate]:
    grade, grade_values = _grade(wording)
    order = "CASE source " + " ".join(f"WHEN %s THEN {n}" for n in range(len(sources()))) + " ELSE 999 END"
    # Graded once and kept: left to itself, SQLite works the grade out anew for each comparison of the two sorts.
    sql = f"""
        WITH graded AS MATERIALIZED (SELECT id, source, object_key, "on", {grade} AS grade FROM ({rows}) AS r)
        SELECT id, source, object_key, grade FROM (
            SELECT *, row_number() OVER (PARTITION BY grade, source ORDER BY "on" DESC NULLS LAST, id DESC) AS turn
            FROM graded
        ) AS turns
        ORDER BY grade, (turn - 1) / {IN_TURN}, {order}, "on" DESC NULLS LAST, id DESC LIMIT {most}
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [*grade_values, *values, *sources()])
        return [Candidate(*row) for row in cursor.fetchall()]


def _grade(wording: Wording) -> tuple[str, list[Any]]:
    has = "strpos" if connection.vendor == "postgresql" else "instr"
    joined, words = wording.joined, wording.words
    in_title = " AND ".join(f"{has}(title, %s) > 0" for _ in words)
    in_keys = " AND ".join(f"({has}(title, %s) > 0 OR {has}(keys, %s) > 0)" for _ in words)
    sql = (
        f"CASE WHEN title = %s OR {has}(' ' || keys || ' ', %s) > 0 THEN {EXACT} "
        f"WHEN substr(title, 1, {len(joined)}) = %s THEN {BEGINNING} "
        f"WHEN {in_title} THEN {IN_TITLE} WHEN {in_keys} THEN {IN_KEYS} ELSE {IN_TEXT} END"
    )
    return sql, [joined, f" {joined} ", joined, *words, *(word for word in words for _ in range(2))]


def rereads(candidates: list[Candidate], wording: Wording) -> list[Candidate]:
    """Without rows that hold all triples of letters but not the words; short words and titles are sure."""
    words = [word for word in wording.words if not SHORTEST <= len(word) <= EXACT_UP_TO]
    if not words:
        return candidates
    doubtful = [candidate.pk for candidate in candidates if candidate.grade > IN_TITLE]
    if not doubtful:
        return candidates
    has = "strpos" if connection.vendor == "postgresql" else "instr"
    each = " AND ".join(
        f"({has}(title, %s) > 0 OR {has}(keys, %s) > 0 OR {has}(whole, %s) > 0)" for _ in words
    )
    places = ", ".join(["%s"] * len(doubtful))
    values: list[Any] = [*doubtful, *(word for word in words for _ in range(3))]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM search_indexrow WHERE id IN ({places}) AND {each}", values)
        sure = {row[0] for row in cursor.fetchall()}
    return [candidate for candidate in candidates if candidate.grade <= IN_TITLE or candidate.pk in sure]


def newest_first() -> Iterator[int]:
    """The years of the index, then 0 for what bears no date."""
    with connection.cursor() as cursor:
        # Two questions in one: asked together, SQLite would read the whole index.
        ends = ", ".join(f'(SELECT {end}("on") FROM search_indexrow)' for end in ("min", "max"))
        cursor.execute(f"SELECT {ends}")
        first, last = cursor.fetchone()
    if first is not None:
        years = [int(str(day)[:4]) for day in (last, first)]
        yield from range(years[0], max(years[1], years[0] - OLDEST_YEARS) - 1, -1)
    yield 0
