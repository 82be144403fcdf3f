"""Forms of campaigns, and of a sheet's steps."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.office.ui.choosing import UnitField, UnitForm
from tenshu.ground.ui.forms import DateField, Form
from tenshu.mechanisms.inquiry.contents import contents
from tenshu.mechanisms.inquiry.models import Campaign
from tenshu.mechanisms.questionnaire.conditions import ConditionError, parse_condition
from tenshu.mechanisms.questionnaire.models import QuestionnaireVersion, VersionState
from tenshu.mechanisms.questionnaire.subjects import subject_kinds

QUESTIONNAIRE = "questionnaire"


class LetterForm(Form):
    """What may be changed while a campaign runs."""

    title = forms.CharField(label="照会名", max_length=200)
    due_on = DateField(label="回答期限")
    letter = forms.CharField(
        label="依頼文",
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="回答する人が、いちばん上で読みます",
    )


class CampaignForm(UnitForm):
    """A campaign that is being prepared."""

    units_on: ClassVar[dict[str, str]] = {"host": ""}
    groups = (
        ("何を", ("title", "fiscal_year", "content", "previous")),
        ("だれに", ("subject_kind", "selection", "numbers", "needs_head")),
        ("いつまでに", ("due_on", "host", "letter")),
    )

    title = forms.CharField(label="照会名", max_length=200)
    fiscal_year = forms.TypedChoiceField(label="年度", coerce=int)
    content = forms.ChoiceField(label="内容", help_text="確定した質問票の版から選びます")
    previous = forms.ModelChoiceField(
        label="前回の照会",
        queryset=Campaign.objects.none(),
        required=False,
        empty_label="なし",
        help_text="選ぶと、前回の回答を見せて、今年も同じかを確かめてもらいます",
    )
    subject_kind = forms.ChoiceField(label="対象")
    selection = forms.CharField(
        label="対象の条件",
        max_length=1000,
        required=False,
        help_text="空欄ならすべて。例：対象.部局＝総務部 かつ 対象.種別＝所属",
    )
    numbers = forms.CharField(
        label="個別に加える対象",
        max_length=4000,
        required=False,
        help_text="番号を「、」で並べます。条件が空欄なら、ここに書いた対象だけになります",
    )
    needs_head = forms.BooleanField(label="所属長の確認を経て提出する", required=False, initial=True)
    due_on = DateField(label="回答期限")
    host = UnitField(label="とりまとめ所属")
    letter = forms.CharField(
        label="依頼文",
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="回答する人が、いちばん上で読みます",
    )

    def __init__(
        self, *args: Any, around: FiscalYear, campaign: Campaign | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        years = (around.previous, around, around.next)
        self.fields["fiscal_year"].choices = [(year.year, year.label) for year in years]  # type: ignore[attr-defined]
        self.fields["content"].choices = _contents()  # type: ignore[attr-defined]
        self.fields["subject_kind"].choices = [  # type: ignore[attr-defined]
            (kind.key, kind.label) for kind in subject_kinds().values()
        ]
        before: QuerySet[Campaign] = Campaign.objects.order_by("-fiscal_year", "-pk")
        self.fields["previous"].queryset = before.exclude(pk=campaign.pk) if campaign else before  # type: ignore[attr-defined]

    def clean_selection(self) -> str:
        """A condition that can be read."""
        text: str = self.cleaned_data["selection"].strip()
        try:
            if text:
                parse_condition(text)
        except ConditionError as error:
            raise ValidationError(f"条件が読めません。{error}") from None
        return text

    def clean(self) -> dict[str, Any]:
        """Content and version apart, numbers as keys of subjects."""
        values = super().clean()
        key, _, version = str(values.pop("content", "")).partition(":")
        found = QuestionnaireVersion.objects.select_related("questionnaire").filter(pk=version or 0).first()
        values["content"], values["version"] = key, found
        kind = subject_kinds().get(values.get("subject_kind", ""))
        numbers = [n for n in values.pop("numbers", "").replace(",", "、").split("、") if n.strip()]
        if found is not None and kind is not None and found.questionnaire.subject_kind != kind.key:
            told = subject_kinds().get(found.questionnaire.subject_kind)
            self.add_error(
                "subject_kind", f"この質問票は「{told.label if told else '別の対象'}」について尋ねます。"
            )
        values["picked"] = self._picked(kind, numbers) if kind else []
        return values

    def _picked(self, kind: Any, numbers: list[str]) -> list[int]:
        known = {subject.number: subject.key for subject in kind.subjects(timezone.localdate())}
        unknown = [number.strip() for number in numbers if number.strip() not in known]
        if unknown:
            self.add_error("numbers", f"「{'」「'.join(unknown)}」という番号の{kind.label}はありません。")
        return [known[number.strip()] for number in numbers if number.strip() in known]


def _contents() -> list[tuple[str, str]]:
    versions = QuestionnaireVersion.objects.filter(state=VersionState.PUBLISHED).select_related(
        "questionnaire"
    )
    found = [
        (f"{QUESTIONNAIRE}:{version.pk}", f"{version}（{FiscalYear(version.fiscal_year).label}）")
        for version in versions
    ]
    return found + [(key, content.label) for key, content in contents().items() if key != QUESTIONNAIRE]


def campaign_initial(campaign: Campaign) -> dict[str, Any]:
    """What the form shows of a campaign."""
    names = (
        "title",
        "fiscal_year",
        "previous",
        "subject_kind",
        "selection",
        "needs_head",
        "due_on",
        "host",
        "letter",
    )
    shown = {name: getattr(campaign, name) for name in names}
    kind = subject_kinds().get(campaign.subject_kind)
    picked = frozenset(campaign.picked)
    numbers = (
        [s.number for s in kind.subjects(timezone.localdate()) if s.key in picked] if kind and picked else []
    )
    version = f":{campaign.version_id}" if campaign.version_id else ""
    return shown | {"content": f"{campaign.content}{version}", "numbers": "、".join(numbers)}


class DivisionsForm(Form):
    """Which divisions' sheets something is done to."""

    units = forms.MultipleChoiceField(label="所属", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].choices = choices  # type: ignore[attr-defined]
        self.fields["units"].initial = [key for key, _ in choices]


class ManyDueForm(DivisionsForm):
    """Another due date for the sheets of some divisions."""

    due_on = DateField(label="新しい回答期限")
    reason = forms.CharField(label="理由", max_length=300)
    field_order = ("due_on", "reason", "units")


class ManyRemindForm(DivisionsForm):
    """What is written to those who have not handed in."""

    text = forms.CharField(
        label="添える文",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="空欄なら、照会名と期限だけを知らせます",
    )
    field_order = ("text", "units")
