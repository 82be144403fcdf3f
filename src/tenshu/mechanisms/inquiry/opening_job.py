"""Opening a large campaign in the background: the sheets in batches, then the opening itself."""

from itertools import batched

from django.core.exceptions import ValidationError

from tenshu.ground.access.models import User
from tenshu.ground.jobs.tasks import JobCancelled, JobError, JobRun, job
from tenshu.mechanisms.inquiry.actions.campaigns import chosen_for_opening, do_finish_opening, do_make_sheets
from tenshu.mechanisms.inquiry.actions.opening import do_give_up_opening
from tenshu.mechanisms.inquiry.models import Campaign, CampaignState

BATCH = 100
"""Sheets of one transaction, after which the progress is told."""


@job(title="照会を始める")
def open_campaign(run: JobRun, *, campaign: int, user: int) -> None:
    """Make the sheets batch by batch, then open with the job's completion; nobody is asked before.

    Done again after a kill it goes on with the subjects that have no sheet yet. Refused or cancelled, it takes back what it
    has made.
    """
    found = Campaign.objects.select_related("version", "previous").filter(pk=campaign).first()
    if found is None or found.state != CampaignState.OPENING:
        return
    acting_user = User.objects.get(pk=user)
    try:
        chosen = chosen_for_opening(found)
        done = 0
        for batch in batched(chosen, BATCH, strict=False):
            run.raise_if_cancelled()
            with run.fenced():
                do_make_sheets(found, batch, acting_user=acting_user)
            done += len(batch)
            run.progress(done, len(chosen), "照会票を作る" if done < len(chosen) else "所属に知らせる")
        with run.finish():
            made = do_finish_opening(found, acting_user=acting_user)
            run.log(f"{made:,}件の照会票を作りました。")
    except ValidationError as refused:
        do_give_up_opening(found, acting_user=acting_user, reason=" ".join(refused.messages)[:300])
        raise JobError(" ".join(refused.messages)) from None
    except JobCancelled:
        do_give_up_opening(found, acting_user=acting_user, reason="開始の取消し")
        raise
