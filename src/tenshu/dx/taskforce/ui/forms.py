"""Forms of task forces."""

import datetime
import re
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from tenshu.dx.taskforce.migration_date import MigrationDate
from tenshu.dx.taskforce.models import IssueState, WorkingGroup
from tenshu.engines.japanese import fold_width
from tenshu.ground.office.models import Unit
from tenshu.ground.office.ui.choosing import UnitField, UnitForm, find_unit
from tenshu.ground.systems.models import System
from tenshu.ground.ui.forms import DateField, Form, NumberField
from tenshu.mechanisms.gathering.ui.forms import SessionForm, find_staff


class SystemsField(forms.CharField):
    """Systems by number, one a line or separated by 、 or commas; cleans to the systems in that order."""

    widget = forms.Textarea(attrs={"rows": 8})

    def clean(self, value: Any) -> list[System]:
        """Find all; every unknown number is named at once."""
        numbers = [word for word in re.split(r"[\s,、]+", fold_width(super().clean(value))) if word]
        found = {system.number: system for system in System.objects.filter(number__in=numbers)}
        unknown = [number for number in numbers if number not in found]
        if unknown:
            raise ValidationError(
                f"番号 {'、'.join(unknown)} のシステムはありません。番号を確かめてください。"
            )
        return list({number: found[number] for number in numbers}.values())


def find_system(number: str) -> System | None:
    """The system with that number; raises ``ValidationError`` when there is none."""
    typed = fold_width(number).strip()
    if not typed:
        return None
    found = System.objects.filter(number=typed.split()[0]).first()
    if found is None:
        raise ValidationError(f"番号「{typed}」のシステムはありません。番号を確かめてください。")
    return found


class TaskForceForm(Form):
    """Name, purpose, span, secretariat."""

    name = forms.CharField(label="名称", max_length=100)
    purpose = forms.CharField(label="目的", required=False, widget=forms.Textarea(attrs={"rows": 4}))
    secretariat = forms.CharField(
        label="事務局の所属",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="1行に1所属。組織コードか名称で書きます",
    )
    valid_from = DateField(label="開始日")
    valid_until = DateField(label="終了日", required=False)

    def clean(self) -> dict[str, Any]:
        """Find the divisions of the secretariat as of the first day."""
        values = super().clean() or self.cleaned_data
        if "secretariat" in values and "valid_from" in values:
            units: list[Unit] = []
            for line in filter(None, (line.strip() for line in values["secretariat"].splitlines())):
                try:
                    unit = _unit_then_or_now(line, values["valid_from"])
                except ValidationError as error:
                    self.add_error("secretariat", error)
                else:
                    units += [unit] if unit not in units else []
            values["secretariat"] = units
        return values


def _unit_then_or_now(text: str, first_day: datetime.date) -> Unit:
    """A unit of the first day, or one that was set up since."""
    try:
        return find_unit(text, first_day)
    except ValidationError:
        return find_unit(text, timezone.localdate())


class GroupForm(Form):
    """A working group."""

    name = forms.CharField(label="WG名", max_length=100, help_text="「WG」は付けずに書きます")
    order = NumberField(label="順番", min_value=0, required=False)
    problem = forms.CharField(label="課題の概要", required=False, widget=forms.Textarea(attrs={"rows": 4}))
    migration = forms.CharField(
        label="移行時期", required=False, max_length=20, help_text="R10.1、R8～、決まっていなければ -"
    )
    valid_from = DateField(label="開始日")
    valid_until = DateField(label="終了日", required=False)

    def clean_migration(self) -> MigrationDate:
        """The migration date."""
        try:
            return MigrationDate.parse(self.cleaned_data["migration"])
        except ValueError as error:
            raise ValidationError(str(error)) from error

    @staticmethod
    def attributes(values: dict[str, Any]) -> dict[str, Any]:
        """What to set on the group."""
        migration: MigrationDate = values["migration"]
        names = ("name", "problem", "valid_from", "valid_until")
        return {name: values[name] for name in names} | {
            "order": values["order"] or 0,
            "migration_year": migration.year,
            "migration_month": migration.month,
            "migration_open": migration.or_later,
        }


class MemberForm(UnitForm):
    """A division that takes part."""

    units_on: ClassVar[dict[str, str]] = {"unit": "valid_from"}

    valid_from = DateField(label="参加の開始日")
    unit = UnitField(label="所属")
    part = forms.CharField(label="担当の範囲", max_length=200, required=False, help_text="例：システム、総務")


class MemberChangeForm(Form):
    """The part and the span of a division that takes part."""

    part = forms.CharField(label="担当の範囲", max_length=200, required=False, help_text="例：システム、総務")
    valid_from = DateField(label="参加の開始日")
    valid_until = DateField(
        label="参加の終了日", required=False, help_text="抜けるときに、最後の日を入れます"
    )


class TargetsForm(Form):
    """The target systems of a group."""

    systems = SystemsField(
        label="対象システムの番号",
        required=False,
        help_text="1行に1つ、または読点で区切って書きます。例：0007、0008",
    )


class MeetingForm(SessionForm):
    """A meeting of the task force or of a group."""

    number = NumberField(label="回", min_value=1)
    working_group = forms.ModelChoiceField(
        label="会議体", queryset=WorkingGroup.objects.none(), required=False, empty_label="タスクフォース全体"
    )
    field_order = ("working_group", "number")


class IssueForm(UnitForm):
    """A problem."""

    units_on: ClassVar[dict[str, str]] = {"owner_unit": ""}

    title = forms.CharField(label="課題", max_length=200)
    detail = forms.CharField(label="内容", required=False, widget=forms.Textarea(attrs={"rows": 5}))
    system = forms.CharField(label="システム番号", required=False, max_length=20)
    owner_unit = UnitField(label="担当所属")
    owner = forms.CharField(label="担当者の職員番号", required=False, max_length=20)
    opened_on = DateField(label="登録日")
    due = DateField(label="期限", required=False)

    def clean_system(self) -> System | None:
        """The system."""
        return find_system(self.cleaned_data["system"])

    def clean_owner(self) -> Any:
        """The member of staff."""
        return find_staff(self.cleaned_data["owner"])

    def clean(self) -> dict[str, Any]:
        """Nothing is due before it was entered."""
        values = super().clean()
        if values.get("opened_on") and values.get("due") and values["due"] < values["opened_on"]:
            self.add_error("due", "期限は登録日以後の日にしてください。")
        return values


class MoveForm(Form):
    """The new state of a problem."""

    state = forms.ChoiceField(label="状態", choices=IssueState.choices)
    on = DateField(label="変えた日")


class RoadmapForm(Form):
    """A step of the roadmap."""

    title = forms.CharField(label="工程", max_length=200)
    system = forms.CharField(
        label="システム番号", required=False, max_length=20, help_text="WG全体の工程なら空欄"
    )
    starts_on = DateField(label="開始日")
    ends_on = DateField(label="終了日", help_text="節目なら開始日と同じ日")
    done = forms.BooleanField(label="完了した", required=False)

    def clean_system(self) -> System | None:
        """The system."""
        return find_system(self.cleaned_data["system"])

    def clean(self) -> dict[str, Any]:
        """No step ends before it begins."""
        values = super().clean() or self.cleaned_data
        if values.get("starts_on") and values.get("ends_on") and values["ends_on"] < values["starts_on"]:
            self.add_error("ends_on", "終了日は開始日以後の日にしてください。")
        return values
