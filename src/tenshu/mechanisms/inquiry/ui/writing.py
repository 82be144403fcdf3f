"""The pages on which the secretariat makes, opens and closes campaigns."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from tenshu.ground.access.gates import signed_in
from tenshu.ground.access.models import User
from tenshu.ground.calendar.requests import year_of
from tenshu.ground.ui.answering import answer_form
from tenshu.ground.ui.dates import day_text
from tenshu.ground.ui.forms import ConfirmForm
from tenshu.ground.ui.parts import Crumb
from tenshu.mechanisms.inquiry.actions import campaigns
from tenshu.mechanisms.inquiry.actions.opening import do_start_opening
from tenshu.mechanisms.inquiry.models import Campaign, CampaignState, SheetState
from tenshu.mechanisms.inquiry.queries import access_campaign, chosen_subjects
from tenshu.mechanisms.inquiry.ui import forms

FORM_PAGE, CONFIRM_PAGE = "ui/form_page.html", "ui/confirm.html"


def page_of(campaign: Campaign) -> str:
    """The campaign's page."""
    return reverse("inquiry:campaign-detail", args=[campaign.pk])


def context_of(title: str, action_label: str, campaign: Campaign | None = None) -> dict[str, Any]:
    """What every form page of a campaign shows."""
    back = page_of(campaign) if campaign else reverse("inquiry:campaign-list")
    trail = [Crumb("照会", reverse("inquiry:campaign-list"))]
    if campaign:
        trail.append(Crumb(str(campaign), back))
    return {"title": title, "action_label": action_label, "back_url": back, "trail": trail}


def campaign_add(request: HttpRequest) -> HttpResponse:
    """Prepare a campaign."""
    user, year = signed_in(request), year_of(request)
    initial = {"fiscal_year": year.year, "needs_head": True, "host": _own_division(user)}
    return answer_form(
        request,
        forms.CampaignForm(request.POST or None, around=year, initial=initial),
        lambda values: campaigns.do_add_campaign(Campaign(**values), acting_user=user),
        template=FORM_PAGE,
        context=context_of("照会を作る", "作る")
        | {"lead": "作っても、まだだれにも届きません。対象と依頼文を確かめてから開始します。"},
        message="照会を作りました。対象を確かめて開始してください。",
        to=page_of,
    )


def _own_division(user: User) -> Any:
    from tenshu.ground.office.models import Post
    from tenshu.ground.office.queries import nearest_division

    post = (
        Post.objects.as_of(timezone.localdate())
        .filter(staff=user.staff_id or 0)
        .select_related("unit__parent")
        .first()
    )
    return (nearest_division(post.unit) or post.unit) if post else None


def campaign_correct(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Change a campaign; once open, only what does not change what was asked."""
    user = signed_in(request)
    held = access_campaign(user, campaign_id, "write")
    initial = forms.campaign_initial(held)
    form = (
        forms.CampaignForm(request.POST or None, around=year_of(request), campaign=held, initial=initial)
        if held.state == CampaignState.DRAFT
        else forms.LetterForm(request.POST or None, initial=initial)
    )
    return answer_form(
        request,
        form,
        lambda values: campaigns.do_change_campaign(held, values, acting_user=user),
        template=FORM_PAGE,
        context=context_of("照会を直す", "保存する", held),
        message="保存しました。",
        to=lambda _: page_of(held),
    )


def campaign_open(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Show what stands against opening and who would be asked, then open."""
    user = signed_in(request)
    held = access_campaign(user, campaign_id, "write")
    faults = campaigns.faults_of(held)
    chosen = [] if faults else chosen_subjects(held, timezone.localdate())
    return answer_form(
        request,
        ConfirmForm(request.POST if request.method == "POST" else None),
        lambda _: do_start_opening(held, acting_user=user),
        template="inquiry/campaign_open.html",
        context=context_of("照会を開始する", "開始する", held)
        | {
            "campaign": held,
            "faults": faults,
            "subjects": [subject for subject, _ in chosen],
            "by_job": len(chosen) > campaigns.AT_ONCE,
        },
        message=lambda made: (
            f"{made:,}件の照会票を作り、所属に知らせました。"
            if made
            else "照会票を作り始めました。できあがるまでお待ちください。"
        ),
        to=lambda _: page_of(held),
    )


def _confirm(
    request: HttpRequest,
    held: Campaign,
    act: Any,
    title: str,
    consequence: str,
    label: str,
    message: str,
    **more: Any,
) -> HttpResponse:
    back = more.pop("to", page_of(held))
    return answer_form(
        request,
        ConfirmForm(
            request.POST if request.method == "POST" else None, ask_reason=more.pop("ask_reason", False)
        ),
        act,
        template=CONFIRM_PAGE,
        context=context_of(title, label, held) | {"consequence": consequence, **more},
        message=message,
        to=lambda _: back,
    )


def campaign_close(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Close a campaign."""
    user = signed_in(request)
    held = access_campaign(user, campaign_id, "write")
    open_ = held.sheets.filter(state__in=[SheetState.ANSWERING, SheetState.CHECKING]).count()
    return _confirm(
        request,
        held,
        lambda _: campaigns.do_close_campaign(held, acting_user=user),
        "照会を締め切る",
        "締め切ると、所属は回答も提出もできなくなります。必要なら、理由を書いて再開できます。",
        "締め切る",
        "締め切りました。",
        danger=False,
        details=[f"まだ提出されていない照会票が{open_:,}件あります。"] if open_ else [],
    )


def campaign_reopen(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Open a closed campaign again."""
    user = signed_in(request)
    held = access_campaign(user, campaign_id, "write")
    return _confirm(
        request,
        held,
        lambda values: campaigns.do_reopen_campaign(held, values["reason"], acting_user=user),
        "照会を再開する",
        f"所属がまた回答できるようになります。期限は{day_text(held.due_on)}のままです。",
        "再開する",
        "再開しました。",
        danger=False,
        ask_reason=True,
    )


def campaign_remove(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Take a campaign back that was never opened."""
    user = signed_in(request)
    held = access_campaign(user, campaign_id, "write")
    return _confirm(
        request,
        held,
        lambda _: campaigns.do_remove_campaign(held, acting_user=user),
        "照会を取りやめる",
        "準備した内容は消えます。消したことと内容は監査記録に残ります。",
        "取りやめる",
        "照会を取りやめました。",
        to=reverse("inquiry:campaign-list"),
    )
