"""Forms of the questionnaire workshop."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.ui.forms import Form, NumberField
from tenshu.mechanisms.questionnaire.conditions import ConditionError, parse_condition
from tenshu.mechanisms.questionnaire.models import Question, QuestionKind, Relation
from tenshu.mechanisms.questionnaire.notation import (
    NotationError,
    columns_text,
    options_text,
    read_columns,
    read_options,
)
from tenshu.mechanisms.questionnaire.subjects import subject_kinds


def year_choices(around: FiscalYear) -> list[tuple[int, str]]:
    """The years for which a version may be made: last, this and the next one."""
    years = (around.previous, around, around.next)
    return [(year.year, year.label) for year in years]


class QuestionnaireForm(Form):
    """A questionnaire."""

    code = forms.CharField(
        label="質問票番号", max_length=20, help_text="短い英数字。Excelのファイル名にも出ます"
    )
    title = forms.CharField(label="質問票名", max_length=200)
    subject_kind = forms.ChoiceField(label="対象", help_text="何について尋ねるか。あとから変えられません")
    purpose = forms.CharField(label="目的", required=False, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, fixed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if fixed:
            del self.fields["code"], self.fields["subject_kind"]
        else:
            kinds = [(kind.key, kind.label) for kind in subject_kinds().values()]
            self.fields["subject_kind"].choices = kinds  # type: ignore[attr-defined]


class VersionForm(Form):
    """The year of a new version."""

    fiscal_year = forms.TypedChoiceField(label="年度", coerce=int)

    def __init__(self, *args: Any, around: FiscalYear, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fiscal_year"].choices = year_choices(around)  # type: ignore[attr-defined]


class IntroductionForm(VersionForm):
    """Year and introduction of a draft."""

    introduction = forms.CharField(
        label="前書き",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="回答する人が、いちばん上で読みます",
    )


class QuestionForm(Form):
    """One question of a draft."""

    code = forms.CharField(label="設問番号", max_length=20, help_text="Q1、1-3 など。条件で使います")
    section = forms.CharField(
        label="区分", max_length=200, required=False, help_text="同じ区分の設問は、ひとまとまりで出ます"
    )
    text = forms.CharField(label="設問", widget=forms.Textarea(attrs={"rows": 3}))
    kind = forms.ChoiceField(label="回答の種類", choices=QuestionKind.choices)
    required = forms.BooleanField(label="必須にする", required=False)
    note = forms.BooleanField(label="補足を書く欄を付ける", required=False)
    options = forms.CharField(
        label="選択肢",
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="1行に1つ。点数を付けるときは「毎日｜4」のように書きます",
    )
    columns = forms.CharField(
        label="表の列",
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="1行に1列。「見出し｜種類｜必須｜単位｜選択肢」の順で、例：頻度｜一つ選ぶ｜必須｜｜毎日/毎週/毎月",
    )
    condition = forms.CharField(
        label="尋ねる条件",
        required=False,
        max_length=1000,
        help_text="空なら必ず尋ねます。例：Q1＝はい かつ 対象.部局≠総務部",
    )
    help = forms.CharField(label="説明", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    evidence = forms.CharField(label="根拠資料の例", required=False, widget=forms.Textarea(attrs={"rows": 2}))
    weight = NumberField(
        label="重み", min_value=0, required=False, help_text="点数を合わせるときの重さ。ふつうは1"
    )

    groups = (
        ("設問", ("code", "section", "text", "help", "evidence")),
        ("回答", ("kind", "required", "note", "options", "columns")),
        ("尋ね方", ("condition", "weight")),
    )

    def __init__(self, *args: Any, question: Question | None = None, **kwargs: Any) -> None:
        self._held = question.settings if question else {}
        super().__init__(*args, **kwargs)

    def clean_options(self) -> list[dict[str, Any]]:
        """The choices with their stored values."""
        return _read(read_options, self.cleaned_data["options"], self._held.get("options", []))

    def clean_columns(self) -> list[dict[str, Any]]:
        """The columns with their names."""
        return _read(read_columns, self.cleaned_data["columns"], self._held.get("columns", []))

    def clean_condition(self) -> str:
        """The condition in its usual form."""
        text = str(self.cleaned_data["condition"])
        if not text.strip():
            return ""
        try:
            return str(parse_condition(text))
        except ConditionError as error:
            raise ValidationError(f"条件が読めません。{error}") from error

    def clean(self) -> dict[str, Any]:
        """Put what only some kinds need into the settings."""
        values = super().clean() or self.cleaned_data
        settings = {name: value for name, value in self._held.items() if name not in OWN}
        for name in OWN:
            if value := values.pop(name, None):
                settings[name] = value
        values["settings"] = settings
        if values.get("weight") is None:
            values["weight"] = 1
        return values


OWN = ("options", "columns", "note")


def _read(read: Any, text: str, held: Any) -> list[dict[str, Any]]:
    try:
        found: list[dict[str, Any]] = read(text, held)
    except NotationError as error:
        raise ValidationError(str(error)) from error
    return found


def question_initial(question: Question) -> dict[str, Any]:
    """First values of the form for an existing question."""
    names = ("code", "section", "text", "kind", "required", "condition", "help", "evidence", "weight")
    return {name: getattr(question, name) for name in names} | {
        "note": bool(question.settings.get("note")),
        "options": options_text(question.settings),
        "columns": columns_text(question.settings),
    }


class AncestryForm(Form):
    """From which questions of the version before a question comes."""

    ancestors = forms.MultipleChoiceField(
        label="元の設問", required=False, widget=forms.CheckboxSelectMultiple
    )
    relation = forms.ChoiceField(
        label="関係",
        choices=Relation.choices,
        help_text="一つの設問を分けたら「分割」、いくつかをまとめたら「統合」にします",
    )

    def __init__(self, *args: Any, offered: list[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {str(question.pk): question for question in offered}
        choices = [(key, str(question)) for key, question in self.offered.items()]
        self.fields["ancestors"].choices = choices  # type: ignore[attr-defined]
