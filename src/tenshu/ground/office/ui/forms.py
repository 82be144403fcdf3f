"""Forms of organisation, staff and reorganisations."""

import datetime
from typing import ClassVar

from django import forms
from django.utils import timezone

from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.office.models import EmploymentKind, PostRank, UnitDutyKind, UnitKind
from tenshu.ground.office.ui.choosing import UnitField, UnitForm
from tenshu.ground.ui.forms import DateField, Form, NumberField


def next_april() -> datetime.date:
    """The next 1 April: when most changes take effect."""
    return FiscalYear.containing(timezone.localdate()).next.start


class UnitOpenForm(UnitForm):
    """A new unit."""

    units_on: ClassVar[dict[str, str]] = {"parent": "valid_from"}

    valid_from = DateField(label="開始日", initial=next_april)
    kind = forms.ChoiceField(label="区分", choices=UnitKind, initial=UnitKind.DIVISION)
    parent = UnitField(label="上位組織", required=False)
    code = forms.CharField(label="組織コード", max_length=20)
    name = forms.CharField(label="名称", max_length=100)
    kana = forms.CharField(label="かな", max_length=200, required=False)
    sort_order = NumberField(label="並び順", min_value=0, required=False, help_text="小さい順に並びます")


class UnitCorrectForm(Form):
    """A slip in a unit."""

    name = forms.CharField(label="名称", max_length=100)
    kana = forms.CharField(label="かな", max_length=200, required=False)
    sort_order = NumberField(label="並び順", min_value=0, help_text="小さい順に並びます")
    reason = forms.CharField(label="訂正の理由", max_length=300, help_text="監査記録に残ります")


class UnitRenameForm(UnitForm):
    """A new name or place from a day on."""

    units_on: ClassVar[dict[str, str]] = {"parent": "on"}

    on = DateField(label="施行日", initial=next_april, help_text="この日から新しい名称・上位組織になります")
    name = forms.CharField(label="新しい名称", max_length=100)
    kana = forms.CharField(label="かな", max_length=200, required=False)
    parent = UnitField(label="新しい上位組織", required=False)
    code = forms.CharField(label="組織コード", max_length=20)


class UnitEndForm(UnitForm):
    """The last day of a unit and who takes over."""

    units_on: ClassVar[dict[str, str]] = {"main": "next_day", "second": "next_day", "third": "next_day"}

    valid_until = DateField(label="最後の日", help_text="例：令和6年3月31日")
    main = UnitField(
        label="主たる承継先", required=False, help_text="職員・所掌・システムを引き継ぐ組織。廃止なら空欄"
    )
    second = UnitField(label="ほかの承継先（1）", required=False)
    third = UnitField(label="ほかの承継先（2）", required=False)
    with_children = forms.BooleanField(label="下の組織も一緒に終わらせる", required=False)

    def clean(self) -> dict[str, object]:
        last_day = self.cleaned_data.get("valid_until")
        self.cleaned_data["next_day"] = last_day + datetime.timedelta(days=1) if last_day else None
        return super().clean()


class DutyForm(Form):
    """A charge of a unit."""

    kind = forms.ChoiceField(label="所掌", choices=UnitDutyKind)
    valid_from = DateField(label="開始日")


class LastDayForm(Form):
    """The last day of something."""

    last_day = DateField(label="最後の日")


class StaffHireForm(UnitForm):
    """A new member of staff with the first post."""

    units_on: ClassVar[dict[str, str]] = {"unit": "joined_on"}
    groups = (
        ("本人", ("number", "name", "kana", "mail", "employment")),
        ("最初の配属", ("joined_on", "unit", "rank", "title")),
    )

    number = forms.CharField(label="職員番号", max_length=20)
    name = forms.CharField(label="氏名", max_length=100)
    kana = forms.CharField(label="氏名かな", max_length=200, required=False)
    mail = forms.EmailField(label="メール", required=False)
    employment = forms.ChoiceField(label="任用区分", choices=EmploymentKind)
    joined_on = DateField(label="採用日")
    unit = UnitField(label="配属先")
    rank = forms.ChoiceField(label="職位", choices=PostRank, initial=PostRank.MEMBER)
    title = forms.CharField(label="職名", max_length=60, required=False, help_text="例：主査")


class StaffCorrectForm(Form):
    """Facts of a person."""

    name = forms.CharField(label="氏名", max_length=100)
    kana = forms.CharField(label="氏名かな", max_length=200, required=False)
    mail = forms.EmailField(label="メール", required=False)
    employment = forms.ChoiceField(label="任用区分", choices=EmploymentKind)
    joined_on = DateField(label="採用日", required=False)


class TransferForm(UnitForm):
    """A new post from a day on."""

    units_on: ClassVar[dict[str, str]] = {"unit": "valid_from"}

    valid_from = DateField(label="発令日", initial=next_april)
    unit = UnitField(label="配属先")
    rank = forms.ChoiceField(label="職位", choices=PostRank)
    title = forms.CharField(label="職名", max_length=60, required=False, help_text="例：主査")
    is_officer = forms.BooleanField(label="システム担当者にする", required=False)
    concurrent = forms.BooleanField(label="兼務として加える（いまの配属は続く）", required=False)
    keep_concurrent = forms.BooleanField(label="いまの兼務は続ける", required=False)


class OfficerForm(Form):
    """From when somebody is, or is no longer, a system officer."""

    on = DateField(label="この日から", initial=timezone.localdate)


class PlanForm(Form):
    """A reorganisation to prepare."""

    title = forms.CharField(label="件名", max_length=100, help_text="例：令和6年4月の組織改正")
    on = DateField(label="施行日", initial=next_april)


class _StepForm(UnitForm):
    units_on: ClassVar[dict[str, str]] = {"unit": ""}


class OpenStepForm(UnitForm):
    """新設."""

    unit_kind = forms.ChoiceField(label="区分", choices=UnitKind, initial=UnitKind.DIVISION)
    code = forms.CharField(label="組織コード", max_length=20)
    name = forms.CharField(label="名称", max_length=100)
    kana = forms.CharField(label="かな", max_length=200, required=False)
    parent_code = forms.CharField(
        label="上位組織のコード",
        max_length=20,
        required=False,
        help_text="この改正で新設する組織のコードも使えます",
    )
    sort_order = NumberField(label="並び順", min_value=0, required=False, help_text="小さい順に並びます")


class RenameStepForm(_StepForm):
    """改称."""

    unit = UnitField(label="対象の組織")
    name = forms.CharField(label="新しい名称", max_length=100)
    kana = forms.CharField(label="かな", max_length=200, required=False)
    code = forms.CharField(
        label="新しい組織コード", max_length=20, required=False, help_text="変わらないときは空欄"
    )


class MoveStepForm(_StepForm):
    """移管."""

    unit = UnitField(label="対象の組織")
    parent_code = forms.CharField(
        label="新しい上位組織のコード", max_length=20, help_text="この改正で新設する組織のコードも使えます"
    )


class EndStepForm(_StepForm):
    """統合・廃止."""

    unit = UnitField(label="対象の組織", help_text="下の組織も一緒に終わります")
    successor_codes = forms.CharField(
        label="承継先のコード",
        max_length=300,
        required=False,
        help_text="主たる承継先を最初に、空白で区切る。廃止なら空欄",
    )
