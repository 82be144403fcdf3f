"""Jobs (ジョブ): what the queue of django-tasks-db does not know: workers, attempts, progress, lines, effects, the clock."""

from typing import Any

from django.db import models
from django_tasks_db.models import DBTaskResult

type QueueRow = DBTaskResult[Any, Any]
"""A job's row in the queue."""


class Worker(models.Model):
    """A process of ``tenshu worker`` (ワーカー). It lives while ``last_seen`` is young and ``stopped_at`` empty."""

    name = models.CharField("名前", max_length=60)
    host = models.CharField("計算機", max_length=100)
    pid = models.PositiveIntegerField("プロセス番号")
    started_at = models.DateTimeField("始めた日時")
    last_seen = models.DateTimeField("最後の合図")
    stopped_at = models.DateTimeField("止まった日時", null=True, blank=True)
    was_lost = models.BooleanField("合図が途絶えた", default=False)

    class Meta:
        verbose_name = "ワーカー"
        verbose_name_plural = "ワーカー"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(was_lost=False) | models.Q(stopped_at__isnull=False),
                name="jobs_worker_lost_is_stopped",
            )
        ]
        indexes = [
            models.Index(
                fields=["last_seen"], condition=models.Q(stopped_at__isnull=True), name="jobs_worker_alive"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}#{self.pk}"


class Ending(models.TextChoices):
    """How a job ended that did not end well."""

    FAILED = "failed", "失敗"
    LOST = "lost", "ワーカー停止"
    CANCELLED = "cancelled", "取消"


class JobState(models.Model):
    """What is known of a job beyond its row in the queue; made when it is first taken or cancelled."""

    task = models.OneToOneField(
        DBTaskResult, verbose_name="ジョブ", primary_key=True, on_delete=models.CASCADE, related_name="state"
    )
    attempt = models.PositiveIntegerField("何回目", default=0)
    worker = models.ForeignKey(
        Worker,
        verbose_name="実行中のワーカー",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    lost_times = models.PositiveIntegerField("ワーカーが途絶えた回数", default=0)
    failed_times = models.PositiveIntegerField("失敗した回数", default=0)
    done = models.PositiveBigIntegerField("済み", default=0)
    total = models.PositiveBigIntegerField("全体", default=0)
    note = models.CharField("いましていること", max_length=200, blank=True)
    cancel_requested = models.BooleanField("取消の求め", default=False)
    ending = models.CharField("終わり方", max_length=20, choices=Ending, blank=True)
    message = models.CharField("説明", max_length=500, blank=True)
    acknowledged = models.BooleanField("失敗を確認済み", default=False)

    class Meta:
        verbose_name = "ジョブ"
        verbose_name_plural = "ジョブ"

    def __str__(self) -> str:
        from tenshu.ground.jobs.registry import title_of  # the titles stand with the code of the jobs

        return title_of(self.task.task_path)


class JobLine(models.Model):
    """One line of a job's log (ログ)."""

    task = models.ForeignKey(
        DBTaskResult, verbose_name="ジョブ", on_delete=models.CASCADE, related_name="lines"
    )
    attempt = models.PositiveIntegerField("何回目")
    at = models.DateTimeField("日時")
    text = models.CharField("内容", max_length=500)

    class Meta:
        verbose_name = "ジョブのログ"
        verbose_name_plural = "ジョブのログ"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text


class JobEffect(models.Model):
    """A step of a job that has happened: made in the transaction of its effect, once a job and step."""

    task = models.ForeignKey(
        DBTaskResult, verbose_name="ジョブ", on_delete=models.CASCADE, related_name="effects"
    )
    step = models.CharField("段階", max_length=200)

    class Meta:
        verbose_name = "ジョブの済んだ段階"
        verbose_name_plural = "ジョブの済んだ段階"
        constraints = [models.UniqueConstraint(fields=["task", "step"], name="jobs_effect_once")]

    def __str__(self) -> str:
        return self.step


class SlotTurn(models.Model):
    """A turn of the clock (定時の回), made in the transaction that queues its job: once a slot and moment."""

    name = models.CharField("定時処理", max_length=100)
    due = models.DateTimeField("予定の日時")
    task = models.ForeignKey(
        DBTaskResult,
        verbose_name="ジョブ",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    made_at = models.DateTimeField("積んだ日時", auto_now_add=True)

    class Meta:
        verbose_name = "定時の回"
        verbose_name_plural = "定時の回"
        constraints = [models.UniqueConstraint(fields=["name", "due"], name="jobs_slot_turn_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.due:%Y-%m-%d %H:%M}"
