"""What hangs on a session: attendance, decisions, things to do."""

from typing import Literal

from django.db.models import Model
from django.http import Http404
from django.utils import timezone

from tenshu.ground.api.conditions import unchanged_since
from tenshu.ground.api.filling import filled
from tenshu.ground.api.paging import Page, Paging, page_of
from tenshu.ground.api.routes import ApiRequest, Query
from tenshu.ground.office.queries import Organisation
from tenshu.ground.office.ui.choosing import unit_text
from tenshu.mechanisms.gathering import actions
from tenshu.mechanisms.gathering.api.shapes import (
    ROUTES,
    ActionItemIn,
    ActionItemOut,
    ActionItemPatch,
    AttendanceIn,
    AttendanceOut,
    DecisionIn,
    DecisionOut,
    FinishIn,
    MarkIn,
    ReasonQuery,
)
from tenshu.mechanisms.gathering.models import ActionItem, Attendance, AttendanceState, Decision, Gathering
from tenshu.mechanisms.gathering.queries import access_action_item, access_gathering
from tenshu.mechanisms.gathering.ui import forms

ONE = "/gatherings/{int:gathering_id}"
DETAIL = "gathering:gathering-detail"


class ActionQuery(Paging):
    """Which things to do."""

    state: Literal["open", "done", "all"] = "open"


def _hanging[M: Model](request: ApiRequest, model: type[M], pk: int) -> M:
    """A record that hangs on a session, to be changed through the session's gate."""
    found = model._default_manager.select_related("gathering").filter(pk=pk).first()
    if found is None:
        raise Http404
    access_gathering(request.person, found.gathering_id, "write")  # type: ignore[attr-defined]
    return found


@ROUTES.get(f"{ONE}/attendances", page=DETAIL, gives=Page[AttendanceOut], summary="出席者", personal=True)
def attendances(request: ApiRequest, gathering_id: int, query: Query[Paging]) -> Page[AttendanceOut]:
    """Who was asked to come, and who came."""
    gathering = access_gathering(request.person, gathering_id)
    return page_of(request, gathering.attendances.select_related("staff", "unit"), query, AttendanceOut.of)


@ROUTES.post(
    f"{ONE}/attendances",
    page="gathering:attendance-add",
    gives=AttendanceOut,
    summary="出席者を加える",
    status=201,
)
def attendance_add(request: ApiRequest, gathering_id: int, body: AttendanceIn) -> AttendanceOut:
    """Ask somebody to come."""
    gathering = access_gathering(request.person, gathering_id, "write")
    attendance = Attendance(gathering=gathering, **filled(forms.AttendanceForm, body, day=gathering.held_on))
    attendance.full_clean()
    (made,) = actions.do_invite(gathering, [attendance], acting_user=request.person)
    return AttendanceOut.of(made)


@ROUTES.patch(
    "/attendances/{int:attendance_id}",
    page="gathering:attendance-mark",
    gives=AttendanceOut,
    summary="出欠を記録する",
)
def attendance_mark(request: ApiRequest, attendance_id: int, body: MarkIn) -> AttendanceOut:
    """Record that somebody came, or did not."""
    attendance = _hanging(request, Attendance, attendance_id)
    actions.do_mark_attendance(attendance, AttendanceState(body.state), acting_user=request.person)
    return AttendanceOut.of(attendance)


@ROUTES.delete(
    "/attendances/{int:attendance_id}", page="gathering:attendance-remove", gives=None, summary="出席者を消す"
)
def attendance_remove(request: ApiRequest, attendance_id: int) -> None:
    """Take somebody off the list."""
    attendance = _hanging(request, Attendance, attendance_id)
    actions.do_remove_attendance(attendance, acting_user=request.person)


@ROUTES.get(f"{ONE}/decisions", page=DETAIL, gives=Page[DecisionOut], summary="決定事項")
def decisions(request: ApiRequest, gathering_id: int, query: Query[Paging]) -> Page[DecisionOut]:
    """What was decided."""
    gathering = access_gathering(request.person, gathering_id)
    return page_of(request, gathering.decisions.all(), query, DecisionOut.of)


@ROUTES.post(
    f"{ONE}/decisions",
    page="gathering:decision-add",
    gives=DecisionOut,
    summary="決定事項を加える",
    status=201,
)
def decision_add(request: ApiRequest, gathering_id: int, body: DecisionIn) -> DecisionOut:
    """Write down a decision."""
    gathering = access_gathering(request.person, gathering_id, "write")
    text = filled(forms.DecisionForm, body)["text"]
    return DecisionOut.of(actions.do_add_decision(gathering, text, acting_user=request.person))


@ROUTES.delete(
    "/decisions/{int:decision_id}", page="gathering:decision-remove", gives=None, summary="決定事項を消す"
)
def decision_remove(request: ApiRequest, decision_id: int, query: Query[ReasonQuery]) -> None:
    """Strike a decision that was entered by mistake."""
    decision = _hanging(request, Decision, decision_id)
    actions.do_remove_decision(decision, acting_user=request.person, reason=query.reason)


@ROUTES.get("/action-items", page="gathering:gathering-list", gives=Page[ActionItemOut], summary="宿題の一覧")
def action_items(request: ApiRequest, query: Query[ActionQuery]) -> Page[ActionItemOut]:
    """What is to be done after the sessions that the person may see, the earliest due first."""
    seen = Gathering.objects.for_user(request.person).order_by().values("pk")
    rows = ActionItem.objects.filter(gathering__in=seen).select_related("owner_unit", "owner")
    if query.state != "all":
        rows = rows.filter(done_on__isnull=query.state == "open")
    return page_of(request, rows.order_by("due", "pk"), query, ActionItemOut.of)


@ROUTES.get(f"{ONE}/action-items", page=DETAIL, gives=Page[ActionItemOut], summary="会議の宿題")
def action_items_of(request: ApiRequest, gathering_id: int, query: Query[Paging]) -> Page[ActionItemOut]:
    """What is to be done after one session."""
    gathering = access_gathering(request.person, gathering_id)
    rows = gathering.action_items.select_related("owner_unit", "owner")
    return page_of(request, rows, query, ActionItemOut.of)


@ROUTES.post(
    f"{ONE}/action-items",
    page="gathering:action-add",
    gives=ActionItemOut,
    summary="宿題を加える",
    status=201,
)
def action_add(request: ApiRequest, gathering_id: int, body: ActionItemIn) -> ActionItemOut:
    """Give somebody something to do."""
    gathering = access_gathering(request.person, gathering_id, "write")
    item = ActionItem(gathering=gathering, **filled(forms.ActionForm, body))
    return ActionItemOut.of(actions.do_add_action_item(item, acting_user=request.person))


@ROUTES.get("/action-items/{int:action_id}", page=DETAIL, gives=ActionItemOut, summary="宿題")
def action_item(request: ApiRequest, action_id: int) -> ActionItemOut:
    """One thing to do, through its session's gate."""
    item = ActionItem.objects.select_related("owner_unit", "owner").filter(pk=action_id).first()
    if item is None:
        raise Http404
    access_gathering(request.person, item.gathering_id)
    return ActionItemOut.of(item)


@ROUTES.patch(
    "/action-items/{int:action_id}",
    page="gathering:action-correct",
    gives=ActionItemOut,
    summary="宿題を直す",
)
def action_correct(request: ApiRequest, action_id: int, body: ActionItemPatch) -> ActionItemOut:
    """Change what is to be done, by whom or by when."""
    item = _locked_item(request, action_id, "write")
    present = {
        "text": item.text,
        "owner_unit": unit_text(item.owner_unit),
        "owner": item.owner.number if item.owner else "",
        "due": item.due,
    }
    then = Organisation.on(item.done_on or timezone.localdate())
    values = filled(forms.ActionForm, body, present=present, organisation=then)
    actions.do_change_action_item(item, values, acting_user=request.person)
    return ActionItemOut.of(item)


@ROUTES.post(
    "/action-items/{int:action_id}/finish",
    page="gathering:action-finish",
    gives=ActionItemOut,
    summary="宿題を完了にする",
)
def action_finish(request: ApiRequest, action_id: int, body: FinishIn) -> ActionItemOut:
    """Mark as done, or as open again; those who have to do it may, too."""
    item = _locked_item(request, action_id, "finish")
    actions.do_finish_action_item(item, body.done_on, acting_user=request.person)
    return ActionItemOut.of(item)


@ROUTES.delete(
    "/action-items/{int:action_id}", page="gathering:action-remove", gives=None, summary="宿題を消す"
)
def action_remove(request: ApiRequest, action_id: int, query: Query[ReasonQuery]) -> None:
    """Strike an item that was entered by mistake."""
    item = _locked_item(request, action_id, "write")
    actions.do_remove_action_item(item, acting_user=request.person, reason=query.reason)


def _locked_item(request: ApiRequest, pk: int, action: str) -> ActionItem:
    access_action_item(request.person, pk, action)
    found = ActionItem.objects.select_for_update(of=("self",)).select_related("owner_unit", "owner")
    item = found.get(pk=pk)
    unchanged_since(request, lambda: ActionItemOut.of(item))
    return item
