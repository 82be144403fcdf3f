"""Pages of long lists, counted only so far."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet


class LongPaginator(Paginator[Any]):
    """Pages of a queryset or a sequence.

    ``limit``: no more rows are counted and shown than that, so that a million rows cost as much as so many; their
    keys are read once, in order, for the count and for the page.
    """

    def __init__(self, rows: "QuerySet[Any] | Sequence[Any]", size: int, *, limit: int | None = None) -> None:
        super().__init__(rows, size)
        self._query = rows if isinstance(rows, QuerySet) else None
        self._limit = limit

    @cached_property
    def count(self) -> int:
        """The number of rows, at most ``limit``."""
        return super().count if self._keys is None else min(len(self._keys), self._limit or 0)

    @property
    def is_cut(self) -> bool:
        """Whether there are more rows than ``count`` tells."""
        return self._keys is not None and len(self._keys) > (self._limit or 0)

    @cached_property
    def _keys(self) -> list[Any] | None:
        if self._query is None or self._limit is None:
            return None
        return list(self._query.values_list("pk", flat=True)[: self._limit + 1])

    def page(self, number: int | str) -> Page[Any]:
        """The page with its rows."""
        page = super().page(number)
        if self._query is not None and self._keys is not None:
            wanted = self._keys[max(page.start_index() - 1, 0) : page.end_index()]
            found = {row.pk: row for row in self._query.filter(pk__in=wanted)} if wanted else {}
            page.object_list = [found[key] for key in wanted if key in found]
        return page
