"""Task forces (システム種別タスクフォース), their working groups, members, target systems, meetings and issues."""

import datetime

from django.db import models
from django.db.models import F, Q

from tenshu.dx.taskforce.migration_date import MigrationDate
from tenshu.ground.office.models import Staff, Unit
from tenshu.ground.periods import Dated, DatedQuerySet
from tenshu.ground.systems.models import System
from tenshu.mechanisms.gathering.models import Gathering


class TaskForce(Dated):
    """A task force (タスクフォース) over the candidate systems. Written by the secretariat."""

    name = models.CharField("名称", max_length=100, unique=True)
    purpose = models.TextField("目的", blank=True)

    objects = DatedQuerySet["TaskForce"].as_manager()

    class Meta(Dated.Meta):
        verbose_name = "タスクフォース"
        verbose_name_plural = "タスクフォース"
        ordering = ["valid_from", "name"]

    def __str__(self) -> str:
        return self.name


class Secretariat(models.Model):
    """A division that keeps the task force's secretariat (事務局)."""

    task_force = models.ForeignKey(
        TaskForce, verbose_name="タスクフォース", on_delete=models.CASCADE, related_name="secretariats"
    )
    unit = models.ForeignKey(Unit, verbose_name="所属", on_delete=models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField("順番", default=0)

    class Meta:
        verbose_name = "事務局"
        verbose_name_plural = "事務局"
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["task_force", "unit"], name="taskforce_secretariat_once")
        ]

    def __str__(self) -> str:
        return str(self.unit)


class WorkingGroup(Dated):
    """A working group (WG) for systems with considerable problems.

    The migration date is a month, a year, or open ("R8～"); ``None`` parts are unknown ("-").
    """

    task_force = models.ForeignKey(
        TaskForce, verbose_name="タスクフォース", on_delete=models.PROTECT, related_name="working_groups"
    )
    name = models.CharField("WG名", max_length=100)
    order = models.PositiveSmallIntegerField("順番", default=0)
    problem = models.TextField("課題の概要", blank=True)
    migration_year = models.PositiveSmallIntegerField("移行時期の年（西暦）", null=True, blank=True)
    migration_month = models.PositiveSmallIntegerField("移行時期の月", null=True, blank=True)
    migration_open = models.BooleanField("移行時期以降", default=False)

    objects = DatedQuerySet["WorkingGroup"].as_manager()

    class Meta(Dated.Meta):
        verbose_name = "WG"
        verbose_name_plural = "WG"
        ordering = ["order", "pk"]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["task_force", "name"], name="taskforce_wg_name"),
            models.CheckConstraint(
                condition=Q(migration_month__isnull=True)
                | Q(migration_month__range=(1, 12), migration_year__isnull=False),
                name="taskforce_wg_month",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}WG"

    @property
    def migration(self) -> MigrationDate:
        """The migration date as a value: R10.1, R8～ or -."""
        return MigrationDate(self.migration_year, self.migration_month, self.migration_open)


class Membership(Dated):
    """A division that takes part in a working group (構成所属), with the part of it that is meant."""

    working_group = models.ForeignKey(
        WorkingGroup, verbose_name="WG", on_delete=models.CASCADE, related_name="memberships"
    )
    unit = models.ForeignKey(
        Unit, verbose_name="所属", on_delete=models.PROTECT, related_name="wg_memberships"
    )
    part = models.CharField("担当の範囲", max_length=200, blank=True)
    order = models.PositiveSmallIntegerField("順番", default=0)

    objects = DatedQuerySet["Membership"].as_manager()

    class Meta(Dated.Meta):
        verbose_name = "構成所属"
        verbose_name_plural = "構成所属"
        ordering = ["order", "pk"]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["working_group", "unit"], name="taskforce_membership_once"),
        ]

    def __str__(self) -> str:
        return f"{self.unit}（{self.part}）" if self.part else str(self.unit)


class TargetSystem(models.Model):
    """A system that a working group deals with (対象システム)."""

    working_group = models.ForeignKey(
        WorkingGroup, verbose_name="WG", on_delete=models.CASCADE, related_name="targets"
    )
    system = models.ForeignKey(
        System, verbose_name="システム", on_delete=models.PROTECT, related_name="wg_targets"
    )

    class Meta:
        verbose_name = "対象システム"
        verbose_name_plural = "対象システム"
        ordering = ["system__number"]
        constraints = [
            models.UniqueConstraint(fields=["working_group", "system"], name="taskforce_target_once")
        ]

    def __str__(self) -> str:
        return str(self.system)


class Meeting(models.Model):
    """A meeting of the task force, or of one of its working groups (会議), numbered within the fiscal year."""

    task_force = models.ForeignKey(
        TaskForce, verbose_name="タスクフォース", on_delete=models.PROTECT, related_name="meetings"
    )
    working_group = models.ForeignKey(
        WorkingGroup,
        verbose_name="WG",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="meetings",
    )
    number = models.PositiveSmallIntegerField("回")
    gathering = models.OneToOneField(
        Gathering, verbose_name="開催", on_delete=models.PROTECT, related_name="taskforce_meeting"
    )

    class Meta:
        verbose_name = "タスクフォースの会議"
        verbose_name_plural = "タスクフォースの会議"
        ordering = ["gathering__held_on", "number"]

    def __str__(self) -> str:
        return f"{self.working_group or self.task_force} 第{self.number}回"


class IssueState(models.TextChoices):
    """課題の状態."""

    OPEN = "open", "受付"
    IN_PROGRESS = "in_progress", "対応中"
    DONE = "done", "完了"


class Issue(models.Model):
    """A problem that a working group works on (課題)."""

    working_group = models.ForeignKey(
        WorkingGroup, verbose_name="WG", on_delete=models.CASCADE, related_name="issues"
    )
    system = models.ForeignKey(
        System, verbose_name="システム", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    title = models.CharField("課題", max_length=200)
    detail = models.TextField("内容", blank=True)
    state = models.CharField("状態", max_length=20, choices=IssueState, default=IssueState.OPEN)
    owner_unit = models.ForeignKey(Unit, verbose_name="担当所属", on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(
        Staff, verbose_name="担当者", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    opened_on = models.DateField("登録日")
    due = models.DateField("期限", null=True, blank=True)
    done_on = models.DateField("解決日", null=True, blank=True)

    class Meta:
        verbose_name = "課題"
        verbose_name_plural = "課題"
        ordering = ["due", "pk"]

    def __str__(self) -> str:
        return self.title

    def open_on(self, day: datetime.date) -> bool:
        """Whether the problem stood open on ``day``."""
        return self.opened_on <= day and (self.done_on is None or self.done_on > day)


class RoadmapItem(models.Model):
    """A step of the roadmap (工程) of a working group, or of one of its systems. One day: a milestone."""

    working_group = models.ForeignKey(
        WorkingGroup, verbose_name="WG", on_delete=models.CASCADE, related_name="roadmap"
    )
    system = models.ForeignKey(
        System, verbose_name="システム", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    title = models.CharField("工程", max_length=200)
    starts_on = models.DateField("開始日")
    ends_on = models.DateField("終了日")
    done = models.BooleanField("完了", default=False)

    class Meta:
        verbose_name = "工程"
        verbose_name_plural = "工程"
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="taskforce_roadmap_span",
                violation_error_message="終了日は開始日以後の日にしてください。",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_milestone(self) -> bool:
        """Whether it is a single day."""
        return self.starts_on == self.ends_on
