"""What is done to the sheets that were ticked on the board: the page says what will happen, what not and why, and asks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tenshu.ground.access.gates import signed_in
from tenshu.ground.access.models import User
from tenshu.ground.ui.answering import answer_form
from tenshu.ground.ui.forms import DateField, Form
from tenshu.ground.ui.selecting import BulkAction, selected
from tenshu.mechanisms.inquiry.actions.many import do_remind
from tenshu.mechanisms.inquiry.actions.steps import do_change_due, do_withdraw_many
from tenshu.mechanisms.inquiry.board import boarded
from tenshu.mechanisms.inquiry.models import Campaign, CampaignState, Sheet, SheetState
from tenshu.mechanisms.inquiry.queries import access_campaign, sheets_for
from tenshu.mechanisms.inquiry.ui.tables import sheet_table
from tenshu.mechanisms.inquiry.ui.writing import context_of, page_of

LISTED = 200
"""So many sheets are named on the page; of more the number is told."""


class KeysForm(Form):
    """The sheets that were shown when it was asked: these are done, however the list looks by then."""

    keys = forms.CharField(required=False, widget=forms.HiddenInput)


class RemindForm(KeysForm):
    """What is written to those who have the next step."""

    text = forms.CharField(
        label="添える文",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="空欄なら、照会名と期限だけを知らせます",
    )


class DueForm(KeysForm):
    """Another due date."""

    due_on = DateField(label="新しい回答期限")
    reason = forms.CharField(label="理由", max_length=300, help_text="経過に残り、担当にも知らせます")


class WithdrawForm(KeysForm):
    """Why they need not answer."""

    reason = forms.CharField(label="理由", max_length=300, help_text="経過に残ります")


@dataclass(frozen=True, slots=True)
class BulkPage:
    """One action: of which states the sheets may be, what is asked, done and told."""

    label: str
    title: str
    consequence: str
    states: frozenset[str]
    form: type[KeysForm]
    act: Callable[[Sequence[Sheet], dict[str, Any], User], int]
    message: str
    danger: bool = False


_WAITING = frozenset({SheetState.ANSWERING, SheetState.CHECKING})

PAGES: Mapping[str, BulkPage] = {
    "remind": BulkPage(
        "催促する",
        "選んだ照会票を催促する",
        "いまの担当に、照会名と期限を知らせます。",
        _WAITING,
        RemindForm,
        lambda sheets, values, user: do_remind(sheets, values["text"], acting_user=user),
        "のべ{:,}人に知らせました。",
    ),
    "due": BulkPage(
        "期限を変える",
        "選んだ照会票の期限を変える",
        "期限を変え、いまの担当に知らせます。",
        _WAITING,
        DueForm,
        lambda sheets, values, user: do_change_due(
            sheets, values["due_on"], values["reason"], acting_user=user
        ),
        "{:,}件の期限を変え、担当に知らせました。",
    ),
    "withdraw": BulkPage(
        "対象外にする",
        "選んだ照会票を対象外にする",
        "集計から外れ、所属は回答できなくなります。これまでの回答は残り、1件ずつ対象に戻せます。",
        _WAITING | {SheetState.COLLECTING},
        WithdrawForm,
        lambda sheets, values, user: do_withdraw_many(sheets, values["reason"], acting_user=user),
        "{:,}件を対象外にしました。",
        danger=True,
    ),
}

WHY = {
    SheetState.COLLECTING: "提出済のため",
    SheetState.ACCEPTED: "受理済のため",
    SheetState.WITHDRAWN: "対象外のため",
}


def bulk_actions(campaign: Campaign) -> list[BulkAction]:
    """The buttons below the sheets of an open campaign."""
    if campaign.state != CampaignState.OPEN:
        return []
    return [BulkAction(page.label, _url(name, campaign)) for name, page in PAGES.items()]


def _url(name: str, campaign: Campaign) -> str:
    return reverse(f"inquiry:campaign-sheets-{name}", args=[campaign.pk])


@dataclass(frozen=True, slots=True)
class Group:
    """Sheets under one heading: those that will be done, or those that are passed over for one reason."""

    title: str
    sheets: Sequence[Sheet]

    @property
    def listed(self) -> Sequence[Sheet]:
        """Those that are named."""
        return self.sheets[:LISTED]

    @property
    def more(self) -> int:
        """How many are not named."""
        return len(self.sheets) - len(self.listed)


def _parted(page: BulkPage, campaign: Campaign, chosen: Sequence[Sheet]) -> tuple[list[Sheet], list[Group]]:
    if campaign.state != CampaignState.OPEN:
        return [], [Group("照会が受付中ではないため", chosen)] if chosen else []
    done = [sheet for sheet in chosen if sheet.state in page.states]
    passed: dict[str, list[Sheet]] = {}
    for sheet in chosen:
        if sheet.state not in page.states:
            passed.setdefault(WHY[SheetState(sheet.state)], []).append(sheet)
    return done, [Group(why, sheets) for why, sheets in passed.items()]


def _chosen(request: HttpRequest, user: User, campaign: Campaign, form: KeysForm) -> list[Sheet]:
    """On the way in what the bar of the list means; afterwards the sheets that were shown."""
    own = boarded(sheets_for(user).filter(campaign=campaign))
    if request.method != "POST":
        return selected(sheet_table(request, own, None))
    keys = [int(key) for key in form.data.get("keys", "").split(",") if key.isdecimal() and len(key) < 19]
    found = own.in_bulk(keys)
    return [found[key] for key in dict.fromkeys(keys) if key in found]


def _act(page: BulkPage, sheets: Sequence[Sheet], values: dict[str, Any], user: User) -> int:
    if not sheets:
        raise ValidationError("できる照会票がありません。")
    return page.act(sheets, values, user)


def bulk_view(name: str) -> Callable[..., HttpResponse]:
    """The view of one action."""
    page = PAGES[name]

    def view(request: HttpRequest, campaign_id: int) -> HttpResponse:
        user = signed_in(request)
        campaign = access_campaign(user, campaign_id, "write")
        form = page.form(request.POST if request.method == "POST" else None)
        chosen = _chosen(request, user, campaign, form)
        done, passed = _parted(page, campaign, chosen)
        form.fields["keys"].initial = ",".join(str(sheet.pk) for sheet in done)
        context = context_of(page.title, page.label, campaign) | {
            "campaign": campaign,
            "consequence": page.consequence,
            "danger": page.danger,
            "done": Group("", done),
            "passed": passed,
        }
        rest = len(chosen) - len(done)
        late = f"{rest:,}件は、その間に状態が変わっていたため、見送りました。" if rest else ""
        return answer_form(
            request,
            form,
            lambda values: _act(page, done, values, user),
            template="inquiry/campaign_bulk.html" if done else "inquiry/campaign_bulk_none.html",
            context=context,
            message=lambda count: page.message.format(count) + late,
            to=lambda _: page_of(campaign),
        )

    view.__name__ = f"campaign_sheets_{name}"
    view.__doc__ = f"The bulk action {name} on sheets of a campaign."
    return view
