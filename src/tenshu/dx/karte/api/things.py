"""What hangs on systems, and the registers of the secretariat: one set of operations for every kind."""

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Any, Literal

from django.db.models import Model, Q, QuerySet

from tenshu.dx.karte import actions
from tenshu.dx.karte.api.shapes import KINDS, ROUTES, Kind, WhyQuery
from tenshu.dx.karte.models import CompletenessRule, Contract, Dependency, Server
from tenshu.dx.karte.models.choices import LOADS
from tenshu.dx.karte.queries import access_part, access_register, contracts_ending, dependencies_of
from tenshu.dx.karte.ui.forms import form_class
from tenshu.dx.karte.ui.things import PARTS, REGISTERS
from tenshu.dx.karte.ui.writing import needs_end
from tenshu.ground.api.conditions import unchanged_since
from tenshu.ground.api.filling import filled, shown_in
from tenshu.ground.api.paging import Paging, page_of, pages_of
from tenshu.ground.api.routes import ApiRequest, Query
from tenshu.ground.api.values import Day
from tenshu.ground.systems.gates import access_system
from tenshu.ground.systems.models import System
from tenshu.ground.systems.queries import systems_for


def _keyed(view: Callable[..., Any], key: str) -> Callable[..., Any]:
    """The same view whose path names its record by ``key``, so that an address tells of what it is the number."""

    @functools.wraps(view)
    def keyed(request: ApiRequest, **values: Any) -> Any:
        return view(request, record_id=values.pop(key), **values)

    signature = inspect.signature(view)
    parameters = [
        parameter.replace(name=key) if name == "record_id" else parameter
        for name, parameter in signature.parameters.items()
    ]
    keyed.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    return keyed


def _named(view: Callable[..., Any], kind: Kind, what: str) -> Callable[..., Any]:
    view.__name__ = f"{kind.word}_{what}"
    view.__doc__ = (view.__doc__ or "").format(kind.thing.label)
    return view


def _values(kind: Kind, body: Mapping[str, Any], record: Model) -> dict[str, Any]:
    """What the form of the page makes of the body."""
    form = form_class(kind.thing.model, kind.thing.fields)
    given = dict(body)
    if kind.thing.model is Server and "loads" in given:
        loads = given.pop("loads") or {}
        for name in LOADS:
            row = loads.get(name)
            given[f"load_{name}"] = "、".join("-" if n is None else str(n) for n in row) if row else ""
    fresh = type(record)._default_manager.get(pk=record.pk) if record.pk else record
    return filled(form, given, present=shown_in(form(instance=record)), instance=fresh)


def _of_system(kind: Kind, system: System) -> QuerySet[Any]:
    if kind.thing.model is Dependency:
        return dependencies_of(system)
    return kind.thing.model._default_manager.filter(system=system).select_related(*kind.related)


def _locked(request: ApiRequest, kind: Kind, record_id: int, *, register: bool) -> Model:
    """The record to be changed, locked and as the asker has read it."""
    model = kind.thing.model
    if register:
        access_register(request.person, model, record_id)
    else:
        access_part(request.person, model, record_id, "change")
    record: Model = model._default_manager.select_for_update(of=("self",)).get(pk=record_id)
    unchanged_since(request, lambda: kind.out(record))
    return record


def _offer_part(kind: Kind) -> None:
    new, patch, shape, label = kind.new, kind.patch, kind.shape, kind.thing.label
    of_system = f"/systems/{{int:system_id}}/{kind.path}"
    one = f"/{kind.path}/{{int:{kind.key}}}"
    reading = "karte:money-detail" if kind.thing.key == "cost" else "karte:karte-detail"

    def of(request: ApiRequest, system_id: int, query: Query[Paging]) -> Any:
        """{}: those of one system."""
        system = access_system(request.person, system_id)
        return page_of(request, _of_system(kind, system).order_by("pk"), query, kind.out)

    def detail(request: ApiRequest, record_id: int) -> Any:
        """{}: one of them."""
        return kind.out(access_part(request.person, kind.thing.model, record_id))

    def add(request: ApiRequest, system_id: int, body: new) -> Any:  # type: ignore[valid-type]
        """{}: a new one."""
        system = access_system(request.person, system_id, "change")
        given = body.model_dump(exclude_unset=True)  # type: ignore[attr-defined]
        if kind.thing.model is Dependency:
            flow = Dependency(**_values(kind, given, Dependency()))
            needs_end(flow, system)
            record: Model = flow
        else:
            record = kind.thing.model(system=system)
            record = kind.thing.model(system=system, **_values(kind, given, record))
        return kind.out(actions.do_add_thing(record, acting_user=request.person))

    def correct(request: ApiRequest, record_id: int, body: patch) -> Any:  # type: ignore[valid-type]
        """{}: change one."""
        record = _locked(request, kind, record_id, register=False)
        given = body.model_dump(exclude_unset=True)  # type: ignore[attr-defined]
        actions.do_change_thing(record, _values(kind, given, record), acting_user=request.person)
        return kind.out(record)

    def remove(request: ApiRequest, record_id: int, query: Query[WhyQuery]) -> None:
        """{}: take away what was entered by mistake."""
        record = _locked(request, kind, record_id, register=False)
        actions.do_remove_thing(record, acting_user=request.person, reason=query.reason)

    named, get = functools.partial(_named, kind=kind), ROUTES.get
    get(of_system, page=reading, gives=pages_of(shape), summary=f"システムの{label}")(
        named(of, what="of_system")
    )
    get(one, page=reading, gives=shape, summary=label)(_keyed(named(detail, what="detail"), kind.key))
    ROUTES.post(of_system, page="karte:thing-add", gives=shape, summary=f"{label}を登録する", status=201)(
        named(add, what="add")
    )
    ROUTES.patch(one, page="karte:thing-correct", gives=shape, summary=f"{label}を直す")(
        _keyed(named(correct, what="correct"), kind.key)
    )
    ROUTES.delete(one, page="karte:thing-remove", gives=None, summary=f"{label}を消す")(
        _keyed(named(remove, what="remove"), kind.key)
    )


def _offer_register(kind: Kind) -> None:
    new, patch, shape, label = kind.new, kind.patch, kind.shape, kind.thing.label
    every, one = f"/{kind.path}", f"/{kind.path}/{{int:{kind.key}}}"
    model = kind.thing.model

    def rows() -> QuerySet[Any]:
        found = (
            model._default_manager.select_related(*kind.related)
            if kind.related
            else model._default_manager.all()
        )
        return found.order_by("level", "pk") if model is CompletenessRule else found

    def listed(request: ApiRequest, query: Query[Paging]) -> Any:
        """{}: all of them."""
        return page_of(request, rows(), query, kind.out)

    def add(request: ApiRequest, body: new) -> Any:  # type: ignore[valid-type]
        """{}: a new one."""
        given = body.model_dump(exclude_unset=True)  # type: ignore[attr-defined]
        record = model(**_values(kind, given, model()))
        return kind.out(actions.do_add_thing(record, acting_user=request.person))

    def correct(request: ApiRequest, record_id: int, body: patch) -> Any:  # type: ignore[valid-type]
        """{}: change one."""
        record = _locked(request, kind, record_id, register=True)
        given = body.model_dump(exclude_unset=True)  # type: ignore[attr-defined]
        actions.do_change_thing(record, _values(kind, given, record), acting_user=request.person)
        return kind.out(record)

    def remove(request: ApiRequest, record_id: int, query: Query[WhyQuery]) -> None:
        """{}: take away one on which nothing hangs."""
        record = _locked(request, kind, record_id, register=True)
        actions.do_remove_thing(record, acting_user=request.person, reason=query.reason)

    named = functools.partial(_named, kind=kind)
    ROUTES.get(every, page="karte:register-list", gives=pages_of(shape), summary=f"{label}の一覧")(
        named(listed, what="list")
    )
    ROUTES.post(every, page="karte:register-add", gives=shape, summary=f"{label}を登録する", status=201)(
        named(add, what="add")
    )
    ROUTES.patch(one, page="karte:register-correct", gives=shape, summary=f"{label}を直す")(
        _keyed(named(correct, what="correct"), kind.key)
    )
    ROUTES.delete(one, page="karte:register-remove", gives=None, summary=f"{label}を消す")(
        _keyed(named(remove, what="remove"), kind.key)
    )


for _key in PARTS:
    _offer_part(KINDS[_key])
for _key in REGISTERS:
    _offer_register(KINDS[_key])


class EndingQuery(Paging):
    """Contracts that end within these days."""

    ends_from: Day | Literal[""] = ""
    ends_until: Day | Literal[""] = ""


@ROUTES.get(
    "/contracts",
    page="karte:contract-list",
    gives=pages_of(KINDS["contract"].shape),
    summary="契約の一覧（終わる日の順）",
)
def contract_list(request: ApiRequest, query: Query[EndingQuery]) -> Any:
    """Contracts of all systems, those that end first in front."""
    rows: QuerySet[Contract] = contracts_ending(systems_for(request.person))
    wanted = Q()
    if query.ends_from != "":
        wanted &= Q(ends_on__gte=query.ends_from)
    if query.ends_until != "":
        wanted &= Q(ends_on__lte=query.ends_until)
    return page_of(request, rows.filter(wanted).order_by("ends_on", "pk"), query, KINDS["contract"].out)
