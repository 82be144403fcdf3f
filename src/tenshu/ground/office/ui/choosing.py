"""Choosing a unit in a form: typed by code or name, with suggestions, read as of the day of the form."""

import datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from tenshu.engines.japanese import fold_width, format_wareki
from tenshu.ground.office.models import Unit
from tenshu.ground.office.queries import Organisation
from tenshu.ground.ui.forms import Form

MANY = 5


class UnitInput(forms.TextInput):
    """A text box with the units of the day as suggestions."""

    options: tuple[str, ...] = ()

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The box and its list."""
        list_id = f"{(attrs or {}).get('id', name)}_units"
        box = super().render(name, value, {**(attrs or {}), "list": list_id, "autocomplete": "off"}, renderer)
        options = format_html_join("", '<option value="{}"></option>', ((text,) for text in self.options))
        return format_html('{}<datalist id="{}">{}</datalist>', box, list_id, options)


class UnitField(forms.CharField):
    """A unit as text; ``UnitForm`` turns it into the ``Unit`` of the day."""

    width = "l"

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "組織コードか名称を入れると候補が出ます。例：0101、人事課")
        super().__init__(widget=UnitInput(), max_length=200, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return unit_text(value) if isinstance(value, Unit) else value


class UnitForm(Form):
    """A form with units in it: ``units_on`` names for each unit field the date field that decides its day."""

    units_on: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, organisation: Organisation | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation or Organisation.on(timezone.localdate())
        options = tuple(unit_text(unit) for unit in self.organisation.units.values())
        for name in self.units_on:
            self.fields[name].widget.options = options

    def clean(self) -> dict[str, Any]:
        """Replace the texts of units by the units."""
        values = super().clean() or self.cleaned_data
        for name, day_name in self.units_on.items():
            text = values.get(name)
            day = values.get(day_name)
            if name in self.errors or (day_name and day is None):
                continue
            try:
                values[name] = find_unit(text, day or self.organisation.day) if text else None
            except ValidationError as error:
                self.add_error(name, error)
        return values


def unit_text(unit: Unit) -> str:
    """A unit as it is suggested and typed: 0101 総務部 人事課."""
    return f"{unit.code} {unit.full_name}"


def find_unit(text: str, day: datetime.date) -> Unit:
    """The unit of ``day`` that ``text`` names by code, code and name, or name.

    Raises ``ValidationError`` with the candidates when none or several answer.
    """
    typed = fold_width(text).strip()
    units = list(Organisation.on(day).units.values())
    code = typed.split()[0] if typed else ""
    for unit in units:
        if unit.code == code:
            return unit
    tight = typed.replace(" ", "")
    found = [unit for unit in units if tight in (unit.name, unit.full_name.replace(" ", ""))]
    if len(found) == 1:
        return found[0]
    near = found or [unit for unit in units if tight and tight in unit.name]
    if near:
        names = "、".join(unit_text(unit) for unit in near[:MANY])
        raise ValidationError(
            f"「{text}」に近い組織は{len(near)}あります：{names}。組織コードで選んでください。"
        )
    raise ValidationError(
        f"「{text}」という組織は{format_wareki(day)}にありません。組織コードを確かめてください。"
    )
