"""Ticking rows of a table, and doing one thing to all of them.

A table with ``bulk`` shows a box beside every row and a bar below: which rows (the ticked ones, all on the page, all
that match), and a button an action. The bar is a GET form: the page of the action finds the same rows again by
``selected(table)``, says what will happen, and asks. It all works without any script.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

if TYPE_CHECKING:
    from tenshu.ground.ui.tables import Table

ROW, WHICH, AT = "row", "which", "at"
TICKED, PAGE, ALL = "ticked", "page", "all"


@dataclass(frozen=True, slots=True)
class BulkAction:
    """Something that can be done to many rows at once: the button's label, and the page that asks first."""

    label: str
    url: str


def key_of(row: Any) -> str:
    """What stands in the box of a row: its key."""
    return str(row.pk)


def selected(table: "Table[Any]") -> list[Any]:
    """The rows that the query of the bar means, in the table's order; only rows that the table has itself."""
    match table.query.get(WHICH, TICKED):
        case "all":
            return list(table.rows)
        case "page":
            at = table.query.get(AT, "1")
            return list(table.paginator.get_page(at).object_list)
    ticked = set(table.query.getlist(ROW))
    if isinstance(table.all_rows, QuerySet):
        keys = [int(key) for key in ticked if key.isdecimal() and len(key) < 19]
        return list(table.rows.filter(pk__in=keys)) if keys else []  # type: ignore[union-attr]
    return [row for row in table.rows if key_of(row) in ticked]


@dataclass(frozen=True, slots=True)
class Selection:
    """The bar below a table: what can be chosen, and what is carried along so that the rows are found again."""

    table: "Table[Any]"

    @property
    def form(self) -> str:
        """The id of the bar's form, to which the boxes belong wherever they stand."""
        return f"{self.table.id}-bulk"

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Which rows: value and words."""
        page, unit = self.table.page, self.table.counter
        found = [(TICKED, "印を付けた行"), (PAGE, f"この画面の{len(page):,}{unit}すべて")]
        if page.has_other_pages():
            found.append((ALL, f"条件に合う{page.paginator.count:,}{unit}すべて"))
        return found

    @property
    def kept(self) -> list[tuple[str, str]]:
        """The filters, the text and the order of the list, and the number of the page."""
        gone = {"page", "out", "nendo", "cols", ROW, WHICH, AT}
        query = self.table.query
        found = [(k, v) for k, values in query.lists() if k not in gone for v in values if v]
        return [*found, (AT, str(self.table.page.number))]
