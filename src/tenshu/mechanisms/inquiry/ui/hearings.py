"""Hearings about answers: the rules and the needs of a campaign, a need by hand, the session planned for it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tenshu.ground.access.gates import signed_in
from tenshu.ground.access.models import User
from tenshu.ground.access.queries import holds_any
from tenshu.ground.access.roles import EDITORS
from tenshu.ground.ui.answering import answer_form
from tenshu.ground.ui.forms import ConfirmForm, DateField, Form
from tenshu.ground.ui.tables import Column, Table, chip_column
from tenshu.mechanisms.gathering.models import Form as GatheringForm
from tenshu.mechanisms.gathering.models import Gathering, GatheringKind
from tenshu.mechanisms.gathering.ui.cells import link, together
from tenshu.mechanisms.gathering.ui.forms import TimeField
from tenshu.mechanisms.inquiry.actions import hearings
from tenshu.mechanisms.inquiry.models import HearingNeed, HearingRule
from tenshu.mechanisms.inquiry.queries import access_campaign, access_sheet, sheets_for
from tenshu.mechanisms.inquiry.ui.steps import page_of, trail_of
from tenshu.mechanisms.inquiry.ui.writing import context_of


class NeedTable(Table[HearingNeed]):
    """The sheets of a campaign that need a hearing."""

    caption, counter = "ヒアリング", "件"
    search, search_label = (
        ("sheet__subject_name", "sheet__respondent__name", "reason"),
        "対象・所属・理由で絞る",
    )
    default_sort = "name"
    empty_title = "ヒアリングが要る照会票はありません"
    empty_text = "目安を書いて当てはめるか、照会票の画面で一件ずつ加えます。"


def _state(need: HearingNeed) -> str:
    return str(need.gathering.get_state_display()) if need.gathering else "要確認"


class RuleForm(Form):
    """When an answer needs a hearing."""

    condition = forms.CharField(
        label="条件",
        max_length=1000,
        help_text="設問番号と回答で書きます。例：Q1＝はい かつ 対象.部局＝総務部",
    )
    reason = forms.CharField(label="理由", max_length=300, help_text="照会票とヒアリングの一覧に出ます")


class NeedForm(Form):
    """Why this sheet needs a hearing."""

    reason = forms.CharField(label="確かめたいこと", max_length=300)


class PlanForm(Form):
    """When and where."""

    held_on = DateField(label="開催日")
    starts_at = TimeField(label="開始時刻", help_text="例：14:00")
    form = forms.ChoiceField(label="開催形式", choices=GatheringForm.choices)
    place = forms.CharField(label="場所", max_length=200, required=False)


def campaign_hearings(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """The rules and the needs; a POST applies the rules to the answers as they are now."""
    user = signed_in(request)
    campaign = access_campaign(user, campaign_id, "write" if request.method == "POST" else "read")
    if request.method == "POST":
        made = hearings.do_apply_rules(campaign, acting_user=user)
        messages.success(
            request,
            f"目安に当てはまる{made:,}件を加えました。"
            if made
            else "新しく当てはまるものはありませんでした。",
        )
        return redirect(request.path)
    writes = holds_any(user, EDITORS)
    needs = HearingNeed.objects.filter(sheet__campaign=campaign, sheet__in=sheets_for(user))
    table = NeedTable(request, needs.select_related("sheet__respondent", "gathering", "rule"))
    table.columns = _columns(writes=writes)  # type: ignore[misc]
    context = context_of("ヒアリング", "", campaign) | {
        "campaign": campaign,
        "rules": campaign.hearing_rules.all() if writes else [],
        "may_write": writes,
    }
    return table.respond("inquiry/campaign_hearings.html", context)


def _columns(*, writes: bool) -> tuple[Column, ...]:
    def buttons(need: HearingNeed) -> Any:
        if need.gathering_id is not None:
            return ""
        return together(
            [
                link("日程を決める", reverse("inquiry:need-plan", args=[need.pk]), need.sheet.subject_name),
                link("外す", reverse("inquiry:need-remove", args=[need.pk]), need.sheet.subject_name),
            ]
        )

    columns = [
        Column(
            name="name",
            label="対象",
            heading=True,
            value=lambda need: need.sheet.subject_name,
            sort="sheet__subject_name",
            link=lambda need: page_of(need.sheet),
            under=lambda need: need.sheet.respondent.name,
            under_label="回答所属",
        ),
        Column(name="reason", label="理由", sort=True),
        chip_column("state", "状態", value=_state),
        Column(
            name="gathering",
            label="ヒアリング",
            value=lambda need: need.gathering.title if need.gathering else None,
            link=lambda need: (
                reverse("gathering:gathering-detail", args=[need.gathering_id]) if need.gathering_id else None
            ),
        ),
    ]
    if writes:
        columns.append(Column(name="buttons", label="操作", value=buttons, export=lambda _: ""))
    return tuple(columns)


def hearing_rule_add(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Write a rule."""
    user = signed_in(request)
    campaign = access_campaign(user, campaign_id, "write")
    back = reverse("inquiry:campaign-hearings", args=[campaign.pk])
    return answer_form(
        request,
        RuleForm(request.POST if request.method == "POST" else None),
        lambda values: hearings.do_set_rule(campaign, **values, acting_user=user),
        template="ui/form_page.html",
        context=context_of("ヒアリングの目安を加える", "加える", campaign) | {"back_url": back},
        message="目安を加えました。「目安を当てはめる」で、照会票を拾います。",
        to=lambda _: back,
    )


def hearing_rule_remove(request: HttpRequest, hearing_rule_id: int) -> HttpResponse:
    """Take a rule back."""
    user = signed_in(request)
    rule = HearingRule.objects.select_related("campaign").filter(pk=hearing_rule_id).first()
    if rule is None:
        raise Http404
    campaign = access_campaign(user, rule.campaign_id, "write")
    back = reverse("inquiry:campaign-hearings", args=[campaign.pk])
    return answer_form(
        request,
        ConfirmForm(request.POST if request.method == "POST" else None),
        lambda _: hearings.do_remove_rule(rule, acting_user=user),
        template="ui/confirm.html",
        context={
            "title": "ヒアリングの目安を消す",
            "consequence": f"「{rule.reason}」で拾った照会票のうち、日程の決まっていないものも一覧から外れます。",
            "action_label": "消す",
            "back_url": back,
        },
        message="目安を消しました。",
        to=lambda _: back,
    )


def sheet_hearing(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Flag a sheet by hand."""
    user = signed_in(request)
    sheet = access_sheet(user, sheet_id, "collect")
    return answer_form(
        request,
        NeedForm(request.POST if request.method == "POST" else None),
        lambda values: hearings.do_flag(sheet, values["reason"], acting_user=user),
        template="ui/form_page.html",
        context={
            "title": "ヒアリングの対象にする",
            "action_label": "対象にする",
            "back_url": page_of(sheet),
            "trail": trail_of(sheet),
        },
        message="ヒアリングの対象にしました。",
        to=lambda _: page_of(sheet),
    )


def access_need(user: User, pk: int) -> HearingNeed:
    """The need to be decided about; raises ``Http404`` or ``PermissionDenied``."""
    need = (
        HearingNeed.objects.select_related("sheet__campaign__host", "sheet__respondent")
        .filter(pk=pk, sheet__in=sheets_for(user))
        .first()
    )
    if need is None:
        raise Http404
    if not holds_any(user, EDITORS):
        raise PermissionDenied("ヒアリングを決められるのは、事務局です。")
    return need


def hearing_for(need: HearingNeed, values: dict[str, Any]) -> Gathering:
    """The session that is planned for a need, not saved; ``values`` say when and where."""
    sheet = need.sheet
    title = f"ヒアリング {sheet.subject_name}（{sheet.campaign}）"
    return Gathering(
        kind=GatheringKind.HEARING,
        title=title[:200],
        host=sheet.campaign.host,
        outline=need.reason,
        **values,
    )


def need_plan(request: HttpRequest, hearing_need_id: int) -> HttpResponse:
    """Plan the session."""
    user = signed_in(request)
    need = access_need(user, hearing_need_id)
    sheet = need.sheet

    def act(values: dict[str, Any]) -> Gathering:
        return hearings.do_plan_hearing(need, hearing_for(need, values), acting_user=user)

    return answer_form(
        request,
        PlanForm(request.POST if request.method == "POST" else None),
        act,
        template="ui/form_page.html",
        context={
            "title": "ヒアリングの日程を決める",
            "lead": f"{need.reason}。回答した所属を呼び、案内を知らせます。",
            "action_label": "日程を決める",
            "back_url": page_of(sheet),
            "trail": trail_of(sheet),
        },
        message="ヒアリングを会議に加えました。議事録は会議の画面に書きます。",
        to=lambda _: page_of(sheet),
    )


def need_remove(request: HttpRequest, hearing_need_id: int) -> HttpResponse:
    """No hearing after all."""
    user = signed_in(request)
    need = access_need(user, hearing_need_id)
    return answer_form(
        request,
        ConfirmForm(request.POST if request.method == "POST" else None),
        lambda _: hearings.do_unflag(need, acting_user=user),
        template="ui/confirm.html",
        context={
            "title": "ヒアリングの対象から外す",
            "consequence": f"「{need.reason}」を外します。外したことは監査記録に残ります。",
            "action_label": "外す",
            "back_url": page_of(need.sheet),
            "danger": False,
        },
        message="ヒアリングの対象から外しました。",
        to=lambda _: page_of(need.sheet),
    )
