"""The figures of the kartes."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.urls import reverse

from tenshu.dx.karte.models import CostLine, Edition
from tenshu.dx.karte.models.choices import BUDGET_STAGES, Stage
from tenshu.dx.karte.queries import latest_editions
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.systems.models import System
from tenshu.mechanisms.figures.registry import Figure, RowColumn


def settled_lines(year: FiscalYear) -> QuerySet[CostLine]:
    """Lines of settlement of the year before, of the candidate systems of the year's end."""
    return _lines(year).filter(fiscal_year=year.previous.year, stage=Stage.SETTLED)


def budget_lines(year: FiscalYear) -> QuerySet[CostLine]:
    """Lines of the year's budget in force, of the same systems."""
    return _lines(year).filter(fiscal_year=year.year, stage__in=BUDGET_STAGES)


def previous_editions(year: FiscalYear) -> QuerySet[Edition]:
    """The editions of the year before, which the year brings up to date."""
    return latest_editions(year.previous).filter(system__in=System.objects.candidates_on(year.end))


def _lines(year: FiscalYear) -> QuerySet[CostLine]:
    return CostLine.objects.filter(system__in=System.objects.candidates_on(year.end))


def _with_sum(lines: QuerySet[CostLine], year: FiscalYear) -> QuerySet[System]:
    """The candidate systems that have one of these lines, with the sum of their lines."""
    summed = (
        lines.filter(system=OuterRef("pk")).order_by().values("system").annotate(s=Sum("amount")).values("s")
    )
    systems = System.objects.candidates_on(year.end).filter(pk__in=lines.order_by().values("system"))
    return systems.annotate(total=Subquery(summed)).order_by("number")


def _system(row: Any) -> str:
    return f"{row.system.number} {row.system.name}"


_SYSTEM = RowColumn("システム", _system, sort="system__number", search="system__name")
_COLUMNS = (
    RowColumn("番号", lambda system: system.number, sort="number", search="number"),
    RowColumn("システム名", lambda system: system.name, sort=("kana", "name"), search="name"),
    RowColumn("金額（円）", lambda system: f"{system.total:,}", sort="total"),
)


def _money_page(system: Any) -> str:
    return reverse("karte:money-detail", args=[system.pk])


FIGURES = [
    Figure(
        key="karte.editions",
        label="前年度版のあるカルテ",
        unit="システム",
        row="前年度の年度版が確定しているシステム",
        definition="前年度の年度版が確定しているシステムの数。年度末に最適化の対象候補であるものを数える。",
        rows=previous_editions,
        columns=(_SYSTEM, RowColumn("確認した人", lambda edition: edition.confirmed_by)),
        select=("system",),
        link=lambda edition: reverse("karte:karte-detail", args=[edition.system_id]),
    ),
    Figure(
        key="karte.settled_systems",
        label="前年度の決算を確かめたシステム",
        unit="システム",
        row="前年度の決算の行があるシステム",
        definition="前年度の決算の行があるシステムの数。年度末に最適化の対象候補であるものを数える。",
        rows=lambda year: _with_sum(settled_lines(year), year),
        columns=_COLUMNS,
        link=_money_page,
    ),
    Figure(
        key="karte.budgeted_systems",
        label="今年度の予算を確かめたシステム",
        unit="システム",
        row="今年度の予算の行があるシステム",
        definition="今年度の予算（当初・補正・流用・繰越）の行があるシステムの数。最適化の対象候補を数える。",
        rows=lambda year: _with_sum(budget_lines(year), year),
        columns=_COLUMNS,
        link=_money_page,
    ),
]
