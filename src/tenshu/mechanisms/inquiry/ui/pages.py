"""Reading campaigns: the list, and one campaign with its board."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tenshu.ground.access.gates import signed_in
from tenshu.ground.access.queries import holds_any
from tenshu.ground.access.roles import DIVISION, EDITORS, READERS
from tenshu.ground.calendar.business_days import business_days_between
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.mechanisms.inquiry.actions.campaigns import faults_of
from tenshu.mechanisms.inquiry.board import boarded, tally, whole_board
from tenshu.mechanisms.inquiry.contents import contents
from tenshu.mechanisms.inquiry.models import Campaign, CampaignState, SheetState
from tenshu.mechanisms.inquiry.queries import access_campaign, campaigns_for, sheets_for
from tenshu.mechanisms.inquiry.ui.bulk import bulk_actions
from tenshu.mechanisms.inquiry.ui.opening import Opening, opening_of
from tenshu.mechanisms.inquiry.ui.tables import CampaignTable, board_table, sheet_table
from tenshu.mechanisms.questionnaire.subjects import subject_kinds


def campaign_list(request: HttpRequest) -> HttpResponse:
    """The campaigns that the person may see, of all years."""
    user = signed_in(request)
    own = Q(sheets__in=sheets_for(user)) & ~Q(sheets__state=SheetState.WITHDRAWN)
    rows = (
        campaigns_for(user)
        .select_related("host")
        .annotate(
            asked=Count("sheets", filter=own),
            handed_in=Count(
                "sheets", filter=own & Q(sheets__state__in=[SheetState.COLLECTING, SheetState.ACCEPTED])
            ),
            accepted=Count("sheets", filter=own & Q(sheets__state=SheetState.ACCEPTED)),
        )
    )
    return CampaignTable(request, rows).respond(
        "inquiry/campaign_list.html",
        {"may_write": holds_any(user, EDITORS), "sees_substitutes": holds_any(user, READERS | DIVISION)},
    )


def campaign_detail(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """One campaign: its progress by department, and every sheet that the person may see."""
    user = signed_in(request)
    campaign = access_campaign(user, campaign_id)
    writes = holds_any(user, EDITORS)
    if request.GET.get("part") == "opening" and getattr(request, "htmx", False):
        return _opening_part(request, campaign)
    own = sheets_for(user).filter(campaign=campaign)
    # While a job makes the sheets, some are there already; nobody is asked yet.
    every = [] if campaign.state == CampaignState.OPENING else whole_board(own)
    opened = request.GET.get("department", "")
    whole, rows = tally(every, int(opened) if opened.isdecimal() else None)
    table = sheet_table(request, boarded(own), contents().get(campaign.content))
    if writes:
        table.bulk = bulk_actions(campaign)
    opening, is_open = opening_of(campaign), campaign.state == CampaignState.OPEN
    context = {
        "campaign": campaign,
        "opening": opening,
        "year": FiscalYear(campaign.fiscal_year),
        "whole": whole,
        "board": board_table(request, rows),
        "departments": len({row.unit for row in rows if not row.level}),
        "days_left": business_days_between(_today(), campaign.due_on) if is_open else 0,
        "may_write": writes,
        "reads_all": holds_any(user, READERS),
        "has_sheets": bool(every),
        "facts": _facts(campaign),
        "links": _links(campaign, opening) if writes else [],
        "faults": faults_of(campaign) if writes and campaign.state == CampaignState.DRAFT else [],
        "url": request.path,
    }
    return table.respond("inquiry/campaign_detail.html", context)


def _opening_part(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """How far the opening is; the page looks anew when it is over."""
    if campaign.state != CampaignState.OPENING:
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = {"campaign": campaign, "opening": opening_of(campaign), "url": request.path}
    return render(request, "inquiry/campaign_detail.html#opening", context)


def _today() -> Any:
    from django.utils import timezone

    return timezone.localdate()


def _facts(campaign: Campaign) -> dict[str, Any]:
    kind = subject_kinds().get(campaign.subject_kind)
    content = contents().get(campaign.content)
    return {
        "内容": str(campaign.version or (content.label if content else campaign.content)),
        "対象": kind.label if kind else campaign.subject_kind,
        "対象の条件": campaign.selection or ("個別に選ぶ" if campaign.picked else "すべて"),
        "前回の照会": str(campaign.previous or "なし"),
        "とりまとめ": campaign.host.name,
        "所属長の確認": "経て提出する" if campaign.needs_head else "求めない",
    }


def _links(campaign: Campaign, opening: Opening | None) -> list[tuple[str, str]]:
    """What the secretariat can do: label and URL name."""
    match campaign.state:
        case CampaignState.DRAFT:
            return [
                ("照会を直す", "inquiry:campaign-correct"),
                ("依頼文の添付", "inquiry:campaign-files"),
                ("照会を取りやめる", "inquiry:campaign-remove"),
            ]
        case CampaignState.OPEN:
            return [
                ("照会名・期限・依頼文を直す", "inquiry:campaign-correct"),
                ("依頼文の添付", "inquiry:campaign-files"),
                ("まとめて受理する", "inquiry:campaign-accept"),
                ("まとめて期限を変える", "inquiry:campaign-due"),
                ("締め切る", "inquiry:campaign-close"),
            ]
        case CampaignState.CLOSED:
            return [("まとめて受理する", "inquiry:campaign-accept"), ("再開する", "inquiry:campaign-reopen")]
    return [("もう一度始める", "inquiry:campaign-open")] if opening and opening.may_start_again else []
