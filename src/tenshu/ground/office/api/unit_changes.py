"""What the secretariat changes in units and their charges."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404

from tenshu.ground.api.filling import filled
from tenshu.ground.api.routes import ApiRequest
from tenshu.ground.office.actions import (
    do_correct_unit,
    do_end_duty,
    do_end_unit,
    do_open_unit,
    do_rename_unit,
    do_set_duty,
)
from tenshu.ground.office.api.shapes import (
    ROUTES,
    DutyIn,
    DutyOut,
    LastDayIn,
    UnitCorrection,
    UnitEnd,
    UnitIn,
    UnitOut,
    UnitRename,
    locked_unit,
    unit_out,
)
from tenshu.ground.office.gates import access_unit
from tenshu.ground.office.models import UnitDuty
from tenshu.ground.office.ui import forms

ONE = "/units/{int:unit_id}"
SUCCESSORS = ("main", "second", "third")


@ROUTES.post("/units", page="office:unit-open", gives=UnitOut, summary="組織を新設する", status=201)
def unit_open(request: ApiRequest, body: UnitIn) -> UnitOut:
    """A new unit."""
    values = filled(forms.UnitOpenForm, body)
    values["sort_order"] = values["sort_order"] or 0
    return unit_out(do_open_unit(**values, acting_user=request.person))


@ROUTES.patch(ONE, page="office:unit-correct", gives=UnitOut, summary="組織の書き間違いを直す")
def unit_correct(request: ApiRequest, unit_id: int, body: UnitCorrection) -> UnitOut:
    """A slip in name, reading or order, for all days."""
    unit = locked_unit(request, unit_id)
    present = {"name": unit.name, "kana": unit.kana, "sort_order": unit.sort_order}
    values = filled(forms.UnitCorrectForm, body, present=present)
    return unit_out(do_correct_unit(unit, **values, acting_user=request.person))


@ROUTES.post(f"{ONE}/rename", page="office:unit-rename", gives=UnitOut, summary="組織を改称・移管する")
def unit_rename(request: ApiRequest, unit_id: int, body: UnitRename) -> UnitOut:
    """A new name, place or code from a day on; the answer is the unit from then on."""
    unit = locked_unit(request, unit_id)
    present: dict[str, Any] = {"name": unit.name, "kana": unit.kana, "code": unit.code}
    present["parent"] = unit.parent.code if unit.parent else ""
    values = filled(forms.UnitRenameForm, body, present=present)
    return unit_out(do_rename_unit(unit, values.pop("on"), **values, acting_user=request.person))


@ROUTES.post(f"{ONE}/end", page="office:unit-end", gives=UnitOut, summary="組織を終わらせる")
def unit_end(request: ApiRequest, unit_id: int, body: UnitEnd) -> UnitOut:
    """The end of a unit, with its successors."""
    unit = locked_unit(request, unit_id)
    given = {"valid_until": body.valid_until, "with_children": body.with_children}
    values = filled(forms.UnitEndForm, given | dict(zip(SUCCESSORS, body.successors, strict=False)))
    successors = [values[name] for name in SUCCESSORS if values[name]]
    ended = do_end_unit(
        unit,
        values["valid_until"],
        successors=successors,
        with_children=values["with_children"],
        acting_user=request.person,
    )
    return unit_out(ended)


@ROUTES.post(f"{ONE}/duties", page="office:duty-set", gives=DutyOut, summary="組織に所掌を付ける", status=201)
def duty_set(request: ApiRequest, unit_id: int, body: DutyIn) -> DutyOut:
    """A charge for a unit."""
    unit = locked_unit(request, unit_id)
    values = filled(forms.DutyForm, body)
    return DutyOut.of(do_set_duty(unit, values["kind"], values["valid_from"], acting_user=request.person))


@ROUTES.post("/duties/{int:duty_id}/end", page="office:duty-end", gives=DutyOut, summary="所掌を終わらせる")
def duty_end(request: ApiRequest, duty_id: int, body: LastDayIn) -> DutyOut:
    """The end of a charge."""
    rows = UnitDuty.objects.select_for_update(of=("self",)).select_related("unit")
    duty = rows.filter(pk=duty_id).first()
    if duty is None:
        raise Http404
    access_unit(request.person, duty.unit_id, "change")
    if duty.valid_until is not None:
        raise PermissionDenied("この所掌はすでに終わっています。")
    last_day = filled(forms.LastDayForm, body)["last_day"]
    return DutyOut.of(do_end_duty(duty, last_day, acting_user=request.person))
