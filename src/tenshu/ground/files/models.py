"""Stored files (保存ファイル) by content, and attachments (添付): where they hang and under which name."""

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models


class StoredFile(models.Model):
    """A content that the house keeps (保存ファイル), once, whoever attached it and wherever."""

    sha256 = models.CharField("SHA-256", max_length=64, unique=True)
    size = models.PositiveBigIntegerField("大きさ（バイト）")
    content_type = models.CharField("形式", max_length=100)
    stored_at = models.DateTimeField("保存日時", auto_now_add=True)

    class Meta:
        verbose_name = "保存ファイル"
        verbose_name_plural = "保存ファイル"

    def __str__(self) -> str:
        return self.sha256[:12]


class Attachment(models.Model):
    """A file that hangs on a record (添付) under the name with which it came."""

    stored = models.ForeignKey(
        StoredFile, verbose_name="保存ファイル", on_delete=models.PROTECT, related_name="attachments"
    )
    name = models.CharField("ファイル名", max_length=255)
    target_type = models.ForeignKey(
        ContentType, verbose_name="添付先の種類", on_delete=models.PROTECT, related_name="+"
    )
    target_pk = models.CharField("添付先の番号", max_length=64)
    target = GenericForeignKey("target_type", "target_pk")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="添付した人", on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField("添付日時", auto_now_add=True)

    class Meta:
        verbose_name = "添付"
        verbose_name_plural = "添付"
        ordering = ["uploaded_at", "pk"]
        indexes = [models.Index(fields=["target_type", "target_pk"], name="files_attachment_target")]

    def __str__(self) -> str:
        return self.name
