"""The pages that enter, correct and decide ICT needs."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tenshu.dx.ict_needs import actions
from tenshu.dx.ict_needs.models import Need
from tenshu.dx.ict_needs.queries import access_need
from tenshu.dx.ict_needs.ui import forms
from tenshu.ground.access.gates import signed_in
from tenshu.ground.access.models import User
from tenshu.ground.access.queries import holds_any, own_units
from tenshu.ground.access.roles import EDITORS
from tenshu.ground.calendar.requests import year_of
from tenshu.ground.office.lineage import with_predecessors
from tenshu.ground.office.models import Unit
from tenshu.ground.office.ui.choosing import unit_text
from tenshu.ground.ui.answering import answer_form
from tenshu.ground.ui.forms import ConfirmForm
from tenshu.ground.ui.parts import Crumb
from tenshu.mechanisms.gathering.queries import own_host

PAGE = "ui/form_page.html"


def list_url() -> str:
    """The list of needs."""
    return reverse("ict_needs:need-list")


def page_of(need: Need) -> str:
    """The need's page."""
    return reverse("ict_needs:need-detail", args=[need.pk])


def _context(title: str, action_label: str, need: Need | None = None) -> dict[str, Any]:
    trail = [Crumb("庁内DX"), Crumb("業務のICT化", list_url())]
    if need is not None:
        trail.append(Crumb(need.task, page_of(need)))
    back = page_of(need) if need is not None else list_url()
    return {"title": title, "action_label": action_label, "back_url": back, "trail": trail}


def refuse_foreign(user: User, unit: Unit) -> None:
    """Raise ``ValidationError`` when ``user`` may not enter needs of ``unit``."""
    if not holds_any(user, EDITORS) and unit.pk not in with_predecessors(own_units(user)):
        raise ValidationError({"unit": "自分の所属の業務だけを登録できます。"})


def need_add(request: HttpRequest) -> HttpResponse:
    """Enter a need by hand."""
    user, year = signed_in(request), year_of(request)

    def act(values: dict[str, Any]) -> Need:
        refuse_foreign(user, values["unit"])
        return actions.do_add_need(Need(fiscal_year=year.year, **values), acting_user=user)

    return answer_form(
        request,
        forms.NeedForm(
            request.POST or None, initial={"unit": unit_text(own) if (own := own_host(user)) else ""}
        ),
        act,
        template=PAGE,
        context=_context("ICT化したい業務を登録する", "登録する")
        | {"lead": f"{year.label}の要望として登録します。"},
        message="登録しました。",
        to=page_of,
    )


def need_correct(request: HttpRequest, need_id: int) -> HttpResponse:
    """Change what was asked for."""
    user = signed_in(request)
    need = access_need(user, need_id, "correct")

    def act(values: dict[str, Any]) -> bool:
        refuse_foreign(user, values["unit"])
        return actions.do_change_need(need, values, acting_user=user)

    return answer_form(
        request,
        forms.NeedForm(request.POST or None, initial=forms.need_initial(need)),
        act,
        template=PAGE,
        context=_context("要望を直す", "保存する", need),
        message="保存しました。",
        to=lambda _: page_of(need),
    )


def need_decide(request: HttpRequest, need_id: int) -> HttpResponse:
    """Write tool, support, state and effect."""
    user = signed_in(request)
    need = access_need(user, need_id, "decide")
    return answer_form(
        request,
        forms.DecisionForm(request.POST or None, need=need),
        lambda values: actions.do_decide_need(need, values, acting_user=user),
        template=PAGE,
        context=_context("判断と効果を書く", "保存する", need),
        message="保存しました。",
        to=lambda _: page_of(need),
    )


def need_remove(request: HttpRequest, need_id: int) -> HttpResponse:
    """Strike a need that was entered by mistake."""
    user = signed_in(request)
    need = access_need(user, need_id, "decide")
    if need.sheet_id is not None:
        raise PermissionDenied("照会票から来た要望は、照会票で直します。")
    return answer_form(
        request,
        ConfirmForm(request.POST or None, ask_reason=True),
        lambda values: actions.do_remove_need(need, values["reason"], acting_user=user),
        template="ui/confirm.html",
        context={
            "title": f"要望「{need.task}」を消す",
            "consequence": "誤って登録した要望だけを消してください。支援しないものは、状態を「見送り」にします。",
            "action_label": "消す",
            "back_url": page_of(need),
        },
        message="消しました。消したことは監査記録に残ります。",
        to=lambda _: list_url(),
    )
