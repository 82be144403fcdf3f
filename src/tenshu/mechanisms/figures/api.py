"""The figures over the API: each with its value, how sure it is, and the rows that it counts."""

from typing import Annotated, Literal

from django.http import Http404
from pydantic import Field

from tenshu.ground.api.paging import Page, Paging, page_of
from tenshu.ground.api.routes import ApiRequest, Query, Routes
from tenshu.ground.api.values import PLAIN, Out, QualityWord, Year, fiscal_year
from tenshu.ground.calendar.queries import opened_years
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

ROUTES = Routes("figures", "数値")
ONE = "/figures/{figure_key}"
Key = Annotated[str, Field(max_length=80), PLAIN]


class FigureOut(Out):
    """A figure of a year. ``value`` is null where nothing was recorded; ``frozen``: as the year was closed."""

    key: str
    label: str
    fiscal_year: str
    year: int
    value: float | int | None
    quality: QualityWord
    unit: str
    text: str
    rows: int
    frozen: bool
    rows_url: str


class FigureDefinition(FigureOut):
    """A figure with what it counts."""

    definition: str
    row: str


class FigureRow(Out):
    """One row that a figure counts: its stable key and the columns that the page shows."""

    key: str
    label: str
    values: dict[str, str]


class YearQuery(Paging):
    """Of which year."""

    year: Year | Literal[""] = ""


def _out(value: FigureValue, year: str, start: int, *, frozen: bool) -> FigureOut:
    number = value.value
    return FigureOut(
        key=value.key,
        label=value.label,
        fiscal_year=year,
        year=start,
        value=None if number is None else (int(number) if number % 1 == 0 else float(number)),
        quality=value.qualifier,
        unit=value.unit,
        text=value.text,
        rows=value.rows,
        frozen=frozen,
        rows_url=f"/api/v1/figures/{value.key}/rows?year={year}",
    )


def _figure(key: str) -> Figure:
    figure = all_figures().get(key)
    if figure is None:
        raise Http404
    return figure


@ROUTES.get("/figures", page="figures:figure-list", gives=Page[FigureOut], summary="数値の一覧（年度）")
def figure_list(request: ApiRequest, query: Query[YearQuery]) -> Page[FigureOut]:
    """All figures of a year; of a closed year as they were closed."""
    year = fiscal_year(query.year)
    frozen = [frozen_value(item) for item in newest_editions().filter(year=year.year)]
    order = {key: index for index, key in enumerate(all_figures())}
    values = sorted(frozen or compute_all(year), key=lambda value: order.get(value.key, len(order)))
    return page_of(
        request, values, query, lambda value: _out(value, year.short, year.year, frozen=bool(frozen))
    )


@ROUTES.get(ONE, page="figures:figure-detail", gives=FigureDefinition, summary="数値（年度）")
def figure_detail(request: ApiRequest, figure_key: Key, query: Query[YearQuery]) -> FigureDefinition:
    """One figure of a year, counted now, with its definition."""
    figure, year = _figure(figure_key), fiscal_year(query.year)
    plain = _out(compute(figure, year), year.short, year.year, frozen=False)
    return FigureDefinition(**plain.model_dump(), definition=figure.definition, row=figure.row)


@ROUTES.get(f"{ONE}/history", page="figures:figure-detail", gives=Page[FigureOut], summary="数値の推移")
def figure_history(request: ApiRequest, figure_key: Key, query: Query[Paging]) -> Page[FigureOut]:
    """The figure over the opened years: the closed value where a year is closed."""
    figure = _figure(figure_key)
    rows = sorted(opened_years(), key=lambda row: row.year)
    found = history(figure, [row.fiscal_year for row in rows])
    closed = {row.year for row in rows if row.is_closed}
    return page_of(
        request,
        found,
        query,
        lambda pair: _out(pair[1], pair[0].short, pair[0].year, frozen=pair[0].year in closed),
    )


@ROUTES.get(f"{ONE}/rows", page="figures:figure-detail", gives=Page[FigureRow], summary="数値が数えた行")
def figure_rows(request: ApiRequest, figure_key: Key, query: Query[YearQuery]) -> Page[FigureRow]:
    """The rows that the figure counts in a year, with the columns of its page."""
    figure = _figure(figure_key)
    return page_of(
        request,
        counted_rows(figure, fiscal_year(query.year)),
        query,
        lambda row: FigureRow(
            key=figure.row_key(row),
            label=str(row),
            values={
                column.label: "" if (value := column.value(row)) is None else str(value)
                for column in figure.columns
            },
        ),
    )
