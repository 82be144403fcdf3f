"""One table for the whole house: filter, sort, page, choose columns, take as Excel or CSV.

A GET form and links do everything; htmx only swaps the result in place. Whatever stands in the query,
the answer is a page: what cannot be read is left out and told.
"""

import functools
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.core.paginator import Page
from django.db.models import F, Q, QuerySet
from django.db.models.aggregates import Aggregate
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_filters import FilterSet

from tenshu.engines.japanese import fold_width
from tenshu.ground.ui.columns import (
    Column,
    chip_column,
    date_column,
    follow,
    may_be_null,
    number_column,
    yen_column,
)
from tenshu.ground.ui.paging import LongPaginator
from tenshu.ground.ui.selecting import BulkAction, Selection, key_of
from tenshu.ground.ui.table_files import FileKind, file_kind_of, file_of

__all__ = ["BulkAction", "Column", "Table", "chip_column", "date_column", "number_column", "yen_column"]


class Table[Row]:
    """A list of rows under a request. Subclasses declare; ``respond`` answers.

    Rows are a queryset (sorted, searched, summed by the database) or a sequence of plain objects.
    ``counter`` is the counting word (135 **システム** 中), ``note`` ends the sentence above (金額は千円).
    ``search`` are queryset fields (or attributes) that the text box looks into.
    ``counted_up_to``: of a longer list only so many rows are counted and paged (``LongPaginator``).
    ``bulk``: what can be done to many rows at once (``selecting``); boxes and a bar stand only with it.
    """

    caption: ClassVar[str] = ""
    counter: ClassVar[str] = "件"
    note: ClassVar[str] = ""
    columns: ClassVar[Sequence[Column]] = ()
    filterset_class: ClassVar[type[FilterSet] | None] = None
    search: ClassVar[Sequence[str]] = ()
    search_label: ClassVar[str] = "ことばで絞る"
    default_sort: ClassVar[str] = ""
    page_size: ClassVar[int] = 20
    file_name: ClassVar[str] = ""
    empty_title: ClassVar[str] = "まだありません"
    empty_text: ClassVar[str] = ""
    empty_action: ClassVar[tuple[str, str] | None] = None
    total_label: ClassVar[str] = ""
    counted_up_to: ClassVar[int | None] = None
    bulk: Sequence[BulkAction] = ()

    def __init__(
        self,
        request: HttpRequest,
        rows: "QuerySet[Any] | Sequence[Row]",
        *,
        id: str = "rows",  # noqa: A002
    ) -> None:
        self.request, self.all_rows, self.id = request, rows, id

    # -- what the query asks ------------------------------------------------------------------

    @cached_property
    def query(self) -> QueryDict:
        """The query, without characters that no database takes."""
        clean = QueryDict(mutable=True)
        for key, values in self.request.GET.lists():
            clean.setlist(key, [value.replace("\0", "") for value in values])
        return clean

    @cached_property
    def words(self) -> str:
        """The text that is looked for, width folded."""
        return fold_width(self.query.get("q", "")).strip()[:200] if self.search else ""

    @cached_property
    def sort_column(self) -> tuple[Column | None, bool]:
        """The column of ``sort=`` and whether it goes down; an unknown one falls back to the default."""
        for text in (self.query.get("sort", ""), self.default_sort):
            name, down = text.lstrip("-"), text.startswith("-")
            for column in self.columns:
                if column.name == name and column.sort_names:
                    return column, down
        return None, False

    @cached_property
    def shown_columns(self) -> list[Column]:
        """The columns that were chosen, or the default ones; the heading column always stays."""
        asked = set(self.query.getlist("cols"))
        known = {column.name for column in self.columns}
        if not asked & known:
            return [column for column in self.columns if column.visible]
        return [column for column in self.columns if column.name in asked or column.heading]

    @property
    def columns_chosen(self) -> bool:
        """Whether the shown columns are not the default ones."""
        return self.shown_columns != [column for column in self.columns if column.visible]

    # -- rows ---------------------------------------------------------------------------------

    @cached_property
    def filterset(self) -> FilterSet | None:
        """The filters bound to the query."""
        if self.filterset_class is None:
            return None
        rows = self.all_rows if isinstance(self.all_rows, QuerySet) else None
        return self.filterset_class(self.query, queryset=rows, request=self.request)

    @cached_property
    def unread_filters(self) -> list[str]:
        """Labels of filters whose value could not be read; they are left out."""
        filterset = self.filterset
        if filterset is None or filterset.is_valid():
            return []
        return [
            str(filterset.form[name].label) for name in filterset.form.errors if name in filterset.form.fields
        ]

    @cached_property
    def rows(self) -> "QuerySet[Any] | list[Row]":
        """All rows that the filters and the text leave, sorted."""
        if isinstance(self.all_rows, QuerySet):
            return self._sorted_query(self._found_query(self._filtered_query(self.all_rows)))
        return self._sorted_list(self._found_list(self._filtered_list(list(self.all_rows))))

    def _filtered_query(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        filterset = self.filterset
        if filterset is None:
            return rows
        filterset.is_valid()
        for name, value in filterset.form.cleaned_data.items():
            if name in filterset.filters:
                rows = filterset.filters[name].filter(rows, value)
        return rows

    def _filtered_list(self, rows: list[Row]) -> list[Row]:
        """Plain rows have no FilterSet; a subclass may filter here by ``self.query``."""
        return rows

    def _found_query(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        for word in self.words.split():
            # Japanese has no upper case: PostgreSQL need not raise every cell for it.
            lookup = "contains" if word.upper() == word.lower() else "icontains"
            rows = rows.filter(
                functools.reduce(lambda a, b: a | b, (Q(**{f"{f}__{lookup}": word}) for f in self.search))
            )
        return rows

    def _found_list(self, rows: list[Row]) -> list[Row]:
        for word in self.words.casefold().split():
            rows = [row for row in rows if any(word in _folded(follow(row, name)) for name in self.search)]
        return rows

    def _sorted_query(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        column, down = self.sort_column
        if column is None:
            return rows if rows.ordered else rows.order_by("pk")
        orders = []
        for name in column.sort_names:
            falls = name.startswith("-") != down
            path = name.lstrip("-")
            # Only where there can be none: PostgreSQL uses no index for an order that says NULLS LAST.
            last = True if may_be_null(rows.model, path) else None
            orders.append(F(path).desc(nulls_last=last) if falls else F(path).asc(nulls_last=last))
        # The key makes the order total: without it, pages of equal values could overlap.
        return rows.order_by(*orders, "pk")

    def _sorted_list(self, rows: list[Row]) -> list[Row]:
        column, down = self.sort_column
        if column is None:
            return rows
        for name in reversed(column.sort_names):
            path, falls = name.lstrip("-"), name.startswith("-") != down
            filled = [row for row in rows if follow(row, path) is not None]
            rest = [row for row in rows if follow(row, path) is None]
            rows = sorted(filled, key=lambda row, path=path: follow(row, path), reverse=falls) + rest  # type: ignore[misc]
        return rows

    @cached_property
    def page(self) -> Page[Any]:
        """The page of ``page=``; anything else than a page of this list is the nearest one."""
        return self.paginator.get_page(self.query.get("page", "1"))

    @cached_property
    def paginator(self) -> LongPaginator:
        """The pages of the rows."""
        return LongPaginator(self.rows, self.page_size, limit=self.counted_up_to)

    @property
    def selection(self) -> Selection | None:
        """The bar below the rows, where something can be done to many of them."""
        return Selection(self) if self.bulk else None

    @cached_property
    def totals(self) -> dict[str, Any]:
        """Sums over all rows that are left (not of the page), by column name."""
        summed = [column for column in self.shown_columns if column.total is not None]
        if not summed:
            return {}
        if isinstance(self.rows, QuerySet):
            aggregates = {f"t_{c.name}": c.total for c in summed if isinstance(c.total, Aggregate)}
            found = self.rows.order_by().aggregate(**aggregates)
            return {c.name: found[f"t_{c.name}"] for c in summed if isinstance(c.total, Aggregate)}
        return {c.name: c.total(self.rows) for c in summed if callable(c.total)}

    # -- links --------------------------------------------------------------------------------

    def url(self, **changes: Any) -> str:
        """This list with other parameters; ``None`` takes one away. Page and file format never carry over."""
        query = self.query.copy()
        for key in ("page", "out", "nendo"):
            query.pop(key, None)
        for key, value in changes.items():
            query.pop(key, None)
            if value is not None:
                query.setlist(key, value if isinstance(value, list) else [str(value)])
        kept = [(key, value) for key, values in query.lists() for value in values if value != ""]
        return f"{self.request.path}?{urlencode(kept)}" if kept else self.request.path

    @cached_property
    def head(self) -> list[dict[str, Any]]:
        """The header cells: column, link to sort by it, and the state for ``aria-sort``."""
        current, down = self.sort_column
        cells = []
        for column in self.shown_columns:
            state = ("descending" if down else "ascending") if column is current else ""
            target = f"-{column.name}" if column is current and not down else column.name
            url = self.url(sort=target) if column.sort_names else ""
            cells.append({"column": column, "url": url, "state": state})
        return cells

    @property
    def body(self) -> Iterable[tuple[Any, list[tuple[Column, Any, Any]], str]]:
        """Rows of the page, each with its cells ``(column, HTML, second line)`` and, for its box, its key."""
        for row in self.page.object_list:
            cells = [(column, column.html(row), column.under_text(row)) for column in self.shown_columns]
            yield row, cells, key_of(row) if self.bulk else ""

    @property
    def foot(self) -> list[tuple[Column, Any]]:
        """The cells of the line of totals; the first column without a total carries the label."""
        return [
            (column, column.html_of(self.totals[column.name]) if column.name in self.totals else "")
            for column in self.shown_columns
        ]

    @property
    def foot_label(self) -> str:
        """「135システムの合計」."""
        return self.total_label or f"{self.page.paginator.count:,}{self.counter}の合計"

    @property
    def page_links(self) -> list[tuple[int | None, str]]:
        """Page numbers with their links, None for a gap."""
        numbers = self.page.paginator.get_elided_page_range(self.page.number, on_each_side=2, on_ends=1)
        return [(n, self.url(page=n)) if isinstance(n, int) else (None, "") for n in numbers]

    @property
    def previous_url(self) -> str:
        """The page before."""
        return self.url(page=self.page.previous_page_number())

    @property
    def next_url(self) -> str:
        """The page after."""
        return self.url(page=self.page.next_page_number())

    @property
    def plain_url(self) -> str:
        """This list without any filter or text."""
        return self.request.path

    @property
    def excel_url(self) -> str:
        """What is shown, all pages, as Excel."""
        return self.url(out="xlsx")

    @property
    def csv_url(self) -> str:
        """What is shown, all pages, as CSV."""
        return self.url(out="csv")

    @property
    def counts_sentence(self) -> str:
        """「135システム中 1～20。番号の順。金額は千円。」."""
        count = self.page.paginator.count
        found = f"{'はじめの' if self.is_cut else ''}{count:,}{self.counter}"
        parts = [
            f"{found}中 {self.page.start_index():,}～{self.page.end_index():,}"
            if count > len(self.page)
            else found
        ]
        column, down = self.sort_column
        if column is not None and count > 1:
            parts.append(f"{column.label}の{'逆順' if down else '順'}")
        parts += ["続きは、絞り込むと見られます"] if self.is_cut else []
        return "。".join([*parts, *([self.note] if self.note else [])]) + "。"

    @property
    def is_cut(self) -> bool:
        """Whether there are more rows than were counted."""
        pages = self.page.paginator
        return isinstance(pages, LongPaginator) and pages.is_cut

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter or a text is at work."""
        names = [*(self.filterset.form.fields if self.filterset else ())]
        return bool(self.words) or any(any(self.query.getlist(name)) for name in names)

    @property
    def filter_fields(self) -> list[tuple[BoundField, bool]]:
        """The filters, each with whether it is at work."""
        if self.filterset is None:
            return []
        return [(bound, any(self.query.getlist(bound.name))) for bound in self.filterset.form]

    @property
    def kept_parameters(self) -> list[tuple[str, str]]:
        """Parameters that the filter form has to carry along: sort order, chosen columns, foreign ones."""
        own = {"q", "page", "out", "nendo", *(self.filterset.form.fields if self.filterset else ())}
        return [(k, v) for k, values in self.query.lists() if k not in own for v in values if v]

    @property
    def parameters_beside_columns(self) -> list[tuple[str, str]]:
        """Parameters that the column panel has to carry along."""
        gone = {"cols", "page", "out", "nendo"}
        return [(k, v) for k, values in self.query.lists() if k not in gone for v in values if v]

    # -- answers ------------------------------------------------------------------------------

    @property
    def file_kind(self) -> FileKind | None:
        """The file that is asked for, or None for a page."""
        return file_kind_of(self.query.get("out"))

    def file_response(self, kind: FileKind) -> HttpResponse:
        """All rows that the filters leave, with the shown columns, as a file."""
        return file_of(self, kind)

    def respond(self, template: str, context: Mapping[str, Any] | None = None) -> HttpResponse:
        """The file, the swapped part, or the page ``template`` with ``table`` in its context."""
        if self.file_kind:
            return self.file_response(self.file_kind)
        whole = {**(context or {}), "table": self}
        if self.is_partial:
            template = "ui/table/results.html"
        response = render(self.request, template, whole)
        patch_vary_headers(response, ["HX-Request"])
        return response

    @property
    def is_partial(self) -> bool:
        """Whether htmx asks for this table's result only."""
        htmx = getattr(self.request, "htmx", None)
        if not htmx or htmx.history_restore_request:
            return False
        return (htmx.target or "").endswith(f"#{self.id}-results")


def _folded(value: Any) -> str:
    return fold_width(str(value if value is not None else "")).casefold()
