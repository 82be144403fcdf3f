"""What the secretariat does to the sheets of many divisions at once."""

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from tenshu.ground.access.gates import signed_in
from tenshu.ground.ui.answering import answer_form
from tenshu.mechanisms.inquiry.actions.many import do_accept_many, do_remind
from tenshu.mechanisms.inquiry.actions.steps import do_change_due
from tenshu.mechanisms.inquiry.models import Campaign, Sheet, SheetState
from tenshu.mechanisms.inquiry.queries import access_campaign
from tenshu.mechanisms.inquiry.ui import forms
from tenshu.mechanisms.inquiry.ui.writing import FORM_PAGE, context_of, page_of

WAITING = (SheetState.ANSWERING, SheetState.CHECKING)


def _of(campaign: Campaign, *states: SheetState) -> list[Sheet]:
    found = campaign.sheets.filter(state__in=states).select_related(
        "campaign", "respondent__parent__parent__parent", "holder", "holder_unit"
    )
    return list(found.order_by("respondent__sort_order", "respondent__code", "pk"))


def _choices(sheets: Sequence[Sheet]) -> list[tuple[str, str]]:
    counts: dict[str, tuple[str, int]] = {}
    for sheet in sheets:
        key = str(sheet.respondent_id)
        counts[key] = (sheet.respondent.full_name, counts.get(key, ("", 0))[1] + 1)
    return [(key, f"{name}（{count:,}件）") for key, (name, count) in counts.items()]


def _answer(
    request: HttpRequest,
    campaign: Campaign,
    sheets: Sequence[Sheet],
    make: type[forms.DivisionsForm],
    act: Callable[[list[Sheet], dict[str, Any]], int],
    title: str,
    label: str,
    message: str,
) -> HttpResponse:
    context = context_of(title, label, campaign)
    form = make(request.POST if request.method == "POST" else None, choices=_choices(sheets))
    if sheets:
        context["lead"] = f"{len(sheets):,}件の照会票が当てはまります。所属を選んでください。"
    template = FORM_PAGE if sheets else "inquiry/nothing_to_do.html"

    def chosen(values: dict[str, Any]) -> int:
        units = {int(key) for key in values["units"]}
        return act([sheet for sheet in sheets if sheet.respondent_id in units], values)

    return answer_form(
        request,
        form,
        chosen,
        template=template,
        context=context,
        message=lambda done: message.format(done),
        to=lambda _: page_of(campaign),
    )


def campaign_due(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Another due date."""
    user = signed_in(request)
    campaign = access_campaign(user, campaign_id, "write")
    return _answer(
        request,
        campaign,
        _of(campaign, *WAITING),
        forms.ManyDueForm,
        lambda sheets, values: do_change_due(sheets, values["due_on"], values["reason"], acting_user=user),
        "まとめて期限を変える",
        "期限を変える",
        "{:,}件の期限を変え、担当に知らせました。",
    )


def campaign_remind(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Remind those who have not handed in."""
    user = signed_in(request)
    campaign = access_campaign(user, campaign_id, "write")
    return _answer(
        request,
        campaign,
        _of(campaign, *WAITING),
        forms.ManyRemindForm,
        lambda sheets, values: do_remind(sheets, values["text"], acting_user=user),
        "催促する",
        "催促を知らせる",
        "のべ{:,}人に知らせました。",
    )


def campaign_accept(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Accept what was handed in."""
    user = signed_in(request)
    campaign = access_campaign(user, campaign_id, "write")
    return _answer(
        request,
        campaign,
        _of(campaign, SheetState.COLLECTING),
        forms.DivisionsForm,
        lambda sheets, _: do_accept_many(sheets, acting_user=user),
        "まとめて受理する",
        "受理する",
        "{:,}件を受理しました。",
    )
