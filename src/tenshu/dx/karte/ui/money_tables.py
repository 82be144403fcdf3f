"""The tables of money over all systems, and of payments."""

from collections.abc import Sequence
from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from tenshu.dx.karte.models import Payment
from tenshu.dx.karte.models.choices import Stage
from tenshu.dx.karte.money import YearMoney, total
from tenshu.dx.karte.ui.tables import YES_NO, name_of_system
from tenshu.ground.systems.models import System
from tenshu.ground.ui.tables import Column, Table, date_column, number_column, yen_column


class MoneyTable(Table[Any]):
    """Money of a year, one row a system."""

    caption, counter, file_name = "システムごとの費用", "システム", "費用"
    search = ("system__name", "system__number", "system__kana")
    search_label = "名前・番号で絞る"
    default_sort = "number"
    note = "金額は千円"
    empty_title = "この年度の費用はまだありません"
    empty_text = "費用.xlsx を取り込むか、システムのカルテで費用を登録すると、ここに並びます。"


class MoneyRow:
    """A system with its money of a year."""

    def __init__(self, system: System, money: YearMoney) -> None:
        self.system, self.money, self.number = system, money, system.number
        self.budget, self.paid, self.difference = money.budget, money.paid, money.difference
        for stage in Stage:
            setattr(self, stage.value, money.stages.get(stage))


def money_table(request: HttpRequest, rows: Sequence[MoneyRow]) -> MoneyTable:
    """Every stage, the budget in force, payments and their difference from the settlement."""

    def column(name: str, label: str, *, visible: bool = True) -> Column:
        return yen_column(
            name, label, total=lambda rows: total(getattr(row, name) for row in rows), visible=visible
        )

    hidden = {Stage.ASSESSED, Stage.SUPPLEMENTARY, Stage.DIVERTED, Stage.CARRIED, Stage.EXECUTED}
    stages = [column(stage.value, str(stage.label), visible=stage not in hidden) for stage in Stage]
    table = MoneyTable(request, rows)
    table.columns = (  # type: ignore[misc]
        Column(name="number", label="番号", value=lambda row: row.system.number, sort=True, wrap=False),
        Column(
            name="system",
            label="システム",
            heading=True,
            value=name_of_system,
            sort="system__kana",
            link=lambda row: reverse("karte:money-detail", args=[row.system.pk]),
        ),
        *stages[:6],
        column("budget", "予算現額"),
        *stages[6:],
        column("paid", "支払い"),
        column("difference", "支払い－決算"),
    )
    return table


class PaymentFilter(django_filters.FilterSet):
    """Whether the system is known."""

    unmatched = django_filters.ChoiceFilter(
        label="システム未定", choices=YES_NO, empty_label="すべて", method="without_system"
    )

    class Meta:
        model = Payment
        fields: list[str] = []

    def without_system(self, rows: QuerySet[Payment], _: str, value: str) -> QuerySet[Payment]:
        """Payments that have no system, or those that have one."""
        return rows.filter(system__isnull=value == "1")


class PaymentTable(Table[Payment]):
    """Payments of a year."""

    caption, counter, file_name = "支払いの一覧", "件の支払い", "支払い"
    search = ("description", "project", "division", "system__name")
    search_label = "支払内容・事業・室課・システムで絞る"
    filterset_class = PaymentFilter
    default_sort = "paid_on"
    columns: ClassVar[Sequence[Column]] = (
        date_column("paid_on", "支払日", shape="short"),
        Column(
            name="description",
            label="支払内容",
            heading=True,
            value=str,
            under=lambda row: row.project,
            under_label="事業名",
        ),
        Column(name="division", label="室課名", sort=True),
        Column(name="section", label="節（細節名）", visible=False),
        yen_column("amount", "支払額"),
        Column(
            name="system",
            label="システム",
            value=lambda row: row.system.name if row.system else None,
            link=lambda row: reverse("karte:payment-assign", args=[row.pk]),
            under=lambda row: "手で決めた" if row.by_hand else "",
            sort="system__name",
        ),
        Column(name="source_file", label="取込元", visible=False),
        number_column("source_row", "行", visible=False),
    )
    note = "金額は千円"
    empty_title = "この年度の支払いはまだありません"
    empty_text = "会計の出力を取り込むと、照合の規則でシステムに結び付きます。"
