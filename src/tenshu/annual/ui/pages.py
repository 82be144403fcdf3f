"""The report as a page, as files, its gaps, and the comparison of years."""

from typing import Any
from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tenshu.annual.differences import stories
from tenshu.annual.files import CONTENT_TYPES, RENDERERS, file_name
from tenshu.annual.models import Edition
from tenshu.annual.queries import newest_edition, report_of
from tenshu.ground.access.gates import signed_in
from tenshu.ground.access.queries import holds_any
from tenshu.ground.access.roles import DIVISION, EDITORS, READERS
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.calendar.queries import is_closed
from tenshu.ground.calendar.requests import opened_years_of, year_of
from tenshu.ground.ui.amounts import qualified_text
from tenshu.ground.ui.parts import Step
from tenshu.ground.ui.tables import Column, Table
from tenshu.mechanisms.figures.queries import histories
from tenshu.mechanisms.figures.registry import Figure, all_figures
from tenshu.mechanisms.figures.values import FigureValue
from tenshu.mechanisms.reporting.content import ReportDocument, document_from_json


def report(request: HttpRequest) -> HttpResponse:
    """The report: every number a link to its rows, every section with what it lacks."""
    year = year_of(request)
    return render(request, "annual/report.html", report_context(request, year, report_of(year)))


def report_context(request: HttpRequest, year: FiscalYear, document: ReportDocument) -> dict[str, Any]:
    """What the report's page shows, for the newest state as for an older edition."""
    user = signed_in(request)
    closed = is_closed(year)
    found = stories(year) if closed and holds_any(user, READERS) else []
    return {
        "document": document,
        "year": year,
        "is_closed": closed,
        "edition": newest_edition(year),
        "complete": sum(not section.gaps for section in document.sections),
        "section_count": len(document.sections),
        "lacking": [section for section in document.sections if section.gaps],
        "stories": found,
        "changed_figures": {story.difference.figure.key for story in found},
        "may_edit": holds_any(user, EDITORS),
        "may_write": holds_any(user, EDITORS | DIVISION) and not closed,
        "may_open_figures": holds_any(user, READERS),
        "steps": _steps(document, closed),
    }


def _steps(document: ReportDocument, closed: bool) -> list[Step]:
    full = all(not section.gaps for section in document.sections)
    return [
        Step("記録を集める", "done" if full or closed else "now", "数値は記録から計算します"),
        Step("本文を補う", "done" if closed else "now" if full else ""),
        Step("数値を締める", "done" if closed else ""),
        Step("公開する", "now" if closed else ""),
    ]


def report_file(request: HttpRequest, form: str) -> HttpResponse:
    """The report as a file."""
    if form not in RENDERERS:
        raise Http404
    year = year_of(request)
    return as_download(report_of(year), year, form)


def as_download(document: ReportDocument, year: FiscalYear, form: str) -> HttpResponse:
    """A download of ``document`` with its Japanese name; never shown in the browser."""
    response = HttpResponse(RENDERERS[form](document), content_type=CONTENT_TYPES[form])
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file_name(year, form))}"
    return response


def gap_list(request: HttpRequest) -> HttpResponse:
    """What every section still lacks."""
    year = year_of(request)
    document = report_of(year)
    rows = [
        {"number": section.number, "title": section.title, "gap": gap, "anchor": section.anchor}
        for section in document.sections
        for gap in section.gaps
    ]
    return GapTable(request, rows).respond("annual/gap_list.html", {"year": year, "count": len(rows)})


class GapTable(Table[dict[str, str]]):
    """Gaps by section."""

    caption = "足りないもの"
    counter = "か所"
    page_size = 100
    search = ("title", "gap")
    search_label = "節・内容で絞る"
    columns = (
        Column(name="number", label="節", sort=True, wrap=False),
        Column(
            name="gap",
            label="足りないもの",
            heading=True,
            link=lambda row: f"{reverse('annual:report')}#{row['anchor']}",
        ),
        Column(name="title", label="節の題", sort=True),
    )
    empty_title = "足りないものはありません"
    empty_text = "すべての節に記録があります。数値を締められます。"


def year_compare(request: HttpRequest) -> HttpResponse:
    """All figures, the opened years side by side."""
    years = opened_years_of(request)
    figures = all_figures()
    past = histories(figures, years)
    rows = [_compared(figure, past[key]) for key, figure in figures.items()]
    return _compare_table(years)(request, rows).respond("annual/year_compare.html", {"years": years})


def _compared(figure: Figure, past: list[tuple[FiscalYear, FigureValue]]) -> dict[str, Any]:
    values = {year.short: value for year, value in past}
    return {"key": figure.key, "label": figure.label, "unit": figure.unit, "values": values}


def _compared_html(value: FigureValue) -> SafeString:
    """The value without its unit, which has a column of its own."""
    tone = "none" if value.missing else "nowrap"
    text = value.text if value.missing else qualified_text(value.number, value.qualifier)
    return format_html('<span class="{}">{}</span>', tone, text)


def _year_column(short: str) -> Column:
    """The figures of one year."""
    return Column(
        name=short,
        label=short,
        numeric=True,
        value=lambda row: row["values"][short],
        show=_compared_html,
        export=lambda row: row["values"][short].value,
    )


def _compare_table(years: list[FiscalYear]) -> type[Table[Any]]:
    columns = (
        Column(
            name="label",
            label="数値",
            heading=True,
            link=lambda row: reverse("figures:figure-detail", args=[row["key"]]),
        ),
        *(_year_column(year.short) for year in years),
        Column(name="unit", label="単位"),
    )
    return type(
        "CompareTable",
        (Table,),
        {
            "caption": "年度の比較",
            "counter": "の数値",
            "columns": columns,
            "page_size": 100,
            "search": ("label",),
            "search_label": "数値の名称で絞る",
        },
    )


class EditionTable(Table[Edition]):
    """Issued editions."""

    caption = "発行した版"
    counter = "版"
    default_sort = "-number"
    columns = (
        Column(
            name="number",
            label="版",
            heading=True,
            sort=("year", "number"),
            value=lambda edition: f"{FiscalYear(edition.year).label} 第{edition.number}版",
            link=lambda edition: reverse("annual:edition-detail", args=[edition.pk]),
        ),
        Column(name="issued_at", label="発行した日時", sort=True),
        Column(name="issued_by", label="発行した人", value=lambda edition: edition.issued_by.display_name),
        Column(name="reason", label="訂正の理由"),
        Column(name="document_hash", label="内容のハッシュ", visible=False),
    )
    empty_title = "まだ発行した版はありません"
    empty_text = "年度を締めると、第1版がここに並びます。"


def edition_list(request: HttpRequest) -> HttpResponse:
    """The editions of the year."""
    year = year_of(request)
    editions = Edition.objects.filter(year=year.year).select_related("issued_by")
    return EditionTable(request, editions).respond("annual/edition_list.html", {"year": year})


def edition_detail(request: HttpRequest, edition_id: int) -> HttpResponse:
    """An edition as it was issued."""
    edition = Edition.objects.select_related("issued_by").filter(pk=edition_id).first()
    if edition is None:
        raise Http404
    year = FiscalYear(edition.year)
    form = request.GET.get("form", "")
    document = document_from_json(edition.document)
    if form in RENDERERS:
        return as_download(document, year, form)
    context = report_context(request, year, document) | {"shown_edition": edition, "may_write": False}
    return render(request, "annual/report.html", context)
