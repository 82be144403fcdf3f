"""Finding: from words to hits, in an order that people expect, of what the person may read and of nothing else."""

import contextlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.db import connection, transaction

from tenshu.ground.access.models import User
from tenshu.ground.asking_once import asking_once
from tenshu.ground.search.attachments import ATTACHMENTS, marks_from
from tenshu.ground.search.grams import TITLE
from tenshu.ground.search.ranking import Candidate, by_title, newest_first, ranked, rereads
from tenshu.ground.search.sources import sources
from tenshu.ground.search.stores import Asked, store
from tenshu.ground.search.wording import Wording

MOST_HITS = 500
"""Hits that are told one by one; where there are more, the page asks for another word."""
SORTED_WHOLE = 3_000
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
    with asking_once():
        return _find(user, wording, kind, most)


def _find(user: User, wording: Wording, kind: str, most: int) -> Found:
    held = marks_held(user)
    fence = fence_of(held, kind)
    if fence is None or not wording.words:
        return Found()
    with _planned():
        candidates = _candidates(wording, fence, most + 1)
        sure = rereads(candidates, wording)
    found = _readable(user, sure, held, kind)
    return Found(found[:most], more=len(candidates) > most and len(found) >= most)


def marks_held(user: User) -> dict[str, frozenset[str] | None]:
    """By kind the marks that ``user`` holds, ``None`` for a kind that is seen whole; kinds that are closed are left out."""
    held: dict[str, frozenset[str] | None] = {}
    for source in sources().values():
        if source.open_to(user) and source is not ATTACHMENTS:
            own = source.marks_of(user)
            held[source.key] = None if own is None else frozenset(own)
    if ATTACHMENTS.open_to(user):
        held[ATTACHMENTS.key] = marks_from(held)
    return held


def fence_of(held: Mapping[str, frozenset[str] | None], kind: str = "") -> frozenset[str] | None:
    """Marks of which a row must bear one: empty when everything is seen, ``None`` when nothing."""
    whole = not kind and _sees_everything(held)
    if whole:
        return frozenset()
    marks: set[str] = set()
    for key, own in held.items():
        if kind in ("", key):
            marks |= {f"kind:{key}"} if own is None else {f"{key}|{mark}" for mark in own}
    return frozenset(marks) or None


def _sees_everything(held: Mapping[str, frozenset[str] | None]) -> bool:
    """Every kind is open and seen whole, and with it all that hangs on its records."""
    return all(key in held and (held[key] is None or key == ATTACHMENTS.key) for key in sources())


def _candidates(wording: Wording, fence: frozenset[str], most: int) -> list[Candidate]:
    """At most ``most`` rows in their order, before the gate."""
    if wording.is_single_letter:
        return by_title(wording, most, fence)
    everywhere = Asked(wording.tokens, (fence,))
    if not store().more_than(everywhere, SORTED_WHOLE):
        return ranked(everywhere, wording, most)
    in_title = Asked(frozenset(TITLE + token for token in wording.tokens), (fence,))
    found = {candidate.pk: candidate for candidate in by_title(wording, most, fence)}
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


def _readable(
    user: User, candidates: Iterable[Candidate], held: Mapping[str, frozenset[str] | None], kind: str
) -> list[Hit]:
    """The gate of every kind over all its candidates; a kind that is seen whole has none but the permission table's."""
    keys: dict[str, list[int]] = defaultdict(list)
    listed = [c for c in candidates if c.source in held and kind in ("", c.source)]
    for candidate in listed:
        keys[candidate.source].append(candidate.key)
    open_keys = {
        source: found if held[source] is None else sources()[source].readable(user, found)
        for source, found in keys.items()
    }
    inside = {source: frozenset(found) for source, found in open_keys.items()}
    return [Hit(c.source, c.key) for c in listed if c.key in inside[c.source]]


@contextlib.contextmanager
def _planned() -> Iterator[None]:
    """PostgreSQL takes common pairs of letters for a reason to read the whole table; its index is always the better way."""
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL work_mem = '32MB'; SET LOCAL jit = off")
        yield
