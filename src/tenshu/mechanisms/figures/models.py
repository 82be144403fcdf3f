"""Figures as they stood when a year was closed."""

from django.conf import settings
from django.db import models

from tenshu.ground.quantities import Quality


class FrozenFigure(models.Model):
    """A figure as it stood when the year was closed (締めた数値), with the rows that it counted.

    ``rows`` is a list of ``[row key, label, [shown values]]``. Never changed: a correction freezes a new edition.
    """

    year = models.PositiveSmallIntegerField("年度")
    edition = models.PositiveSmallIntegerField("版")
    key = models.CharField("数値", max_length=80)
    label = models.CharField("名称", max_length=100)
    unit = models.CharField("単位", max_length=20)
    value = models.DecimalField("値", max_digits=18, decimal_places=4, null=True)
    qualifier = models.CharField("確からしさ", max_length=10, choices=Quality)
    row_count = models.PositiveIntegerField("行数")
    rows = models.JSONField("数えた行")
    frozen_at = models.DateTimeField("締めた日時")
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="締めた人", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "締めた数値"
        verbose_name_plural = "締めた数値"
        ordering = ["year", "edition", "key"]
        constraints = [models.UniqueConstraint(fields=["year", "edition", "key"], name="figures_frozen_once")]

    def __str__(self) -> str:
        return f"{self.label} {self.year} 第{self.edition}版"
