"""Campaigns: the list, one of them with its progress, making, opening, closing, and many sheets at once."""

from typing import Annotated, Any, Literal

from django.db.models import Q
from pydantic import Field

from tenshu.ground.api.filling import filled
from tenshu.ground.api.paging import Page, Paging, page_of
from tenshu.ground.api.problems import ApiProblem
from tenshu.ground.api.routes import ApiRequest, Query
from tenshu.ground.api.values import (
    PLAIN,
    Body,
    Day,
    LongText,
    OneOf,
    Out,
    Reason,
    Text,
    UnitRef,
    Year,
    fiscal_year,
)
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.calendar.queries import opened_years
from tenshu.mechanisms.inquiry.actions import campaigns as actions
from tenshu.mechanisms.inquiry.actions.many import do_accept_many, do_remind
from tenshu.mechanisms.inquiry.actions.opening import do_start_opening
from tenshu.mechanisms.inquiry.actions.steps import do_change_due
from tenshu.mechanisms.inquiry.api.shapes import ROUTES, CampaignOut, WhyIn, locked_campaign
from tenshu.mechanisms.inquiry.board import Tally, tally, whole_board
from tenshu.mechanisms.inquiry.models import Campaign, CampaignState, Sheet, SheetState
from tenshu.mechanisms.inquiry.queries import access_campaign, campaigns_for, sheets_for
from tenshu.mechanisms.inquiry.ui import forms

ONE = "/campaigns/{int:campaign_id}"
WAITING = (SheetState.ANSWERING, SheetState.CHECKING)

Condition = Annotated[str, Field(max_length=1_000), PLAIN]
Many = Annotated[list[Text], Field(max_length=2_000)] | None


class CampaignQuery(Paging):
    """Which campaigns."""

    year: Year | Literal[""] = ""
    q: Text = ""
    state: Annotated[str, OneOf(CampaignState, empty=True)] = ""
    sort: Literal["due_on", "-due_on", "title", "-title", "id", "-id"] = "-due_on"


class CampaignPatch(Body):
    """What may be changed; once open only ``title``, ``due_on`` and ``letter``.

    ``content`` is ``questionnaire:`` with the number of a published version, or the word of a room's content;
    ``host`` is the code of a unit, ``numbers`` are subjects picked by hand.
    """

    title: Text | None = None
    year: Year | None = None
    content: Text | None = None
    previous: Annotated[int, Field(ge=1, le=2**62)] | None = None
    subject_kind: Text | None = None
    selection: Condition | None = None
    numbers: Annotated[list[Text], Field(max_length=2_000)] | None = None
    needs_head: bool | None = None
    due_on: Day | None = None
    host: Text | None = None
    letter: LongText | None = None


class CampaignIn(CampaignPatch):
    """A campaign to be prepared; nobody is asked before it is opened."""

    title: Text
    year: Year
    content: Text
    subject_kind: Text
    needs_head: bool = True
    due_on: Day
    host: Text


class OpenedOut(Out):
    """How many sheets were made; null when a job is making them."""

    campaign: CampaignOut
    sheets: int | None


class TallyOut(Out):
    """How many sheets stand where: of all, or of one department."""

    unit: UnitRef | None
    asked: int
    handed_in: int
    late: int
    withdrawn: int
    by_state: dict[str, int]

    @classmethod
    def of(cls, row: Tally) -> "TallyOut":
        """The counts as they are answered."""
        return cls(
            unit=UnitRef.of(row.unit) if row.unit else None,
            asked=row.total,
            handed_in=row.handed_in,
            late=row.late,
            withdrawn=row.withdrawn,
            by_state=dict(row.counts),
        )


class ProgressOut(Out):
    """Where the sheets of a campaign stand."""

    whole: TallyOut
    departments: list[TallyOut]


class DoneOut(Out):
    """How many were done."""

    count: int


class UnitsIn(Body):
    """The codes of the divisions whose sheets are meant; all that fit when left out."""

    units: Many = None


class ManyDueIn(UnitsIn):
    """Another due date."""

    due_on: Day
    reason: Reason


class RemindIn(UnitsIn):
    """A word with the reminder."""

    text: Annotated[str, Field(max_length=1_000), PLAIN] = ""


@ROUTES.get("/campaigns", page="inquiry:campaign-list", gives=Page[CampaignOut], summary="照会の一覧")
def campaign_list(request: ApiRequest, query: Query[CampaignQuery]) -> Page[CampaignOut]:
    """The campaigns that the person may see; of all years unless one is asked for."""
    rows = campaigns_for(request.person)
    if query.year:
        rows = rows.filter(fiscal_year=fiscal_year(query.year).year)
    if query.state:
        rows = rows.filter(state=query.state)
    for word in query.q.split():
        rows = rows.filter(Q(title__icontains=word) | Q(letter__icontains=word))
    order = query.sort.replace("id", "pk")
    return page_of(request, rows.select_related("host").order_by(order, "pk"), query, CampaignOut.of)


@ROUTES.get(ONE, page="inquiry:campaign-detail", gives=CampaignOut, summary="照会")
def campaign_detail(request: ApiRequest, campaign_id: int) -> CampaignOut:
    """One campaign."""
    return CampaignOut.of(access_campaign(request.person, campaign_id))


@ROUTES.get(f"{ONE}/progress", page="inquiry:campaign-detail", gives=ProgressOut, summary="照会の進み")
def campaign_progress(request: ApiRequest, campaign_id: int) -> ProgressOut:
    """The sheets that the person may see by where they stand, in all and by department."""
    campaign = access_campaign(request.person, campaign_id)
    whole, rows = tally(whole_board(sheets_for(request.person).filter(campaign=campaign)))
    return ProgressOut(whole=TallyOut.of(whole), departments=[TallyOut.of(row) for row in rows])


@ROUTES.post("/campaigns", page="inquiry:campaign-add", gives=CampaignOut, summary="照会を作る", status=201)
def campaign_add(request: ApiRequest, body: CampaignIn) -> CampaignOut:
    """Prepare a campaign."""
    year = FiscalYear.parse(body.year)
    given = _typed(body) | {"needs_head": body.needs_head}
    values = filled(forms.CampaignForm, given, around=_around(year))
    return CampaignOut.of(actions.do_add_campaign(Campaign(**values), acting_user=request.person))


@ROUTES.patch(ONE, page="inquiry:campaign-correct", gives=CampaignOut, summary="照会を直す")
def campaign_correct(request: ApiRequest, campaign_id: int, body: CampaignPatch) -> CampaignOut:
    """Change a campaign; once open, only what does not change what was asked."""
    held, given = locked_campaign(request, campaign_id), _typed(body)
    present = forms.campaign_initial(held)
    if held.state != CampaignState.DRAFT:
        closed = sorted(set(given) - set(forms.LetterForm.base_fields))
        if closed:
            told = "開始した照会では変えられません。"
            raise ApiProblem("refused", fields=[(name, told) for name in closed])
        values = filled(
            forms.LetterForm, given, present={n: present[n] for n in forms.LetterForm.base_fields}
        )
    else:
        present |= {"previous": held.previous_id, "host": held.host.code}
        year = FiscalYear(given.get("fiscal_year", held.fiscal_year))
        values = filled(forms.CampaignForm, given, present=present, around=_around(year), campaign=held)
    actions.do_change_campaign(held, values, acting_user=request.person)
    return CampaignOut.of(access_campaign(request.person, held.pk))


def _typed(body: CampaignPatch) -> dict[str, Any]:
    """What is given, under the names of the page's form."""
    given = body.model_dump(exclude_unset=True)
    if given.get("year"):
        given["fiscal_year"] = FiscalYear.parse(given.pop("year")).year
    given.pop("year", None)
    if "numbers" in given:
        given["numbers"] = "、".join(given["numbers"] or [])
    return given


def _around(year: FiscalYear) -> FiscalYear:
    """The opened year nearest to the one that is asked for: a campaign may be made for it and those beside it."""
    opened = [row.fiscal_year for row in opened_years()]
    return min(opened, key=lambda one: abs(one.year - year.year), default=year)


@ROUTES.post(f"{ONE}/open", page="inquiry:campaign-open", gives=OpenedOut, summary="照会を開始する")
def campaign_open(request: ApiRequest, campaign_id: int) -> OpenedOut:
    """Open: freeze the subjects and make their sheets, at once or by a job."""
    held = locked_campaign(request, campaign_id)
    made = do_start_opening(held, acting_user=request.person)
    return OpenedOut(campaign=CampaignOut.of(access_campaign(request.person, held.pk)), sheets=made)


@ROUTES.post(f"{ONE}/close", page="inquiry:campaign-close", gives=CampaignOut, summary="照会を締め切る")
def campaign_close(request: ApiRequest, campaign_id: int) -> CampaignOut:
    """Close: nothing can be answered any more."""
    held = locked_campaign(request, campaign_id)
    actions.do_close_campaign(held, acting_user=request.person)
    return CampaignOut.of(access_campaign(request.person, held.pk))


@ROUTES.post(f"{ONE}/reopen", page="inquiry:campaign-reopen", gives=CampaignOut, summary="照会を再開する")
def campaign_reopen(request: ApiRequest, campaign_id: int, body: WhyIn) -> CampaignOut:
    """Open a closed campaign again, with the reason."""
    held = locked_campaign(request, campaign_id)
    actions.do_reopen_campaign(held, body.reason, acting_user=request.person)
    return CampaignOut.of(access_campaign(request.person, held.pk))


@ROUTES.delete(ONE, page="inquiry:campaign-remove", gives=None, summary="照会を取りやめる")
def campaign_remove(request: ApiRequest, campaign_id: int) -> None:
    """Take a campaign back that was never opened."""
    actions.do_remove_campaign(locked_campaign(request, campaign_id), acting_user=request.person)


@ROUTES.post(f"{ONE}/due", page="inquiry:campaign-due", gives=DoneOut, summary="まとめて期限を変える")
def campaign_due(request: ApiRequest, campaign_id: int, body: ManyDueIn) -> DoneOut:
    """Give the sheets that were not handed in another due date."""
    sheets = _chosen(request, campaign_id, body.units, WAITING)
    return DoneOut(count=do_change_due(sheets, body.due_on, body.reason, acting_user=request.person))


@ROUTES.post(f"{ONE}/remind", page="inquiry:campaign-remind", gives=DoneOut, summary="まとめて催促する")
def campaign_remind(request: ApiRequest, campaign_id: int, body: RemindIn) -> DoneOut:
    """Remind whoever has the next step; answers how many people were told."""
    sheets = _chosen(request, campaign_id, body.units, WAITING)
    return DoneOut(count=do_remind(sheets, body.text, acting_user=request.person))


@ROUTES.post(f"{ONE}/accept", page="inquiry:campaign-accept", gives=DoneOut, summary="まとめて受理する")
def campaign_accept(request: ApiRequest, campaign_id: int, body: UnitsIn) -> DoneOut:
    """Accept what was handed in: all, or none when one cannot be accepted."""
    sheets = _chosen(request, campaign_id, body.units, (SheetState.COLLECTING,))
    return DoneOut(count=do_accept_many(sheets, acting_user=request.person))


def _chosen(
    request: ApiRequest, campaign_id: int, codes: list[str] | None, states: tuple[SheetState, ...]
) -> list[Sheet]:
    campaign = access_campaign(request.person, campaign_id, "write")
    sheets = campaign.sheets.filter(state__in=states).select_related(
        "campaign", "respondent__parent__parent__parent", "holder", "holder_unit"
    )
    if codes is None:
        return list(sheets.order_by("pk"))
    known = set(sheets.values_list("respondent__code", flat=True))
    if unknown := [code for code in codes if code not in known]:
        message = f"当てはまる照会票のない組織コードがあります：{'、'.join(unknown[:5])}。"
        raise ApiProblem("refused", fields=[("units", message)])
    return list(sheets.filter(respondent__code__in=codes).order_by("pk"))
