"""Questionnaires, their versions and questions, and from which questions of earlier versions each one comes.

A published version and its questions never change again: actions refuse it, and so does the database (``guards``).
"""

from django.db import models
from django.db.models import F, Q

from tenshu.ground.access.models import User


class QuestionKind(models.TextChoices):
    """What a question asks for. ``parts.parts_of`` tells what an answer of each kind holds."""

    TEXT = "text", "一行の文"
    LONG_TEXT = "long_text", "文章"
    INTEGER = "integer", "整数"
    YEN = "yen", "金額（円）"
    DATE = "date", "日付"
    SINGLE = "single", "一つ選ぶ"
    MULTIPLE = "multiple", "いくつでも選ぶ"
    YES_NO = "yes_no", "はい・いいえ"
    PRACTICE = "practice", "実施状況"
    FILE = "file", "ファイル"
    TABLE = "table", "表"


class Practice(models.TextChoices):
    """Whether something is done (実施状況). 該当なし needs a reason; わからない is an answer, not a gap."""

    DONE = "done", "実施"
    PARTLY = "partly", "一部実施"
    NOT_DONE = "not_done", "未実施"
    NOT_APPLICABLE = "not_applicable", "該当なし"
    UNKNOWN = "unknown", "わからない"


class VersionState(models.TextChoices):
    """A version is written, then published once and for all."""

    DRAFT = "draft", "作成中"
    PUBLISHED = "published", "確定"


class Questionnaire(models.Model):
    """A questionnaire (質問票) that is asked again and again. Written by the secretariat."""

    code = models.CharField("質問票番号", max_length=20, unique=True)
    title = models.CharField("質問票名", max_length=200)
    subject_kind = models.CharField("対象の種類", max_length=40)
    purpose = models.TextField("目的", blank=True)

    class Meta:
        verbose_name = "質問票"
        verbose_name_plural = "質問票"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.title


class QuestionnaireVersion(models.Model):
    """One version (版) of a questionnaire, of a fiscal year. Immutable once published."""

    questionnaire = models.ForeignKey(
        Questionnaire, verbose_name="質問票", on_delete=models.PROTECT, related_name="versions"
    )
    fiscal_year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveSmallIntegerField("版")
    introduction = models.TextField("前書き", blank=True)
    state = models.CharField("状態", max_length=10, choices=VersionState, default=VersionState.DRAFT)
    published_at = models.DateTimeField("確定日時", null=True, blank=True)
    published_by = models.ForeignKey(
        User, verbose_name="確定した人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # SHA-256 of everything the version says; tells years later that nothing was altered.
    digest = models.CharField("内容の指紋", max_length=64, blank=True)

    class Meta:
        verbose_name = "質問票の版"
        verbose_name_plural = "質問票の版"
        ordering = ["-fiscal_year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "number"], name="questionnaire_version_number"),
            models.CheckConstraint(
                condition=Q(state="draft") | (Q(published_at__isnull=False) & ~Q(digest="")),
                name="questionnaire_published_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire} 第{self.number}版"

    @property
    def is_published(self) -> bool:
        """Whether the version is immutable."""
        return self.state == VersionState.PUBLISHED


class Question(models.Model):
    """A question (設問) of a version.

    ``settings`` holds what only some kinds need: ``options`` [{value, label, score?}], ``columns`` of a table
    [{name, header, kind, required, unit?, options?}], ``minimum``, ``maximum``, ``longest``, ``most_rows``,
    ``scores`` {practice: score}, ``note`` (whether a remark may be added).
    ``references`` names what the question rests on: {"対策基準": "6.1", "JIS Q 27002": "8.20"}.
    """

    version = models.ForeignKey(
        QuestionnaireVersion, verbose_name="版", on_delete=models.PROTECT, related_name="questions"
    )
    order = models.PositiveIntegerField("順番")
    code = models.CharField("設問番号", max_length=20)
    section = models.CharField("区分", max_length=200, blank=True)
    text = models.TextField("設問")
    help = models.TextField("説明", blank=True)
    evidence = models.TextField("根拠資料の例", blank=True)
    kind = models.CharField("回答の種類", max_length=20, choices=QuestionKind)
    required = models.BooleanField("必須", default=False)
    condition = models.CharField("尋ねる条件", max_length=1000, blank=True)
    weight = models.DecimalField("重み", max_digits=6, decimal_places=2, default=1)
    settings = models.JSONField("選択肢など", default=dict, blank=True)
    references = models.JSONField("よりどころ", default=dict, blank=True)

    class Meta:
        verbose_name = "設問"
        verbose_name_plural = "設問"
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "code"],
                name="questionnaire_question_code",
                violation_error_message="この設問番号は、この版で既に使われています。",
            ),
            models.CheckConstraint(condition=Q(weight__gte=0), name="questionnaire_question_weight"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text[:60]}"


class Relation(models.TextChoices):
    """How a question comes from an earlier one. Without an ancestor it is new; without a descendant, retired."""

    SAME = "same", "同じ"
    REWORDED = "reworded", "言い換え"
    SPLIT = "split", "分割"
    MERGED = "merged", "統合"


class QuestionAncestry(models.Model):
    """That a question comes from a question of an earlier version (設問の系譜)."""

    question = models.ForeignKey(
        Question, verbose_name="設問", on_delete=models.CASCADE, related_name="ancestries"
    )
    ancestor = models.ForeignKey(
        Question, verbose_name="元の設問", on_delete=models.PROTECT, related_name="descendants"
    )
    relation = models.CharField("関係", max_length=10, choices=Relation)

    class Meta:
        verbose_name = "設問の系譜"
        verbose_name_plural = "設問の系譜"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["question", "ancestor"], name="questionnaire_ancestor_once"),
            models.CheckConstraint(
                condition=~Q(question=F("ancestor")), name="questionnaire_not_own_ancestor"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ancestor.code} → {self.question.code}（{self.get_relation_display()}）"
