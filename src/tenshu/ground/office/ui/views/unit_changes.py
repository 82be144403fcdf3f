"""The secretariat's pages that change a unit."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from tenshu.engines.japanese import format_wareki
from tenshu.ground.access.gates import signed_in
from tenshu.ground.office.actions import (
    do_correct_unit,
    do_end_duty,
    do_end_unit,
    do_open_unit,
    do_rename_unit,
    do_set_duty,
)
from tenshu.ground.office.gates import access_unit
from tenshu.ground.office.models import Unit, UnitDuty
from tenshu.ground.office.ui.forms import (
    DutyForm,
    LastDayForm,
    UnitCorrectForm,
    UnitEndForm,
    UnitOpenForm,
    UnitRenameForm,
)
from tenshu.ground.ui.answering import answer_form

FORM = "office/form.html"


def page_of(unit: Unit) -> str:
    """The unit's page."""
    return reverse("office:unit-detail", kwargs={"unit_id": unit.pk})


def _context(unit: Unit, title: str, action_label: str, lead: str = "") -> dict[str, Any]:
    return {
        "title": title,
        "action_label": action_label,
        "lead": lead,
        "back_url": page_of(unit),
        "subject": unit,
    }


def unit_open(request: HttpRequest) -> HttpResponse:
    """A new unit."""
    user = signed_in(request)
    context = {
        "title": "組織を新設する",
        "lead": "1つの組織だけを足すときに使います。4月の改正は「組織改正」でまとめて準備できます。",
        "action_label": "新設する",
        "back_url": reverse("office:unit-tree"),
    }

    def act(values: dict[str, Any]) -> Unit:
        values["sort_order"] = values["sort_order"] or 0
        return do_open_unit(**values, acting_user=user)

    return answer_form(
        request,
        UnitOpenForm(request.POST or None),
        act,
        template=FORM,
        context=context,
        message=lambda unit: f"{unit}を{format_wareki(unit.valid_from)}から新設しました。",
        to=page_of,
    )


def unit_correct(request: HttpRequest, unit_id: int) -> HttpResponse:
    """A slip in name, reading or order."""
    user = signed_in(request)
    unit = access_unit(user, unit_id, "change")
    initial = {"name": unit.name, "kana": unit.kana, "sort_order": unit.sort_order}
    lead = "過去のすべての日の表示も変わります。名称が本当に変わったときは「改称・移管」を使ってください。"
    return answer_form(
        request,
        UnitCorrectForm(request.POST or None, initial=initial),
        lambda values: do_correct_unit(unit, **values, acting_user=user),
        template=FORM,
        context=_context(unit, f"{unit}の書き間違いを直す", "直す", lead),
        message="組織を直しました。",
        to=page_of,
    )


def unit_rename(request: HttpRequest, unit_id: int) -> HttpResponse:
    """A new name or place from a day on."""
    user = signed_in(request)
    unit = access_unit(user, unit_id, "change")
    initial = {"name": unit.name, "kana": unit.kana, "parent": unit.parent, "code": unit.code}
    lead = (
        "施行日の前日までは今の名称のまま残り、職員・所掌・システムと下の組織は新しい組織へ引き継がれます。"
    )
    return answer_form(
        request,
        UnitRenameForm(request.POST or None, initial=initial),
        lambda values: do_rename_unit(unit, values.pop("on"), **values, acting_user=user),
        template=FORM,
        context=_context(unit, f"{unit}を改称・移管する", "改称・移管する", lead),
        message=lambda new: f"{format_wareki(new.valid_from)}から{new}になります。",
        to=page_of,
    )


def unit_end(request: HttpRequest, unit_id: int) -> HttpResponse:
    """The end of a unit, with its successors."""
    user = signed_in(request)
    unit = access_unit(user, unit_id, "change")
    lead = "翌日から、職員・所掌・システムが主たる承継先へ移ります。過去の記録は変わりません。"

    def act(values: dict[str, Any]) -> Unit:
        successors = [values[name] for name in ("main", "second", "third") if values[name]]
        return do_end_unit(
            unit,
            values["valid_until"],
            successors=successors,
            with_children=values["with_children"],
            acting_user=user,
        )

    return answer_form(
        request,
        UnitEndForm(request.POST or None),
        act,
        template=FORM,
        context=_context(unit, f"{unit}を終わらせる", "終わらせる", lead),
        message=lambda ended: f"{ended}は{format_wareki(ended.valid_until)}で終わります。",
        to=page_of,
    )


def duty_set(request: HttpRequest, unit_id: int) -> HttpResponse:
    """A charge for a unit."""
    user = signed_in(request)
    unit = access_unit(user, unit_id, "change")
    lead = "この組織とその下のグループの職員が、開始日からその役割を持ちます。"
    return answer_form(
        request,
        DutyForm(request.POST or None),
        lambda values: do_set_duty(unit, values["kind"], values["valid_from"], acting_user=user),
        template=FORM,
        context=_context(unit, f"{unit}に所掌を付ける", "所掌を付ける", lead),
        message="所掌を付けました。",
        to=lambda _: page_of(unit),
    )


def duty_end(request: HttpRequest, duty_id: int) -> HttpResponse:
    """The end of a charge."""
    user = signed_in(request)
    duty = UnitDuty.objects.select_related("unit").filter(pk=duty_id).first()
    if duty is None:
        raise Http404
    unit = access_unit(user, duty.unit_id, "change")
    if duty.valid_until is not None:
        raise PermissionDenied("この所掌はすでに終わっています。")
    lead = "この組織の職員は、最後の日の翌日からその役割でできたことができなくなります。"
    return answer_form(
        request,
        LastDayForm(request.POST or None),
        lambda values: do_end_duty(duty, values["last_day"], acting_user=user),
        template=FORM,
        context=_context(unit, f"{unit}の所掌「{duty.get_kind_display()}」を終わらせる", "終わらせる", lead),
        message="所掌の終わりを入れました。",
        to=lambda _: page_of(unit),
    )
