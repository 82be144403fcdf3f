"""Money: sums by year of one system and of all, in whole yen."""

from typing import Annotated

from tenshu.dx.karte.api.shapes import ROUTES, YearQuery
from tenshu.dx.karte.models.choices import CostSection, Stage
from tenshu.dx.karte.money import YearMoney, money_by_system, money_of_system
from tenshu.ground.api.paging import Page, Paging, page_of
from tenshu.ground.api.routes import ApiRequest, Query
from tenshu.ground.api.values import FiscalYearOut, OneOf, Out, SystemRef, fiscal_year
from tenshu.ground.systems.gates import access_system
from tenshu.ground.systems.models import System
from tenshu.ground.systems.queries import systems_for


class StageOut(Out):
    """The sum of one stage, and of each 経費区分 in it; yen."""

    stage: Annotated[str, OneOf(Stage)]
    amount: int
    sections: dict[Annotated[str, OneOf(CostSection)], int]


class MoneyOut(Out):
    """The money of a year; null where there is no row."""

    year: FiscalYearOut
    stages: list[StageOut]
    budget: int | None
    settled: int | None
    paid: int | None
    difference: int | None

    @classmethod
    def of(cls, money: YearMoney) -> "MoneyOut":
        """The sums as they are answered."""
        stages = [
            StageOut(stage=stage, amount=money.stages[stage], sections=dict(money.sections.get(stage, {})))
            for stage in Stage
            if stage in money.stages
        ]
        return cls(
            year=FiscalYearOut.of(money.year),
            stages=stages,
            budget=money.budget,
            settled=money.settled,
            paid=money.paid,
            difference=money.difference,
        )


class SystemMoneyOut(Out):
    """The money of a system in a year."""

    system: SystemRef
    money: MoneyOut


@ROUTES.get(
    "/systems/{int:system_id}/money",
    page="karte:money-detail",
    gives=Page[MoneyOut],
    summary="システムの費用（年度ごと）",
)
def money_of(request: ApiRequest, system_id: int, query: Query[Paging]) -> Page[MoneyOut]:
    """The sums of one system by year, the oldest first; the rows are at ``/systems/{id}/cost-lines``."""
    system = access_system(request.person, system_id)
    return page_of(request, money_of_system(system), query, MoneyOut.of)


@ROUTES.get(
    "/money", page="karte:money-list", gives=Page[SystemMoneyOut], summary="システムごとの費用（年度）"
)
def money_list(request: ApiRequest, query: Query[YearQuery]) -> Page[SystemMoneyOut]:
    """Budget, settlement and payments of a year, one row a system that has any."""
    systems = systems_for(request.person)
    found = money_by_system(systems, fiscal_year(query.year))
    rows = systems.filter(pk__in=list(found)).order_by("number", "pk")

    def shape(system: System) -> SystemMoneyOut:
        return SystemMoneyOut(system=SystemRef.of(system), money=MoneyOut.of(found[system.pk]))

    return page_of(request, rows, query, shape)
