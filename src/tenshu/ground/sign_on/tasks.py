"""What the clock does for sign-on: the log is kept for its time, sessions that are over are dropped."""

from tenshu.ground.jobs.tasks import JobRun, job
from tenshu.ground.sign_on.actions.log import prune_log
from tenshu.ground.sign_on.actions.sessions import prune_sessions


@job(title="サインインの記録と端末の整理")
def tidy_sign_on(run: JobRun) -> None:
    """Delete old entries of the log and sessions that are over."""
    entries, sessions = prune_log(), prune_sessions()
    run.log(f"期限の過ぎた記録{entries}件、終わった端末{sessions}台を消しました。")
