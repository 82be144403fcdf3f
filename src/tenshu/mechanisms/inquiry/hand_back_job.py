"""The morning's look at people who have moved on."""

from django.utils import timezone

from tenshu.ground.access.actions import system_user
from tenshu.ground.jobs.tasks import JobRun, job
from tenshu.mechanisms.inquiry.actions.holders import do_hand_back_left


@job(title="異動した人の照会票を所属に戻す")
def hand_back(run: JobRun) -> None:
    """Sheets that were handed to one person go back to the division when the person works there no more."""
    gone = do_hand_back_left(timezone.localdate(), acting_user=system_user())
    if gone:
        run.log(f"{gone:,}件の照会票を所属に戻しました。")
