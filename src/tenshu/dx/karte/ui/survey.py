"""The ministry's yearly survey, filled in as far as the kartes can: item by item, and system by system."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tenshu.dx.karte.fields import UNITS, is_filled, item_label, shown
from tenshu.dx.karte.models.choices import CostSection
from tenshu.dx.karte.money import money_by_system
from tenshu.dx.karte.surveys import BY_HAND, INCOMPLETE, Answered, Facts, answer, facts_of, survey_day
from tenshu.dx.karte.ui.copying import tabbed
from tenshu.dx.karte.ui.tables import system_url
from tenshu.dx.karte.ui.tabs import survey_views, tabs
from tenshu.ground.access.gates import signed_in
from tenshu.ground.calendar.requests import year_of
from tenshu.ground.systems.queries import systems_for
from tenshu.ground.ui.parts import KeyFact
from tenshu.ground.ui.tables import Column, Table, chip_column, number_column

OPEN, BLANK = "未記入", "－"
FIELDS = (
    "business", "hosting", "cloud_service", "government_cloud", "development", "package", "virtualised",
    "operation_outsourced", "standardisation", "users_public", "accessible", "open_data", "zone", "zone_model",
    "uses_global_ip", "remote_maintenance", "info_class", "holds_personal", "uses_mynumber", "second_factor",
    "encrypts_transport", "encrypts_storage", "log_months", "backup_offline", "continuity_plan",
)  # fmt: skip
SHOWN = {"business", "hosting", "development", "standardisation", "info_class", "second_factor"}
"""Columns that the page shows at first; the others are chosen there, and are copied all the same."""


class ItemTable(Table[Answered]):
    """The items of the survey."""

    caption, counter, file_name = "調査の項目", "項目", "自治体DX・情報化推進概要"
    search = ("item__section", "item__label")
    search_label = "項目で絞る"
    page_size = 100
    empty_title = "項目はありません"
    columns = (
        Column(name="section", label="調査の部", value=lambda row: row.item.section),
        Column(name="label", label="項目", heading=True, value=lambda row: row.item.label),
        Column(
            name="value",
            label="回答",
            numeric=True,
            value=lambda row: BLANK if row.value is None else row.value,
            export=lambda row: row.value,
        ),
        Column(name="unit", label="単位", wrap=False, value=lambda row: row.item.unit or BLANK),
        chip_column("word", "状態"),
        number_column("open", "未記入", "システム", value=lambda row: row.open or None, sort=False),
        Column(name="basis", label="よりどころ"),
    )


class SystemTable(Table[Facts]):
    """One row a system with the columns that the survey's parts rest on."""

    caption, counter, file_name = "システムごとの回答", "システム", "自治体DX・情報化推進概要_システム"
    search = ("system__name", "system__number", "system__owner__name")
    search_label = "名前・番号・所管で絞る"
    note = "金額は円。予算現額"
    empty_title = "この日に使っているシステムはありません"
    empty_text = "システム台帳にシステムを登録すると、ここに並びます。"


def system_table(request: HttpRequest, facts: Sequence[Facts]) -> SystemTable:
    """The facts as columns; what the karte does not say yet is marked, not left empty."""

    def fact(name: str) -> Column:
        unit = UNITS.get(name, "")

        def value(row: Facts) -> Any:
            if row.karte is None or not is_filled(getattr(row.karte, name)):
                return OPEN
            return shown(row.karte, name)

        return Column(name=name, label=item_label(name), unit=unit, value=value, visible=name in SHOWN)

    def money(name: str, label: str, section: CostSection) -> Column:
        return number_column(
            name,
            label,
            "円",
            sort=False,
            value=lambda row: row.money.budget_in(section) if row.money else None,
        )

    table = SystemTable(request, facts)
    table.columns = (  # type: ignore[misc]
        Column(name="number", label="番号", value=lambda row: row.system.number, wrap=False),
        Column(name="system", label="システム名", heading=True, value=lambda row: row.system.name,
               link=lambda row: system_url(row.system)),
        Column(name="owner", label="所管", value=lambda row: row.system.owner.full_name, visible=False),
        *map(fact, FIELDS),
        money("operation", "運用等経費", CostSection.OPERATION),
        money("development_cost", "整備経費", CostSection.DEVELOPMENT),
        number_column("open", "未記入", "項目", sort=False,
                      value=lambda row: sum(row.is_open([name]) for name in FIELDS)),
    )  # fmt: skip
    return table


def survey(request: HttpRequest) -> HttpResponse:
    """The survey of the year as of 1 April; with ``view=systems`` system by system."""
    user, year = signed_in(request), year_of(request)
    systems = systems_for(user).in_use_on(year.start).order_by("number")
    found = systems.select_related("karte", "owner__parent__parent__parent")
    facts = facts_of(found, money_by_system(systems, year))
    answered = answer(facts)
    view = "systems" if request.GET.get("view") == "systems" else ""
    table: Table[Any] = system_table(request, facts) if view else ItemTable(request, answered)
    words = [one.word for one in answered]
    here = reverse("karte:survey-list")
    context = {
        "year": year,
        "tabs": tabs("dashboard-list"),
        "views": survey_views(f"{here}?view=systems" if view else here),
        "day": survey_day(year),
        "facts": [
            KeyFact("項目", len(answered), "項目"),
            KeyFact("カルテから分かる", len(words) - words.count(BY_HAND), "項目"),
            KeyFact("未記入のあるもの", words.count(INCOMPLETE), "項目"),
            KeyFact("手で記入する", words.count(BY_HAND), "項目"),
        ],
        "copied": tabbed(table),
    }
    return table.respond("karte/survey_list.html", context)
