"""Opening a campaign: at once, or as a job where there are many subjects; and what the secretariat does to many sheets."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.audit.writing import change
from tenshu.mechanisms.inquiry.actions.campaigns import AT_ONCE, do_open_campaign, faults_of, lock_campaign
from tenshu.mechanisms.inquiry.actions.steps import do_accept
from tenshu.mechanisms.inquiry.models import Campaign, CampaignState, Sheet, SheetState
from tenshu.mechanisms.inquiry.queries import chosen_subjects
from tenshu.mechanisms.inquiry.telling import tell_reminded


@transaction.atomic
def do_start_opening(campaign: Campaign, *, acting_user: User) -> int | None:
    """Open now and give the number of sheets, or leave it to a job (``None``) beyond ``AT_ONCE`` subjects.

    Asked again while the job is on its way, another job is queued: whichever comes second finds nothing to do.
    """
    from tenshu.mechanisms.inquiry.opening_job import open_campaign

    locked = lock_campaign(campaign)
    if faults := faults_of(locked):
        raise ValidationError(faults)
    if len(chosen_subjects(locked, timezone.localdate())) <= AT_ONCE:
        return do_open_campaign(locked, acting_user=acting_user)
    if locked.state not in (CampaignState.DRAFT, CampaignState.OPENING):
        raise ValidationError("この照会は既に開始しています。")
    change(locked, {"state": CampaignState.OPENING}, "inquiry.campaign_opening", acting_user=acting_user)
    open_campaign.enqueue(campaign=locked.pk, user=acting_user.pk)
    return None


@transaction.atomic
def do_give_up_opening(campaign: Campaign, *, acting_user: User, reason: str = "") -> None:
    """Take a campaign whose job could not open it back to 準備中."""
    locked = lock_campaign(campaign)
    if locked.state == CampaignState.OPENING:
        change(
            locked,
            {"state": CampaignState.DRAFT},
            "inquiry.campaign_changed",
            acting_user=acting_user,
            reason=reason,
        )


@transaction.atomic
def do_accept_many(sheets: Sequence[Sheet], *, acting_user: User) -> int:
    """Accept those that are handed in; returns how many. All or none."""
    for sheet in sheets:
        do_accept(sheet, acting_user=acting_user)
    return len(sheets)


@transaction.atomic
def do_remind(sheets: Sequence[Sheet], text: str, *, acting_user: User) -> int:
    """Remind whoever has the next step of each sheet; returns how many people were told."""
    waiting = (SheetState.ANSWERING, SheetState.CHECKING)
    return sum(tell_reminded(sheet, text) for sheet in sheets if sheet.state in waiting)
