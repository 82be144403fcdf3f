"""The register of information systems (システム台帳): the light row on which every room hangs its records."""

import datetime

from django.db import models
from django.db.models import F, Q

from tenshu.ground.office.models import Unit
from tenshu.ground.periods import Dated, DatedQuerySet


class SystemQuerySet(models.QuerySet["System"]):
    """Systems as of a day."""

    def in_use_on(self, day: datetime.date) -> "SystemQuerySet":
        """Systems that were started and not yet ended on ``day``; an unknown start counts as started."""
        return self.filter(
            Q(started_on__isnull=True) | Q(started_on__lte=day),
            Q(ended_on__isnull=True) | Q(ended_on__gte=day),
        )

    def candidates_on(self, day: datetime.date) -> "SystemQuerySet":
        """Systems that were candidates for optimisation (最適化の対象候補) on ``day``."""
        return self.filter(
            Q(candidate_until__isnull=True) | Q(candidate_until__gte=day), candidate_from__lte=day
        )


class System(models.Model):
    """An information system (情報システム) with its owner. Written by the secretariat and the owner."""

    number = models.CharField("システム番号", max_length=20, unique=True)
    name = models.CharField("システム名", max_length=200)
    kana = models.CharField("かな", max_length=300, blank=True)
    # The owner of today; who owned it on another day is told by the ownerships.
    owner = models.ForeignKey(Unit, verbose_name="所管所属", on_delete=models.PROTECT, related_name="systems")
    purpose = models.TextField("目的", blank=True)
    started_on = models.DateField("運用開始日", null=True, blank=True)
    ended_on = models.DateField("運用終了日", null=True, blank=True)
    candidate_from = models.DateField("最適化対象の開始日", null=True, blank=True)
    candidate_until = models.DateField("最適化対象の終了日", null=True, blank=True)

    objects = SystemQuerySet.as_manager()

    class Meta:
        verbose_name = "システム"
        verbose_name_plural = "システム"
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(started_on__isnull=True)
                | Q(ended_on__isnull=True)
                | Q(ended_on__gte=F("started_on")),
                name="systems_system_span",
                violation_error_message="運用終了日は運用開始日以後の日にしてください。",
            ),
            models.CheckConstraint(
                condition=Q(candidate_until__isnull=True)
                | Q(candidate_from__isnull=False, candidate_until__gte=F("candidate_from")),
                name="systems_candidate_span",
                violation_error_message="最適化対象の終了日は、開始日を入れたうえで開始日以後の日にしてください。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Ownership(Dated):
    """Which division owned a system from when to when (所管の履歴). Written when the owner changes."""

    system = models.ForeignKey(
        System, verbose_name="システム", on_delete=models.PROTECT, related_name="ownerships"
    )
    unit = models.ForeignKey(
        Unit, verbose_name="所管所属", on_delete=models.PROTECT, related_name="ownerships"
    )

    objects = DatedQuerySet["Ownership"].as_manager()

    class Meta(Dated.Meta):
        verbose_name = "所管の履歴"
        verbose_name_plural = "所管の履歴"
        ordering = ["valid_from"]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["system", "valid_from"], name="systems_ownership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.unit}"
