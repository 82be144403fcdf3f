"""Sessions: the list, one of them, its state, minutes and agenda."""

from typing import Annotated, Literal

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from tenshu.ground.api.filling import filled
from tenshu.ground.api.paging import Page, Paging, page_of
from tenshu.ground.api.routes import ApiRequest, Query
from tenshu.ground.api.values import OneOf, Text, Year, fiscal_year
from tenshu.mechanisms.gathering import actions
from tenshu.mechanisms.gathering.api.shapes import (
    ROUTES,
    AgendaIn,
    AgendaItemOut,
    GatheringIn,
    GatheringOut,
    HoldIn,
    MinutesIn,
    NewGatheringIn,
    ReasonIn,
    ReasonQuery,
    gathering_out,
    locked,
)
from tenshu.mechanisms.gathering.links import link_of
from tenshu.mechanisms.gathering.models import Form, Gathering, GatheringKind, GatheringState
from tenshu.mechanisms.gathering.queries import access_gathering, gatherings_in
from tenshu.mechanisms.gathering.ui import forms
from tenshu.mechanisms.gathering.ui.writing import hosts_of, session_initial

ONE = "/gatherings/{int:gathering_id}"
SORTS = {"held_on": ("held_on", "starts_at"), "title": ("title",)}


class GatheringQuery(Paging):
    """Which sessions of a year."""

    year: Year | Literal[""] = ""
    q: Text = ""
    kind: Annotated[str, OneOf(GatheringKind, empty=True)] = ""
    state: Annotated[str, OneOf(GatheringState, empty=True)] = ""
    form: Annotated[str, OneOf(Form, empty=True)] = ""
    sort: Literal["held_on", "-held_on", "title", "-title"] = "-held_on"


@ROUTES.get(
    "/gatherings",
    page="gathering:gathering-list",
    gives=Page[GatheringOut],
    summary="会議・研修の一覧（年度）",
)
def gathering_list(request: ApiRequest, query: Query[GatheringQuery]) -> Page[GatheringOut]:
    """The sessions of a year that the person may see."""
    rows: QuerySet[Gathering] = gatherings_in(fiscal_year(query.year), request.person)
    for word in query.q.split():
        rows = rows.filter(
            Q(title__icontains=word)
            | Q(place__icontains=word)
            | Q(outline__icontains=word)
            | Q(host__name__icontains=word)
        )
    for name in ("kind", "state", "form"):
        if given := getattr(query, name):
            rows = rows.filter(**{name: given})
    down = "-" if query.sort.startswith("-") else ""
    order = [down + name for name in SORTS[query.sort.lstrip("-")]]
    return page_of(request, rows.order_by(*order, "pk"), query, gathering_out)


@ROUTES.post(
    "/gatherings",
    page="gathering:gathering-add",
    gives=GatheringOut,
    summary="会議・研修を登録する",
    status=201,
)
def gathering_add(request: ApiRequest, body: NewGatheringIn) -> GatheringOut:
    """Enter a session that no room enters by itself."""
    values = filled(forms.NewSessionForm, body, present={"form": body.form}, hosts=hosts_of(request.person))
    return gathering_out(actions.do_plan_gathering(Gathering(**values), acting_user=request.person))


@ROUTES.get(ONE, page="gathering:gathering-detail", gives=GatheringOut, summary="会議・研修")
def gathering_detail(request: ApiRequest, gathering_id: int) -> GatheringOut:
    """One session with its minutes."""
    return gathering_out(access_gathering(request.person, gathering_id))


@ROUTES.patch(ONE, page="gathering:gathering-correct", gives=GatheringOut, summary="会議・研修を直す")
def gathering_correct(request: ApiRequest, gathering_id: int, body: GatheringIn) -> GatheringOut:
    """Change what, when and where."""
    gathering = locked(request, gathering_id)
    present = session_initial(gathering) | {"host": gathering.host.code}
    values = filled(forms.SessionForm, body, present=present, hosts=hosts_of(request.person))
    actions.do_change_gathering(gathering, values, acting_user=request.person)
    return gathering_out(gathering)


@ROUTES.delete(ONE, page="gathering:gathering-remove", gives=None, summary="会議・研修の登録を消す")
def gathering_remove(request: ApiRequest, gathering_id: int, query: Query[ReasonQuery]) -> None:
    """Remove what was entered by mistake or twice: only a planned one on which nothing hangs."""
    gathering = locked(request, gathering_id)
    link = link_of(gathering, request.person)
    if link is not None and not link.correct_url:
        raise PermissionDenied(f"{link.room}の会議の登録を消せるのは事務局です。")
    actions.do_remove_gathering(gathering, acting_user=request.person, reason=query.reason)


@ROUTES.post(f"{ONE}/hold", page="gathering:gathering-hold", gives=GatheringOut, summary="開催済にする")
def gathering_hold(request: ApiRequest, gathering_id: int, body: HoldIn) -> GatheringOut:
    """Mark as held with the head count, or correct the head count."""
    gathering = locked(request, gathering_id)
    count = body.attendance.value() if body.attendance else None
    actions.do_hold_gathering(gathering, count, acting_user=request.person)
    return gathering_out(gathering)


@ROUTES.post(f"{ONE}/cancel", page="gathering:gathering-cancel", gives=GatheringOut, summary="中止にする")
def gathering_cancel(request: ApiRequest, gathering_id: int, body: ReasonIn) -> GatheringOut:
    """Call off, with the reason."""
    gathering = locked(request, gathering_id)
    actions.do_cancel_gathering(gathering, acting_user=request.person, reason=body.reason)
    return gathering_out(gathering)


@ROUTES.post(f"{ONE}/reopen", page="gathering:gathering-reopen", gives=GatheringOut, summary="予定に戻す")
def gathering_reopen(request: ApiRequest, gathering_id: int, body: ReasonIn) -> GatheringOut:
    """Take back what was marked by mistake."""
    gathering = locked(request, gathering_id)
    actions.do_reopen_gathering(gathering, acting_user=request.person, reason=body.reason)
    return gathering_out(gathering)


@ROUTES.put(f"{ONE}/minutes", page="gathering:minutes-edit", gives=GatheringOut, summary="議事録を書く")
def minutes_edit(request: ApiRequest, gathering_id: int, body: MinutesIn) -> GatheringOut:
    """Write the minutes."""
    gathering = locked(request, gathering_id)
    actions.do_change_gathering(gathering, filled(forms.MinutesForm, body), acting_user=request.person)
    return gathering_out(gathering)


@ROUTES.get(f"{ONE}/agenda", page="gathering:gathering-detail", gives=Page[AgendaItemOut], summary="議題")
def agenda(request: ApiRequest, gathering_id: int, query: Query[Paging]) -> Page[AgendaItemOut]:
    """The agenda in order."""
    gathering = access_gathering(request.person, gathering_id)
    return page_of(request, gathering.agenda.all(), query, AgendaItemOut.of)


@ROUTES.put(f"{ONE}/agenda", page="gathering:agenda-edit", gives=Page[AgendaItemOut], summary="議題を決める")
def agenda_edit(request: ApiRequest, gathering_id: int, body: AgendaIn) -> Page[AgendaItemOut]:
    """Replace the whole agenda."""
    gathering = locked(request, gathering_id)
    items = [(item.title.strip(), item.presenter.strip()) for item in body.items]
    made = actions.do_set_agenda(gathering, items, acting_user=request.person)
    shown = [AgendaItemOut.of(item) for item in made]
    return Page(count=len(shown), next=None, previous=None, items=shown)
