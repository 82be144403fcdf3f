"""Imports (取込): what was brought in, by whom, what it would change, and what it did."""

from django.conf import settings
from django.db import models

from tenshu.ground.access.models import User
from tenshu.ground.files.models import StoredFile


class RunState(models.TextChoices):
    """Where an import stands."""

    PREVIEWED = "previewed", "確かめ中"
    COMMITTED = "committed", "取込済"
    CANCELLED = "cancelled", "取りやめ"
    REPLACED = "replaced", "入れ直し"


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    """Imports as people may see them."""

    def for_user(self, user: User) -> "ImportRunQuerySet":
        """The imports of ``user``, and those of every table that ``user`` may bring in."""
        from tenshu.ground.exchange.registry import importable_names  # specs import this module's models

        return self.filter(models.Q(created_by=user) | models.Q(spec__in=importable_names(user)))


class ImportRun(models.Model):
    """One file brought in (取込). Nothing is written to the tables before ``state`` is committed."""

    spec = models.CharField("表", max_length=80, db_index=True)
    scope = models.CharField("範囲", max_length=80, blank=True)
    title = models.CharField("表の名", max_length=100)
    stored = models.ForeignKey(
        StoredFile, verbose_name="ファイル", on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField("ファイル名", max_length=255)
    sheet = models.CharField("シート", max_length=100, blank=True)
    state = models.CharField("状態", max_length=20, choices=RunState, default=RunState.PREVIEWED)
    replaces = models.OneToOneField(
        "self",
        verbose_name="入れ直す前",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="replaced_by",
    )
    digest = models.CharField("確かめた内容のハッシュ", max_length=64)
    counts = models.JSONField("件数", default=dict)
    notes = models.JSONField("知らせ", default=list)
    sent_at = models.DateTimeField("Excelを渡した日時", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="選んだ人", on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField("選んだ日時", auto_now_add=True)
    committed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="取り込んだ人",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    committed_at = models.DateTimeField("取り込んだ日時", null=True, blank=True)
    request_id = models.UUIDField("一連の操作", null=True, blank=True)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = "取込"
        verbose_name_plural = "取込"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.title} {self.name}"

    @property
    def state_word(self) -> str:
        """The state as its status word."""
        return str(RunState(self.state).label)

    @property
    def is_open(self) -> bool:
        """Whether it can still be carried out."""
        return self.state == RunState.PREVIEWED


class LineKind(models.TextChoices):
    """What a row of the file does."""

    ADD = "add", "追加"
    CHANGE = "change", "変更"
    REMOVE = "remove", "削除"
    SAME = "same", "同じ"


class PreviewLine(models.Model):
    """A row of a previewed file (確かめの行), for the page only: the commit plans anew."""

    run = models.ForeignKey(ImportRun, verbose_name="取込", on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField("順番")
    kind = models.CharField("種類", max_length=10, choices=LineKind)
    row_number = models.PositiveIntegerField("行")
    label = models.CharField("行の名", max_length=300)
    summary = models.TextField("中身", blank=True)
    reason = models.TextField("理由", blank=True)

    class Meta:
        verbose_name = "確かめの行"
        verbose_name_plural = "確かめの行"
        ordering = ["position"]
        indexes = [models.Index(fields=["run", "kind", "position"], name="exchange_line_kind")]

    def __str__(self) -> str:
        return f"{self.row_number} {self.label}"


class PreviewCell(models.Model):
    """A cell that would change (変わるセル), with its values as the page shows them."""

    run = models.ForeignKey(ImportRun, verbose_name="取込", on_delete=models.CASCADE, related_name="cells")
    position = models.PositiveIntegerField("順番")
    label = models.CharField("行の名", max_length=300)
    key_text = models.TextField("鍵")
    column = models.CharField("項目の名", max_length=80)
    header = models.CharField("項目", max_length=200)
    where = models.CharField("場所", max_length=200)
    before = models.TextField("いまの値", blank=True)
    after = models.TextField("取り込む値", blank=True)
    sent = models.TextField("渡した時の値", blank=True)
    is_sent_known = models.BooleanField("渡した時の値の控え", default=False)
    is_conflict = models.BooleanField("衝突", default=False)

    class Meta:
        verbose_name = "変わるセル"
        verbose_name_plural = "変わるセル"
        ordering = ["position"]
        indexes = [models.Index(fields=["run", "is_conflict", "position"], name="exchange_cell_conflict")]

    def __str__(self) -> str:
        return f"{self.where} {self.header}"


class PreviewError(models.Model):
    """A cell that has to be mended (誤り)."""

    run = models.ForeignKey(ImportRun, verbose_name="取込", on_delete=models.CASCADE, related_name="errors")
    position = models.PositiveIntegerField("順番")
    where = models.CharField("場所", max_length=200)
    label = models.CharField("行の名", max_length=300, blank=True)
    header = models.CharField("項目", max_length=200, blank=True)
    value = models.TextField("入っていた値", blank=True)
    wrong = models.TextField("違う文字", blank=True)
    message = models.TextField("どこが違うか")
    cure = models.TextField("直し方", blank=True)

    class Meta:
        verbose_name = "誤り"
        verbose_name_plural = "誤り"
        ordering = ["position"]
        indexes = [models.Index(fields=["run", "position"], name="exchange_error_order")]

    def __str__(self) -> str:
        return f"{self.where} {self.message}"


class ConflictChoice(models.Model):
    """How a person resolved a conflict (衝突の選び方)."""

    run = models.ForeignKey(ImportRun, verbose_name="取込", on_delete=models.CASCADE, related_name="choices")
    key_text = models.TextField("鍵")
    column = models.CharField("項目", max_length=80)
    side = models.CharField(
        "選んだ値", max_length=10, choices=[("ours", "いまの値"), ("theirs", "取り込む値")]
    )
    chosen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="選んだ人", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "衝突の選び方"
        verbose_name_plural = "衝突の選び方"
        constraints = [
            models.UniqueConstraint(fields=["run", "key_text", "column"], name="exchange_choice_once")
        ]

    def __str__(self) -> str:
        return f"{self.key_text} {self.column} {self.side}"
