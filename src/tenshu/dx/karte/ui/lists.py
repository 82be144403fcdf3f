"""Lists over all systems: money, contracts and support that end, and the registers of the secretariat."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from tenshu.dx.karte.models import CompletenessRule, CostLine, MatchingRule
from tenshu.dx.karte.money import YearMoney, money_by_system
from tenshu.dx.karte.money_sheets import COST_ITEM_TABLE, COST_TABLE, MATCHING_RULE_TABLE
from tenshu.dx.karte.queries import contracts_ending, ends_in, support_endings
from tenshu.dx.karte.record_sheets import (
    CONTRACT_TABLE,
    HOST_TABLE,
    RULE_TABLE,
    SERVER_TABLE,
    SOFTWARE_TABLE,
    VENDOR_TABLE,
)
from tenshu.dx.karte.ui.copying import tabbed
from tenshu.dx.karte.ui.dashboard import dashboard_table
from tenshu.dx.karte.ui.money_tables import MoneyRow, money_table
from tenshu.dx.karte.ui.money_years import money_year, year_views
from tenshu.dx.karte.ui.tables import (
    SHIPPED,
    ContractTable,
    ending_table,
    thing_table,
)
from tenshu.dx.karte.ui.tabs import survey_views, tabs
from tenshu.dx.karte.ui.things import REGISTERS, register_of
from tenshu.ground.access.gates import signed_in
from tenshu.ground.access.queries import holds_any
from tenshu.ground.access.roles import EDITORS
from tenshu.ground.calendar.requests import year_of
from tenshu.ground.systems.queries import systems_for
from tenshu.ground.ui.parts import Tab
from tenshu.mechanisms.gathering.ui.excel import excel_links

_SHEETS = {
    "vendor": VENDOR_TABLE,
    "host": HOST_TABLE,
    "cost-item": COST_ITEM_TABLE,
    "matching-rule": MATCHING_RULE_TABLE,
    "completeness-rule": RULE_TABLE,
}


def money_list(request: HttpRequest) -> HttpResponse:
    """Budget, settlement and payments of a year, one row a system that has any."""
    user, year = signed_in(request), money_year(request)
    systems = systems_for(user)
    found = money_by_system(systems, year)
    rows = [
        MoneyRow(system, found.get(system.pk, YearMoney(year)))
        for system in systems.filter(pk__in=list(found)).order_by("number")
    ]
    years = CostLine.objects.order_by().values_list("fiscal_year", flat=True).distinct()
    context = {
        "year": year,
        "tabs": tabs("money-list"),
        "views": year_views("money-list", years, year),
        "excel": excel_links(request, [COST_TABLE]),
    }
    return money_table(request, rows).respond("karte/money_list.html", context)


def contract_list(request: HttpRequest) -> HttpResponse:
    """Contracts by their end; one view shows those to budget for next year."""
    user, year = signed_in(request), year_of(request)
    running = contracts_ending(systems_for(user)).filter(ends_on__gte=year.start)
    ending = {
        "": running.filter(ends_on__lte=year.end),
        "next": running.filter(ends_on__range=(year.next.start, year.next.end)),
        "all": running,
    }
    names = {"": f"{year}に終わる", "next": f"{year.next}に終わる（来年度の予算に載せる）", "all": "すべて"}
    view = request.GET.get("view", "")
    view = view if view in ending else ""
    here = reverse("karte:contract-list")
    views = [
        Tab(names[key], f"{here}?view={key}" if key else here, key == view, rows.count())
        for key, rows in ending.items()
    ]
    context = {
        "year": year,
        "tabs": tabs("contract-list"),
        "views": views,
        "excel": excel_links(request, [CONTRACT_TABLE]),
    }
    return ContractTable(request, ending[view]).respond("karte/contract_list.html", context)


def support_list(request: HttpRequest) -> HttpResponse:
    """Ends of support of software, servers and hosts; one view shows those to budget for next year."""
    user, year = signed_in(request), year_of(request)
    every = [ending for ending in support_endings(systems_for(user)) if ending.ends_on >= year.start]
    ending = {
        "": [one for one in every if ends_in(one.ends_on, [year])],
        "next": [one for one in every if ends_in(one.ends_on, [year.next])],
        "all": every,
    }
    names = {"": f"{year}に終わる", "next": f"{year.next}に終わる（来年度の予算に載せる）", "all": "すべて"}
    view = request.GET.get("view", "")
    view = view if view in ending else ""
    here = reverse("karte:support-list")
    views = [
        Tab(names[key], f"{here}?view={key}" if key else here, key == view, len(rows))
        for key, rows in ending.items()
    ]
    context = {
        "year": year,
        "tabs": tabs("support-list"),
        "views": views,
        "excel": excel_links(request, [SOFTWARE_TABLE, SERVER_TABLE]),
    }
    return ending_table(request, ending[view], timezone.localdate()).respond(
        "karte/support_list.html", context
    )


def register_list(request: HttpRequest, register: str) -> HttpResponse:
    """One of the lists that the secretariat keeps for all systems."""
    user = signed_in(request)
    kind = register_of(register)
    rows = kind.model._default_manager.all()
    if kind.model is MatchingRule:
        rows = rows.select_related("system")
    if kind.model is CompletenessRule:
        rows = rows.order_by("level", "pk")
    may_write = holds_any(user, EDITORS)
    table = thing_table(request, register, rows, may_write=may_write, register=True, caption=kind.label)
    if table.file_kind:
        return table.file_response(table.file_kind)
    context = {
        "kind": kind,
        "tabs": tabs("register-list"),
        "registers": [
            Tab(one.label, reverse("karte:register-list", args=[key]), key == register)
            for key, one in REGISTERS.items()
        ],
        "table": table,
        "may_write": may_write,
        "shipped": register in SHIPPED,
        "excel": excel_links(request, [_SHEETS[register]]),
    }
    return render(request, "karte/register_list.html", context)


def dashboard_list(request: HttpRequest) -> HttpResponse:
    """The columns of the national IT dashboard, one row a system with money of the year, ready to be pasted."""
    user, year = signed_in(request), year_of(request)
    systems = systems_for(user).select_related("karte", "owner__parent__parent__parent").order_by("number")
    found = money_by_system(systems, year)
    rows = [MoneyRow(system, found[system.pk]) for system in systems.filter(pk__in=list(found))]
    table = dashboard_table(request, rows, year)
    context = {
        "year": year,
        "tabs": tabs("dashboard-list"),
        "views": survey_views(reverse("karte:dashboard-list")),
        "copied": tabbed(table),
    }
    return table.respond("karte/dashboard_list.html", context)
