"""The jobs of this room."""

from tenshu.ground.jobs.tasks import JobRun, job
from tenshu.ground.webhooks.delivering import deliver_due, prune
from tenshu.ground.webhooks.feed import feed


@job(title="外部のシステムへ知らせる")
def send_webhooks(run: JobRun) -> None:
    """Turn what happened into deliveries and send what is due."""
    made, taken = feed(), deliver_due()
    if made or taken:
        run.log(f"{made}件の知らせを作り、{taken}件を送りました。")


@job(title="外部への通知の古い記録を消す")
def prune_webhooks(run: JobRun) -> None:
    """Delete the old log."""
    run.log(f"{prune()}件を消しました。")
