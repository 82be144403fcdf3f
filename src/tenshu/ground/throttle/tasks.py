"""What the clock does for the counts."""

from tenshu.ground.jobs.tasks import JobRun, job
from tenshu.ground.throttle.limits import prune


@job(title="回数の制限の整理")
def tidy_counts(run: JobRun) -> None:
    """Delete the windows that are over."""
    run.log(f"終わった期間{prune()}件を消しました。")
