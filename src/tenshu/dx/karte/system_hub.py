"""What the karte puts on the page of a system: money, the calendar of ends, data flows, the main facts."""

from collections.abc import Iterator

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from tenshu.dx.karte.completeness import judge, score
from tenshu.dx.karte.models import Contract, Environment, Server, Software
from tenshu.dx.karte.money import money_of_system
from tenshu.dx.karte.queries import dependencies_of, karte_of, support_endings
from tenshu.dx.karte.ui.pages import fact_rows
from tenshu.dx.karte.ui.pictures import calendar, flow_picture, money_chart
from tenshu.ground.access.models import User
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.hub import HubSection
from tenshu.ground.systems.models import System
from tenshu.ground.ui.amounts import number_text, thousand_yen
from tenshu.ground.ui.dates import day_text
from tenshu.ground.ui.parts import Attached, KeyFact

MAIN = (
    "business_name", "lifecycle", "zone", "info_class", "hosting", "users_staff", "uses_mynumber",
    "main_contact",
)  # fmt: skip


def sections(system: System, user: User, fiscal_year: FiscalYear) -> Iterator[HubSection]:
    """Pictures and main facts; in the rail, what hangs on the karte with counts."""
    karte = karte_of(system)
    page = reverse("karte:karte-detail", args=[system.pk])
    contracts = list(Contract.objects.filter(system=system))
    flows = list(dependencies_of(system))
    context = {
        "chart": money_chart(money_of_system(system)),
        "calendar": calendar(
            karte, contracts, support_endings(System.objects.filter(pk=system.pk)), timezone.localdate()
        ),
        "flow": flow_picture(system, flows),
        "flows": flows,
        "facts": fact_rows(karte, MAIN),
        "system": system,
    }
    html = render_to_string("karte/hub_section.html", context)
    yield HubSection("カルテ", html=html, url=page, url_label="カルテの全項目を見る", order=10)
    counted = (
        ("契約", len(contracts), "件"),
        ("サーバ", Server.objects.filter(system=system, removed_on=None).count(), "台"),
        ("ソフトウェア", Software.objects.filter(system=system).count(), "件"),
        ("環境", Environment.objects.filter(system=system).count(), "件"),
        ("データ連携", len(flows), "件"),
    )
    rows = [Attached(label, page, f"{count}{unit}") for label, count, unit in counted]
    yield HubSection("カルテに付いているもの", rows, order=10, in_rail=True)


def key_facts(system: System, user: User, fiscal_year: FiscalYear) -> Iterator[KeyFact]:
    """Settlement of last year, budget of this year, the next end of support, completeness."""
    money = {year.year: year for year in money_of_system(system)}
    before, now = money.get(fiscal_year.previous), money.get(fiscal_year)
    page = reverse("karte:money-detail", args=[system.pk])
    if before and before.settled is not None:
        yield KeyFact(f"{before.year}決算（千円）", number_text(thousand_yen(before.settled)), "", page)
    if now and now.budget is not None:
        yield KeyFact(f"{now.year}予算（千円）", number_text(thousand_yen(now.budget)), "", page)
    endings = support_endings(System.objects.filter(pk=system.pk))
    ahead = [ending for ending in endings if ending.ends_on >= timezone.localdate()]
    if ahead:
        yield KeyFact("次のサポート終了", day_text(ahead[0].ends_on, "month"), ahead[0].name)
    reached = score(judge(system.pk, fiscal_year))
    if reached is not None:
        yield KeyFact(
            "カルテの充足度", f"{reached}%", "", reverse("karte:completeness-detail", args=[system.pk])
        )
