"""The registry of figures: every number of the yearly report is a named query over records.

A room lists its figures in ``figures.FIGURES``. Figures of rooms that are still to come are declared
without rows; they are 記録なし until the room gives them.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet

from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.rooms import offered
from tenshu.mechanisms.figures.measures import Measure, count


@dataclass(frozen=True, slots=True)
class RowColumn:
    """One column in which a figure's rows are shown and exported.

    ``sort`` names the queryset fields to order by, ``search`` the field that the text box looks into;
    a column without them is only shown.
    """

    label: str
    value: Callable[[Any], object]
    sort: str | tuple[str, ...] = ""
    search: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure (数値): key, Japanese label, unit, what is counted, and the query that counts it.

    ``rows`` gives the queryset of counted rows of a fiscal year, ``row`` says in Japanese what one row is,
    ``link`` the address of a row's page. ``select`` names relations that the columns read.
    """

    key: str
    label: str
    unit: str
    row: str
    definition: str
    rows: Callable[[FiscalYear], "QuerySet[Any]"] | None = None
    measure: Measure = field(default_factory=count)
    columns: tuple[RowColumn, ...] = ()
    select: tuple[str, ...] = ()
    link: Callable[[Any], str] | None = None

    @property
    def slug(self) -> str:
        """The key as it stands in addresses."""
        return self.key

    def row_key(self, row: Model) -> str:
        """The stable key of a counted row, kept when the year is closed."""
        return f"{row._meta.label_lower}:{row.pk}"


@functools.cache
def all_figures() -> dict[str, Figure]:
    """Every figure by key, in the report's order. A room's figure takes the place of its declaration."""
    figures: dict[str, Figure] = {}
    for declared in offered("declared_figures", "FIGURES"):
        figures.update({figure.key: figure for figure in declared})
    for given in offered("figures", "FIGURES"):
        for figure in given:
            if figures.get(figure.key) is not None and figures[figure.key].rows is not None:
                raise ValueError(f"The figure {figure.key} is given twice.")
            figures[figure.key] = figure
    return figures


def figure(key: str) -> Figure:
    """The figure of that key; raises ``KeyError`` with the key when there is none."""
    return all_figures()[key]
