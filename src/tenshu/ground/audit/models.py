"""The append-only record of every change (監査記録) and the chain that seals it."""

import uuid

from django.conf import settings
from django.db import models


class AuditRow(models.Model):
    """One business change (監査記録の行): who, when, from where, what, before and after.

    Written only by ``audit.actions.record`` in the transaction of the change itself. Database triggers
    refuse UPDATE and DELETE. Kept for ever.
    """

    uid = models.UUIDField("識別子", unique=True, default=uuid.uuid4)
    at = models.DateTimeField("日時", db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="操作者", null=True, on_delete=models.PROTECT, related_name="+"
    )
    actor_name = models.CharField("操作者名", max_length=200)
    channel = models.CharField("経路", max_length=20)
    address = models.CharField("接続元", max_length=64, blank=True)
    request_id = models.UUIDField("一連の操作", db_index=True)
    verb = models.CharField("操作", max_length=80, db_index=True)
    target_type = models.CharField("対象の種類", max_length=80)
    target_key = models.CharField("対象の番号", max_length=80)
    target_label = models.CharField("対象", max_length=300)
    before = models.JSONField("変更前", default=dict)
    after = models.JSONField("変更後", default=dict)
    reason = models.TextField("理由", blank=True)
    row_hash = models.CharField("行のハッシュ", max_length=64)

    class Meta:
        verbose_name = "監査記録"
        verbose_name_plural = "監査記録"
        indexes = [models.Index(fields=["target_type", "target_key"], name="audit_target")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.target_label}"


class PendingRow(models.Model):
    """A row that waits for its seal (封印待ち). A database trigger adds it in the transaction that writes the row.

    So the sealer finds what is new without looking through the whole record, and a row that is committed late
    brings its entry along, whatever keys were given out meanwhile.
    """

    row = models.OneToOneField(
        AuditRow,
        verbose_name="監査記録",
        primary_key=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name="+",
    )

    class Meta:
        verbose_name = "封印待ち"
        verbose_name_plural = "封印待ち"

    def __str__(self) -> str:
        return str(self.pk)


class Seal(models.Model):
    """One link of the chain (封印): the row's place, and the hash over the previous link and the row's hash.

    Rows are hashed at once when written; links are added in batches by one sealer at a time, so that
    parallel writers never wait for each other. Source of the construction: the linked time-stamping of
    Haber and Stornetta (1991), with SHA-256.
    """

    position = models.BigIntegerField("順番", primary_key=True)
    row_uid = models.UUIDField("行の識別子", unique=True)
    row_hash = models.CharField("行のハッシュ", max_length=64)
    chain_hash = models.CharField("連鎖のハッシュ", max_length=64)
    sealed_at = models.DateTimeField("封印した日時")

    class Meta:
        verbose_name = "封印"
        verbose_name_plural = "封印"

    def __str__(self) -> str:
        return f"{self.position} {self.chain_hash[:12]}"
