"""The free texts of the yearly report, and the report as it was issued."""

from django.conf import settings
from django.db import models


class Passage(models.Model):
    """A free text that a division writes for a section of a year's report (本文の補足)."""

    year = models.PositiveSmallIntegerField("年度")
    section = models.CharField("節", max_length=10)
    text = models.TextField("本文", blank=True)
    updated_at = models.DateTimeField("更新日時", auto_now=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="更新者", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "報告の本文"
        verbose_name_plural = "報告の本文"
        ordering = ["year", "section"]
        constraints = [models.UniqueConstraint(fields=["year", "section"], name="annual_passage_once")]

    def __str__(self) -> str:
        return f"{self.year}年度 {self.section} の本文"


class Edition(models.Model):
    """The report of a year as it was issued (版). Never changed: a correction issues the next edition.

    ``document`` is the whole report as plain values (``annual.content.ReportDocument``).
    """

    year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveSmallIntegerField("版")
    document = models.JSONField("報告の内容")
    document_hash = models.CharField("内容のハッシュ", max_length=64)
    reason = models.TextField("発行の理由", blank=True)
    issued_at = models.DateTimeField("発行日時")
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="発行者", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "年次報告の版"
        verbose_name_plural = "年次報告の版"
        ordering = ["-year", "-number"]
        constraints = [models.UniqueConstraint(fields=["year", "number"], name="annual_edition_once")]

    def __str__(self) -> str:
        return f"{self.year}年度 年次報告 第{self.number}版"
