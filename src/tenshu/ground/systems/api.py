"""The register of systems over the API."""

from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from pydantic import Field

from tenshu.ground.access.queries import holds_any
from tenshu.ground.access.roles import EDITORS
from tenshu.ground.api.conditions import unchanged_since
from tenshu.ground.api.filling import filled
from tenshu.ground.api.hubs import HubSectionOut, hub_of
from tenshu.ground.api.paging import Page, Paging, page_of
from tenshu.ground.api.problems import ApiProblem
from tenshu.ground.api.routes import ApiRequest, Query, Routes
from tenshu.ground.api.values import (
    PLAIN,
    Body,
    Day,
    LongText,
    Out,
    Text,
    UnitRef,
    Year,
    day_asked,
    fiscal_year,
)
from tenshu.ground.office.queries import Organisation
from tenshu.ground.systems.actions import do_add_system, do_change_owner, do_correct_system, do_end_system
from tenshu.ground.systems.gates import access_system
from tenshu.ground.systems.models import Ownership, System
from tenshu.ground.systems.queries import editable_owners, owned_on, systems_for
from tenshu.ground.systems.ui.forms import AddForm, EndForm, FactsForm, OwnerForm, RegisterForm

ROUTES = Routes("systems", "システム台帳")
ORDER = {"number": "number", "name": "name", "kana": "kana", "started_on": "started_on"}

Name = Annotated[str, Field(max_length=200), PLAIN]
Number = Annotated[str, Field(max_length=20), PLAIN]
Kana = Annotated[str, Field(max_length=300), PLAIN]


class SystemOut(Out):
    """A system of the register with its owner of today."""

    id: int
    number: str
    name: str
    kana: str
    purpose: str
    owner: UnitRef
    started_on: Day | None
    ended_on: Day | None
    candidate_from: Day | None
    candidate_until: Day | None


class SystemRow(Out):
    """A system in a list, with its owner as of the day of the list."""

    id: int
    number: str
    name: str
    kana: str
    owner: UnitRef
    department: str
    started_on: Day | None
    ended_on: Day | None
    candidate_from: Day | None
    candidate_until: Day | None


class OwnershipOut(Out):
    """Who owned a system from when to when."""

    owner: UnitRef
    valid_from: Day
    valid_until: Day | None


class SystemQuery(Paging):
    """Which systems, as of which day."""

    view: Literal["in_use", "candidates", "own", "ended", "all"] = "in_use"
    year: Year | Literal[""] = ""
    day: Day | Literal[""] = ""
    q: Text = ""
    department: Text = ""
    owner: Text = ""
    sort: Literal["number", "-number", "name", "-name", "kana", "-kana", "started_on", "-started_on"] = (
        "number"
    )


class HubQuery(Paging):
    """The year of which is told what hangs on a system."""

    year: Year | Literal[""] = ""


class FactsIn(Body):
    """What may be corrected; the owning division may write name, kana and purpose only."""

    number: Number | None = None
    name: Name | None = None
    kana: Kana | None = None
    purpose: LongText | None = None
    started_on: Day | None = None
    ended_on: Day | None = None
    candidate_from: Day | None = None
    candidate_until: Day | None = None


class SystemIn(FactsIn):
    """A new system; ``owner`` is the code of a unit of today."""

    number: Number
    name: Name
    owner: Text


class OwnerIn(Body):
    """A new owner from a day on."""

    owner: Text
    on: Day


class EndIn(Body):
    """The last day."""

    last_day: Day


def system_out(system: System) -> SystemOut:
    """The system as it is answered."""
    return SystemOut(
        id=system.pk,
        number=system.number,
        name=system.name,
        kana=system.kana,
        purpose=system.purpose,
        owner=UnitRef.of(system.owner),
        started_on=system.started_on,
        ended_on=system.ended_on,
        candidate_from=system.candidate_from,
        candidate_until=system.candidate_until,
    )


def _row(system: Any) -> SystemRow:
    return SystemRow(
        id=system.pk,
        number=system.number,
        name=system.name,
        kana=system.kana,
        owner=UnitRef(id=system.owner_then, code=system.owner_code, name=system.owner_name),
        department=system.department_name,
        started_on=system.started_on,
        ended_on=system.ended_on,
        candidate_from=system.candidate_from,
        candidate_until=system.candidate_until,
    )


@ROUTES.get(
    "/systems", page="systems:system-list", gives=Page[SystemRow], summary="システムの一覧（基準日現在）"
)
def system_list(request: ApiRequest, query: Query[SystemQuery]) -> Page[SystemRow]:
    """Systems as of a day, as the saved views of the page cut them."""
    day = day_asked(query.day, query.year)
    visible = systems_for(request.person)
    match query.view:
        case "in_use":
            chosen = visible.in_use_on(day)
        case "candidates":
            chosen = visible.candidates_on(day)
        case "own":
            chosen = visible.in_use_on(day).filter(owner_id__in=editable_owners(request.person))
        case "ended":
            chosen = visible.filter(ended_on__lt=day)
        case _:
            chosen = visible
    rows: QuerySet[Any] = owned_on(chosen, day)
    for word in query.q.split():
        rows = (
            rows.filter(name__icontains=word)
            | rows.filter(kana__icontains=word)
            | rows.filter(number__icontains=word)
        )
    codes = [code for code in (query.department, query.owner) if code]
    organisation = Organisation.on(day) if codes else None
    for code in codes:
        unit = organisation.by_code.get(code) if organisation else None
        rows = (
            rows.filter(owner_then__in=organisation.below(unit.pk)) if organisation and unit else rows.none()
        )
    down = "-" if query.sort.startswith("-") else ""
    return page_of(request, rows.order_by(down + ORDER[query.sort.lstrip("-")], "pk"), query, _row)


@ROUTES.post("/systems", page="systems:system-add", gives=SystemOut, summary="システムを登録する", status=201)
def system_add(request: ApiRequest, body: SystemIn) -> SystemOut:
    """Enter a system with its owner."""
    values = filled(AddForm, body)
    return system_out(do_add_system(values, values.pop("owner"), acting_user=request.person))


@ROUTES.get("/systems/{int:system_id}", page="systems:system-detail", gives=SystemOut, summary="システム")
def system_detail(request: ApiRequest, system_id: int) -> SystemOut:
    """One system as it stands today."""
    return system_out(access_system(request.person, system_id))


@ROUTES.patch(
    "/systems/{int:system_id}", page="systems:system-correct", gives=SystemOut, summary="システムを直す"
)
def system_correct(request: ApiRequest, system_id: int, body: FactsIn) -> SystemOut:
    """Correct facts: the owning division name, kana and purpose, the secretariat everything."""
    system = _locked(request, system_id)
    form = RegisterForm if holds_any(request.person, EDITORS) else FactsForm
    closed = sorted(body.model_fields_set - set(form.base_fields))
    if closed:
        raise ApiProblem("forbidden", fields=[(name, "直せるのは事務局です。") for name in closed])
    values = filled(form, body, present={name: getattr(system, name) for name in form.base_fields})
    return system_out(do_correct_system(system, values, acting_user=request.person))


@ROUTES.post(
    "/systems/{int:system_id}/owner", page="systems:system-owner", gives=SystemOut, summary="所管を変える"
)
def system_owner(request: ApiRequest, system_id: int, body: OwnerIn) -> SystemOut:
    """Another owner from a day on; the history stays."""
    system, values = _locked(request, system_id), filled(OwnerForm, body)
    return system_out(do_change_owner(system, values["owner"], values["on"], acting_user=request.person))


@ROUTES.post(
    "/systems/{int:system_id}/end", page="systems:system-end", gives=SystemOut, summary="運用を終える"
)
def system_end(request: ApiRequest, system_id: int, body: EndIn) -> SystemOut:
    """The last day of a system."""
    system, values = _locked(request, system_id), filled(EndForm, body)
    return system_out(do_end_system(system, values["last_day"], acting_user=request.person))


@ROUTES.get(
    "/systems/{int:system_id}/ownerships",
    page="systems:system-detail",
    gives=Page[OwnershipOut],
    summary="所管の履歴",
)
def ownerships(request: ApiRequest, system_id: int, query: Query[Paging]) -> Page[OwnershipOut]:
    """Who owned the system, the newest first."""
    system = access_system(request.person, system_id)
    rows = Ownership.objects.filter(system=system).select_related("unit").order_by("-valid_from", "-pk")
    return page_of(
        request,
        rows,
        query,
        lambda row: OwnershipOut(
            owner=UnitRef.of(row.unit), valid_from=row.valid_from, valid_until=row.valid_until
        ),
    )


@ROUTES.get(
    "/systems/{int:system_id}/hub",
    page="systems:system-detail",
    gives=Page[HubSectionOut],
    summary="システムに付くもの",
)
def system_hub(request: ApiRequest, system_id: int, query: Query[HubQuery]) -> Page[HubSectionOut]:
    """What the rooms hang on the system in a year, as on its page."""
    system = access_system(request.person, system_id)
    return page_of(
        request,
        hub_of("system_hub", system, request.person, fiscal_year(query.year)),
        query,
        lambda part: part,
    )


def _locked(request: ApiRequest, system_id: int) -> System:
    """The system to be changed, locked and as the asker has read it."""
    access_system(request.person, system_id, "change")
    system = System.objects.select_for_update(of=("self",)).select_related("owner").get(pk=system_id)
    unchanged_since(request, lambda: system_out(system))
    return system
