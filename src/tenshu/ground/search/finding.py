"""Finding: from words to hits, in an order that people expect, of what the person may read and of nothing else."""

import contextlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db import connection, transaction

from tenshu.ground.access.models import User
from tenshu.ground.search.grams import TITLE
from tenshu.ground.search.ranking import Candidate, by_title, newest_first, ranked, rereads
from tenshu.ground.search.sources import sources
from tenshu.ground.search.stores import Asked, store
from tenshu.ground.search.wording import Wording

MOST_HITS = 500
"""Hits that are told one by one; where there are more, the page asks for another word."""
SORTED_WHOLE = 6_000
"""So many matching rows are put in order all at once; of more than these, title by title and year by year."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One record that was found."""

    source: str
    key: int


@dataclass(frozen=True, slots=True)
class Found:
    """Hits in their order; ``more`` says that there are others behind them."""

    hits: list[Hit] = field(default_factory=list)
    more: bool = False


def find(user: User, wording: Wording, *, kind: str = "", most: int = MOST_HITS) -> Found:
    """What ``user`` finds by ``wording``, in one kind or in all."""
    fence = fence_of(user, kind)
    if fence is None or not wording.words:
        return Found()
    with _planned():
        candidates = _candidates(wording, fence, most + 1)
        candidates = rereads(candidates, wording)
    found = _readable(user, candidates, kind)
    return Found(found[:most], more=len(candidates) > most and len(found) >= most)


def fence_of(user: User, kind: str = "") -> frozenset[str] | None:
    """Marks of which a row must bear one: empty when ``user`` sees everything, ``None`` when nothing."""
    marks: set[str] = set()
    whole = True
    for source in sources().values():
        if not source.open_to(user) or kind not in ("", source.key):
            whole = False
            continue
        own = source.marks_of(user)
        if own is None:
            marks.add(f"kind:{source.key}")
        else:
            whole = False
            marks.update(f"{source.key}|{mark}" for mark in own)
    if not marks:
        return None
    return frozenset() if whole else frozenset(marks)


def _candidates(wording: Wording, fence: frozenset[str], most: int) -> list[Candidate]:
    """At most ``most`` rows in their order, before the gate."""
    if wording.is_single_letter:
        return by_title(wording, most)
    everywhere = Asked(wording.tokens, (fence,))
    if not store().more_than(everywhere, SORTED_WHOLE):
        return ranked(everywhere, wording, most)
    in_title = Asked(frozenset(TITLE + token for token in wording.tokens), (fence,))
    found = {candidate.pk: candidate for candidate in by_title(wording, most)}
    for steps in (_steps(in_title), _steps(everywhere)):
        for asked in steps:
            if len(found) >= most:
                break
            for candidate in ranked(asked, wording, most, among=SORTED_WHOLE):
                found.setdefault(candidate.pk, candidate)
    return list(found.values())[:most]


def _steps(asked: Asked) -> Iterator[Asked]:
    """The question itself when few rows answer it, else once for each year, the newest first."""
    if not store().more_than(asked, SORTED_WHOLE):
        yield asked
        return
    for year in newest_first():
        yield Asked(asked.tokens, (*asked.marks, frozenset({f"year:{year}"})))


def _readable(user: User, candidates: Iterable[Candidate], kind: str) -> list[Hit]:
    """The gate of every kind over all its candidates."""
    keys: dict[str, list[int]] = defaultdict(list)
    listed = [c for c in candidates if c.source in sources() and kind in ("", c.source)]
    for candidate in listed:
        keys[candidate.source].append(candidate.key)
    open_keys = {source: sources()[source].readable(user, found) for source, found in keys.items()}
    return [Hit(c.source, c.key) for c in listed if c.key in open_keys[c.source]]


@contextlib.contextmanager
def _planned() -> Iterator[None]:
    """PostgreSQL takes common pairs of letters for a reason to read the whole table; its index is always the better way."""
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL work_mem = '32MB'; SET LOCAL jit = off")
        yield
