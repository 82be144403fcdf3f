"""The tables of jobs, slots and workers."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import django_filters
from django.db.models import Q, QuerySet
from django.tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from tenshu.ground.jobs.models import Ending, QueueRow, Worker
from tenshu.ground.jobs.ui import showing
from tenshu.ground.ui.columns import key_html
from tenshu.ground.ui.dates import moment_html
from tenshu.ground.ui.tables import Column, Table, chip_column

_NAME = Column(name="title", label="ジョブ", heading=True, value=showing.title, link=showing.url)


def _at(name: str, label: str, *, sort: bool = False) -> Column:
    return Column(name=name, label=label, show=lambda at: moment_html(at, "plain"), sort=sort, wrap=False)


class RunningTable(Table[QueueRow]):
    """Jobs in workers' hands."""

    caption = "実行中のジョブ"
    page_size = 50
    columns: ClassVar[Sequence[Column]] = (
        Column(
            name="title",
            label="ジョブ",
            heading=True,
            value=showing.title,
            link=showing.url,
            under=showing.why,
            under_label="いましていること",
        ),
        Column(name="way", label="進み", value=showing.way),
        _at("started_at", "始めた日時"),
        Column(name="attempts", label="何回目", value=showing.attempts, numeric=True),
        Column(name="worker", label="ワーカー", value=lambda job: showing.state_of(job).worker),
    )


class WaitingTable(Table[QueueRow]):
    """The queue."""

    caption = "待っているジョブ"
    page_size = 10
    columns: ClassVar[Sequence[Column]] = (
        _NAME,
        _at("enqueued_at", "積んだ日時"),
        Column(name="run_after", label="始める日時", value=lambda job: _run_after(job)),
        Column(name="priority", label="優先度", numeric=True),
    )


def _run_after(job: QueueRow) -> object:
    far = job.run_after.year >= 9999
    return "順番がきしだい" if far else job.run_after


class FailureTable(Table[QueueRow]):
    """Failures that nobody has looked at yet."""

    caption = "失敗したジョブ"
    page_size = 10
    columns: ClassVar[Sequence[Column]] = (
        Column(
            name="title",
            label="ジョブ",
            heading=True,
            value=showing.title,
            link=showing.url,
            under=showing.why,
            under_label="わけ",
        ),
        _at("finished_at", "失敗した日時"),
        Column(name="attempts", label="何回目", value=showing.attempts, numeric=True),
        Column(name="open", label="操作", value=lambda _: "確かめる", link=showing.url),
    )


class EndedFilter(django_filters.FilterSet):
    """By how the job ended."""

    ended = django_filters.ChoiceFilter(
        label="終わり方",
        method="by_end",
        empty_label="すべて",
        choices=[("done", "完了"), ("failed", "失敗"), ("cancelled", "取消")],
    )

    class Meta:
        model = DBTaskResult
        fields: list[str] = []

    def by_end(self, rows: QuerySet[QueueRow], _: str, value: str) -> QuerySet[QueueRow]:
        cancelled = Q(state__ending=Ending.CANCELLED)
        match value:
            case "done":
                return rows.filter(status=TaskResultStatus.SUCCESSFUL)
            case "cancelled":
                return rows.filter(cancelled, status=TaskResultStatus.FAILED)
        return rows.filter(status=TaskResultStatus.FAILED).exclude(cancelled)


class EndedTable(Table[QueueRow]):
    """Jobs that have ended, the newest first."""

    caption = "終わったジョブ"
    filterset_class = EndedFilter
    default_sort = "-finished_at"
    counted_up_to = 10_000
    columns: ClassVar[Sequence[Column]] = (
        _NAME,
        chip_column("state", "状態", value=showing.word),
        _at("finished_at", "終わった日時", sort=True),
        Column(name="lasted", label="かかった時間", value=showing.lasted, numeric=True),
        Column(name="attempts", label="何回目", value=showing.attempts, numeric=True),
        Column(name="why", label="わけ", value=showing.why, visible=False),
    )
    empty_title = "終わったジョブはありません"
    empty_text = "うまくいったものは7日、失敗したものは90日残ります。"


@dataclass(frozen=True, slots=True)
class SlotRow:
    """A slot of the clock as the page shows it."""

    name: str
    label: str
    next: datetime.datetime
    last: datetime.datetime | None
    job: QueueRow | None


class SlotTable(Table[SlotRow]):
    """The clock."""

    caption = "定時処理"
    page_size = 100
    columns: ClassVar[Sequence[Column]] = (
        Column(name="label", label="定時処理", heading=True),
        _at("next", "次の回"),
        _at("last", "前の回"),
        Column(
            name="job",
            label="前の回の結果",
            value=lambda row: row.job and showing.word(row.job),
            link=lambda row: showing.url(row.job) if row.job else None,
        ),
    )
    empty_title = "定時処理はありません"


@dataclass(frozen=True, slots=True)
class WorkerRow:
    """A worker as the page shows it."""

    worker: Worker
    word: str
    job: QueueRow | None


class WorkerTable(Table[WorkerRow]):
    """Workers."""

    caption = "ワーカー"
    counter = "つのワーカー"
    page_size = 50
    columns: ClassVar[Sequence[Column]] = (
        Column(name="name", label="ワーカー", heading=True, value=lambda row: str(row.worker)),
        chip_column("word", "状態"),
        Column(
            name="job",
            label="いまのジョブ",
            value=lambda row: row.job and showing.title(row.job),
            link=lambda row: showing.url(row.job) if row.job else None,
        ),
        Column(name="host", label="計算機", value=lambda row: key_html(row.worker.host)),
        Column(name="pid", label="プロセス番号", value=lambda row: str(row.worker.pid), numeric=True),
        _at("worker__started_at", "始めた日時"),
        _at("worker__last_seen", "最後の合図"),
    )
    empty_title = "ワーカーはまだ一度も動いていません"
    empty_text = "ワーカーを動かすと、ここに並びます。"
