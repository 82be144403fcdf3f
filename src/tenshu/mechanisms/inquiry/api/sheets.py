"""Sheets: those that a person may see, one of them, its way so far."""

import datetime
from typing import Annotated, Any, Literal

from django.db.models import Q, QuerySet
from django.utils import timezone
from pydantic import Field

from tenshu.ground.api.paging import Page, Paging, page_of
from tenshu.ground.api.routes import ApiRequest, Query
from tenshu.ground.api.values import DIGITS, Flag, OneOf, Out, PersonRef, StaffRef, Text
from tenshu.mechanisms.inquiry.api.shapes import ROUTES, SheetOut
from tenshu.mechanisms.inquiry.models import Sheet, SheetState, SheetStep, StepKind
from tenshu.mechanisms.inquiry.queries import access_campaign, access_sheet, sheets_for

ONE = "/sheets/{int:sheet_id}"
SORTS = {"number": "subject_number", "due_on": "due_on", "respondent": "respondent__code", "id": "pk"}


class SheetQuery(Paging):
    """Which sheets; ``late``: past their due date and not handed in."""

    q: Text = ""
    state: Annotated[str, OneOf(SheetState, empty=True)] = ""
    respondent: Text = ""
    late: Flag | Literal[""] = ""
    sort: Literal["number", "-number", "due_on", "-due_on", "respondent", "-respondent", "id", "-id"] = (
        "number"
    )


class EverySheetQuery(SheetQuery):
    """Sheets of all campaigns, or of one."""

    campaign: Annotated[int, Field(ge=1, le=2**62), DIGITS] | Literal[""] = ""


class SheetStepOut(Out):
    """One dated step of a sheet; ``on_behalf_of`` is the head for whom a substitute confirmed."""

    id: int
    kind: Annotated[str, OneOf(StepKind)]
    at: datetime.datetime
    by: PersonRef
    on_behalf_of: StaffRef | None
    comment: str

    @classmethod
    def of(cls, row: SheetStep) -> "SheetStepOut":
        """The step as it is answered."""
        head = StaffRef.of(row.on_behalf_of) if row.on_behalf_of else None
        return cls(
            id=row.pk,
            kind=row.kind,
            at=row.at,
            by=PersonRef.of(row.by),
            on_behalf_of=head,
            comment=row.comment,
        )


def _cut(rows: QuerySet[Sheet], query: SheetQuery) -> QuerySet[Any]:
    for word in query.q.split():
        rows = rows.filter(Q(subject_name__icontains=word) | Q(subject_number__icontains=word))
    if query.state:
        rows = rows.filter(state=query.state)
    if query.respondent:
        rows = rows.filter(respondent__code=query.respondent)
    if query.late:
        late = Q(state__in=[SheetState.ANSWERING, SheetState.CHECKING], due_on__lt=timezone.localdate())
        rows = rows.filter(late) if query.late == "true" else rows.exclude(late)
    down = "-" if query.sort.startswith("-") else ""
    rows = rows.select_related("respondent", "holder_unit", "holder")
    return rows.order_by(down + SORTS[query.sort.lstrip("-")], "pk")


@ROUTES.get("/sheets", page="inquiry:campaign-list", gives=Page[SheetOut], summary="照会票の一覧")
def sheet_list(request: ApiRequest, query: Query[EverySheetQuery]) -> Page[SheetOut]:
    """The sheets that the person may see."""
    rows = sheets_for(request.person)
    if query.campaign != "":
        rows = rows.filter(campaign=query.campaign)
    return page_of(request, _cut(rows, query), query, SheetOut.of)


@ROUTES.get(
    "/campaigns/{int:campaign_id}/sheets",
    page="inquiry:campaign-detail",
    gives=Page[SheetOut],
    summary="照会の照会票",
)
def campaign_sheets(request: ApiRequest, campaign_id: int, query: Query[SheetQuery]) -> Page[SheetOut]:
    """The sheets of a campaign that the person may see."""
    campaign = access_campaign(request.person, campaign_id)
    rows = sheets_for(request.person).filter(campaign=campaign)
    return page_of(request, _cut(rows, query), query, SheetOut.of)


@ROUTES.get(ONE, page="inquiry:sheet-detail", gives=SheetOut, summary="照会票")
def sheet_detail(request: ApiRequest, sheet_id: int) -> SheetOut:
    """One sheet; its answers are at ``/sheets/{id}/answers``."""
    return SheetOut.of(access_sheet(request.person, sheet_id))


@ROUTES.get(f"{ONE}/steps", page="inquiry:sheet-detail", gives=Page[SheetStepOut], summary="照会票の経過")
def sheet_steps(request: ApiRequest, sheet_id: int, query: Query[Paging]) -> Page[SheetStepOut]:
    """Every step of a sheet, the oldest first."""
    sheet = access_sheet(request.person, sheet_id)
    rows = sheet.steps.select_related("by", "on_behalf_of").order_by("at", "pk")
    return page_of(request, rows, query, SheetStepOut.of)
