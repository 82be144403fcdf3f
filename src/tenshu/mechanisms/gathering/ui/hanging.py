"""The pages that change what hangs on a session: attendance, decisions, things to do, materials."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from tenshu.ground.access.gates import signed_in
from tenshu.ground.files.actions import attach, detach
from tenshu.ground.files.queries import attachments_of
from tenshu.ground.office.queries import Organisation
from tenshu.ground.office.ui.choosing import unit_text
from tenshu.ground.ui.answering import answer_form
from tenshu.ground.ui.forms import ConfirmForm
from tenshu.mechanisms.gathering import actions
from tenshu.mechanisms.gathering.models import ActionItem, Attendance, AttendanceState, Decision
from tenshu.mechanisms.gathering.queries import access_action_item, access_gathering
from tenshu.mechanisms.gathering.ui import forms
from tenshu.mechanisms.gathering.ui.writing import answer, confirm, page_of


def _hanging[M: Model](request: HttpRequest, model: type[M], pk: int) -> M:
    """A record that hangs on a session, through the session's gate."""
    found = model._default_manager.select_related("gathering").filter(pk=pk).first()
    if found is None:
        raise Http404
    access_gathering(signed_in(request), found.gathering_id, "write")  # type: ignore[attr-defined]
    return found


def _remove(
    request: HttpRequest, item: Any, what: str, act: Callable[..., None], *, ask_reason: bool
) -> HttpResponse:
    user, back = signed_in(request), page_of(item.gathering)
    return answer_form(
        request,
        ConfirmForm(request.POST or None, ask_reason=ask_reason),
        lambda values: act(item, acting_user=user, **values),
        template="ui/confirm.html",
        context={
            "title": f"{what}「{item}」を消す",
            "consequence": "この会議の記録から消えます。消したことは監査記録に残ります。",
            "action_label": "消す",
            "back_url": back,
        },
        message=f"{what}を消しました。",
        to=lambda _: back,
    )


def attendance_add(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """Ask somebody to come."""
    gathering = access_gathering(signed_in(request), gathering_id, "write")
    return answer(
        request,
        gathering,
        forms.AttendanceForm(request.POST or None, day=gathering.held_on),
        lambda values, user: actions.do_invite(gathering, [Attendance(**values)], acting_user=user),
        title="出席者を加える",
        action_label="加える",
        message="出席者を加えました。",
    )


@require_POST
def attendance_mark(request: HttpRequest, attendance_id: int) -> HttpResponse:
    """Record that somebody came, or did not."""
    attendance = _hanging(request, Attendance, attendance_id)
    state = request.POST.get("state", "")
    if state in AttendanceState.values:
        actions.do_mark_attendance(attendance, AttendanceState(state), acting_user=signed_in(request))
        messages.success(request, f"{attendance}を「{AttendanceState(state).label}」にしました。")
    return redirect(page_of(attendance.gathering))


def attendance_remove(request: HttpRequest, attendance_id: int) -> HttpResponse:
    """Take somebody off the list."""
    attendance = _hanging(request, Attendance, attendance_id)
    return _remove(request, attendance, "出席者", actions.do_remove_attendance, ask_reason=False)


def decision_add(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """Write down a decision."""
    gathering = access_gathering(signed_in(request), gathering_id, "write")
    return answer(
        request,
        gathering,
        forms.DecisionForm(request.POST or None),
        lambda values, user: actions.do_add_decision(gathering, values["text"], acting_user=user),
        title="決定事項を書く",
        message="決定事項を保存しました。",
    )


def decision_remove(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Strike a decision."""
    decision = _hanging(request, Decision, decision_id)
    return _remove(request, decision, "決定事項", actions.do_remove_decision, ask_reason=True)


def action_add(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """Give somebody something to do."""
    gathering = access_gathering(signed_in(request), gathering_id, "write")
    return answer(
        request,
        gathering,
        forms.ActionForm(request.POST or None),
        lambda values, user: actions.do_add_action_item(
            ActionItem(gathering=gathering, **values), acting_user=user
        ),
        title="宿題を加える",
        action_label="加える",
        message="宿題を加えました。担当所属の「やること」に出ます。",
    )


def action_correct(request: HttpRequest, action_id: int) -> HttpResponse:
    """Change what is to be done, by whom or by when."""
    item = access_action_item(signed_in(request), action_id)
    then = Organisation.on(item.done_on or timezone.localdate())
    initial = {
        "text": item.text,
        "owner_unit": unit_text(item.owner_unit),
        "owner": item.owner.number if item.owner else "",
        "due": item.due,
    }
    return answer(
        request,
        item.gathering,
        forms.ActionForm(request.POST or None, initial=initial, organisation=then),
        lambda values, user: actions.do_change_action_item(item, values, acting_user=user),
        title="宿題を直す",
    )


@require_POST
def action_finish(request: HttpRequest, action_id: int) -> HttpResponse:
    """Mark as done, or as open again; those who have to do it may, too."""
    user = signed_in(request)
    item = access_action_item(user, action_id, "finish")
    on = None if item.done_on else timezone.localdate()
    actions.do_finish_action_item(item, on, acting_user=user)
    messages.success(request, "宿題を完了にしました。" if on else "宿題を未完了に戻しました。")
    return redirect(page_of(item.gathering))


def action_remove(request: HttpRequest, action_id: int) -> HttpResponse:
    """Strike an item."""
    item = access_action_item(signed_in(request), action_id)
    return _remove(request, item, "宿題", actions.do_remove_action_item, ask_reason=True)


def material_add(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """Attach a file."""
    gathering = access_gathering(signed_in(request), gathering_id, "write")
    form = forms.MaterialForm(request.POST or None, request.FILES or None)
    return answer(
        request,
        gathering,
        form,
        lambda values, user: attach(gathering, values["file"], acting_user=user),
        title="資料を付ける",
        action_label="付ける",
        message="資料を付けました。",
    )


def material_remove(request: HttpRequest, gathering_id: int, attachment_id: int) -> HttpResponse:
    """Take a file off."""
    gathering = access_gathering(signed_in(request), gathering_id, "write")
    attachment = attachments_of(gathering).filter(pk=attachment_id).first()
    if attachment is None:
        raise Http404
    return confirm(
        request,
        gathering,
        lambda reason, user: detach(attachment, acting_user=user, reason=reason),
        title=f"資料「{attachment.name}」を外す",
        consequence="この会議の資料から外れます。外したことは監査記録に残ります。",
        action_label="外す",
        message="資料を外しました。",
    )
