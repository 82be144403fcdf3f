"""The pages that change a session itself: what, when and where, its state, agenda and minutes."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tenshu.ground.access.gates import signed_in
from tenshu.ground.access.models import User
from tenshu.ground.access.queries import holds_any
from tenshu.ground.access.roles import EDITORS
from tenshu.ground.office.models import Unit
from tenshu.ground.ui.answering import answer_form
from tenshu.ground.ui.forms import ConfirmForm
from tenshu.ground.ui.forms import Form as HouseForm
from tenshu.ground.ui.parts import Crumb
from tenshu.mechanisms.gathering import actions
from tenshu.mechanisms.gathering.links import link_of
from tenshu.mechanisms.gathering.models import Gathering, GatheringState
from tenshu.mechanisms.gathering.queries import access_gathering, may_host, own_host
from tenshu.mechanisms.gathering.times import time_text
from tenshu.mechanisms.gathering.ui import forms

PAGE = "ui/form_page.html"
LIST = "gathering:gathering-list"


def page_of(gathering: Gathering) -> str:
    """The session's page."""
    return reverse("gathering:gathering-detail", args=[gathering.pk])


def trail_of(gathering: Gathering) -> list[Crumb]:
    """The way to the session's page."""
    return [Crumb("会議・研修", reverse(LIST)), Crumb(gathering.title, page_of(gathering))]


def answer(
    request: HttpRequest,
    gathering: Gathering,
    form: HouseForm,
    act: Callable[[dict[str, Any], User], Any],
    *,
    title: str,
    action_label: str = "保存する",
    message: str = "保存しました。",
) -> HttpResponse:
    """A form page of a session that comes back to its page."""
    user, trail = signed_in(request), trail_of(gathering)  # before the action touches the title
    return answer_form(
        request,
        form,
        lambda values: act(values, user),
        template=PAGE,
        context={
            "title": title,
            "action_label": action_label,
            "back_url": page_of(gathering),
            "trail": trail,
        },
        message=message,
        to=lambda _: page_of(gathering),
    )


def confirm(
    request: HttpRequest,
    gathering: Gathering,
    act: Callable[[str, User], Any],
    *,
    title: str,
    consequence: str,
    action_label: str,
    message: str,
    to: str = "",
    danger: bool = True,
) -> HttpResponse:
    """A question with a reason before what should not happen by a slip."""
    user = signed_in(request)
    return answer_form(
        request,
        ConfirmForm(request.POST or None, ask_reason=True),
        lambda values: act(values["reason"], user),
        template="ui/confirm.html",
        context={
            "title": title,
            "consequence": consequence,
            "action_label": action_label,
            "back_url": page_of(gathering),
            "danger": danger,
        },
        message=message,
        to=lambda _: to or page_of(gathering),
    )


def hosts_of(user: User) -> Callable[[Unit], bool] | None:
    """Which units may host what ``user`` enters; ``None`` for any."""
    return None if holds_any(user, EDITORS) else lambda unit: may_host(user, unit)


def gathering_add(request: HttpRequest) -> HttpResponse:
    """Enter a session."""
    user = signed_in(request)
    form = forms.NewSessionForm(request.POST or None, initial={"host": own_host(user)}, hosts=hosts_of(user))

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
            "back_url": reverse(LIST),
        },
        message="登録しました。",
        to=page_of,
    )


def session_initial(gathering: Gathering) -> dict[str, Any]:
    """What a form of the session shows first."""
    names = ("title", "held_on", "form", "place", "host", "outline")
    return {name: getattr(gathering, name) for name in names} | {
        "starts_at": time_text(gathering.starts_at),
        "ends_at": time_text(gathering.ends_at),
    }


def gathering_correct(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """Change what, when and where."""
    user = signed_in(request)
    gathering = access_gathering(user, gathering_id, "write")
    form = forms.SessionForm(request.POST or None, initial=session_initial(gathering), hosts=hosts_of(user))
    return answer(
        request,
        gathering,
        form,
        lambda values, user: actions.do_change_gathering(gathering, values, acting_user=user),
        title="開催を直す",
    )


def gathering_hold(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """Mark as held with the head count, or correct the head count of a session that was held."""
    gathering = access_gathering(signed_in(request), gathering_id, "write")
    was_held = gathering.state == GatheringState.HELD
    form = forms.HoldForm(request.POST or None, initial={"head_count": gathering.head_count})
    return answer(
        request,
        gathering,
        form,
        lambda values, user: actions.do_hold_gathering(gathering, values["head_count"], acting_user=user),
        title="出席者数を直す" if was_held else "開催済にする",
        action_label="保存する" if was_held else "開催済にする",
        message="出席者数を保存しました。" if was_held else "開催済にしました。",
    )


def gathering_cancel(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """Call off, with the reason."""
    gathering = access_gathering(signed_in(request), gathering_id, "write")
    return confirm(
        request,
        gathering,
        lambda reason, user: actions.do_cancel_gathering(gathering, acting_user=user, reason=reason),
        title=f"「{gathering.title}」を中止にする",
        consequence="中止した会議は、年次報告の回数に入りません。",
        action_label="中止にする",
        message="中止にしました。",
    )


def gathering_reopen(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """Take back what was marked as held or called off by mistake."""
    gathering = access_gathering(signed_in(request), gathering_id, "write")
    return confirm(
        request,
        gathering,
        lambda reason, user: actions.do_reopen_gathering(gathering, acting_user=user, reason=reason),
        title=f"「{gathering.title}」を予定に戻す",
        consequence="年次報告の回数に入らなくなり、出席者数は消えます。議題、議事録、名簿などは残ります。",
        action_label="予定に戻す",
        message="予定に戻しました。",
        danger=False,
    )


def gathering_remove(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """Remove what was entered by mistake or twice."""
    user = signed_in(request)
    gathering = access_gathering(user, gathering_id, "write")
    link = link_of(gathering, user)
    if link is not None and not link.correct_url:
        raise PermissionDenied(f"{link.room}の会議の登録を消せるのは事務局です。")
    what = f"{link.room}の「{link.label}」の登録も、" if link else ""
    return confirm(
        request,
        gathering,
        lambda reason, user: actions.do_remove_gathering(gathering, acting_user=user, reason=reason),
        title=f"「{gathering.title}」の登録を消す",
        consequence=f"{what}議題と名簿も一緒に消えます。開かないことになった会議は、消さずに中止にしてください。",
        action_label="登録を消す",
        message="登録を消しました。消したことは監査記録に残ります。",
        to=reverse(LIST),
    )


def minutes_edit(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """Write the minutes."""
    gathering = access_gathering(signed_in(request), gathering_id, "write")
    form = forms.MinutesForm(request.POST or None, initial={"minutes": gathering.minutes})
    return answer(
        request,
        gathering,
        form,
        lambda values, user: actions.do_change_gathering(gathering, values, acting_user=user),
        title="議事録を書く",
        message="議事録を保存しました。",
    )


def agenda_edit(request: HttpRequest, gathering_id: int) -> HttpResponse:
    """Set the agenda."""
    gathering = access_gathering(signed_in(request), gathering_id, "write")
    form = forms.AgendaForm(request.POST or None, initial={"lines": forms.AgendaForm.text_of(gathering)})
    return answer(
        request,
        gathering,
        form,
        lambda values, user: actions.do_set_agenda(gathering, values["lines"], acting_user=user),
        title="議題を決める",
        message="議題を保存しました。",
    )
