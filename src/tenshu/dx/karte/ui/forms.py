"""Forms of kartes: one over the fields of a section, one a kind of thing, made from the models."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from tenshu.dx.karte.comparing import Side
from tenshu.dx.karte.fields import SECTIONS, UNITS, items
from tenshu.dx.karte.models import (
    CompletenessRule,
    Karte,
    Server,
)
from tenshu.dx.karte.models.choices import BANDS, LOADS
from tenshu.engines.japanese import fold_width
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.systems.models import System
from tenshu.ground.ui.forms import Form, ModelForm, YenField
from tenshu.mechanisms.gathering.ui.forms import find_staff

YEARS = ("fiscal_year", "from_year", "until_year")
MONEY = ("amount", "yearly_amount")
NOTHING = "選んでください"


class SystemField(forms.CharField):
    """A system by its number."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "システム番号で書きます。例：0007")
        super().__init__(max_length=40, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            return System.objects.filter(pk=value).values_list("number", flat=True).first()
        return value

    def clean(self, value: Any) -> System | None:
        """Find it."""
        typed = fold_width(super().clean(value)).strip()
        if not typed:
            return None
        found = System.objects.filter(number=typed.split()[0]).first()
        if found is None:
            raise ValidationError(f"番号「{typed}」のシステムはありません。番号を確かめてください。")
        return found


class YearField(forms.CharField):
    """A fiscal year; cleans to the western year in which it begins."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, help_text="R5 のように書きます", **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return str(FiscalYear(value)) if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        """Read it."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return FiscalYear.parse(text).year
        except ValueError as error:
            raise ValidationError(str(error)) from error


class LoadField(forms.CharField):
    """The load in six time bands, separated by commas or 、; cleans to six whole numbers or to none."""

    def __init__(self, **kwargs: Any) -> None:
        hours = "、".join(BANDS)
        super().__init__(required=False, max_length=100, help_text=f"{hours}の順に6つ", **kwargs)

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, list):
            return "、".join("-" if number is None else str(number) for number in value)
        return value

    def clean(self, value: Any) -> list[int | None] | None:
        """Read six numbers; - is none."""
        words = [word for word in re.split(r"[\s,、]+", fold_width(super().clean(value))) if word]
        if not words:
            return None
        if len(words) != len(BANDS) or not all(word == "-" or word.isdecimal() for word in words):
            raise ValidationError(
                "整数を6つ、「、」で区切って書いてください。分からない時間帯は - とします。"
            )
        return [None if word == "-" else int(word) for word in words]


class RecordForm(ModelForm[models.Model]):
    """Base of the forms over a model: years, money, systems and people are typed as offices write them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in list(self.fields.items()):
            told: dict[str, Any] = {"label": field.label, "required": field.required}
            if name in YEARS:
                self.fields[name] = YearField(**told)
            elif name in MONEY:
                self.fields[name] = YenField(thousands=False, **told)
            elif name in ("system", "source", "target"):
                self.fields[name] = SystemField(**told)
            elif name in ("main_contact", "second_contact"):
                self.fields[name] = forms.CharField(**told, max_length=20, help_text="職員番号で書きます")
                person = getattr(self.instance, name)
                self.initial[name] = f"{person.number} {person.name}" if person else ""
            elif isinstance(field, forms.ModelChoiceField):
                field.empty_label = NOTHING
            elif isinstance(field, forms.TypedChoiceField):
                pairs: Any = field.choices
                offered = [(value, label) for value, label in pairs if value not in ("", None)]
                field.choices = offered if field.required else [("", NOTHING), *offered]
            if name in UNITS and name not in MONEY:
                field.label = f"{field.label}（{UNITS[name]}）"

    def clean(self) -> dict[str, Any]:
        """Find people by their number."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("main_contact", "second_contact"):
            if name in values:
                try:
                    values[name] = find_staff(values[name])
                except ValidationError as error:
                    self.add_error(name, error)
        return values


class ServerForm(RecordForm):
    """A server with its loads."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, (label, unit) in LOADS.items():
            heading = f"{label}（{unit}）" if unit else label
            self.fields[f"load_{kind}"] = LoadField(label=heading)
            self.initial[f"load_{kind}"] = self.instance.loads.get(kind)  # type: ignore[attr-defined]
        self.order_fields([*(name for name in self.fields if name != "note"), "note"])

    def clean(self) -> dict[str, Any]:
        """Put the loads together."""
        values = super().clean()
        loads = {kind: values.pop(f"load_{kind}", None) for kind in LOADS}
        values["loads"] = {kind: row for kind, row in loads.items() if row is not None}
        return values


class RuleForm(RecordForm):
    """A rule of completeness."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"] = forms.ChoiceField(label="項目", choices=items())


def form_class(model: type[models.Model], names: Sequence[str]) -> type[RecordForm]:
    """The form over these fields of a model."""
    base: dict[type[models.Model], type[RecordForm]] = {Server: ServerForm, CompletenessRule: RuleForm}
    meta = type("Meta", (), {"model": model, "fields": list(names)})
    return type(f"{model.__name__}Form", (base.get(model, RecordForm),), {"Meta": meta})


def section_form(section: str) -> type[RecordForm]:
    """The form over the fields of a section of the karte."""
    return form_class(Karte, SECTIONS[section][1])


class NotApplicableForm(Form):
    """Why something cannot exist; empty takes it back."""

    reason = forms.CharField(
        label="該当しない理由",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="空欄にすると、該当なしを取り消します",
    )


class PaymentFileForm(Form):
    """The accounting export."""

    file = forms.FileField(
        label="会計の出力（.xlsx か .csv）",
        help_text="列：会計年度、部局名、室課名、支払日、会計区分、節（細節名）、支払内容、支払額、事業名",
    )


class SidesForm(Form):
    """The two sides of a comparison, as the address has them: from, to."""

    def __init__(self, sides: Sequence[Side], before: Side, after: Side) -> None:
        super().__init__(initial={"from": before.key, "to": after.key})
        choices = [(side.key, side.label) for side in sides]
        self.fields["from"] = forms.ChoiceField(label="前", choices=choices, required=False)
        self.fields["to"] = forms.ChoiceField(label="後", choices=choices, required=False)


class AssignForm(Form):
    """The system that a payment was for."""

    system = SystemField(
        label="システム番号", required=False, help_text="どのシステムの支払いでもないときは空欄"
    )
