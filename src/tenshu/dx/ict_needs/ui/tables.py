"""The list of ICT needs."""

from typing import Any

import django_filters
from django.urls import reverse

from tenshu.dx.ict_needs.models import Need, NeedState, SupportKind, ToolClass
from tenshu.dx.ict_needs.triage import Assessment, assessment_of
from tenshu.ground.ui.tables import Column, Table, chip_column, number_column

BARRED_TOLD = "扱う情報の重要さから、個別の判断が要ります"


class NeedFilter(django_filters.FilterSet):
    """State, tool, support, department."""

    state = django_filters.ChoiceFilter(label="状態", choices=NeedState.choices, empty_label="すべて")
    tool_class = django_filters.ChoiceFilter(label="ツール", choices=ToolClass.choices, empty_label="すべて")
    support = django_filters.ChoiceFilter(label="支援", choices=SupportKind.choices, empty_label="すべて")

    class Meta:
        model = Need
        fields: list[str] = []


def _score(need: Any) -> int | None:
    return None if need.score is None else round(need.score)


def _tool(need: Need) -> str:
    tool = assessment_of(need).tool
    return str(tool.label) if need.tool_class else f"{tool.label}（候補）"


def _saved(need: Need) -> int | None:
    return need.hours_saved


class NeedListTable(Table[Need]):
    """The needs of a year, the highest score first."""

    caption, counter = "ICT化の要望", "業務"
    note = "点数は、年間時間 × 繰返し × ツールの適合"
    search, search_label = ("task", "detail", "wish", "unit__name"), "業務・所属で絞る"
    filterset_class = NeedFilter
    default_sort = "-score"
    empty_title = "この年度の要望はありません"
    empty_text = "照会票を受理するか、Excelから取り込むと、ここに並びます。"
    columns = (
        number_column("number", "番号"),
        Column(
            name="task",
            label="業務",
            heading=True,
            sort=True,
            link=lambda need: reverse("ict_needs:need-detail", args=[need.pk]),
            under=lambda need: need.unit.full_name,
            under_label="所属",
        ),
        number_column("hours", "年間時間", "時間"),
        number_column("score", "点数", value=_score),
        Column(name="tool", label="ツール", value=_tool),
        chip_column("state", "状態", value=lambda need: need.get_state_display()),
        Column(name="support", label="支援", value=lambda need: need.get_support_display(), visible=False),
        number_column("saved", "減った時間", "時間", value=_saved, sort=False, visible=False),
    )


class RankingTable(Table[Assessment]):
    """How well each class of tools fits one need."""

    caption, counter = "ツールの種類ごとの適合", "種類"
    page_size = len(ToolClass)
    columns = (
        Column(name="tool", label="ツールの種類", heading=True, value=lambda row: row.tool.label),
        number_column("fit", "適合", value=lambda row: f"{row.fit:.2f}", sort=False),
        Column(name="barred", label="注意", value=lambda row: BARRED_TOLD if row.barred else ""),
    )
