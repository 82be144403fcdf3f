"""Reading kartes: the list of all systems, the karte of one, its money, how complete it is."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from tenshu.dx.karte.completeness import FILLED, MISSING, NOT_APPLICABLE, judge, score, scores
from tenshu.dx.karte.fields import LINKS, SECTIONS, UNITS, field_of, shown
from tenshu.dx.karte.models import Contract, CostLine, Environment, Karte, Server, Software
from tenshu.dx.karte.models.choices import Stage
from tenshu.dx.karte.money import money_by_system, money_of_system
from tenshu.dx.karte.queries import dependencies_of, karte_of, support_endings
from tenshu.dx.karte.sheets import TABLES
from tenshu.dx.karte.ui.pictures import calendar, flow_picture, money_chart
from tenshu.dx.karte.ui.tables import karte_table, thing_table
from tenshu.dx.karte.ui.tabs import system_tabs, tabs
from tenshu.dx.karte.ui.things import PARTS
from tenshu.ground.access.gates import signed_in
from tenshu.ground.calendar.queries import reference_day
from tenshu.ground.calendar.requests import year_of
from tenshu.ground.systems.gates import access_system
from tenshu.ground.systems.models import System
from tenshu.ground.systems.queries import may_edit, systems_for
from tenshu.ground.ui.amounts import number_text
from tenshu.ground.ui.dates import day_html
from tenshu.ground.ui.parts import Fact
from tenshu.mechanisms.gathering.ui.excel import excel_links
from tenshu.mechanisms.inquiry.models import SheetState
from tenshu.mechanisms.inquiry.queries import open_sheets

STATES = {FILLED: "回答済", NOT_APPLICABLE: "該当なし", MISSING: "未回答"}


def karte_list(request: HttpRequest) -> HttpResponse:
    """All systems in use in the year, with facts, score and money."""
    user, year = signed_in(request), year_of(request)
    systems = systems_for(user).in_use_on(reference_day(year)).select_related("karte", "owner")
    keys = list(systems.order_by().values_list("pk", flat=True))
    table = karte_table(
        request,
        systems,
        year,
        dict(money_by_system(systems, year)),
        dict(money_by_system(systems, year.previous)),
        scores(keys, year),
    )
    context = {"year": year, "tabs": tabs("karte-list"), "excel": excel_links(request, TABLES)}
    return table.respond("karte/karte_list.html", context)


def fact_rows(karte: Karte, names: tuple[str, ...]) -> list[Fact]:
    """Fields as terms and values; what is not known says so."""
    rows = []
    for name in names:
        value = shown(karte, name)
        if value is None:
            said: Any = "未記入"
        elif hasattr(value, "year"):
            said = day_html(value, "plain")
        elif isinstance(value, int):
            said = f"{number_text(value)}{UNITS.get(name, '')}"
        else:
            said = value
        rows.append(Fact(str(field_of(Karte, name).verbose_name), said))
    return rows


def filled_of(karte: Karte, names: Sequence[str]) -> tuple[str, ...]:
    """The fields that say something."""
    return tuple(name for name in names if shown(karte, name) is not None)


def open_labels(karte: Karte, names: Sequence[str]) -> str:
    """The labels of the fields that say nothing yet."""
    return "、".join(str(field_of(Karte, name).verbose_name) for name in names if shown(karte, name) is None)


def page_context(request: HttpRequest, system: System, current: str) -> dict[str, Any]:
    """What every page of one system's karte shows."""
    user = signed_in(request)
    return {
        "system": system,
        "year": year_of(request),
        "tabs": system_tabs(system, current),
        "may_write": may_edit(user, system),
        "hub_url": reverse("systems:system-detail", args=[system.pk]),
        "open_sheet": open_sheets(user)
        .filter(subject=system.pk, campaign__content="karte", state=SheetState.ANSWERING)
        .select_related("campaign")
        .first(),
    }


def karte_detail(request: HttpRequest, system_id: int) -> HttpResponse:
    """Every field of a karte, section by section, and everything that hangs on the system."""
    system = access_system(signed_in(request), system_id)
    context = page_context(request, system, "karte-detail")
    karte = karte_of(system)
    flows = list(dependencies_of(system))
    rows = {
        "server": Server.objects.filter(system=system).select_related("host"),
        "software": Software.objects.filter(system=system).select_related("vendor"),
        "contract": Contract.objects.filter(system=system).select_related("vendor"),
        "environment": Environment.objects.filter(system=system),
        "dependency": dependencies_of(system),
    }
    one = System.objects.filter(pk=system.pk)
    context |= {
        "karte": karte,
        "sections": [
            (key, title, fact_rows(karte, filled_of(karte, names)), open_labels(karte, names))
            for key, (title, names) in SECTIONS.items()
        ],
        "things": [
            (
                PARTS[key],
                thing_table(request, key, found, may_write=context["may_write"], caption=PARTS[key].label),
            )
            for key, found in rows.items()
        ],
        "flow": flow_picture(system, flows),
        "calendar": calendar(karte, list(rows["contract"]), support_endings(one), timezone.localdate()),  # type: ignore[arg-type]
        "score": score(judge(system.pk, context["year"])),
    }
    return render(request, "karte/karte_detail.html", context)


def money_detail(request: HttpRequest, system_id: int) -> HttpResponse:
    """The money of one system: by year and stage, and every line."""
    system = access_system(signed_in(request), system_id)
    context = page_context(request, system, "money-detail")
    money = money_of_system(system)
    lines = CostLine.objects.filter(system=system).select_related("item").order_by("-fiscal_year", "stage")
    context |= {
        "money": [
            {
                "year": str(year.year),
                "stages": [year.stages.get(stage) for stage in Stage],
                "budget": year.budget,
                "paid": year.paid,
                "difference": year.difference,
            }
            for year in reversed(money)
        ],
        "stages": [str(stage.label) for stage in Stage],
        "chart": money_chart(money),
        "lines": thing_table(request, "cost", lines, may_write=context["may_write"], caption="費用の行"),
    }
    return render(request, "karte/money_detail.html", context)


def completeness_detail(request: HttpRequest, system_id: int) -> HttpResponse:
    """How complete a karte is: every rule, whether it is met, and where to go."""
    system = access_system(signed_in(request), system_id)
    context = page_context(request, system, "completeness-detail")
    asked = judge(system.pk, context["year"])
    where = {name: key for key, (_, names) in SECTIONS.items() for name in names}
    context |= {
        "score": score(asked),
        "missing": sum(one.state == MISSING for one in asked),
        "asked": [
            {
                "rule": one,
                "word": STATES[one.state],
                "level": {1: "必須", 2: "標準", 3: "詳細"}[one.level],
                "write_url": _write_url(system, one.item, where),
                "not_applicable_url": reverse("karte:not-applicable-set", args=[system.pk, one.item])
                if one.may_not_apply and one.state != FILLED
                else "",
            }
            for one in asked
        ],
    }
    return render(request, "karte/completeness_detail.html", context)


def _write_url(system: System, item: str, where: dict[str, str]) -> str:
    if item in where:
        return reverse("karte:karte-correct", args=[system.pk, where[item]])
    name = "money-detail" if item in ("settlement", "budget") else "karte-detail"
    return reverse(f"karte:{name}", args=[system.pk]) if item in LINKS else ""
