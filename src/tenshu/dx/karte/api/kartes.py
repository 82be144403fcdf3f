"""The facts of systems: the list, one karte, what does not apply, how complete it is."""

from typing import Annotated, Any, Literal

from django.db.models import Q
from django.http import Http404

from tenshu.dx.karte import actions
from tenshu.dx.karte.api.shapes import (
    CONTACTS,
    ROUTES,
    AskedOut,
    CompletenessOut,
    FactsIn,
    FactsOut,
    KarteOut,
    NotApplicableIn,
    OneYearQuery,
    YearQuery,
)
from tenshu.dx.karte.completeness import judge, score, scores
from tenshu.dx.karte.fields import FIELDS, SECTIONS, items
from tenshu.dx.karte.models import Karte
from tenshu.dx.karte.models.choices import Hosting, InfoClass, Lifecycle, Zone
from tenshu.dx.karte.queries import karte_of
from tenshu.dx.karte.ui.forms import NotApplicableForm, section_form
from tenshu.ground.api.conditions import unchanged_since
from tenshu.ground.api.filling import filled, shown_in
from tenshu.ground.api.model_shapes import given_in, values_of
from tenshu.ground.api.paging import Page, page_of
from tenshu.ground.api.routes import ApiRequest, Query
from tenshu.ground.api.values import OneOf, SystemRef, Text, fiscal_year
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.calendar.queries import reference_day
from tenshu.ground.systems.gates import access_system
from tenshu.ground.systems.models import System
from tenshu.ground.systems.queries import systems_for

ONE = "/systems/{int:system_id}/karte"
CONTACTS_OF = [f"karte__{name}" for name in CONTACTS]
FILTERS = ("zone", "info_class", "hosting", "lifecycle")


class KarteQuery(YearQuery):
    """Which kartes: of the systems in use in a year."""

    q: Text = ""
    zone: Annotated[str, OneOf(Zone, empty=True)] = ""
    info_class: Annotated[str, OneOf(InfoClass, empty=True)] = ""
    hosting: Annotated[str, OneOf(Hosting, empty=True)] = ""
    lifecycle: Annotated[str, OneOf(Lifecycle, empty=True)] = ""
    sort: Literal["number", "-number", "name", "-name"] = "number"


def facts_out(karte: Karte | None) -> Any:
    """The facts as they are answered; ``None`` where no karte was begun."""
    if karte is None or karte.pk is None:
        return None
    return FactsOut(id=karte.pk, **values_of(karte, FIELDS))


def karte_out(system: System, karte: Karte | None, percent: int | None) -> KarteOut:
    """The karte as it is answered."""
    return KarteOut(system=SystemRef.of(system), score=percent, facts=facts_out(karte))


def _one(system: System, year: FiscalYear) -> KarteOut:
    return karte_out(system, karte_of(system), score(judge(system.pk, year)))


@ROUTES.get("/kartes", page="karte:karte-list", gives=Page[KarteOut], summary="カルテの一覧（年度）")
def karte_list(request: ApiRequest, query: Query[KarteQuery]) -> Page[KarteOut]:
    """The kartes of the systems in use in a year, with how complete they are."""
    year = fiscal_year(query.year)
    rows = systems_for(request.person).in_use_on(reference_day(year))
    for word in query.q.split():
        rows = rows.filter(Q(name__icontains=word) | Q(kana__icontains=word) | Q(number__icontains=word))
    for name in FILTERS:
        if given := getattr(query, name):
            rows = rows.filter(**{f"karte__{name}": given})
    rows = rows.select_related("karte", *CONTACTS_OF).order_by(query.sort, "pk")
    page: Page[Any] = page_of(request, rows, query, lambda system: system)
    percents = scores([system.pk for system in page.items], year)
    shown = [karte_out(system, getattr(system, "karte", None), percents[system.pk]) for system in page.items]
    return page.holding(shown)


@ROUTES.get(ONE, page="karte:karte-detail", gives=KarteOut, summary="システムのカルテ")
def karte_detail(request: ApiRequest, system_id: int, query: Query[OneYearQuery]) -> KarteOut:
    """One karte as it stands today; ``facts`` is null where none was begun."""
    return _one(access_system(request.person, system_id), fiscal_year(query.year))


@ROUTES.patch(ONE, page="karte:karte-correct", gives=KarteOut, summary="カルテを直す")
def karte_correct(request: ApiRequest, system_id: int, body: FactsIn) -> KarteOut:
    """Change the facts that are named; the karte is begun where there is none."""
    system = _locked(request, system_id)
    karte = karte_of(system)
    values: dict[str, Any] = {}
    for section, (_, names) in SECTIONS.items():
        given = given_in(body, names)
        if not given:
            continue
        form = section_form(section)
        present = shown_in(form(instance=karte))
        present |= {name: _number(karte, name) for name in CONTACTS if name in names}
        cleaned = filled(form, given, present=present, instance=karte_of(system))
        values |= {name: cleaned[name] for name in names}
    if values:
        actions.do_change_karte(system, values, acting_user=request.person)
    return _one(system, fiscal_year(""))


def _number(karte: Karte, name: str) -> str:
    person = getattr(karte, name)
    return person.number if person else ""


@ROUTES.get(
    f"{ONE}/completeness", page="karte:completeness-detail", gives=CompletenessOut, summary="カルテの充足度"
)
def completeness(request: ApiRequest, system_id: int, query: Query[OneYearQuery]) -> CompletenessOut:
    """Every rule of the year, and whether it is met."""
    system, year = access_system(request.person, system_id), fiscal_year(query.year)
    return _completeness(system, year)


def _completeness(system: System, year: FiscalYear) -> CompletenessOut:
    asked = judge(system.pk, year)
    rules = [AskedOut(**{name: getattr(one, name) for name in AskedOut.model_fields}) for one in asked]
    return CompletenessOut(
        system=SystemRef.of(system), fiscal_year=year.short, score=score(asked), rules=rules
    )


@ROUTES.put(
    f"{ONE}/not-applicable/{{item}}",
    page="karte:not-applicable-set",
    gives=CompletenessOut,
    summary="項目を該当なしにする",
)
def not_applicable_set(
    request: ApiRequest, system_id: int, item: str, body: NotApplicableIn
) -> CompletenessOut:
    """Say why something cannot exist for the system; an empty reason takes it back."""
    system = access_system(request.person, system_id, "change")
    if item not in dict(items()):
        raise Http404
    reason = filled(NotApplicableForm, body)["reason"]
    actions.do_set_not_applicable(system, item, reason, acting_user=request.person)
    return _completeness(system, fiscal_year(""))


def _locked(request: ApiRequest, system_id: int) -> System:
    """The system whose karte is to be changed, locked and as the asker has read it."""
    access_system(request.person, system_id, "change")
    rows = System.objects.select_for_update(of=("self",))
    system = rows.select_related("owner__parent__parent__parent").get(pk=system_id)
    unchanged_since(request, lambda: _one(system, fiscal_year("")))
    return system
