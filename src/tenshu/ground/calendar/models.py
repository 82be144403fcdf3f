"""Fiscal years that the office works in, and the days on which it is closed."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from tenshu.ground.calendar.fiscal_year import FiscalYear


class YearState(models.TextChoices):
    """The state of a fiscal year."""

    OPEN = "open", "集計中"
    CLOSED = "closed", "締め済"


class OpenedYear(models.Model):
    """A fiscal year with records (年度). Opened by the secretariat, closed with the yearly report."""

    year = models.PositiveSmallIntegerField("年度（西暦）", unique=True)
    state = models.CharField("状態", max_length=10, choices=YearState, default=YearState.OPEN)
    closed_at = models.DateTimeField("締めた日時", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="締めた人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        verbose_name = "年度"
        verbose_name_plural = "年度"
        ordering = ["-year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="closed", closed_at__isnull=False)
                | Q(state="open", closed_at__isnull=True),
                name="calendar_closed_has_time",
            )
        ]

    def __str__(self) -> str:
        return self.fiscal_year.label

    @property
    def fiscal_year(self) -> FiscalYear:
        """The year as a value."""
        return FiscalYear(self.year)

    @property
    def is_closed(self) -> bool:
        """Whether its figures are frozen."""
        return self.state == YearState.CLOSED


class OfficeClosure(models.Model):
    """Days on which the office is closed (閉庁日) beside weekends and national holidays.

    With ``every_year`` only month and day count and the span may run over New Year (12/29～1/3).
    While no such row stands, 12/29～1/3 holds (``business_days.YEAR_END``).
    """

    name = models.CharField("名称", max_length=100)
    first_day = models.DateField("最初の日")
    last_day = models.DateField("最後の日")
    every_year = models.BooleanField("毎年", default=False)

    class Meta:
        verbose_name = "閉庁日"
        verbose_name_plural = "閉庁日"
        ordering = ["first_day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="calendar_closure_span",
                violation_error_message="最後の日は最初の日以後にしてください。",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def covers(self, day: datetime.date) -> bool:
        """Whether the office is closed on ``day`` by this row."""
        if not self.every_year:
            return self.first_day <= day <= self.last_day
        first, last, asked = ((d.month, d.day) for d in (self.first_day, self.last_day, day))
        return first <= asked <= last if first <= last else asked >= first or asked <= last
