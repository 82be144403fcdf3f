"""Conferences with other prefectures and bodies (他都道府県との連絡調整)."""

from django.db import models

from tenshu.mechanisms.gathering.models import Gathering


class Scope(models.TextChoices):
    """Whom the conference brings together."""

    NATIONAL = "national", "全国"
    REGIONAL = "regional", "ブロック"
    OTHER = "other", "その他"


class Conference(models.Model):
    """A series of conferences (会議体), such as the spring and autumn meetings of all prefectures."""

    name = models.CharField("会議体", max_length=200, unique=True)
    scope = models.CharField("範囲", max_length=20, choices=Scope)
    organiser = models.CharField("主催", max_length=200, blank=True)
    purpose = models.TextField("目的", blank=True)

    class Meta:
        verbose_name = "会議体"
        verbose_name_plural = "会議体"
        ordering = ["scope", "name"]

    def __str__(self) -> str:
        return self.name


class ConferenceSession(models.Model):
    """One conference of a series (開催), with what was brought home (復命)."""

    conference = models.ForeignKey(
        Conference, verbose_name="会議体", on_delete=models.PROTECT, related_name="sessions"
    )
    gathering = models.OneToOneField(
        Gathering, verbose_name="開催", on_delete=models.PROTECT, related_name="conference_session"
    )
    season = models.CharField("時期", max_length=40, blank=True)
    report_back = models.TextField("復命", blank=True)

    class Meta:
        verbose_name = "連絡会議の開催"
        verbose_name_plural = "連絡会議の開催"
        ordering = ["gathering__held_on", "pk"]

    def __str__(self) -> str:
        return f"{self.conference} {self.season}".strip()
