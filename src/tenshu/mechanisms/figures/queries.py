"""Figures of a year: computed, frozen, and the difference between the two."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.quantities import Quality
from tenshu.mechanisms.figures.models import FrozenFigure
from tenshu.mechanisms.figures.registry import Figure, all_figures
from tenshu.mechanisms.figures.values import FigureValue


def compute(figure: Figure, year: FiscalYear) -> FigureValue:
    """Count the figure's rows of ``year`` now."""
    if figure.rows is None:
        return FigureValue(figure.key, figure.label, figure.unit, None, Quality.EXACT, 0)
    outcome = figure.measure(figure.rows(year))
    return FigureValue(figure.key, figure.label, figure.unit, outcome.value, outcome.quality, outcome.rows)


def compute_all(year: FiscalYear) -> list[FigureValue]:
    """Every figure of ``year``, in the report's order."""
    return [compute(figure, year) for figure in all_figures().values()]


def counted_rows(figure: Figure, year: FiscalYear) -> "QuerySet[Any]":
    """The rows that the figure counts in ``year``, with the relations that its columns read."""
    if figure.rows is None:
        return FrozenFigure.objects.none()
    rows = figure.rows(year)
    return rows.select_related(*figure.select) if figure.select else rows


def row_snapshot(figure: Figure, year: FiscalYear) -> list[list[Any]]:
    """The counted rows as ``[row key, label, [shown values]]``, as they are kept when the year is closed."""
    return [
        [figure.row_key(row), str(row), [_text(column.value(row)) for column in figure.columns]]
        for row in counted_rows(figure, year)
    ]


def _text(value: object) -> str:
    return "" if value is None else str(value)


def history(figure: Figure, years: Iterable[FiscalYear]) -> list[tuple[FiscalYear, FigureValue]]:
    """The figure over the years: the closed value where a year is closed, else the computed one."""
    frozen = {item.year: item for item in newest_editions().filter(key=figure.key)}
    return [
        (year, frozen_value(frozen[year.year]) if year.year in frozen else compute(figure, year))
        for year in years
    ]


def histories(
    keys: Iterable[str], years: Iterable[FiscalYear]
) -> dict[str, list[tuple[FiscalYear, FigureValue]]]:
    """Several figures over the years; the closed values of all of them in one query."""
    wanted, years = list(keys), list(years)
    frozen = (
        {(item.key, item.year): item for item in newest_editions().filter(key__in=wanted)} if years else {}
    )
    found: dict[str, list[tuple[FiscalYear, FigureValue]]] = {key: [] for key in wanted}
    for key in wanted:
        for year in years:
            kept = frozen.get((key, year.year))
            found[key].append((year, frozen_value(kept) if kept else compute(all_figures()[key], year)))
    return found


def newest_editions() -> "QuerySet[FrozenFigure]":
    """The frozen figures of the newest edition of each year; their rows, which may be many, are read when asked for."""
    later = FrozenFigure.objects.filter(year=OuterRef("year"), edition__gt=OuterRef("edition"))
    return FrozenFigure.objects.filter(~Exists(later)).defer("rows")


def frozen_value(frozen: FrozenFigure) -> FigureValue:
    """The value that was frozen."""
    value = None if frozen.value is None else Decimal(frozen.value).normalize()
    return FigureValue(
        frozen.key, frozen.label, frozen.unit, value, Quality(frozen.qualifier), frozen.row_count
    )


@dataclass(frozen=True, slots=True)
class RowDifference:
    """One row that was added, removed or changed since the year was closed."""

    kind: str
    row_key: str
    label: str
    before: list[str]
    after: list[str]


@dataclass(frozen=True, slots=True)
class FigureDifference:
    """A figure that no longer counts what it counted when the year was closed."""

    figure: Figure
    frozen: FrozenFigure
    then: FigureValue
    now: FigureValue
    rows: list[RowDifference]

    @property
    def value_changed(self) -> bool:
        """Whether the number itself moved, not only the rows behind it."""
        return (self.then.value, self.then.qualifier) != (self.now.value, self.now.qualifier)


def differences(year: FiscalYear) -> Iterator[FigureDifference]:
    """Every figure of a closed year whose value or rows differ from the newest frozen edition."""
    figures = all_figures()
    for frozen in newest_editions().defer(None).filter(year=year.year):
        figure = figures.get(frozen.key)
        if figure is None:
            continue
        then, now = frozen_value(frozen), compute(figure, year)
        rows = list(_row_differences(frozen.rows, row_snapshot(figure, year)))
        if rows or (then.value, then.qualifier) != (now.value, now.qualifier):
            yield FigureDifference(figure, frozen, then, now, rows)


def _row_differences(then: list[list[Any]], now: list[list[Any]]) -> Iterator[RowDifference]:
    before = {key: (label, values) for key, label, values in then}
    after = {key: (label, values) for key, label, values in now}
    for key, (label, values) in before.items():
        if key not in after:
            yield RowDifference("removed", key, label, values, [])
        elif after[key] != (label, values):
            yield RowDifference("changed", key, after[key][0], values, after[key][1])
    for key, (label, values) in after.items():
        if key not in before:
            yield RowDifference("added", key, label, [], values)
