"""The table for the ministries' surveys: the columns of the national IT dashboard in their order."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest

from tenshu.dx.karte.models import Karte
from tenshu.dx.karte.models.choices import CostSection
from tenshu.dx.karte.money import total
from tenshu.dx.karte.ui.money_tables import MoneyRow
from tenshu.dx.karte.ui.tables import system_url
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.ui.tables import Column, Table, number_column


class DashboardTable(Table[Any]):
    """One row a system; whole yen, as the survey asks."""

    caption, counter, file_name = "ITダッシュボードの項目", "システム", "ITダッシュボード"
    search = ("system__name", "system__number")
    search_label = "名前・番号で絞る"
    default_sort = "number"
    note = "金額は円。予算現額"
    empty_title = "この年度の費用はまだありません"
    empty_text = "費用を登録すると、調査に貼り付けられる形でここに並びます。"


def dashboard_table(request: HttpRequest, rows: Sequence[MoneyRow], year: FiscalYear) -> DashboardTable:
    """system_id, system_name, system_class, organization, year, reduction, pf, operating, development, sum."""

    def of_karte(name: str) -> Any:
        def value(row: MoneyRow) -> Any:
            karte: Karte | None = getattr(row.system, "karte", None)
            return getattr(karte, name) if karte else None

        return value

    def budget(section: CostSection) -> Any:
        return lambda row: row.money.budget_in(section)

    def money(name: str, label: str, value: Any) -> Column:
        return number_column(
            name, label, "円", value=value, sort=False, total=lambda rows: total(value(row) for row in rows)
        )

    table = DashboardTable(request, rows)
    table.columns = (  # type: ignore[misc]
        Column(name="number", label="情報システムID", value=lambda row: of_karte("dashboard_id")(row) or row.number,
               sort=True, wrap=False),
        Column(name="system", label="情報システム名", heading=True, value=lambda row: row.system.name,
               link=lambda row: system_url(row.system), sort="system__kana"),
        Column(name="class", label="区分", value=of_karte("dashboard_class"), visible=False),
        Column(name="organization", label="組織", value=lambda row: row.system.owner.full_name),
        Column(name="year", label="年度（西暦）", value=lambda _: str(year.year)),
        Column(name="reduction", label="統廃合・該非", value=of_karte("dashboard_reduction"), visible=False),
        Column(name="platform", label="PF統合・該非", value=of_karte("dashboard_platform"), visible=False),
        money("operating", "運用等経費", budget(CostSection.OPERATION)),
        money("development", "整備等経費", budget(CostSection.DEVELOPMENT)),
        money("sum", "合計", lambda row: row.budget),
    )  # fmt: skip
    return table
