"""What a room declares in ``search.py``: which of its records can be found, by which text, and who may see them."""

import datetime
import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models

from tenshu.ground.access.models import User
from tenshu.ground.access.queries import roles_of
from tenshu.ground.access.table import permission_table
from tenshu.ground.rooms import offered


@dataclass(frozen=True, slots=True)
class SearchText:
    """The words of a record. ``on`` puts the newer first among equals; ``None`` is undated and last."""

    title: str
    body: str = ""
    keys: tuple[str, ...] = ()
    on: datetime.date | None = None


type KeysOf = Callable[[Sequence[Any]], Iterable[int | None]]


@dataclass(frozen=True, slots=True)
class Following:
    """Rows of ``model`` belong to the text or the marks of records: ``keys_of`` names the records of many rows."""

    model: type[models.Model]
    keys_of: KeysOf


def follow(model: type[models.Model], name: str) -> Following:
    """Rows whose attribute ``name`` is the key of the record."""
    return Following(model, lambda rows: (getattr(row, name) for row in rows))


def no_marks(record: Any) -> Iterable[str]:
    """A kind that is seen whole."""
    return ()


def sees_all(user: User) -> None:
    """Everybody whom the kind is open to sees all of it."""


@dataclass(frozen=True)
class SearchSource[M: models.Model]:
    """One kind of record that can be found. See docs/dev/search.md.

    ``rows`` gives all records with what ``text``, ``url`` and ``under`` need; ``visible`` is the gate.
    ``marks`` and ``marks_of`` narrow the query where ``visible`` is not all or nothing. ``shown`` gives the rows
    for a page of hits, where ``url`` and ``under`` need more than ``rows`` has.
    """

    key: str
    label: str
    model: type[M]
    rows: Callable[[], models.QuerySet[M]]
    text: Callable[[M], SearchText]
    url: Callable[[M], str]
    opens: str
    visible: Callable[[User], models.QuerySet[M]]
    under: Callable[[M], str] = lambda record: ""
    marks: Callable[[M], Iterable[str]] = no_marks
    marks_of: Callable[[User], Iterable[str] | None] = sees_all
    follows: tuple[Following, ...] = ()
    shown: Callable[[], models.QuerySet[M]] | None = None
    icon: str = "document"
    order: int = 100
    batch: int = 500
    """Records that are read and written at once: few where each may hold a whole book."""

    def open_to(self, user: User) -> bool:
        """Whether the permission table opens the page of such a record to ``user``."""
        rule = permission_table().get(self.opens)
        return rule is not None and rule.answer(roles_of(user)) == 200

    def shown_rows(self) -> models.QuerySet[M]:
        """The records with all that a page shows of them."""
        return self.shown() if self.shown is not None else self.rows()

    def readable(self, user: User, keys: Iterable[int]) -> set[int]:
        """Those of ``keys`` whose records ``user`` may read: the gate."""
        if not self.open_to(user):
            return set()
        return set(self.visible(user).filter(pk__in=list(keys)).values_list("pk", flat=True))


@functools.cache
def sources() -> Mapping[str, SearchSource[Any]]:
    """All kinds by key, in the order of their page. A key named twice raises ``ValueError``."""
    found: dict[str, SearchSource[Any]] = {}
    given = [source for listed in offered("search", "SOURCES") for source in listed]
    for source in sorted(given, key=lambda source: source.order):
        if source.key in found:
            raise ValueError(f"The kind {source.key} is searched twice.")
        found[source.key] = source
    return found


@functools.cache
def source_of_model(label: str) -> SearchSource[Any] | None:
    """The kind of records of a model (``gathering.gathering``); the first where several are made of one."""
    return next((source for source in sources().values() if source.model._meta.label_lower == label), None)


@functools.cache
def followers(label: str) -> tuple[tuple[SearchSource[Any], KeysOf], ...]:
    """Which kinds change with rows of a model, and how to tell the keys of their records."""
    found: list[tuple[SearchSource[Any], KeysOf]] = []
    for source in sources().values():
        if source.model._meta.label_lower == label:
            found.append((source, lambda rows: (row.pk for row in rows)))
        found += [(source, f.keys_of) for f in source.follows if f.model._meta.label_lower == label]
    return tuple(found)
