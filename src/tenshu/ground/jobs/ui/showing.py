"""How a job is said on a page: its state in one word, its way in numbers, its time in minutes."""

import datetime
from typing import Any

from django.db.models import Model
from django.tasks import TaskResultStatus
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tenshu.ground.jobs.errors import JobError, JobHung
from tenshu.ground.jobs.models import Ending, JobState, QueueRow
from tenshu.ground.jobs.registry import title_of
from tenshu.ground.ui.parts import Segment
from tenshu.ground.ui.tags.data import progress_bar

_SENTENCES = {f"{kind.__module__}.{kind.__qualname__}" for kind in (JobError, JobHung)}
"""Endings whose message is a sentence for people."""
_WORDS = {
    TaskResultStatus.READY: "待機中",
    TaskResultStatus.RUNNING: "実行中",
    TaskResultStatus.SUCCESSFUL: "完了",
    TaskResultStatus.FAILED: "失敗",
}


def state_of(job: QueueRow) -> JobState:
    """The job's state; an empty one for a job that no worker has taken yet."""
    found = job._state.fields_cache.get("state") if isinstance(job, Model) else None
    return found or JobState(task=job)


def title(job: QueueRow) -> str:
    """The job's Japanese title."""
    return title_of(job.task_path)


def url(job: QueueRow) -> str:
    """The job's page."""
    return reverse("jobs:job-detail", args=[job.pk])


def word(job: QueueRow) -> str:
    """待機中, 実行中, 完了, 失敗, 取消 or 確認済."""
    state = state_of(job)
    if job.status == TaskResultStatus.FAILED and state.ending == Ending.CANCELLED:
        return "取消"
    if job.status == TaskResultStatus.FAILED and state.acknowledged:
        return "確認済"
    return _WORDS[TaskResultStatus(job.status)]


def why(job: QueueRow) -> SafeString | str:
    """Why the job failed or waits, what is going on; empty when there is nothing to say."""
    state = state_of(job)
    if job.status == TaskResultStatus.RUNNING:
        return "取消を待っています" if state.cancel_requested else state.note
    if not state.message or state.ending == Ending.LOST or job.exception_class_path in _SENTENCES:
        return state.message
    return format_html('予期しない誤りで止まりました。<span class="mono">{}</span>', state.message)


def way(job: QueueRow) -> SafeString | str:
    """How far the job is: numbers with a bar, as far as the job tells."""
    state = state_of(job)
    if not state.total:
        return f"{state.done:,}件" if state.done else "まだ分かりません"
    done = min(state.done, state.total)
    bar = progress_bar(
        [Segment("済み", done, "done"), Segment("残り", state.total - done, "none")], state.total
    )
    return format_html(
        '<span class="nowrap">{} / {}（{}％）</span>{}',
        f"{done:,}",
        f"{state.total:,}",
        done * 100 // state.total,
        bar,
    )


def lasted(job: QueueRow) -> str:
    """How long the last attempt took."""
    if job.started_at is None or job.finished_at is None or job.finished_at < job.started_at:
        return ""
    return duration(job.finished_at - job.started_at)


def duration(time: datetime.timedelta) -> str:
    """0.4秒, 12秒, 3分20秒, 2時間5分."""
    seconds = time.total_seconds()
    if seconds < 0.1:
        return "0.1秒未満"
    if seconds < 10:
        return f"{seconds:.1f}秒"
    whole = int(seconds)
    if whole < 60:
        return f"{whole}秒"
    if whole < 3600:
        return f"{whole // 60}分{whole % 60}秒"
    return f"{whole // 3600}時間{whole % 3600 // 60}分"


def attempts(job: QueueRow) -> int:
    """How often the job was taken by a worker."""
    taken: list[Any] = job.worker_ids
    return len(taken)
