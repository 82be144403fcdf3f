"""Forms of the ICT needs."""

from typing import Any, ClassVar

from django import forms

from tenshu.dx.ict_needs.models import (
    Basis,
    Frequency,
    Medium,
    Need,
    NeedState,
    Procedure,
    Sensitivity,
    SupportKind,
    ToolClass,
)
from tenshu.ground.office.ui.choosing import UnitField, UnitForm, unit_text
from tenshu.ground.ui.forms import DateField, Form, NumberField
from tenshu.mechanisms.gathering.models import Gathering, GatheringKind


def _optional(choices: Any) -> list[tuple[str, str]]:
    return [("", "分からない"), *choices.choices]


class NeedForm(UnitForm):
    """What a division wants digitised."""

    units_on: ClassVar[dict[str, str]] = {"unit": ""}

    unit = UnitField(label="所属")
    task = forms.CharField(label="業務名", max_length=200)
    detail = forms.CharField(label="内容", required=False, widget=forms.Textarea(attrs={"rows": 4}))
    volume = NumberField(label="年間件数", min_value=0, required=False)
    hours = NumberField(
        label="年間時間", min_value=0, required=False, help_text="この業務に一年でかけている時間の合計"
    )
    frequency = forms.ChoiceField(label="頻度", choices=_optional(Frequency), required=False)
    procedure = forms.ChoiceField(label="手順", choices=_optional(Procedure), required=False)
    medium = forms.ChoiceField(label="情報の形", choices=_optional(Medium), required=False)
    tools = forms.CharField(label="いま使っている道具", max_length=300, required=False)
    sensitivity = forms.ChoiceField(label="情報の重要さ", choices=Sensitivity.choices)
    wish = forms.CharField(label="希望", required=False, widget=forms.Textarea(attrs={"rows": 4}))

    groups = (
        ("業務", ("unit", "task", "detail")),
        ("量", ("volume", "hours", "frequency")),
        ("進め方", ("procedure", "medium", "tools", "sensitivity", "wish")),
    )


def need_initial(need: Need) -> dict[str, Any]:
    """First values of the form for an existing need."""
    names = [name for name in NeedForm.base_fields if name != "unit"]
    return {name: getattr(need, name) for name in names} | {"unit": unit_text(need.unit)}


class DecisionForm(Form):
    """Tool, support, state, effect."""

    tool_class = forms.ChoiceField(
        label="ツールの種類", choices=[("", "まだ決めない"), *ToolClass.choices], required=False
    )
    support = forms.ChoiceField(
        label="支援の種類", choices=[("", "まだ決めない"), *SupportKind.choices], required=False
    )
    state = forms.ChoiceField(label="状態", choices=NeedState.choices)
    decision = forms.CharField(
        label="判断の理由",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="見送るときは必ず書きます。回答した所属に見えます",
    )
    hearing = forms.ModelChoiceField(
        label="聞き取り", queryset=Gathering.objects.none(), required=False, empty_label="なし"
    )
    hours_basis = forms.ChoiceField(label="支援前の時間の根拠", choices=Basis.choices)
    hours_after = NumberField(label="支援後の年間時間", min_value=0, required=False)
    after_basis = forms.ChoiceField(
        label="支援後の時間の根拠", choices=[("", "まだない"), *Basis.choices], required=False
    )
    done_on = DateField(label="完了日", required=False)

    groups = (
        ("判断", ("tool_class", "support", "state", "decision", "hearing")),
        ("効果", ("hours_basis", "hours_after", "after_basis", "done_on")),
    )

    def __init__(self, *args: Any, need: Need, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hearings = Gathering.objects.filter(kind=GatheringKind.HEARING).order_by("-held_on")
        self.fields["hearing"].queryset = hearings  # type: ignore[attr-defined]
        self.initial = {**{name: getattr(need, name) for name in self.fields}, **self.initial}
        self.initial["hearing"] = need.hearing_id
