"""Campaigns, their sheets, the answers and every step of a sheet's way.

What a sheet holds is given by its content (``contents.SheetContent``): the questions of a published version, or what a
room keeps of its own. Answers here are those of questionnaires.
"""

from django.db import models
from django.db.models import Q

from tenshu.ground.access.models import User
from tenshu.ground.files.models import StoredFile
from tenshu.ground.office.models import Staff, Unit
from tenshu.ground.periods import Dated, DatedQuerySet
from tenshu.mechanisms.gathering.models import Gathering
from tenshu.mechanisms.questionnaire.models import Question, QuestionnaireVersion


class CampaignState(models.TextChoices):
    """Prepared, being opened by a job, running, over."""

    DRAFT = "draft", "準備中"
    OPENING = "opening", "開始処理中"
    OPEN = "open", "受付中"
    CLOSED = "closed", "締切済"


class Campaign(models.Model):
    """An inquiry to many subjects (照会). Written by the secretariat, and by rooms for theirs."""

    title = models.CharField("照会名", max_length=200)
    fiscal_year = models.PositiveSmallIntegerField("年度")
    content = models.CharField("内容", max_length=40)
    version = models.ForeignKey(
        QuestionnaireVersion,
        verbose_name="質問票の版",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="campaigns",
    )
    subject_kind = models.CharField("対象の種類", max_length=40)
    # Which subjects: a condition on their attributes (空欄は全部), and beyond it keys picked by hand.
    selection = models.CharField("対象の条件", max_length=1000, blank=True)
    picked = models.JSONField("個別に選んだ対象", default=list, blank=True)
    previous = models.ForeignKey(
        "self",
        verbose_name="前回の照会",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="next",
    )
    host = models.ForeignKey(
        Unit, verbose_name="とりまとめ所属", on_delete=models.PROTECT, related_name="campaigns"
    )
    letter = models.TextField("依頼文", blank=True)
    due_on = models.DateField("回答期限")
    needs_head = models.BooleanField("所属長の確認", default=True)
    state = models.CharField("状態", max_length=10, choices=CampaignState, default=CampaignState.DRAFT)
    opened_at = models.DateTimeField("開始日時", null=True, blank=True)
    closed_at = models.DateTimeField("締切日時", null=True, blank=True)

    class Meta:
        verbose_name = "照会"
        verbose_name_plural = "照会"
        ordering = ["-fiscal_year", "-pk"]
        indexes = [models.Index(fields=["fiscal_year", "content"], name="inquiry_campaign_year")]

    def __str__(self) -> str:
        return self.title


class SheetState(models.TextChoices):
    """Who has to do the next step."""

    ANSWERING = "answering", "入力中"
    CHECKING = "checking", "所属長確認中"
    COLLECTING = "collecting", "提出済"
    ACCEPTED = "accepted", "受理済"
    WITHDRAWN = "withdrawn", "対象外"


class Sheet(models.Model):
    """One subject's answer to a campaign (照会票). The subject's name and attributes are frozen at opening."""

    campaign = models.ForeignKey(
        Campaign, verbose_name="照会", on_delete=models.PROTECT, related_name="sheets"
    )
    subject = models.PositiveBigIntegerField("対象")
    subject_name = models.CharField("対象名", max_length=300)
    subject_number = models.CharField("対象の番号", max_length=40, blank=True)
    attributes = models.JSONField("対象の属性", default=dict, blank=True)
    # Who answers by the register; follows a reorganisation. Who holds the sheet now may be somebody else.
    respondent = models.ForeignKey(
        Unit, verbose_name="回答所属", on_delete=models.PROTECT, related_name="sheets"
    )
    holder_unit = models.ForeignKey(
        Unit, verbose_name="作業中の所属", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    holder = models.ForeignKey(
        Staff, verbose_name="作業中の職員", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField("状態", max_length=12, choices=SheetState, default=SheetState.ANSWERING)
    due_on = models.DateField("回答期限")
    previous = models.ForeignKey(
        "self",
        verbose_name="前回の照会票",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="next",
    )
    submitted_at = models.DateTimeField("提出日時", null=True, blank=True)
    accepted_at = models.DateTimeField("受理日時", null=True, blank=True)
    # Grows with every change of an answer, so that a returned workbook and a second editor notice it.
    revision = models.PositiveIntegerField("更新回数", default=0)

    class Meta:
        verbose_name = "照会票"
        verbose_name_plural = "照会票"
        ordering = ["campaign", "subject_number", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "subject"], name="inquiry_subject_once"),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(accepted_at__isnull=False), name="inquiry_accepted_dated"
            ),
        ]
        indexes = [
            models.Index(fields=["campaign", "state"], name="inquiry_sheet_state"),
            models.Index(fields=["respondent", "state"], name="inquiry_sheet_respondent"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign}：{self.subject_name}"


class Answer(models.Model):
    """What was answered to one question (回答): ``value`` as ``questionnaire.parts`` tells.

    A carried-forward answer of last year is shown from last year's sheet; only its confirmation makes a row here.
    """

    sheet = models.ForeignKey(Sheet, verbose_name="照会票", on_delete=models.PROTECT, related_name="answers")
    question = models.ForeignKey(
        Question, verbose_name="設問", on_delete=models.PROTECT, related_name="answers"
    )
    value = models.JSONField("回答", default=dict, blank=True)
    revision = models.PositiveIntegerField("更新回数", default=1)
    updated_at = models.DateTimeField("更新日時", auto_now=True)
    updated_by = models.ForeignKey(
        User, verbose_name="更新した人", on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = "回答"
        verbose_name_plural = "回答"
        ordering = ["sheet", "question__order"]
        constraints = [models.UniqueConstraint(fields=["sheet", "question"], name="inquiry_answer_once")]

    def __str__(self) -> str:
        return f"{self.question.code}"


class AnswerRow(models.Model):
    """One row of an answer that is a table (表の行). ``key`` stays with the row, also from year to year."""

    sheet = models.ForeignKey(Sheet, verbose_name="照会票", on_delete=models.PROTECT, related_name="rows")
    question = models.ForeignKey(Question, verbose_name="設問", on_delete=models.PROTECT, related_name="rows")
    key = models.CharField("行の鍵", max_length=32)
    order = models.PositiveIntegerField("順番")
    values = models.JSONField("値", default=dict)
    revision = models.PositiveIntegerField("更新回数", default=1)

    class Meta:
        verbose_name = "表の行"
        verbose_name_plural = "表の行"
        ordering = ["order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "question", "key"], name="inquiry_row_key_once")
        ]

    def __str__(self) -> str:
        return f"{self.question.code} {self.order}"


class StepKind(models.TextChoices):
    """What happened to a sheet."""

    OPENED = "opened", "照会"
    DELEGATED = "delegated", "割り振り"
    HANDED_BACK = "handed_back", "戻し"
    SUBMITTED = "submitted", "提出"
    CONFIRMED = "confirmed", "所属長の確認"
    RETURNED_BY_HEAD = "returned_by_head", "所属長の差戻し"
    ACCEPTED = "accepted", "受理"
    RETURNED = "returned", "事務局の差戻し"
    TAKEN_BACK = "taken_back", "取下げ"
    REOPENED = "reopened", "受理の取消し"
    DUE_CHANGED = "due_changed", "期限の変更"
    REASSIGNED = "reassigned", "回答所属の変更"
    WITHDRAWN = "withdrawn", "対象外"
    RESTORED = "restored", "対象に戻す"
    IMPORTED = "imported", "Excelの取込み"


class SheetStep(models.Model):
    """One dated step of a sheet (経過)."""

    sheet = models.ForeignKey(Sheet, verbose_name="照会票", on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField("経過", max_length=20, choices=StepKind)
    at = models.DateTimeField("日時")
    by = models.ForeignKey(User, verbose_name="した人", on_delete=models.PROTECT, related_name="+")
    # The head for whom a substitute confirmed (代決).
    on_behalf_of = models.ForeignKey(
        Staff, verbose_name="代決の本人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    comment = models.TextField("コメント", blank=True)

    class Meta:
        verbose_name = "経過"
        verbose_name_plural = "経過"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}"


class Remark(models.Model):
    """A comment on one question, given when a sheet goes back (設問への指摘)."""

    sheet = models.ForeignKey(Sheet, verbose_name="照会票", on_delete=models.PROTECT, related_name="remarks")
    step = models.ForeignKey(SheetStep, verbose_name="経過", on_delete=models.PROTECT, related_name="remarks")
    question = models.ForeignKey(Question, verbose_name="設問", on_delete=models.PROTECT, related_name="+")
    text = models.TextField("指摘")
    settled_at = models.DateTimeField("解消日時", null=True, blank=True)

    class Meta:
        verbose_name = "設問への指摘"
        verbose_name_plural = "設問への指摘"
        ordering = ["question__order", "pk"]

    def __str__(self) -> str:
        return self.text[:60]


class Substitute(Dated):
    """Who confirms while the head of a unit is away (代決者)."""

    unit = models.ForeignKey(Unit, verbose_name="所属", on_delete=models.PROTECT, related_name="substitutes")
    staff = models.ForeignKey(Staff, verbose_name="代決者", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField("理由", max_length=300)

    objects = DatedQuerySet["Substitute"].as_manager()

    class Meta(Dated.Meta):
        verbose_name = "代決者"
        verbose_name_plural = "代決者"

    def __str__(self) -> str:
        return f"{self.unit} {self.staff}"


class HearingRule(models.Model):
    """When an answer needs a hearing (ヒアリングの目安): a condition as of questionnaires, with its reason."""

    campaign = models.ForeignKey(
        Campaign, verbose_name="照会", on_delete=models.CASCADE, related_name="hearing_rules"
    )
    condition = models.CharField("条件", max_length=1000)
    reason = models.CharField("理由", max_length=300)

    class Meta:
        verbose_name = "ヒアリングの目安"
        verbose_name_plural = "ヒアリングの目安"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.reason


class HearingNeed(models.Model):
    """That a sheet needs a hearing, by a rule or by hand, and the session in which it was heard."""

    sheet = models.ForeignKey(
        Sheet, verbose_name="照会票", on_delete=models.PROTECT, related_name="hearing_needs"
    )
    rule = models.ForeignKey(
        HearingRule, verbose_name="目安", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField("理由", max_length=300)
    gathering = models.ForeignKey(
        Gathering,
        verbose_name="ヒアリング",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="hearing_needs",
    )

    class Meta:
        verbose_name = "ヒアリングの要否"
        verbose_name_plural = "ヒアリングの要否"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["sheet", "rule"], name="inquiry_need_once")]

    def __str__(self) -> str:
        return self.reason


class UploadState(models.TextChoices):
    """Whether a returned workbook has been taken."""

    CHECKED = "checked", "確かめ中"
    TAKEN = "taken", "取込済"
    REPLACED = "replaced", "入れ直し"


class SheetUpload(models.Model):
    """A workbook that came back for a sheet (戻ったExcel). Nothing of it is an answer before it was taken."""

    sheet = models.ForeignKey(Sheet, verbose_name="照会票", on_delete=models.PROTECT, related_name="uploads")
    stored = models.ForeignKey(
        StoredFile, verbose_name="ファイル", on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField("ファイル名", max_length=255)
    state = models.CharField("状態", max_length=10, choices=UploadState, default=UploadState.CHECKED)
    digest = models.CharField("確かめた内容のハッシュ", max_length=64)
    counts = models.JSONField("件数", default=dict)
    notes = models.JSONField("知らせ", default=list, blank=True)
    created_by = models.ForeignKey(User, verbose_name="選んだ人", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("選んだ日時", auto_now_add=True)
    taken_at = models.DateTimeField("取り込んだ日時", null=True, blank=True)

    class Meta:
        verbose_name = "戻ったExcel"
        verbose_name_plural = "戻ったExcel"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name


class LineKind(models.TextChoices):
    """What a line of a returned workbook does."""

    ERROR = "error", "誤り"
    CONFLICT = "conflict", "衝突"
    NEW = "new", "新しい回答"
    CHANGE = "change", "変わる回答"
    REMOVE = "remove", "除く行"
    SAME = "same", "同じ"


class UploadLine(models.Model):
    """A line of a returned workbook (戻ったExcelの行), for the page only: taking it reads the file again."""

    upload = models.ForeignKey(
        SheetUpload, verbose_name="戻ったExcel", on_delete=models.CASCADE, related_name="lines"
    )
    position = models.PositiveIntegerField("順番")
    kind = models.CharField("種類", max_length=10, choices=LineKind)
    where = models.CharField("場所", max_length=200, blank=True)
    label = models.CharField("設問・行", max_length=300, blank=True)
    header = models.CharField("項目", max_length=200, blank=True)
    before = models.TextField("いまの回答", blank=True)
    # What stands in the file; of an error the text of the cell.
    value = models.TextField("Excelの内容", blank=True)
    sent = models.TextField("取り出した時の回答", blank=True)
    key = models.CharField("衝突の鍵", max_length=300, blank=True)
    wrong = models.TextField("違う文字", blank=True)
    message = models.TextField("どこが違うか", blank=True)
    cure = models.TextField("直し方", blank=True)

    class Meta:
        verbose_name = "戻ったExcelの行"
        verbose_name_plural = "戻ったExcelの行"
        ordering = ["position"]
        indexes = [models.Index(fields=["upload", "kind", "position"], name="inquiry_upload_line_kind")]

    def __str__(self) -> str:
        return f"{self.where} {self.label}"
