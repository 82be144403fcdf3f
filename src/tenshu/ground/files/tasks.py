"""What the clock does for the store."""

from tenshu.ground.files.sweeping import sweep_store
from tenshu.ground.jobs.tasks import JobRun, job


@job(title="記録の無いファイルの片付け")
def tidy_store(run: JobRun) -> None:
    """Take out of the store what no record has known for a day."""
    swept = sweep_store()
    if swept.waits_for:
        run.log(f"復元で置き換えた前のデータベース（{swept.waits_for}）があるため、何も消していません。")
        return
    run.log(f"記録の無いファイル{swept.contents:,}件（{swept.bytes / 1e6:,.1f}MB）を消しました。")
