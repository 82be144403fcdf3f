"""The ministry's yearly survey, as far as the kartes can answer it: item by item, and system by system."""

from typing import Any

from tenshu.dx.karte.api.kartes import CONTACTS_OF, facts_out
from tenshu.dx.karte.api.shapes import ROUTES, FactsOut, YearQuery
from tenshu.dx.karte.fields import FIELDS
from tenshu.dx.karte.models.choices import CostSection
from tenshu.dx.karte.money import money_by_system
from tenshu.dx.karte.surveys import Answered, Facts, answer, facts_of
from tenshu.ground.api.paging import Page, page_of
from tenshu.ground.api.routes import ApiRequest, Query
from tenshu.ground.api.values import Out, SystemRef, UnitRef, fiscal_year
from tenshu.ground.systems.models import System
from tenshu.ground.systems.queries import systems_for


class SurveyItemOut(Out):
    """An item with its answer; ``open`` systems say nothing about it. ``value`` is null where no karte can tell."""

    section: str
    label: str
    value: int | None
    unit: str
    state: str
    open: int
    basis: str

    @classmethod
    def of(cls, row: Answered) -> "SurveyItemOut":
        """The item as it is answered."""
        return cls(
            section=row.item.section,
            label=row.item.label,
            value=row.value,
            unit=row.item.unit,
            state=row.word,
            open=row.open,
            basis=row.basis,
        )


class SurveySystemOut(Out):
    """What the survey's parts rest on, of one system; amounts are yen, ``open`` counts the facts that say nothing."""

    system: SystemRef
    owner: UnitRef
    facts: FactsOut | None
    operation: int | None
    development: int | None
    open: int

    @classmethod
    def of(cls, row: Facts) -> "SurveySystemOut":
        """The system as it is answered."""
        money = row.money
        return cls(
            system=SystemRef.of(row.system),
            owner=UnitRef.of(row.system.owner),
            facts=facts_out(row.karte),
            operation=money.budget_in(CostSection.OPERATION) if money else None,
            development=money.budget_in(CostSection.DEVELOPMENT) if money else None,
            open=sum(row.is_open([name]) for name in FIELDS),
        )


@ROUTES.get(
    "/karte-survey",
    page="karte:survey-list",
    gives=Page[SurveyItemOut],
    summary="自治体DX・情報化推進概要の項目（年度）",
)
def survey_items(request: ApiRequest, query: Query[YearQuery]) -> Page[SurveyItemOut]:
    """Every item of the survey of a year as of 1 April, in its order."""
    year = fiscal_year(query.year)
    systems = systems_for(request.person).in_use_on(year.start).order_by("number")
    facts = facts_of(systems.select_related("karte"), money_by_system(systems, year))
    return page_of(request, answer(facts), query, SurveyItemOut.of)


@ROUTES.get(
    "/karte-survey/systems",
    page="karte:survey-list",
    gives=Page[SurveySystemOut],
    summary="自治体DX・情報化推進概要のシステムごとの回答（年度）",
)
def survey_systems(request: ApiRequest, query: Query[YearQuery]) -> Page[SurveySystemOut]:
    """The systems in use on 1 April of a year with the facts and the money that the survey asks for."""
    year = fiscal_year(query.year)
    rows = systems_for(request.person).in_use_on(year.start).order_by("number", "pk")
    page: Page[Any] = page_of(
        request, rows.select_related("owner", "karte", *CONTACTS_OF), query, lambda system: system
    )
    shown: list[System] = page.items
    chosen = systems_for(request.person).filter(pk__in=[system.pk for system in shown])
    items = [SurveySystemOut.of(row) for row in facts_of(shown, money_by_system(chosen, year))]
    return page.holding(items)
