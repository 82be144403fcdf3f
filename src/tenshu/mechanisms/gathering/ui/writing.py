"""The pages that change a session and what hangs on it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from tenshu.ground.access.gates import signed_in
from tenshu.ground.access.models import User
from tenshu.ground.files.actions import attach, detach
from tenshu.ground.files.queries import attachments_of
from tenshu.ground.ui.answering import answer_form
from tenshu.ground.ui.forms import ConfirmForm
from tenshu.ground.ui.forms import Form as HouseForm
from tenshu.ground.ui.parts import Crumb
from tenshu.mechanisms.gathering import actions
from tenshu.mechanisms.gathering.models import (
    ActionItem,
    Attendance,
    AttendanceState,
    Decision,
    Gathering,
)
from tenshu.mechanisms.gathering.queries import access_gathering
from tenshu.mechanisms.gathering.ui import forms

PAGE = "ui/form_page.html"


def page_of(gathering: Gathering) -> str:
    """The session's page."""
    return reverse("gathering:gathering-detail", args=[gathering.pk])


def _answer(
    request: HttpRequest,
    gathering: Gathering,
    form: HouseForm,
    act: Callable[[dict[str, Any], User], Any],
    title: str,
    action_label: str,
    message: str,
) -> HttpResponse:
    user = signed_in(request)
    context = {
        "title": title,
        "action_label": action_label,
        "back_url": page_of(gathering),
        "trail": [
            Crumb("会議・研修", reverse("gathering:gathering-list")),
            Crumb(gathering.title, page_of(gathering)),
        ],
    }
    return answer_form(
        request,
        form,
        lambda values: act(values, user),
        template=PAGE,
        context=context,
        message=message,
        to=lambda _: page_of(gathering),
    )


def gathering_add(request: HttpRequest) -> HttpResponse:
    """Enter a session."""
    user = signed_in(request)
    form = forms.NewSessionForm(request.POST or None)

    def act(values: dict[str, Any]) -> Gathering:
        return actions.do_plan_gathering(Gathering(**values), acting_user=user)

    return answer_form(
        request,
        form,
        act,
        template=PAGE,
        context={
            "title": "会議・研修を登録する",
            "lead": "タスクフォースや連絡会議の開催は、それぞれの画面から登録します。",
            "action_label": "登録する",
            "back_url": reverse("gathering:gathering-list"),
        },
        message="登録しました。",
        to=page_of,
    )


def gathering_correct(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """Change what, when and where."""
    gathering = access_gathering(signed_in(request), gathering_id, "write")
    names = ("title", "held_on", "starts_at", "ends_at", "form", "place", "host", "outline")
    form = forms.SessionForm(request.POST or None, initial={name: getattr(gathering, name) for name in names})

    def act(values: dict[str, Any], user: User) -> Any:
        changed = {name: values[name] for name in names}
        return actions.do_change_gathering(gathering, changed, acting_user=user)

    return _answer(request, gathering, form, act, "開催を直す", "保存する", "保存しました。")


def gathering_hold(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """Mark as held, with the head count."""
    gathering = access_gathering(signed_in(request), gathering_id, "write")
    form = forms.HoldForm(request.POST or None, initial={"head_count": gathering.head_count})
    return _answer(
        request,
        gathering,
        form,
        lambda values, user: actions.do_hold_gathering(gathering, values["head_count"], acting_user=user),
        "開催済にする",
        "開催済にする",
        "開催済にしました。",
    )


def gathering_cancel(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """Call off, with the reason."""
    user = signed_in(request)
    gathering = access_gathering(user, gathering_id, "write")
    return answer_form(
        request,
        ConfirmForm(request.POST or None, ask_reason=True),
        lambda values: actions.do_cancel_gathering(gathering, acting_user=user, reason=values["reason"]),
        template="ui/confirm.html",
        context={
            "title": f"「{gathering.title}」を中止にする",
            "consequence": "中止した会議は、年次報告の回数に入りません。",
            "action_label": "中止にする",
            "back_url": page_of(gathering),
        },
        message="中止にしました。",
        to=lambda _: page_of(gathering),
    )


def minutes_edit(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """Write the minutes."""
    gathering = access_gathering(signed_in(request), gathering_id, "write")
    form = forms.MinutesForm(request.POST or None, initial={"minutes": gathering.minutes})
    return _answer(
        request,
        gathering,
        form,
        lambda values, user: actions.do_change_gathering(gathering, values, acting_user=user),
        "議事録を書く",
        "保存する",
        "議事録を保存しました。",
    )


def agenda_edit(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """Set the agenda."""
    gathering = access_gathering(signed_in(request), gathering_id, "write")
    form = forms.AgendaForm(request.POST or None, initial={"lines": forms.AgendaForm.text_of(gathering)})
    return _answer(
        request,
        gathering,
        form,
        lambda values, user: actions.do_set_agenda(gathering, values["lines"], acting_user=user),
        "議題を決める",
        "保存する",
        "議題を保存しました。",
    )


def attendance_add(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """Ask somebody to come."""
    gathering = access_gathering(signed_in(request), gathering_id, "write")
    return _answer(
        request,
        gathering,
        forms.AttendanceForm(request.POST or None),
        lambda values, user: actions.do_invite(gathering, [Attendance(**values)], acting_user=user),
        "出席者を加える",
        "加える",
        "出席者を加えました。",
    )


def _hanging[M: Model](request: HttpRequest, model: type[M], pk: int) -> M:
    """A record that hangs on a session, through the session's gate."""
    found = model._default_manager.select_related("gathering").filter(pk=pk).first()
    if found is None:
        raise Http404
    access_gathering(signed_in(request), found.gathering_id, "write")  # type: ignore[attr-defined]
    return found


@require_POST
def attendance_mark(request: HttpRequest, attendance_id: int) -> HttpResponse:
    """Record that somebody came, or did not."""
    attendance = _hanging(request, Attendance, attendance_id)
    state = request.POST.get("state", "")
    if state in AttendanceState.values:
        actions.do_mark_attendance(attendance, AttendanceState(state), acting_user=signed_in(request))
        messages.success(request, f"{attendance} を「{AttendanceState(state).label}」にしました。")
    return redirect(page_of(attendance.gathering))


def _remove(
    request: HttpRequest, item: Any, what: str, act: Callable[..., None], *, ask_reason: bool = False
) -> HttpResponse:
    user = signed_in(request)
    return answer_form(
        request,
        ConfirmForm(request.POST or None, ask_reason=ask_reason),
        lambda values: act(item, acting_user=user, **values),
        template="ui/confirm.html",
        context={
            "title": f"{what}「{item}」を消す",
            "consequence": "この会議の記録から消えます。消したことは監査記録に残ります。",
            "action_label": "消す",
            "back_url": page_of(item.gathering),
        },
        message=f"{what}を消しました。",
        to=lambda _: page_of(item.gathering),
    )


def attendance_remove(request: HttpRequest, attendance_id: int) -> HttpResponse:
    """Take somebody off the list."""
    return _remove(
        request, _hanging(request, Attendance, attendance_id), "出席者", actions.do_remove_attendance
    )


def decision_add(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """Write down a decision."""
    gathering = access_gathering(signed_in(request), gathering_id, "write")
    return _answer(
        request,
        gathering,
        forms.DecisionForm(request.POST or None),
        lambda values, user: actions.do_add_decision(gathering, values["text"], acting_user=user),
        "決定事項を書く",
        "保存する",
        "決定事項を保存しました。",
    )


def decision_remove(request: HttpRequest, decision_id: int) -> HttpResponse:
    """Strike a decision."""
    return _remove(request, _hanging(request, Decision, decision_id), "決定事項", actions.do_remove_decision)


def action_add(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """Give somebody something to do."""
    gathering = access_gathering(signed_in(request), gathering_id, "write")
    return _answer(
        request,
        gathering,
        forms.ActionForm(request.POST or None),
        lambda values, user: actions.do_add_action_item(
            ActionItem(gathering=gathering, **values), acting_user=user
        ),
        "宿題を加える",
        "加える",
        "宿題を加えました。担当所属の「やること」に出ます。",
    )


@require_POST
def action_finish(request: HttpRequest, action_id: int) -> HttpResponse:
    """Mark as done, or as open again."""
    item = _hanging(request, ActionItem, action_id)
    on = None if item.done_on else timezone.localdate()
    actions.do_finish_action_item(item, on, acting_user=signed_in(request))
    messages.success(request, "宿題を完了にしました。" if on else "宿題を未完了に戻しました。")
    return redirect(page_of(item.gathering))


def action_remove(request: HttpRequest, action_id: int) -> HttpResponse:
    """Strike an item."""
    return _remove(request, _hanging(request, ActionItem, action_id), "宿題", actions.do_remove_action_item)


def material_add(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """Attach a file."""
    gathering = access_gathering(signed_in(request), gathering_id, "write")
    form = forms.MaterialForm(request.POST or None, request.FILES or None)
    return _answer(
        request,
        gathering,
        form,
        lambda values, user: attach(gathering, values["file"], acting_user=user),
        "資料を付ける",
        "付ける",
        "資料を付けました。",
    )


def material_remove(request: HttpRequest, gathering_id: int, attachment_id: int) -> HttpResponse:
    """Take a file off."""
    user = signed_in(request)
    gathering = access_gathering(user, gathering_id, "write")
    attachment = attachments_of(gathering).filter(pk=attachment_id).first()
    if attachment is None:
        raise Http404
    return answer_form(
        request,
        ConfirmForm(request.POST or None, ask_reason=True),
        lambda values: detach(attachment, acting_user=user, reason=values["reason"]),
        template="ui/confirm.html",
        context={
            "title": f"資料「{attachment.name}」を外す",
            "consequence": "この会議の資料から外れます。外したことは監査記録に残ります。",
            "action_label": "外す",
            "back_url": page_of(gathering),
        },
        message="資料を外しました。",
        to=lambda _: page_of(gathering),
    )
