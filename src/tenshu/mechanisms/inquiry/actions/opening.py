"""Opening a campaign: at once, or as a job where there are many subjects."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.audit.writing import change, remove_many
from tenshu.mechanisms.inquiry.actions.campaigns import AT_ONCE, do_open_campaign, faults_of, lock_campaign
from tenshu.mechanisms.inquiry.models import Campaign, CampaignState, SheetStep
from tenshu.mechanisms.inquiry.queries import chosen_subjects


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
    """Take a campaign whose job could not open it back to 準備中; the sheets that were made so far go."""
    locked = lock_campaign(campaign)
    if locked.state != CampaignState.OPENING:
        return
    steps = list(SheetStep.objects.filter(sheet__campaign=locked).order_by("pk"))
    remove_many(steps, "inquiry.opening_given_up", acting_user=acting_user, reason=reason)
    sheets = list(locked.sheets.order_by("pk"))
    remove_many(sheets, "inquiry.opening_given_up", acting_user=acting_user, reason=reason)
    values = {"state": CampaignState.DRAFT}
    change(locked, values, "inquiry.campaign_changed", acting_user=acting_user, reason=reason)
