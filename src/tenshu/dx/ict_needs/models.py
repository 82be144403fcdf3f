"""Tasks that departments want digitised (ICT化の要望), what was decided, and what came of it."""

from django.db import models
from django.db.models import Q

from tenshu.ground.office.models import Unit
from tenshu.mechanisms.gathering.models import Gathering
from tenshu.mechanisms.inquiry.models import Sheet


class Frequency(models.TextChoices):
    """How often the task is done."""

    DAILY = "daily", "毎日"
    WEEKLY = "weekly", "毎週"
    MONTHLY = "monthly", "毎月"
    QUARTERLY = "quarterly", "年に数回"
    YEARLY = "yearly", "年に1回"
    IRREGULAR = "irregular", "不定期"


class Procedure(models.TextChoices):
    """How much of the task follows fixed steps."""

    FIXED = "fixed", "手順が決まっている"
    MOSTLY = "mostly", "おおむね決まっている"
    JUDGED = "judged", "そのつど判断する"


class Medium(models.TextChoices):
    """In what the task's information comes."""

    PAPER = "paper", "紙"
    EXCEL = "excel", "Excelなどの表"
    SYSTEM = "system", "システムの画面"
    MAIL = "mail", "メール"
    DOCUMENT = "document", "文書ファイル"
    PHONE = "phone", "電話・窓口"


class Sensitivity(models.TextChoices):
    """What the task's information contains at most."""

    OPEN = "open", "公開できる情報"
    INTERNAL = "internal", "庁内の情報"
    PERSONAL = "personal", "個人情報"
    MY_NUMBER = "my_number", "特定個人情報"


class ToolClass(models.TextChoices):
    """What kind of tool fits (ツールの種類)."""

    RPA = "rpa", "RPA"
    FORM = "form", "ノーコードの申請フォーム"
    WORKFLOW = "workflow", "ワークフロー"
    AI_OCR = "ai_ocr", "AI-OCR"
    GENERATIVE_AI = "generative_ai", "生成AI"
    BI = "bi", "BI"
    PACKAGED = "packaged", "パッケージ・システム"
    NONE = "none", "ツール以外（業務の見直し）"


class SupportKind(models.TextChoices):
    """How the office helps (支援の種類)."""

    TRAINING = "training", "ツールの研修"
    TECHNICAL = "technical", "技術的な支援"
    ADVICE = "advice", "助言"
    PROPOSAL = "proposal", "提案"
    BUILD = "build", "システム構築の支援"


class NeedState(models.TextChoices):
    """Where a need stands."""

    RECEIVED = "received", "受付"
    HEARING = "hearing", "聞き取り中"
    SUPPORTING = "supporting", "支援中"
    DONE = "done", "完了"
    DECLINED = "declined", "見送り"


class Basis(models.TextChoices):
    """How hours were found out; the effect is told with it."""

    MEASURED = "measured", "計測"
    LOGGED = "logged", "記録から集計"
    REPORTED = "reported", "担当者の申告"
    ESTIMATED = "estimated", "見積り"


class Need(models.Model):
    """One task that a division wants digitised. Comes from the inquiry's sheet, from Excel or by hand."""

    fiscal_year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveIntegerField("番号")
    unit = models.ForeignKey(Unit, verbose_name="所属", on_delete=models.PROTECT, related_name="ict_needs")
    task = models.CharField("業務名", max_length=200)
    detail = models.TextField("内容", blank=True)
    volume = models.PositiveIntegerField("年間件数", null=True, blank=True)
    hours = models.PositiveIntegerField("年間時間", null=True, blank=True)
    hours_basis = models.CharField("時間の根拠", max_length=10, choices=Basis, default=Basis.REPORTED)
    frequency = models.CharField("頻度", max_length=10, choices=Frequency, blank=True)
    procedure = models.CharField("手順", max_length=10, choices=Procedure, blank=True)
    medium = models.CharField("情報の形", max_length=10, choices=Medium, blank=True)
    tools = models.CharField("いま使っている道具", max_length=300, blank=True)
    wish = models.TextField("希望", blank=True)
    sensitivity = models.CharField(
        "情報の重要さ", max_length=10, choices=Sensitivity, default=Sensitivity.INTERNAL
    )
    tool_class = models.CharField("ツールの種類", max_length=20, choices=ToolClass, blank=True)
    state = models.CharField("状態", max_length=12, choices=NeedState, default=NeedState.RECEIVED)
    support = models.CharField("支援の種類", max_length=12, choices=SupportKind, blank=True)
    decision = models.TextField("判断の理由", blank=True)
    hours_after = models.PositiveIntegerField("支援後の年間時間", null=True, blank=True)
    after_basis = models.CharField("支援後の時間の根拠", max_length=10, choices=Basis, blank=True)
    done_on = models.DateField("完了日", null=True, blank=True)
    hearing = models.ForeignKey(
        Gathering,
        verbose_name="聞き取り",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="ict_needs",
    )
    sheet = models.ForeignKey(
        Sheet,
        verbose_name="照会票",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="ict_needs",
    )
    row_key = models.CharField("照会票の行", max_length=32, blank=True)

    class Meta:
        verbose_name = "ICT化の要望"
        verbose_name_plural = "ICT化の要望"
        ordering = ["fiscal_year", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["fiscal_year", "number"],
                name="ict_needs_number_once",
                violation_error_message="この年度に同じ番号の要望が既にあります。",
            ),
            models.UniqueConstraint(
                fields=["sheet", "row_key"], condition=Q(sheet__isnull=False), name="ict_needs_row_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(done_on__isnull=False),
                name="ict_needs_done_dated",
                violation_error_message="完了にするときは、完了日を入れてください。",
            ),
            models.CheckConstraint(
                condition=Q(hours_after__isnull=True) | ~Q(after_basis=""),
                name="ict_needs_after_with_basis",
                violation_error_message="支援後の時間には、根拠を選んでください。",
            ),
            models.CheckConstraint(
                condition=Q(hours_after__isnull=True) | Q(hours__isnull=False),
                name="ict_needs_after_needs_before",
                violation_error_message="支援後の時間を入れるときは、支援前の年間時間も入れてください。",
            ),
        ]
        indexes = [models.Index(fields=["fiscal_year", "state"], name="ict_needs_year_state")]

    def __str__(self) -> str:
        return self.task

    @property
    def hours_saved(self) -> int | None:
        """Hours a year less than before; negative when it became more; ``None`` while not found out."""
        if self.hours is None or self.hours_after is None:
            return None
        return self.hours - self.hours_after
