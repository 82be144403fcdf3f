"""The pages of figures: all of a year, and one with its definition, rows, history and state."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.calendar.requests import opened_years_of, year_of
from tenshu.ground.ui.amounts import number_text
from tenshu.ground.ui.charts import Chart, columns_over_years
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

CHART_YEARS = 5

type History = Sequence[tuple[FiscalYear, FigureValue]]


def _value_html(value: FigureValue) -> SafeString:
    tone = "none" if value.missing else "nowrap"
    return format_html('<span class="{}">{}</span>', tone, value.text)


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
        Column(
            name="value",
            label="値",
            value=lambda v: v,
            show=_value_html,
            sort="value",
            numeric=True,
            export=lambda v: v.value,
        ),
        Column(
            name="qualifier", label="確からしさ", value=lambda v: "なし" if v.missing else v.qualifier.label
        ),
        Column(name="rows", label="数えた行", numeric=True, sort=True),
        Column(name="unit", label="単位", visible=False),
        Column(name="key", label="キー", visible=False, sort=True),
    )


def figure_list(request: HttpRequest) -> HttpResponse:
    """All figures of the chosen year; of a closed year as they were closed."""
    year = year_of(request)
    frozen = [frozen_value(item) for item in newest_editions().filter(year=year.year)]
    values = frozen or compute_all(year)
    recorded = sum(not value.missing for value in values)
    context = {
        "year": year,
        "recorded": recorded,
        "missing": len(values) - recorded,
        "is_frozen": bool(frozen),
    }
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
    value = compute(figure, year)
    context = {
        "figure": figure,
        "year": year,
        "value": value,
        "history": past,
        "before": next((found for item, found in past if item == year.previous and not found.missing), None),
        "more": _difference(value, past, year),
        "chart": _chart(figure, past, year),
        "frozen": _frozen(figure, year),
    }
    return _row_table(figure)(request, counted_rows(figure, year)).respond(
        "figures/figure_detail.html", context
    )


def _difference(value: FigureValue, past: History, year: FiscalYear) -> str:
    """前年度より 3件多い; empty when one of the two has no record."""
    before = next((found.value for item, found in past if item == year.previous), None)
    if before is None or value.value is None:
        return ""
    change = value.value - before
    if not change:
        return "前年度と同じ"
    return f"前年度より {number_text(float(abs(change)))}{value.unit}{'多い' if change > 0 else '少ない'}"


def _chart(figure: Figure, past: History, year: FiscalYear) -> Chart | None:
    """Columns over the years up to the chosen one, where two or more of them have a record."""
    shown = [(item, value) for item, value in past if item <= year][-CHART_YEARS:]
    if sum(not value.missing for _, value in shown) < 2:
        return None
    values = [(item.short, None if value.value is None else float(value.value)) for item, value in shown]
    return columns_over_years(f"{figure.label}の推移", values, unit=figure.unit)


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
            sort=column.sort or False,
            heading=index == min(1, len(figure.columns) - 1),
            link=figure.link if index == min(1, len(figure.columns) - 1) else None,
        )
        for index, column in enumerate(figure.columns)
    )
    attributes = {
        "caption": figure.label,
        "counter": "行",
        "columns": columns,
        "search": tuple(column.search for column in figure.columns if column.search),
        "search_label": f"{'・'.join(column.label for column in figure.columns if column.search)}で絞る",
        "page_size": 20,
        "empty_title": "数えた行はありません",
        "empty_text": f"1行は「{figure.row}」です。記録が入ると、ここに並びます。",
    }
    return type("RowTable", (Table,), attributes)
