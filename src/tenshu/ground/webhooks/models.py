"""Endpoints (送り先) of other systems, their secrets, and every delivery with what came back."""

import uuid

from django.db import models


class EndpointState(models.TextChoices):
    """Whether anything is sent."""

    ACTIVE = "active", "送信中"
    PAUSED = "paused", "一時停止"


class Endpoint(models.Model):
    """A URL of another system of the office that is told of events (送り先). Written by the secretariat."""

    name = models.CharField("名称", max_length=100)
    url = models.URLField("URL", max_length=500)
    events = models.JSONField("知らせる出来事", default=list)
    state = models.CharField("状態", max_length=10, choices=EndpointState, default=EndpointState.ACTIVE)
    paused_because = models.CharField("止めた理由", max_length=500, blank=True)
    failures = models.PositiveIntegerField("続けて失敗した回数", default=0)

    class Meta:
        verbose_name = "送り先"
        verbose_name_plural = "送り先"
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class EndpointSecret(models.Model):
    """The key with which messages to an endpoint are signed (署名の鍵), sealed with the house's own key.

    Never in the record, an export or a page. After a rotation the former key signs along until ``valid_until``.
    """

    endpoint = models.ForeignKey(
        Endpoint, verbose_name="送り先", on_delete=models.CASCADE, related_name="secrets"
    )
    sealed = models.TextField("封をした鍵")
    valid_until = models.DateTimeField("使う期限", null=True, blank=True)

    class Meta:
        verbose_name = "署名の鍵"
        verbose_name_plural = "署名の鍵"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.endpoint}の鍵"


class DeliveryState(models.TextChoices):
    """What becomes of a delivery."""

    WAITING = "waiting", "送信待ち"
    SENDING = "sending", "送信中"
    DELIVERED = "delivered", "送信済"
    FAILED = "failed", "送れず"


class Delivery(models.Model):
    """One event for one endpoint (送信). ``body`` is fixed when it is made: every attempt signs and sends the same."""

    endpoint = models.ForeignKey(
        Endpoint, verbose_name="送り先", on_delete=models.CASCADE, related_name="deliveries"
    )
    event_id = models.UUIDField("出来事の識別子", default=uuid.uuid4)
    event = models.CharField("出来事", max_length=80)
    body = models.TextField("内容")
    state = models.CharField("状態", max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    created_at = models.DateTimeField("作成日時", auto_now_add=True)
    due_at = models.DateTimeField("送る日時")
    leased_until = models.DateTimeField("送信中の期限", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("試した回数", default=0)
    ended_at = models.DateTimeField("終わった日時", null=True, blank=True)
    status_code = models.PositiveSmallIntegerField("答えの番号", null=True, blank=True)
    seconds = models.FloatField("かかった秒数", null=True, blank=True)
    answer = models.CharField("答え", max_length=500, blank=True)

    class Meta:
        verbose_name = "送信"
        verbose_name_plural = "送信の記録"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["state", "due_at"], name="webhooks_delivery_queue"),
            models.Index(fields=["endpoint", "-id"], name="webhooks_delivery_endpoint"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event_id"], name="webhooks_delivery_once")
        ]

    def __str__(self) -> str:
        return f"{self.event} → {self.endpoint}"


class FeedPosition(models.Model):
    """How far the record has been turned into deliveries: a position of the sealed chain, one row."""

    position = models.BigIntegerField("順番", default=0)

    class Meta:
        verbose_name = "読み終えた位置"
        verbose_name_plural = "読み終えた位置"

    def __str__(self) -> str:
        return str(self.position)
