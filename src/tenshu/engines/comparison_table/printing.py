"""What every printed form of the table shares: its columns and the provisions as groups of entries."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from .table import ComparisonTable, Entry


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the paper. Remarks stand in the first extra column."""

    side: Literal["new", "old", "extra"]
    title: str
    first_extra: bool = False


def columns_of(table: ComparisonTable) -> list[Column]:
    """Columns from left to right in the house style."""
    new = Column("new", table.style.titles[0])
    old = Column("old", table.style.titles[1])
    extra = [Column("extra", title, at == 0) for at, title in enumerate(table.style.extra_columns)]
    return [new, old, *extra] if table.style.new_on_left else [old, new, *extra]


def groups_of(table: ComparisonTable) -> list[list[Entry]]:
    """Printed entries by provision; a border goes between groups."""
    return [list(found) for _, found in groupby(table.printed(), key=lambda e: e.group)]


def row_count(entries: Sequence[Entry], at: int) -> int:
    """How many entries from ``at`` on form one printed row.

    Consecutive table rows go into one inner table.
    """
    if entries[at].kind != "row":
        return 1
    count = 1
    while at + count < len(entries) and entries[at + count].kind == "row":
        count += 1
    return count
