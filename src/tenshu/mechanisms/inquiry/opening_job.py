"""Opening a large campaign in the background."""

from django.core.exceptions import ValidationError

from tenshu.ground.access.models import User
from tenshu.ground.jobs.tasks import JobError, JobRun, job
from tenshu.mechanisms.inquiry.actions.campaigns import do_open_campaign
from tenshu.mechanisms.inquiry.actions.opening import do_give_up_opening
from tenshu.mechanisms.inquiry.models import Campaign, CampaignState


@job(title="照会を始める")
def open_campaign(run: JobRun, *, campaign: int, user: int) -> None:
    """Make all sheets in one transaction with the job's completion; done again after a kill it makes nothing twice."""
    found = Campaign.objects.filter(pk=campaign).first()
    if found is None or found.state != CampaignState.OPENING:
        return
    acting_user = User.objects.get(pk=user)
    run.raise_if_cancelled()
    try:
        with run.finish():
            made = do_open_campaign(found, acting_user=acting_user)
            run.log(f"{made:,}件の照会票を作りました。")
    except ValidationError as refused:
        do_give_up_opening(found, acting_user=acting_user, reason=" ".join(refused.messages)[:300])
        raise JobError(" ".join(refused.messages)) from None
