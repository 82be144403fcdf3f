"""The pages of figures: all of a year, and one with its definition, rows, history and state."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.calendar.requests import opened_years_of, year_of
from tenshu.ground.ui.columns import Column
from tenshu.ground.ui.tables import Table
from tenshu.mechanisms.figures.models import FrozenFigure
from tenshu.mechanisms.figures.queries import (
    compute,
    compute_all,
    counted_rows,
    frozen_value,
    history,
    newest_editions,
)
from tenshu.mechanisms.figures.registry import Figure, all_figures
from tenshu.mechanisms.figures.values import FigureValue


class FigureTable(Table[FigureValue]):
    """All figures of the year."""

    caption = "数値"
    counter = "の数値"
    search = ("label", "key")
    search_label = "名称で絞る"
    page_size = 50
    columns = (
        Column(
            name="label",
            label="数値",
            heading=True,
            sort=True,
            link=lambda value: reverse("figures:figure-detail", args=[value.key]),
        ),
        Column(name="value", label="値", value=lambda v: v.text, sort="value", numeric=True, export=lambda v: v.value),
        Column(name="qualifier", label="確からしさ", value=lambda v: "なし" if v.missing else v.qualifier.label),
        Column(name="rows", label="数えた行", unit="行", numeric=True, sort=True),
        Column(name="unit", label="単位", visible=False),
        Column(name="key", label="キー", visible=False, sort=True),
    )


def figure_list(request: HttpRequest) -> HttpResponse:
    """All figures of the chosen year; of a closed year as they were closed."""
    year = year_of(request)
    frozen = [frozen_value(item) for item in newest_editions().filter(year=year.year)]
    values = frozen or compute_all(year)
    recorded = sum(not value.missing for value in values)
    context = {"year": year, "recorded": recorded, "missing": len(values) - recorded, "is_frozen": bool(frozen)}
    return FigureTable(request, _in_order(values)).respond("figures/figure_list.html", context)


def _in_order(values: Sequence[FigureValue]) -> list[FigureValue]:
    order = {key: index for index, key in enumerate(all_figures())}
    return sorted(values, key=lambda value: order.get(value.key, len(order)))


def figure_detail(request: HttpRequest, figure_key: str) -> HttpResponse:
    """One figure: what it counts, its rows (also as Excel), its history and whether it is closed."""
    figure = all_figures().get(figure_key)
    if figure is None:
        raise Http404
    year = year_of(request)
    past = history(figure, opened_years_of(request))
    context = {
        "figure": figure,
        "year": year,
        "value": compute(figure, year),
        "history": [(item, value) for item, value in past],
        "spark": [float(value.value) for _, value in past if value.value is not None],
        "frozen": _frozen(figure, year),
    }
    return _row_table(figure)(request, counted_rows(figure, year)).respond("figures/figure_detail.html", context)


def _frozen(figure: Figure, year: FiscalYear) -> tuple[FrozenFigure, FigureValue] | None:
    found = newest_editions().filter(year=year.year, key=figure.key).first()
    return (found, frozen_value(found)) if found else None


def _row_table(figure: Figure) -> type[Table[Any]]:
    """A table of the figure's own columns."""
    columns = tuple(
        Column(
            name=f"c{index}",
            label=column.label,
            value=column.value,
            heading=index == min(1, len(figure.columns) - 1),
            link=figure.link if index == min(1, len(figure.columns) - 1) else None,
        )
        for index, column in enumerate(figure.columns)
    )
    attributes = {
        "caption": figure.label,
        "counter": "行",
        "columns": columns,
        "page_size": 50,
        "empty_title": "数えた行はありません",
        "empty_text": f"1行は「{figure.row}」です。記録が入ると、ここに並びます。",
    }
    return type("RowTable", (Table,), attributes)
