"""How far the job is that opens a large campaign."""

from dataclasses import dataclass

from django.tasks import TaskResultStatus

from tenshu.ground.jobs.queries import newest_job
from tenshu.mechanisms.inquiry.models import Campaign, CampaignState
from tenshu.mechanisms.inquiry.opening_job import open_campaign


@dataclass(frozen=True, slots=True)
class Opening:
    """The job as the page of the campaign tells it; ``job`` is its key, empty when none is known."""

    job: str = ""
    done: int = 0
    total: int = 0
    runs: bool = False
    failed: bool = False

    @property
    def may_start_again(self) -> bool:
        """Whether nobody is at work on it any more."""
        return self.failed or not self.job

    @property
    def percent(self) -> int:
        """Sheets made, of all: 0 to 100."""
        return 100 * self.done // self.total if self.total else 0


def opening_of(campaign: Campaign) -> Opening | None:
    """The opening that is under way; ``None`` for a campaign that is not being opened."""
    if campaign.state != CampaignState.OPENING:
        return None
    job = newest_job(open_campaign.module_path, campaign=campaign.pk)
    if job is None:
        return Opening()
    state = getattr(job, "state", None)
    failed = job.status == TaskResultStatus.FAILED
    runs = job.status == TaskResultStatus.RUNNING
    if state is None:
        return Opening(str(job.pk), runs=runs, failed=failed)
    return Opening(str(job.pk), state.done, state.total, runs, failed)
