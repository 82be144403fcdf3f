"""The shapes of campaigns and sheets, and the way to one that is to be changed."""

import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from tenshu.ground.api.conditions import unchanged_since
from tenshu.ground.api.routes import ApiRequest, Routes
from tenshu.ground.api.values import PLAIN, Body, Day, FiscalYearOut, OneOf, Out, Reason, StaffRef, UnitRef
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.mechanisms.inquiry.models import Campaign, CampaignState, Sheet, SheetState
from tenshu.mechanisms.inquiry.queries import UNITS, access_campaign, access_sheet

ROUTES = Routes("inquiries", "照会")

Key = Annotated[int, Field(ge=1, le=2**62)]
Comment = Annotated[str, Field(max_length=2_000), PLAIN]
ANSWERS = (
    Annotated[str, Field(max_length=20_000), PLAIN]
    | bool
    | Annotated[int, Field(ge=-(2**53), le=2**53)]
    | None
)
Value = ANSWERS | Annotated[list[Annotated[str, Field(max_length=200), PLAIN]], Field(max_length=500)]
"""A part of an answer: a text, a whole number, yes or no, a day, the values of choices; null for nothing."""
Values = dict[Annotated[str, Field(max_length=60), PLAIN], Value]
"""An answer or a row: part → value."""


class WhyQuery(BaseModel):
    """Why something is taken away; stands in the record."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason


class WhyIn(Body):
    """Why."""

    reason: Reason


class CampaignOut(Out):
    """An inquiry to many subjects."""

    id: int
    title: str
    year: FiscalYearOut
    content: str
    version_id: int | None
    subject_kind: str
    selection: str
    picked: list[int]
    previous_id: int | None
    host: UnitRef
    letter: str
    due_on: Day
    needs_head: bool
    state: Annotated[str, OneOf(CampaignState)]
    opened_at: datetime.datetime | None
    closed_at: datetime.datetime | None

    @classmethod
    def of(cls, row: Campaign) -> "CampaignOut":
        """The campaign as it is answered."""
        same = {name: getattr(row, name) for name in cls.model_fields if name not in ("id", "year", "host")}
        return cls(
            id=row.pk, year=FiscalYearOut.of(FiscalYear(row.fiscal_year)), host=UnitRef.of(row.host), **same
        )


class SheetOut(Out):
    """One subject's sheet; ``revision`` grows with every change of its answers."""

    id: int
    campaign_id: int
    subject: int
    subject_number: str
    subject_name: str
    respondent: UnitRef
    holder_unit: UnitRef | None
    holder: StaffRef | None
    state: Annotated[str, OneOf(SheetState)]
    due_on: Day
    submitted_at: datetime.datetime | None
    accepted_at: datetime.datetime | None
    revision: int

    @classmethod
    def of(cls, row: Sheet) -> "SheetOut":
        """The sheet as it is answered."""
        made = ("id", "respondent", "holder_unit", "holder")
        same = {name: getattr(row, name) for name in cls.model_fields if name not in made}
        return cls(
            id=row.pk,
            respondent=UnitRef.of(row.respondent),
            holder_unit=UnitRef.of(row.holder_unit) if row.holder_unit else None,
            holder=StaffRef.of(row.holder) if row.holder else None,
            **same,
        )


def locked_campaign(request: ApiRequest, campaign_id: int) -> Campaign:
    """The campaign to be changed, locked and as the asker has read it."""
    access_campaign(request.person, campaign_id, "write")
    rows = Campaign.objects.select_for_update(of=("self",))
    campaign = rows.select_related("version__questionnaire", "host", "previous").get(pk=campaign_id)
    unchanged_since(request, lambda: CampaignOut.of(campaign))
    return campaign


def locked_sheet(request: ApiRequest, sheet_id: int, action: str) -> Sheet:
    """The sheet for ``action``, locked and as the asker has read it."""
    access_sheet(request.person, sheet_id, action)
    rows = Sheet.objects.select_for_update(of=("self",))
    sheet = rows.select_related(
        "campaign__version__questionnaire", UNITS, "holder_unit", "holder", "previous__campaign"
    ).get(pk=sheet_id)
    unchanged_since(request, lambda: SheetOut.of(sheet))
    return sheet


def now(sheet: Sheet) -> SheetOut:
    """The sheet as it stands after a step."""
    rows = Sheet.objects.select_related("respondent", "holder_unit", "holder")
    return SheetOut.of(rows.get(pk=sheet.pk))
