"""Hearings: the rules that ask for one, the sheets that need one, and planning the session."""

from typing import Annotated

from django.http import Http404
from pydantic import Field

from tenshu.ground.access.queries import holds_any
from tenshu.ground.access.roles import EDITORS
from tenshu.ground.api.filling import filled
from tenshu.ground.api.paging import Page, Paging, page_of
from tenshu.ground.api.routes import ApiRequest, Query
from tenshu.ground.api.values import PLAIN, Body, Clock, Day, OneOf, Out, Reason, Text, UnitRef
from tenshu.mechanisms.gathering.models import Form
from tenshu.mechanisms.inquiry.actions import hearings as actions
from tenshu.mechanisms.inquiry.api.shapes import ROUTES, WhyIn, locked_sheet
from tenshu.mechanisms.inquiry.models import HearingNeed, HearingRule
from tenshu.mechanisms.inquiry.queries import access_campaign, sheets_for
from tenshu.mechanisms.inquiry.ui.hearings import NeedForm, PlanForm, RuleForm, access_need, hearing_for

OF_CAMPAIGN = "/campaigns/{int:campaign_id}"
ONE_RULE = "/hearing-rules/{int:hearing_rule_id}"
ONE = "/hearing-needs/{int:hearing_need_id}"


class HearingRuleOut(Out):
    """Which answers need a hearing, and why."""

    id: int
    condition: str
    reason: str

    @classmethod
    def of(cls, row: HearingRule) -> "HearingRuleOut":
        """The rule as it is answered."""
        return cls(id=row.pk, condition=row.condition, reason=row.reason)


class HearingNeedOut(Out):
    """That a sheet needs a hearing; ``gathering_id`` is the session once it is planned."""

    id: int
    sheet_id: int
    subject_name: str
    respondent: UnitRef
    reason: str
    rule_id: int | None
    gathering_id: int | None

    @classmethod
    def of(cls, row: HearingNeed) -> "HearingNeedOut":
        """The need as it is answered."""
        return cls(
            id=row.pk,
            sheet_id=row.sheet_id,
            subject_name=row.sheet.subject_name,
            respondent=UnitRef.of(row.sheet.respondent),
            reason=row.reason,
            rule_id=row.rule_id,
            gathering_id=row.gathering_id,
        )


class HearingRuleIn(Body):
    """A condition as questionnaires have it, and the reason."""

    condition: Annotated[str, Field(min_length=1, max_length=1_000), PLAIN]
    reason: Reason


class HearingIn(Body):
    """When and where."""

    held_on: Day
    starts_at: Clock | None = None
    form: Annotated[str, OneOf(Form)] = Form.IN_PERSON.value
    place: Text = ""


class FlaggedOut(Out):
    """How many sheets were flagged."""

    count: int


@ROUTES.get(
    f"{OF_CAMPAIGN}/hearing-rules",
    page="inquiry:campaign-hearings",
    gives=Page[HearingRuleOut],
    summary="ヒアリングの目安",
)
def rule_list(request: ApiRequest, campaign_id: int, query: Query[Paging]) -> Page[HearingRuleOut]:
    """The rules of a campaign; the secretariat's alone, as on the page."""
    campaign = access_campaign(request.person, campaign_id)
    decides = holds_any(request.person, EDITORS)
    rows = campaign.hearing_rules.order_by("pk") if decides else HearingRule.objects.none()
    return page_of(request, rows, query, HearingRuleOut.of)


@ROUTES.post(
    f"{OF_CAMPAIGN}/hearing-rules",
    page="inquiry:hearing-rule-add",
    gives=HearingRuleOut,
    summary="ヒアリングの目安を加える",
    status=201,
)
def rule_add(request: ApiRequest, campaign_id: int, body: HearingRuleIn) -> HearingRuleOut:
    """Write a rule."""
    campaign = access_campaign(request.person, campaign_id, "write")
    values = filled(RuleForm, body)
    return HearingRuleOut.of(actions.do_set_rule(campaign, **values, acting_user=request.person))


@ROUTES.delete(ONE_RULE, page="inquiry:hearing-rule-remove", gives=None, summary="ヒアリングの目安を消す")
def rule_remove(request: ApiRequest, hearing_rule_id: int) -> None:
    """Take a rule back, with what it flagged and nobody has heard yet."""
    rule = HearingRule.objects.select_related("campaign").filter(pk=hearing_rule_id).first()
    if rule is None:
        raise Http404
    access_campaign(request.person, rule.campaign_id, "write")
    actions.do_remove_rule(rule, acting_user=request.person)


@ROUTES.get(
    f"{OF_CAMPAIGN}/hearing-needs",
    page="inquiry:campaign-hearings",
    gives=Page[HearingNeedOut],
    summary="ヒアリングの対象",
)
def need_list(request: ApiRequest, campaign_id: int, query: Query[Paging]) -> Page[HearingNeedOut]:
    """The sheets of a campaign that need a hearing, as far as the person may see them."""
    campaign = access_campaign(request.person, campaign_id)
    rows = HearingNeed.objects.filter(sheet__campaign=campaign, sheet__in=sheets_for(request.person))
    return page_of(request, rows.select_related("sheet__respondent").order_by("pk"), query, HearingNeedOut.of)


@ROUTES.post(
    f"{OF_CAMPAIGN}/hearing-rules/apply",
    page="inquiry:campaign-hearings",
    gives=FlaggedOut,
    summary="ヒアリングの目安を当てはめる",
)
def rules_apply(request: ApiRequest, campaign_id: int) -> FlaggedOut:
    """Flag every sheet that meets a rule and is not flagged by it yet."""
    campaign = access_campaign(request.person, campaign_id, "write")
    return FlaggedOut(count=actions.do_apply_rules(campaign, acting_user=request.person))


@ROUTES.post(
    "/sheets/{int:sheet_id}/hearing-needs",
    page="inquiry:sheet-hearing",
    gives=HearingNeedOut,
    summary="照会票をヒアリングの対象にする",
    status=201,
)
def need_add(request: ApiRequest, sheet_id: int, body: WhyIn) -> HearingNeedOut:
    """Flag one sheet by hand."""
    sheet = locked_sheet(request, sheet_id, "collect")
    reason = filled(NeedForm, body)["reason"]
    return HearingNeedOut.of(actions.do_flag(sheet, reason, acting_user=request.person))


@ROUTES.post(
    f"{ONE}/session",
    page="inquiry:need-plan",
    gives=HearingNeedOut,
    summary="ヒアリングの日程を決める",
    status=201,
)
def need_plan(request: ApiRequest, hearing_need_id: int, body: HearingIn) -> HearingNeedOut:
    """Plan the session; it settles every open need of the sheet."""
    need = access_need(request.person, hearing_need_id)
    gathering = hearing_for(need, filled(PlanForm, body.model_dump()))
    actions.do_plan_hearing(need, gathering, acting_user=request.person)
    need.refresh_from_db(fields=["gathering"])
    return HearingNeedOut.of(need)


@ROUTES.delete(ONE, page="inquiry:need-remove", gives=None, summary="ヒアリングの対象から外す")
def need_remove(request: ApiRequest, hearing_need_id: int) -> None:
    """No hearing after all."""
    actions.do_unflag(access_need(request.person, hearing_need_id), acting_user=request.person)
