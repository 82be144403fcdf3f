"""Departments, divisions, groups, staff and posts, each with its span of days."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from tenshu.engines.japanese import fold_kana, kana_sort_key
from tenshu.ground.periods import Dated, DatedQuerySet


class UnitKind(models.TextChoices):
    """部局 → 所属（課・室） → グループ. A 課 may stand under a 室: both are 所属."""

    DEPARTMENT = "department", "部局"
    DIVISION = "division", "所属"
    GROUP = "group", "グループ"


class Unit(Dated):
    """A department, division or group (組織) for as long as it stood under this name and parent.

    Written by the secretariat, every April. A renamed or moved unit ends and names its successors, and so do
    the units below it: a parent holds on every day on which its children hold.
    """

    code = models.CharField("組織コード", max_length=20)
    kind = models.CharField("区分", max_length=20, choices=UnitKind)
    name = models.CharField("名称", max_length=100)
    kana = models.CharField("かな", max_length=200, blank=True)
    parent = models.ForeignKey(
        "self",
        verbose_name="上位組織",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    sort_order = models.PositiveIntegerField("並び順", default=0)

    objects = DatedQuerySet["Unit"].as_manager()

    class Meta(Dated.Meta):
        verbose_name = "組織"
        verbose_name_plural = "組織"
        ordering = ["sort_order", "code"]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["code", "valid_from"],
                name="office_unit_code_from",
                violation_error_message="同じ組織コードと開始日の組織が既にあります。",
            ),
        ]
        indexes = [models.Index(fields=["valid_from", "valid_until"], name="office_unit_as_of")]

    def __str__(self) -> str:
        return self.name

    @property
    def full_name(self) -> str:
        """From the department down: 健康医療部 生活衛生室 環境衛生課. Lists select the parents along."""
        return f"{self.parent.full_name} {self.name}" if self.parent else self.name


class Succession(models.Model):
    """What became of a unit that ended (承継): one row a successor.

    The main successor takes over people, charges and records where nothing else is said.
    """

    predecessor = models.ForeignKey(
        Unit, verbose_name="旧組織", on_delete=models.PROTECT, related_name="successions"
    )
    successor = models.ForeignKey(
        Unit, verbose_name="新組織", on_delete=models.PROTECT, related_name="precursions"
    )
    on = models.DateField("承継日")
    is_main = models.BooleanField("主たる承継先", default=True)

    class Meta:
        verbose_name = "承継"
        verbose_name_plural = "承継"
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor"],
                name="office_succession_once",
                violation_error_message="同じ承継が既にあります。",
            ),
            models.UniqueConstraint(
                fields=["predecessor"],
                condition=models.Q(is_main=True),
                name="office_succession_one_main",
                violation_error_message="主たる承継先は1つだけにしてください。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"


class UnitDutyKind(models.TextChoices):
    """What a unit is charged with for the whole office."""

    SECRETARIAT = "secretariat", "事務局"
    SECURITY = "security", "情報セキュリティの監理"


class UnitDuty(Dated):
    """A charge laid on a unit (所掌): its members hold the role for as long."""

    unit = models.ForeignKey(Unit, verbose_name="組織", on_delete=models.PROTECT, related_name="duties")
    kind = models.CharField("所掌", max_length=20, choices=UnitDutyKind)

    objects = DatedQuerySet["UnitDuty"].as_manager()

    class Meta(Dated.Meta):
        verbose_name = "所掌"
        verbose_name_plural = "所掌"

    def __str__(self) -> str:
        return f"{self.unit} {self.get_kind_display()}"


class EmploymentKind(models.TextChoices):
    """任用の区分."""

    REGULAR = "regular", "常勤"
    REAPPOINTED = "reappointed", "再任用"
    FIXED_TERM = "fixed_term", "任期付"
    FISCAL_YEAR = "fiscal_year", "会計年度任用"
    TEMPORARY = "temporary", "臨時"
    DISPATCHED = "dispatched", "派遣・委託"


class Staff(models.Model):
    """A member of staff (職員). The number is kept for life; where one works is told by the posts.

    ``kana_order`` and ``search_text`` follow from name, kana and number at every save.
    """

    number = models.CharField("職員番号", max_length=20, unique=True)
    name = models.CharField("氏名", max_length=100)
    kana = models.CharField("氏名かな", max_length=200, blank=True)
    mail = models.EmailField("メール", blank=True)
    employment = models.CharField(
        "任用区分", max_length=20, choices=EmploymentKind, default=EmploymentKind.REGULAR
    )
    joined_on = models.DateField("採用日", null=True, blank=True)
    left_on = models.DateField("退職日", null=True, blank=True)
    # Bytes, because databases and their collations do not agree on the order of kana.
    kana_order = models.BinaryField("五十音順", max_length=800, default=b"", db_index=True, editable=False)
    search_text = models.CharField("検索用の文字列", max_length=400, default="", editable=False)

    class Meta:
        verbose_name = "職員"
        verbose_name_plural = "職員"
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(left_on__isnull=True)
                | models.Q(joined_on__isnull=True)
                | models.Q(left_on__gte=models.F("joined_on")),
                name="office_staff_span",
                violation_error_message="退職日は採用日以後の日にしてください。",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.derive()
        super().save(*args, **kwargs)

    def derive(self) -> None:
        """Set what follows from name, kana and number. Bulk writers call it themselves."""
        self.kana_order = kana_sort_key(self.kana or self.name).encode()
        self.search_text = search_form(f"{self.number}\t{self.name}\t{self.kana}")


def search_form(text: str) -> str:
    """``text`` as it is searched: one width, katakana, capitals, no spaces inside (見本　花子 = 見本花子)."""
    return "\t".join("".join(part.split()) for part in fold_kana(text).upper().split("\t"))


class PostRank(models.TextChoices):
    """The place of a post in its unit."""

    HEAD = "head", "所属長"
    DEPUTY = "deputy", "課長補佐"
    LEADER = "leader", "グループ長"
    MEMBER = "member", "職員"


class Post(Dated):
    """Where a member of staff works from when to when (配属). A transfer ends one post and begins another."""

    staff = models.ForeignKey(Staff, verbose_name="職員", on_delete=models.PROTECT, related_name="posts")
    unit = models.ForeignKey(Unit, verbose_name="組織", on_delete=models.PROTECT, related_name="posts")
    rank = models.CharField("職位", max_length=20, choices=PostRank, default=PostRank.MEMBER)
    title = models.CharField("職名", max_length=60, blank=True)
    is_officer = models.BooleanField("システム担当者", default=False)
    is_concurrent = models.BooleanField("兼務", default=False)

    objects = DatedQuerySet["Post"].as_manager()

    class Meta(Dated.Meta):
        verbose_name = "配属"
        verbose_name_plural = "配属"
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["staff", "unit", "valid_from"],
                name="office_post_once",
                violation_error_message="同じ職員・組織・開始日の配属が既にあります。",
            ),
        ]
        indexes = [
            # Holds all that counting people of a day asks for: the rows themselves are not read.
            models.Index(
                fields=["unit", "valid_from", "valid_until", "is_concurrent", "staff"],
                name="office_post_as_of",
            ),
            models.Index(fields=["rank", "unit"], name="office_post_rank"),
        ]

    def __str__(self) -> str:
        return f"{self.staff} {self.unit} {self.title or self.get_rank_display()}"


class ReorganisationPlan(models.Model):
    """A reorganisation in preparation (組織改正案): steps that take effect together on one day."""

    title = models.CharField("件名", max_length=100)
    on = models.DateField("施行日")
    applied_at = models.DateTimeField("実施した日時", null=True, blank=True)

    class Meta:
        verbose_name = "組織改正"
        verbose_name_plural = "組織改正"
        ordering = ["-on", "-pk"]

    def __str__(self) -> str:
        return self.title


class StepKind(models.TextChoices):
    """What a step of a reorganisation does."""

    OPEN = "open", "新設"
    RENAME = "rename", "改称"
    MOVE = "move", "移管"
    END = "end", "統合・廃止"


class ReorganisationStep(models.Model):
    """One step of a plan (改正の内容). Which of the values it needs depends on its kind."""

    plan = models.ForeignKey(
        ReorganisationPlan, verbose_name="組織改正", on_delete=models.PROTECT, related_name="steps"
    )
    kind = models.CharField("内容", max_length=10, choices=StepKind)
    unit = models.ForeignKey(
        Unit, verbose_name="対象の組織", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    unit_kind = models.CharField("区分", max_length=20, choices=UnitKind, blank=True)
    code = models.CharField("組織コード", max_length=20, blank=True)
    name = models.CharField("名称", max_length=100, blank=True)
    kana = models.CharField("かな", max_length=200, blank=True)
    parent_code = models.CharField("上位組織のコード", max_length=20, blank=True)
    successor_codes = models.CharField("承継先のコード", max_length=300, blank=True)
    sort_order = models.PositiveIntegerField("並び順", default=0)

    class Meta:
        verbose_name = "改正の内容"
        verbose_name_plural = "改正の内容"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.unit.name if self.unit else self.name}"

    def clean(self) -> None:
        """Raise ``ValidationError`` by field for what the kind of step needs and does not have."""
        needed = {
            StepKind.OPEN: ("unit_kind", "code", "name"),
            StepKind.RENAME: ("unit", "name"),
            StepKind.MOVE: ("unit", "parent_code"),
            StepKind.END: ("unit",),
        }.get(StepKind(self.kind), ())
        missing = [name for name in needed if not getattr(self, name)]
        if self.kind == StepKind.OPEN and self.unit_kind != UnitKind.DEPARTMENT and not self.parent_code:
            missing.append("parent_code")
        if missing:
            raise ValidationError({name: f"{_label(self, name)}を入れてください。" for name in missing})


class OfficeProfile(models.Model):
    """The office itself (団体): one row, shown at the head of every page and on the report."""

    name = models.CharField("団体名", max_length=100, unique=True)

    class Meta:
        verbose_name = "団体"
        verbose_name_plural = "団体"

    def __str__(self) -> str:
        return self.name


def _label(row: models.Model, name: str) -> str:
    return next(str(field.verbose_name) for field in row._meta.fields if field.name == name)
