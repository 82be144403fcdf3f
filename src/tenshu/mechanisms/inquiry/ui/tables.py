"""The tables of inquiries: campaigns, the sheets of one campaign, and the board above them."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.office.models import Unit
from tenshu.ground.ui.columns import NONE
from tenshu.ground.ui.dates import day_html, moment_html
from tenshu.ground.ui.marks import bar_svg
from tenshu.ground.ui.tables import Column, Table, chip_column, date_column, number_column
from tenshu.ground.ui.tags.words import chip_html
from tenshu.mechanisms.inquiry.board import (
    Tally,
    department_of,
    holder_text,
    is_late,
    reminders_of,
    sheet_word,
)
from tenshu.mechanisms.inquiry.contents import SheetContent
from tenshu.mechanisms.inquiry.models import Campaign, CampaignState, Sheet, SheetState

ALL = 1_000
"""Rows of a table inside a page: all of them."""


def years(request: HttpRequest | None) -> list[tuple[int, str]]:
    """The years in which something was asked."""
    found = Campaign.objects.order_by("-fiscal_year").values_list("fiscal_year", flat=True).distinct()
    return [(year, FiscalYear(year).label) for year in found]


class CampaignFilter(django_filters.FilterSet):
    """Year and state."""

    year = django_filters.ChoiceFilter(
        label="年度", field_name="fiscal_year", choices=lambda: years(None), empty_label="すべて"
    )
    state = django_filters.ChoiceFilter(label="状態", choices=CampaignState.choices, empty_label="すべて")

    class Meta:
        model = Campaign
        fields: list[str] = []


class CampaignTable(Table[Campaign]):
    """The campaigns that a person may see; counts are of the sheets that the person may see."""

    caption, counter = "照会の一覧", "照会"
    search, search_label = ("title", "host__name", "letter"), "照会名・とりまとめ所属で絞る"
    filterset_class = CampaignFilter
    default_sort = "-due_on"
    empty_title = "まだ照会はありません"
    empty_text = "所属に照会が届くと、ここに並びます。"
    columns = (
        Column(
            name="title",
            label="照会",
            heading=True,
            sort=True,
            link=lambda row: reverse("inquiry:campaign-detail", args=[row.pk]),
            under=lambda row: row.host.name,
            under_label="とりまとめ",
        ),
        Column(
            name="fiscal_year",
            label="年度",
            value=lambda row: FiscalYear(row.fiscal_year).label,
            sort=True,
            wrap=False,
        ),
        chip_column("state", "状態", value=lambda row: row.get_state_display(), sort="state"),
        date_column("due_on", "回答期限"),
        number_column("asked", "照会票"),
        number_column("handed_in", "提出", export_label="提出済と受理済"),
        number_column("accepted", "受理"),
    )


def departments(request: HttpRequest | None) -> QuerySet[Unit]:
    """The departments of the campaign that the page is about."""
    match = request.resolver_match if request is not None else None
    key = match.kwargs.get("campaign_id") if match else None
    units = Unit.objects.filter(sheets__campaign=key).select_related("parent__parent__parent").distinct()
    tops = {department_of(unit).pk for unit in units}
    return Unit.objects.filter(pk__in=tops).order_by("sort_order", "code")


class SheetFilter(django_filters.FilterSet):
    """Department, state, and what is late."""

    department = django_filters.ModelChoiceFilter(
        label="部局", queryset=departments, method="of_department", empty_label="すべて"
    )
    state = django_filters.ChoiceFilter(label="状態", choices=SheetState.choices, empty_label="すべて")
    late = django_filters.ChoiceFilter(
        label="期限", choices=[("1", "期限超過")], method="only_late", empty_label="すべて"
    )

    class Meta:
        model = Sheet
        fields: list[str] = []

    def of_department(self, rows: QuerySet[Sheet], name: str, value: Unit) -> QuerySet[Sheet]:
        """Those whose respondent stands in the department."""
        paths = ("", "__parent", "__parent__parent", "__parent__parent__parent")
        wanted = Q()
        for path in paths:
            wanted |= Q(**{f"respondent{path}": value})
        return rows.filter(wanted)

    def only_late(self, rows: QuerySet[Sheet], name: str, value: str) -> QuerySet[Sheet]:
        """Those that the respondent has not handed in although the due date is over."""
        return rows.filter(
            state__in=[SheetState.ANSWERING, SheetState.CHECKING], due_on__lt=timezone.localdate()
        )


class SheetTable(Table[Sheet]):
    """The sheets of one campaign."""

    caption, counter = "照会票", "件"
    search = ("subject_name", "subject_number", "respondent__name", "holder__name", "holder_unit__name")
    search_label = "対象・所属・担当で絞る"
    filterset_class = SheetFilter
    default_sort = "number"
    empty_title = "照会票はありません"
    empty_text = "開始すると、対象ごとの照会票が並びます。"


class Beside:
    """What the list tells beside each sheet, asked for only of the sheets that are shown, or of all for a file."""

    def __init__(self, table: SheetTable, content: SheetContent | None) -> None:
        self.table, self.content = table, content

    @cached_property
    def shown(self) -> list[Sheet]:
        """The sheets in question."""
        return list(self.table.rows if self.table.file_kind else self.table.page.object_list)

    @cached_property
    def progress(self) -> dict[int, tuple[int, int]]:
        """How far each answer is."""
        return self.content.progress(self.shown) if self.content else {}

    @cached_property
    def reminded(self) -> Mapping[int, int]:
        """How often it was reminded of."""
        return reminders_of(self.shown)


def sheet_table(request: HttpRequest, rows: QuerySet[Sheet], content: SheetContent | None) -> SheetTable:
    """The sheets with how far each answer is, and how often it was reminded of."""
    table = SheetTable(request, rows)
    beside = Beside(table, content)

    def answered(sheet: Sheet) -> Any:
        done, asked = beside.progress.get(sheet.pk, (0, 0))
        return f"{done:,} / {asked:,}"

    def due(sheet: Sheet) -> Any:
        if is_late(sheet):
            return chip_html("期限超過", text=day_html(sheet.due_on, "short"))
        return day_html(sheet.due_on, "plain")

    table.columns = (  # type: ignore[misc]
        Column(
            name="name",
            label="対象",
            heading=True,
            value=lambda sheet: sheet.subject_name,
            sort="subject_name",
            link=lambda sheet: reverse("inquiry:sheet-detail", args=[sheet.pk]),
            under=lambda sheet: sheet.respondent.full_name,
            under_label="回答所属",
        ),
        Column(
            name="number",
            label="番号",
            value=lambda sheet: sheet.subject_number,
            sort=("subject_number",),
            wrap=False,
        ),
        chip_column("state", "状態", value=sheet_word, sort="state"),
        Column(name="holder", label="いまの担当", value=lambda sheet: holder_text(sheet) or None),
        Column(
            name="due_on",
            label="回答期限",
            value=lambda sheet: sheet,
            show=due,
            export=lambda sheet: sheet.due_on,
            sort="due_on",
            wrap=False,
        ),
        Column(name="answered", label="回答", value=answered, wrap=False, numeric=True),
        number_column(
            "reminded", "催促", unit="回", value=lambda sheet: beside.reminded.get(sheet.pk, 0), sort=False
        ),
        Column(
            name="moved_at",
            label="最後の動き",
            show=lambda at: moment_html(at, "short"),
            sort=True,
            wrap=False,
            visible=False,
        ),
    )
    return table


class BoardTable(Table[Tally]):
    """Counts by department, with the divisions of the one that is opened."""

    caption, counter = "部局ごとの進み", "部局"
    page_size = ALL


def board_table(request: HttpRequest, rows: list[Tally]) -> BoardTable:
    """The board: a bar and the counts by word."""
    table = BoardTable(request, rows, id="board")
    path = request.path

    def name(row: Tally) -> Any:
        unit = row.unit
        return format_html("　{}", unit.name) if row.level and unit else (unit.name if unit else "")

    def counted(word: str) -> Any:
        return number_column(word, SHORT[word], value=lambda row: row.counts[word], sort=False)

    table.columns = (  # type: ignore[misc]
        Column(
            name="unit",
            label="部局・所属",
            heading=True,
            value=name,
            link=lambda row: None if row.level or row.unit is None else f"{path}?department={row.unit.pk}",
        ),
        Column(
            name="bar",
            label="進み",
            value=lambda row: row,
            show=lambda row: bar_svg(row.segments, row.total, large=False),
            export=lambda row: "",
            narrow=False,
        ),
        Column(
            name="handed_in",
            label="提出",
            value=lambda row: f"{row.handed_in:,} / {row.total:,}",
            numeric=True,
            wrap=False,
        ),
        *(counted(word) for word in SHORT),
        number_column("late", "超過", sort=False),
        Column(
            name="moved_at",
            label="最後の動き",
            show=lambda at: day_html(timezone.localdate(at), "short") if at else NONE,
            wrap=False,
            narrow=False,
        ),
    )
    return table


SHORT = {
    "受理済": "受理",
    "提出済": "提出済",
    "所属長確認中": "課長",
    "入力中": "入力",
    "差戻し": "差戻",
    "未着手": "未着",
}
