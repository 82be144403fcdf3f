"""The pages that change the register."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tenshu.engines.japanese import format_wareki
from tenshu.ground.access.gates import signed_in
from tenshu.ground.access.queries import holds_any
from tenshu.ground.access.roles import EDITORS
from tenshu.ground.systems.actions import do_add_system, do_change_owner, do_correct_system, do_end_system
from tenshu.ground.systems.gates import access_system
from tenshu.ground.systems.models import System
from tenshu.ground.systems.ui.forms import AddForm, EndForm, FactsForm, OwnerForm, RegisterForm
from tenshu.ground.ui.answering import answer_form

FORM = "systems/form.html"


def page_of(system: System) -> str:
    """The system's page."""
    return reverse("systems:system-detail", kwargs={"system_id": system.pk})


def _context(system: System, title: str, action_label: str, lead: str = "") -> dict[str, Any]:
    return {
        "title": title,
        "action_label": action_label,
        "lead": lead,
        "back_url": page_of(system),
        "system": system,
    }


def system_add(request: HttpRequest) -> HttpResponse:
    """A new system."""
    user = signed_in(request)
    context = {
        "title": "システムを登録する",
        "lead": "まとめて登録するときは システム.xlsx を取り込んでください。",
        "action_label": "登録する",
        "back_url": reverse("systems:system-list"),
    }
    return answer_form(
        request,
        AddForm(request.POST or None),
        lambda values: do_add_system(values, values.pop("owner"), acting_user=user),
        template=FORM,
        context=context,
        message=lambda system: f"{system}を登録しました。",
        to=page_of,
    )


def system_correct(request: HttpRequest, system_id: int) -> HttpResponse:
    """Facts of a system: the owning division its name and purpose, the secretariat everything."""
    user = signed_in(request)
    system = access_system(user, system_id, "change")
    form_class = RegisterForm if holds_any(user, EDITORS) else FactsForm
    initial = {name: getattr(system, name) for name in form_class.base_fields}
    return answer_form(
        request,
        form_class(request.POST or None, initial=initial),
        lambda values: do_correct_system(system, values, acting_user=user),
        template=FORM,
        context=_context(system, f"{system}を直す", "直す"),
        message="システム台帳を直しました。",
        to=page_of,
    )


def system_owner(request: HttpRequest, system_id: int) -> HttpResponse:
    """Another owner from a day on."""
    user = signed_in(request)
    system = access_system(user, system_id, "change")
    lead = (
        "前の日までの所管は履歴に残ります。組織改正では自動で引き継がれるので、ここで変える必要はありません。"
    )
    return answer_form(
        request,
        OwnerForm(request.POST or None),
        lambda values: do_change_owner(system, values["owner"], values["on"], acting_user=user),
        template=FORM,
        context=_context(system, f"{system}の所管を変える", "所管を変える", lead),
        message=lambda changed: f"所管を{changed.owner}に変えました。",
        to=page_of,
    )


def system_end(request: HttpRequest, system_id: int) -> HttpResponse:
    """The last day of a system."""
    user = signed_in(request)
    system = access_system(user, system_id, "change")
    lead = "最後の日の翌日から、運用中の数と最適化の対象に数えません。記録はすべて残ります。"
    return answer_form(
        request,
        EndForm(request.POST or None),
        lambda values: do_end_system(system, values["last_day"], acting_user=user),
        template=FORM,
        context=_context(system, f"{system}の運用を終える", "運用を終える", lead),
        message=lambda ended: f"{ended}は{format_wareki(ended.ended_on)}で終わります。",
        to=page_of,
    )
