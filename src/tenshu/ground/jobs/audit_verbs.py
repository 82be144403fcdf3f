"""Japanese words for what this room writes into the record."""

VERBS = {
    "jobs.job.cancelled": "ジョブの取消",
    "jobs.job.cancel_requested": "ジョブの取消の求め",
    "jobs.job.retried": "ジョブのやり直し",
    "jobs.job.acknowledged": "ジョブの失敗の確認",
}
