"""Sessions (会議・研修・ヒアリング) with agenda, attendance, minutes, decisions and actions."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from tenshu.ground.access.queries import holds_any, own_units
from tenshu.ground.access.roles import READERS
from tenshu.ground.office.lineage import with_predecessors
from tenshu.ground.office.models import Staff, Unit
from tenshu.ground.quantities import HeadCount, Quality
from tenshu.mechanisms.gathering.links import opened_to

if TYPE_CHECKING:
    from tenshu.ground.access.models import User


class GatheringKind(models.TextChoices):
    """What the session is for."""

    MEETING = "meeting", "会議"
    CONFERENCE = "conference", "他団体との会議"
    HEARING = "hearing", "ヒアリング"
    TRAINING = "training", "研修"


class Form(models.TextChoices):
    """How people come together."""

    IN_PERSON = "in_person", "対面"
    ONLINE = "online", "オンライン"
    HYBRID = "hybrid", "対面とオンライン"


class GatheringState(models.TextChoices):
    """Whether it took place."""

    PLANNED = "planned", "予定"
    HELD = "held", "開催済"
    CANCELLED = "cancelled", "中止"


class GatheringQuerySet(models.QuerySet["Gathering"]):
    """Sessions as a person may see them, and those that a figure counts."""

    def for_user(self, user: "User") -> "GatheringQuerySet":
        """All for those who see the whole office; else the sessions that concern one's own units or oneself.

        These are the sessions that one's units (with those they came from) hosted, were asked to or have
        something to do from, and those that a room opens: the meetings of one's own working group.
        """
        if holds_any(user, READERS):
            return self
        if user.staff_id is None:
            return self.none()
        units = with_predecessors(own_units(user))
        attending = Attendance.objects.filter(Q(unit_id__in=units) | Q(staff_id=user.staff_id))
        charged = ActionItem.objects.filter(Q(owner_unit_id__in=units) | Q(owner_id=user.staff_id))
        seen = Q(host_id__in=units)
        for keys in (attending.values("gathering"), charged.values("gathering"), *opened_to(user)):
            seen |= Q(pk__in=keys)
        return self.filter(seen)

    def held(self) -> "GatheringQuerySet":
        """Sessions that took place."""
        return self.filter(state=GatheringState.HELD)


class Gathering(models.Model):
    """One session (開催): date, place or online, agenda, minutes and a head count with its quality.

    Written by the hosting division; a room ties it to its own record (a task-force meeting, a conference).
    """

    kind = models.CharField("区分", max_length=20, choices=GatheringKind)
    title = models.CharField("件名", max_length=200)
    host = models.ForeignKey(
        Unit, verbose_name="開催所属", on_delete=models.PROTECT, related_name="gatherings"
    )
    held_on = models.DateField("開催日")
    starts_at = models.TimeField("開始時刻", null=True, blank=True)
    ends_at = models.TimeField("終了時刻", null=True, blank=True)
    form = models.CharField("開催形式", max_length=20, choices=Form, default=Form.IN_PERSON)
    place = models.CharField("場所", max_length=200, blank=True)
    state = models.CharField("状態", max_length=20, choices=GatheringState, default=GatheringState.PLANNED)
    outline = models.TextField("概要", blank=True)
    minutes = models.TextField("議事録", blank=True)
    attendance_count = models.PositiveIntegerField("出席者数", null=True, blank=True)
    attendance_quality = models.CharField(
        "出席者数の確からしさ", max_length=10, choices=Quality, default=Quality.EXACT
    )

    objects = GatheringQuerySet.as_manager()

    class Meta:
        verbose_name = "会議・研修"
        verbose_name_plural = "会議・研修"
        ordering = ["-held_on", "-starts_at", "pk"]
        indexes = [models.Index(fields=["kind", "held_on"], name="gathering_kind_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_at__isnull=True) | Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="gathering_ends_after_start",
                violation_error_message="終了時刻は開始時刻より後にしてください。",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def head_count(self) -> HeadCount | None:
        """The head count with its quality, if one was recorded."""
        if self.attendance_count is None:
            return None
        return HeadCount(self.attendance_count, Quality(self.attendance_quality))


class AgendaItem(models.Model):
    """One item of the agenda (議題)."""

    gathering = models.ForeignKey(
        Gathering, verbose_name="会議・研修", on_delete=models.CASCADE, related_name="agenda"
    )
    order = models.PositiveSmallIntegerField("順番")
    title = models.CharField("議題", max_length=300)
    presenter = models.CharField("説明者", max_length=200, blank=True)

    class Meta:
        verbose_name = "議題"
        verbose_name_plural = "議題"
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.title


class AttendanceState(models.TextChoices):
    """Whether somebody who was asked came."""

    INVITED = "invited", "案内済"
    ATTENDED = "attended", "出席"
    ABSENT = "absent", "欠席"


class Attendance(models.Model):
    """Somebody who was asked to come (出席): a member of staff, a unit, or a guest by name."""

    gathering = models.ForeignKey(
        Gathering, verbose_name="会議・研修", on_delete=models.CASCADE, related_name="attendances"
    )
    staff = models.ForeignKey(Staff, verbose_name="職員", null=True, blank=True, on_delete=models.PROTECT)
    unit = models.ForeignKey(Unit, verbose_name="所属", null=True, blank=True, on_delete=models.PROTECT)
    guest = models.CharField("外部の出席者", max_length=200, blank=True)
    state = models.CharField("出欠", max_length=20, choices=AttendanceState, default=AttendanceState.INVITED)

    class Meta:
        verbose_name = "出席"
        verbose_name_plural = "出席"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(staff__isnull=False) | Q(unit__isnull=False) | ~Q(guest=""),
                name="gathering_attendance_someone",
                violation_error_message="職員、所属、外部の出席者のどれかを入れてください。",
            ),
            models.UniqueConstraint(
                fields=["gathering", "staff"], condition=Q(staff__isnull=False), name="gathering_staff_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.staff or self.unit or self.guest)


class Decision(models.Model):
    """What was decided (決定事項)."""

    gathering = models.ForeignKey(
        Gathering, verbose_name="会議・研修", on_delete=models.CASCADE, related_name="decisions"
    )
    text = models.TextField("決定事項")

    class Meta:
        verbose_name = "決定事項"
        verbose_name_plural = "決定事項"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text[:80]


class ActionItem(models.Model):
    """What somebody has to do after the session (宿題), by when."""

    gathering = models.ForeignKey(
        Gathering, verbose_name="会議・研修", on_delete=models.CASCADE, related_name="action_items"
    )
    text = models.TextField("すること")
    owner_unit = models.ForeignKey(Unit, verbose_name="担当所属", on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(
        Staff, verbose_name="担当者", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    due = models.DateField("期限", null=True, blank=True)
    done_on = models.DateField("完了日", null=True, blank=True)

    class Meta:
        verbose_name = "宿題"
        verbose_name_plural = "宿題"
        ordering = ["due", "pk"]

    def __str__(self) -> str:
        return self.text[:80]
