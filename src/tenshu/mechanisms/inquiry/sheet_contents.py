"""The content that this mechanism brings itself: the questions of a published questionnaire version."""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.db.models import Count, Exists, OuterRef
from django.urls import reverse

from tenshu.ground.access.models import User
from tenshu.mechanisms.inquiry.contents import Gap
from tenshu.mechanisms.inquiry.models import Answer, AnswerRow, Campaign, Sheet
from tenshu.mechanisms.inquiry.reading import read_sheet
from tenshu.mechanisms.questionnaire.models import Question


class QuestionnaireContent:
    """Questions of one published version; the answers are kept by this mechanism."""

    key = "questionnaire"
    label = "質問票"

    def faults(self, campaign: Campaign) -> Sequence[str]:
        """A published version about the same kind of subjects is needed."""
        version = campaign.version
        if version is None:
            return ["質問票の版を選んでください。"]
        faults = []
        if not version.is_published:
            faults.append(f"{version}がまだ確定していません。")
        if version.questionnaire.subject_kind != campaign.subject_kind:
            faults.append("質問票の対象の種類が、照会の対象と違います。")
        return faults

    def opened(self, campaign: Campaign, sheets: Sequence[Sheet], *, acting_user: User) -> None:
        """Nothing: last year's answers are read from last year's sheets until somebody confirms them."""

    def gaps(self, sheet: Sheet) -> Iterable[Gap]:
        """Required questions without an answer, and 該当なし without a reason."""
        for item in read_sheet(sheet).gaps:
            code = item.question.code
            told = (
                "前回の回答が今年も正しいか、確かめてください。"
                if item.waits_for_confirmation
                else item.missing
            )
            yield Gap(f"{code}：{told}", f"q-{item.question.pk}")

    def accepted(self, sheet: Sheet, *, acting_user: User) -> None:
        """Nothing more: the answers are the record."""

    def reopened(self, sheet: Sheet, *, acting_user: User) -> None:
        """Nothing to take back."""

    def page(self, sheet: Sheet) -> str:
        """The answering page."""
        return reverse("inquiry:sheet-answer", args=[sheet.pk])

    def workbook(self, sheet: Sheet) -> str:
        """The sheet's own workbook."""
        return reverse("inquiry:sheet-workbook", args=[sheet.pk])

    def progress(self, sheets: Sequence[Sheet]) -> dict[int, tuple[int, int]]:
        """Answered of all questions of the version; conditions are not looked at, so that lists stay quick."""
        if not sheets:
            return {}
        keys = [sheet.pk for sheet in sheets]
        answers = Answer.objects.filter(sheet__in=keys)
        counted = Counter(dict(answers.order_by().values_list("sheet").annotate(n=Count("pk"))))
        # A table is answered by its rows, mostly without an answer beside them.
        beside = Answer.objects.filter(sheet=OuterRef("sheet"), question=OuterRef("question"))
        tables = AnswerRow.objects.filter(~Exists(beside), sheet__in=keys)
        counted.update(
            dict(tables.order_by().values_list("sheet").annotate(n=Count("question", distinct=True)))
        )
        versions = {sheet.campaign.version_id for sheet in sheets}
        asked = dict(
            Question.objects.filter(version__in=versions)
            .order_by()
            .values_list("version")
            .annotate(n=Count("pk"))
        )
        return {sheet.pk: (counted[sheet.pk], asked.get(sheet.campaign.version_id, 0)) for sheet in sheets}


CONTENTS = [QuestionnaireContent()]
