"""Lists in pages: how much and from where, and the way to the neighbours."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from django.db.models import QuerySet
from pydantic import BaseModel, ConfigDict, Field

from tenshu.ground.api.values import DIGITS, Out

if TYPE_CHECKING:
    from tenshu.ground.api.routes import ApiRequest

USUAL, MOST = 50, 200


class Paging(BaseModel):
    """What every list takes."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=MOST, description="1ページの件数"), DIGITS] = USUAL
    offset: Annotated[int, Field(ge=0, le=1_000_000_000, description="飛ばす件数"), DIGITS] = 0


class Page[Item](Out):
    """A part of a list; ``count`` is the length of the whole, ``null`` where counting would be too much work."""

    count: int | None
    next: str | None
    previous: str | None
    items: list[Item]

    def holding[Shown](self, items: list[Shown]) -> "Page[Shown]":
        """The same page with its rows as ``items``, which were made for all of them at once."""
        return Page(count=self.count, next=self.next, previous=self.previous, items=items)


def pages_of(shape: Any) -> Any:
    """The type of a page of records whose shape is made at run time."""
    return Page[shape]


def page_of[Row, Item](
    request: "ApiRequest",
    rows: "QuerySet[Any] | Sequence[Row]",
    query: Paging,
    shape: Callable[[Any], Item],
    *,
    counted_up_to: int = 0,
) -> Page[Item]:
    """The page of ``rows`` that ``query`` asks for. One row more is read, so that the last page needs no count."""
    start, end = query.offset, query.offset + query.limit
    found = list(rows[start : end + 1])
    more = len(found) > query.limit
    if not more and (found or start == 0):
        count: int | None = start + len(found)
    else:
        count = _length(rows, counted_up_to)
    return Page(
        count=count,
        next=_address(request, end) if more else None,
        previous=_address(request, max(0, start - query.limit)) if start else None,
        items=[shape(row) for row in found[: query.limit]],
    )


def _length(rows: "QuerySet[Any] | Sequence[Any]", counted_up_to: int) -> int | None:
    if not isinstance(rows, QuerySet):
        return len(rows)
    if not counted_up_to:
        return rows.count()
    length = rows.order_by()[: counted_up_to + 1].count()
    return length if length <= counted_up_to else None


def _address(request: "ApiRequest", offset: int) -> str:
    asked = request.GET.copy()
    asked["offset"] = str(offset)
    return f"{request.path}?{asked.urlencode()}"


def links_of(page: Page[Any]) -> str:
    """The neighbours as a ``Link`` header (RFC 8288)."""
    named = (("next", page.next), ("prev", page.previous))
    return ", ".join(f'<{address}>; rel="{name}"' for name, address in named if address)
