"""Making, opening, closing a campaign."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.audit.snapshot import jsonable
from tenshu.ground.audit.writing import change, create, create_many, remove
from tenshu.ground.office.lineage import current_units
from tenshu.ground.office.models import Unit
from tenshu.mechanisms.inquiry.contents import contents
from tenshu.mechanisms.inquiry.models import (
    Campaign,
    CampaignState,
    Sheet,
    SheetState,
    SheetStep,
    StepKind,
)
from tenshu.mechanisms.inquiry.queries import chosen_subjects
from tenshu.mechanisms.inquiry.telling import settle_all, tell_opened
from tenshu.mechanisms.questionnaire.conditions import ConditionError
from tenshu.mechanisms.questionnaire.subjects import AttributeValue, Subject, subject_kinds

type Chosen = Sequence[tuple[Subject, Mapping[str, AttributeValue], Unit]]
"""Subjects with their attributes and the division that answers."""

AT_ONCE = 300
"""Up to so many subjects a campaign opens within the request; beyond it by a job."""


def do_add_campaign(campaign: Campaign, *, acting_user: User) -> Campaign:
    """Prepare a campaign; nothing is asked of anybody until it opens."""
    return create(campaign, "inquiry.campaign_added", acting_user=acting_user)


@transaction.atomic
def do_change_campaign(campaign: Campaign, values: Mapping[str, Any], *, acting_user: User) -> bool:
    """Change a campaign. Once open, only title, letter and due date may change."""
    locked = lock_campaign(campaign)
    if locked.state != CampaignState.DRAFT and not set(values) <= {"title", "letter", "due_on"}:
        raise ValidationError("開始した照会は、照会名、依頼文、期限だけを変えられます。")
    return change(locked, values, "inquiry.campaign_changed", acting_user=acting_user)


@transaction.atomic
def do_remove_campaign(campaign: Campaign, *, acting_user: User) -> None:
    """Take a campaign back that was never opened."""
    locked = lock_campaign(campaign)
    if locked.state != CampaignState.DRAFT:
        raise ValidationError("開始した照会は取りやめられません。締め切ってください。")
    remove(locked, "inquiry.campaign_removed", acting_user=acting_user)


def faults_of(campaign: Campaign) -> list[str]:
    """Everything that stands against opening, in Japanese."""
    content = contents().get(campaign.content)
    if content is None or campaign.subject_kind not in subject_kinds():
        return ["照会の内容と対象の種類を選んでください。"]
    faults = list(content.faults(campaign))
    if campaign.due_on < timezone.localdate():
        faults.append("回答期限が過ぎています。")
    try:
        chosen = chosen_subjects(campaign, timezone.localdate())
    except ConditionError as error:
        return [*faults, f"対象の条件が読めません。{error}"]
    return faults if chosen else [*faults, "条件に合う対象がありません。"]


@transaction.atomic
def do_open_campaign(campaign: Campaign, *, acting_user: User) -> int:
    """Freeze the subjects, make a sheet for each, open; returns how many. All or nothing.

    Raises ``ValidationError`` with every fault at once.
    """
    chosen = chosen_for_opening(lock_campaign(campaign))
    do_make_sheets(campaign, chosen, acting_user=acting_user)
    return do_finish_opening(campaign, acting_user=acting_user)


def chosen_for_opening(campaign: Campaign) -> Chosen:
    """Whom the campaign asks; raises ``ValidationError`` with everything that stands against opening."""
    _refuse_unless_opening(campaign)
    if faults := faults_of(campaign):
        raise ValidationError(faults)
    today = timezone.localdate()
    chosen = chosen_subjects(campaign, today)
    units = current_units({subject.unit_id for subject, _ in chosen}, today)
    without = [subject.name for subject, _ in chosen if subject.unit_id not in units]
    if without:
        raise ValidationError([f"{name}の回答所属が、いまの組織にありません。" for name in without])
    return [(subject, attributes, units[subject.unit_id]) for subject, attributes in chosen]


@transaction.atomic
def do_make_sheets(campaign: Campaign, chosen: Chosen, *, acting_user: User) -> int:
    """Make the sheets of these subjects, but for those that have one already; returns how many were made."""
    locked = lock_campaign(campaign)
    _refuse_unless_opening(locked)
    keys = [subject.key for subject, _, _ in chosen]
    held = frozenset(locked.sheets.filter(subject__in=keys).values_list("subject", flat=True))
    sheets = _sheets(locked, [one for one in chosen if one[0].key not in held])
    create_many(sheets, "inquiry.sheet_opened", acting_user=acting_user)
    now = timezone.now()
    create_many(
        [SheetStep(sheet=sheet, kind=StepKind.OPENED, at=now, by=acting_user) for sheet in sheets],
        "inquiry.step_added",
        acting_user=acting_user,
    )
    return len(sheets)


@transaction.atomic
def do_finish_opening(campaign: Campaign, *, acting_user: User) -> int:
    """Open the campaign with the sheets that were made, and tell the divisions; returns how many sheets there are."""
    locked = lock_campaign(campaign)
    _refuse_unless_opening(locked)
    sheets = list(locked.sheets.select_related("respondent").order_by("pk"))
    contents()[locked.content].opened(locked, sheets, acting_user=acting_user)
    values = {"state": CampaignState.OPEN, "opened_at": timezone.now()}
    change(locked, values, "inquiry.campaign_opened", acting_user=acting_user)
    tell_opened(locked, sheets)
    return len(sheets)


def _refuse_unless_opening(campaign: Campaign) -> None:
    if campaign.state not in (CampaignState.DRAFT, CampaignState.OPENING):
        raise ValidationError("この照会は既に開始しています。")


def _sheets(campaign: Campaign, chosen: Chosen) -> list[Sheet]:
    keys = [subject.key for subject, _, _ in chosen]
    before = (
        {
            sheet.subject: sheet
            for sheet in Sheet.objects.filter(
                campaign=campaign.previous, state=SheetState.ACCEPTED, subject__in=keys
            )
        }
        if campaign.previous_id
        else {}
    )
    return [
        Sheet(
            campaign=campaign,
            subject=subject.key,
            subject_name=subject.name,
            subject_number=subject.number,
            attributes=jsonable(attributes),
            respondent=unit,
            due_on=campaign.due_on,
            previous=before.get(subject.key),
        )
        for subject, attributes, unit in chosen
    ]


@transaction.atomic
def do_close_campaign(campaign: Campaign, *, acting_user: User) -> bool:
    """Close: nothing can be answered any more; what was not handed in stays as it is."""
    locked = lock_campaign(campaign)
    if locked.state != CampaignState.OPEN:
        raise ValidationError("受付中の照会だけを締め切れます。")
    settle_all([locked])
    return change(
        locked,
        {"state": CampaignState.CLOSED, "closed_at": timezone.now()},
        "inquiry.campaign_closed",
        acting_user=acting_user,
    )


@transaction.atomic
def do_reopen_campaign(campaign: Campaign, reason: str, *, acting_user: User) -> bool:
    """Open a closed campaign again, with the reason."""
    locked = lock_campaign(campaign)
    if locked.state != CampaignState.CLOSED:
        raise ValidationError("締切済の照会だけを再開できます。")
    if not reason.strip():
        raise ValidationError("再開の理由を書いてください。")
    return change(
        locked,
        {"state": CampaignState.OPEN, "closed_at": None},
        "inquiry.campaign_reopened",
        acting_user=acting_user,
        reason=reason,
    )


def lock_campaign(campaign: Campaign) -> Campaign:
    """The campaign as it is now, locked."""
    return (
        Campaign.objects.select_for_update(of=("self",))
        .select_related("version__questionnaire", "host", "previous")
        .get(pk=campaign.pk)
    )
