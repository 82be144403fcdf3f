"""Forms of the register."""

from typing import ClassVar

from django import forms
from django.utils import timezone

from tenshu.ground.office.ui.choosing import UnitField, UnitForm
from tenshu.ground.ui.forms import DateField, Form


class FactsForm(Form):
    """What the owning division may change by itself."""

    name = forms.CharField(label="システム名", max_length=200)
    kana = forms.CharField(label="かな", max_length=300, required=False)
    purpose = forms.CharField(
        label="目的", required=False, widget=forms.Textarea(attrs={"rows": 4}), help_text="何のための仕組みか"
    )


class RegisterForm(FactsForm):
    """What the secretariat may change."""

    groups: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("システム", ("number", "name", "kana", "purpose")),
        ("期間", ("started_on", "ended_on", "candidate_from", "candidate_until")),
    )

    number = forms.CharField(label="番号", max_length=20)
    started_on = DateField(label="運用開始日", required=False)
    ended_on = DateField(label="運用終了日", required=False, help_text="続いているときは空欄")
    candidate_from = DateField(label="最適化対象の開始日", required=False, help_text="対象候補になった日")
    candidate_until = DateField(
        label="最適化対象の終了日", required=False, help_text="対象候補でなくなった日の前日"
    )


class AddForm(UnitForm, RegisterForm):
    """A new system."""

    units_on: ClassVar[dict[str, str]] = {"owner": ""}
    groups = (
        ("システム", ("number", "name", "kana", "owner", "purpose")),
        ("期間", ("started_on", "ended_on", "candidate_from", "candidate_until")),
    )

    owner = UnitField(label="所管")


class OwnerForm(UnitForm):
    """A new owner from a day on."""

    units_on: ClassVar[dict[str, str]] = {"owner": "on"}

    on = DateField(label="この日から", initial=timezone.localdate)
    owner = UnitField(label="新しい所管")


class EndForm(Form):
    """The last day of a system."""

    last_day = DateField(label="運用の最後の日")
