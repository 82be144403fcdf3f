"""Who confirms while a head is away."""

from typing import Annotated

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.utils import timezone
from pydantic import Field

from tenshu.ground.api.filling import filled
from tenshu.ground.api.paging import Page, Paging, page_of
from tenshu.ground.api.routes import ApiRequest, Query
from tenshu.ground.api.values import PLAIN, Body, Day, Out, Reason, StaffRef, Text, UnitRef
from tenshu.mechanisms.inquiry.actions.substitutes import do_end_substitute, do_name_substitute
from tenshu.mechanisms.inquiry.api.shapes import ROUTES
from tenshu.mechanisms.inquiry.models import Substitute
from tenshu.mechanisms.inquiry.queries import may_name_substitute, named_by, substitutes_for
from tenshu.mechanisms.inquiry.ui.substitutes import SubstituteForm


class SubstituteOut(Out):
    """Somebody who confirms for the head of a unit."""

    id: int
    unit: UnitRef
    staff: StaffRef
    valid_from: Day
    valid_until: Day | None
    reason: str

    @classmethod
    def of(cls, row: Substitute) -> "SubstituteOut":
        """The substitute as it is answered."""
        return cls(
            id=row.pk,
            unit=UnitRef.of(row.unit),
            staff=StaffRef.of(row.staff),
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            reason=row.reason,
        )


class SubstituteIn(Body):
    """Who stands in; ``unit`` is a code, ``staff`` a number."""

    unit: Text
    staff: Annotated[str, Field(max_length=20), PLAIN]
    valid_from: Day
    valid_until: Day | None = None
    reason: Reason


@ROUTES.get("/substitutes", page="inquiry:substitute-list", gives=Page[SubstituteOut], summary="代決者の一覧")
def substitute_list(request: ApiRequest, query: Query[Paging]) -> Page[SubstituteOut]:
    """The substitutes that the person may see, the newest first."""
    rows = substitutes_for(request.person).select_related("unit", "staff").order_by("-valid_from", "-pk")
    return page_of(request, rows, query, SubstituteOut.of)


@ROUTES.post(
    "/substitutes", page="inquiry:substitute-add", gives=SubstituteOut, summary="代決者を決める", status=201
)
def substitute_add(request: ApiRequest, body: SubstituteIn) -> SubstituteOut:
    """Name a substitute: a head for the own unit, the secretariat for any."""
    if not may_name_substitute(request.person):
        raise PermissionDenied("代決者を決められるのは、所属長と事務局です。")
    values = filled(SubstituteForm, body)
    if not named_by(request.person, values["unit"].pk):
        raise ValidationError({"unit": "自分が所属長である所属を選んでください。"})
    return SubstituteOut.of(do_name_substitute(Substitute(**values), acting_user=request.person))


@ROUTES.post(
    "/substitutes/{int:substitute_id}/end",
    page="inquiry:substitute-end",
    gives=SubstituteOut,
    summary="代決を終わりにする",
)
def substitute_end(request: ApiRequest, substitute_id: int) -> SubstituteOut:
    """The head is back; today is the last day."""
    rows = substitutes_for(request.person).select_related("unit", "staff")
    held = rows.filter(pk=substitute_id).first()
    if held is None:
        raise Http404
    if not named_by(request.person, held.unit_id):
        raise PermissionDenied("代決者を終わりにできるのは、所属長と事務局です。")
    do_end_substitute(held, timezone.localdate(), acting_user=request.person)
    return SubstituteOut.of(held)
