"""One job: its way, its log, its arguments; cancelling, trying again, noting a failure."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.tasks import TaskResultStatus

from tenshu.ground.access.gates import signed_in
from tenshu.ground.access.models import User
from tenshu.ground.access.queries import holds_any
from tenshu.ground.access.roles import EDITORS
from tenshu.ground.jobs import queries
from tenshu.ground.jobs.actions import do_acknowledge_job, do_cancel_job, do_retry_job
from tenshu.ground.jobs.hanging import limit_text
from tenshu.ground.jobs.masking import masked
from tenshu.ground.jobs.models import JobLine, QueueRow
from tenshu.ground.jobs.registry import limit_of
from tenshu.ground.jobs.ui import showing
from tenshu.ground.ui.columns import key_html
from tenshu.ground.ui.dates import moment_html
from tenshu.ground.ui.forms import ConfirmForm
from tenshu.ground.ui.parts import Fact, KeyFact
from tenshu.ground.ui.tables import Column, Table

_UNFINISHED = (TaskResultStatus.READY, TaskResultStatus.RUNNING)


class LineTable(Table[JobLine]):
    """A job's log."""

    caption = "ジョブのログ"
    counter = "行"
    page_size = 100
    columns = (
        Column(name="at", label="日時", wrap=False),
        Column(name="text", label="内容", heading=True),
        Column(name="attempt", label="何回目", numeric=True),
    )
    empty_title = "ログはありません"
    empty_text = "このジョブは、まだ何も書いていません。"


def job_detail(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """One job."""
    job = _job(job_id)
    state = showing.state_of(job)
    unfinished = job.status in _UNFINISHED
    failed = job.status == TaskResultStatus.FAILED
    context = {
        "job": job,
        "state": state,
        "title": showing.title(job),
        "word": showing.word(job),
        "why": showing.why(job),
        "running": job.status == TaskResultStatus.RUNNING,
        "live": unfinished,
        "failed": failed,
        "may_act": holds_any(signed_in(request), EDITORS),
        "may_cancel": unfinished and not state.cancel_requested,
        "may_acknowledge": failed and showing.word(job) == "失敗",
        "facts": _key_facts(job),
        "times": _times(job),
        "arguments": [Fact(key_html(name), _argument(value)) for name, value in _arguments(job)],
        "lines": LineTable(request, job.lines.all()),
    }
    part = "#now" if request.GET.get("part") == "now" and getattr(request, "htmx", False) else ""
    response = render(request, f"jobs/job_detail.html{part}", context)
    if part and not unfinished:
        response["HX-Refresh"] = "true"  # the job has ended: its head and its buttons change too
    return response


def _key_facts(job: QueueRow) -> list[KeyFact]:
    workers = list(dict.fromkeys(job.worker_ids))
    return [
        KeyFact("進み", showing.way(job))
        if job.status == TaskResultStatus.RUNNING
        else KeyFact("かかった時間", showing.lasted(job) or "なし"),
        KeyFact("何回目", f"{showing.attempts(job):,}回" if job.worker_ids else "まだ始めていません"),
        KeyFact("ワーカー", workers[-1] if workers else "なし"),
    ]


def _argument(value: Any) -> Any:
    shown = masked(value)
    return key_html(shown) if shown.isascii() and isinstance(value, str) else shown


def _times(job: QueueRow) -> list[Fact]:
    moments = (("積んだ", job.enqueued_at), ("始めた", job.started_at), ("終わった", job.finished_at))
    facts = [Fact(label, moment_html(at, "no_year") if at else "まだ") for label, at in moments]
    limit = limit_of(job.task_path)
    return [*facts, Fact("制限時間", limit_text(limit))] if limit else facts


def _arguments(job: QueueRow) -> list[tuple[str, Any]]:
    stored = job.args_kwargs
    numbered = [(f"{number}番目", value) for number, value in enumerate(stored.get("args", []), 1)]
    return numbered + list(stored.get("kwargs", {}).items())


def job_cancel(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Cancel, after a question."""

    def cancel(job: QueueRow, user: User) -> str:
        at_once = do_cancel_job(job, acting_user=user)
        return "取り消しました" if at_once else "取消を求めました。次の区切りで止まります"

    return _asked(
        request,
        _job(job_id),
        "取り消す",
        "待っているジョブは、すぐに取り消します。実行中のジョブは、次の区切りで止まります。止まるまでにした仕事は残ります。",
        cancel,
    )


def job_retry(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Try again, after a question."""

    def retry(job: QueueRow, user: User) -> str:
        do_retry_job(job, acting_user=user)
        return "もう一度積みました"

    return _asked(
        request,
        _job(job_id),
        "やり直す",
        "もう一度、列に積みます。前の回に済んだ段階は、くり返しません。",
        retry,
        danger=False,
    )


def job_acknowledge(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """Note a failure as looked at, after a question."""

    def acknowledge(job: QueueRow, user: User) -> str:
        count = do_acknowledge_job(job, acting_user=user)
        return (
            f"ほかの回の失敗{count - 1:,}件とともに、確認済みにしました"
            if count > 1
            else "確認済みにしました"
        )

    return _asked(
        request,
        _job(job_id),
        "確認済みにする",
        "やり直さずに、事務局の「やること」から外します。定時処理なら、これより前の回の失敗もまとめて外します。記録は90日残ります。",
        acknowledge,
        danger=False,
    )


def _asked(
    request: HttpRequest,
    job: QueueRow,
    action_label: str,
    consequence: str,
    act: Callable[[QueueRow, User], str],
    *,
    danger: bool = True,
) -> HttpResponse:
    title = showing.title(job)
    if request.method == "POST":
        try:
            messages.success(request, f"ジョブ「{title}」を{act(job, signed_in(request))}。")
        except ValidationError as error:
            messages.error(request, error.messages[0])
        return redirect("jobs:job-detail", job_id=job.pk)
    context = {
        "form": ConfirmForm(),
        "title": f"ジョブ「{title}」を{action_label}",
        "consequence": consequence,
        "action_label": action_label,
        "back_url": showing.url(job),
        "danger": danger,
    }
    return render(request, "ui/confirm.html", context)


def _job(job_id: uuid.UUID) -> QueueRow:
    job = queries.jobs().filter(pk=job_id).first()
    if job is None:
        raise Http404
    return job
