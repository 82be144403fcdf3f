"""Rows that hold for a span of days, and the question "as of a date"."""

import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q


class DatedQuerySet[M: models.Model](models.QuerySet[M]):
    """Rows with ``valid_from`` and ``valid_until`` (the last day, ``None`` while it goes on)."""

    def as_of(self, day: datetime.date) -> Self:
        """The rows that hold on ``day``, both ends included."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=day), valid_from__lte=day)

    def within(self, first: datetime.date, last: datetime.date) -> Self:
        """The rows that hold on any day from ``first`` to ``last``."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=first), valid_from__lte=last)


class Dated(models.Model):
    """Base of every row that holds for a span of days."""

    valid_from = models.DateField("開始日")
    valid_until = models.DateField("終了日", null=True, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="%(app_label)s_%(class)s_span",
                violation_error_message="終了日は開始日以後の日にしてください。",
            )
        ]

    def holds_on(self, day: datetime.date) -> bool:
        """Whether the row holds on ``day``."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)
