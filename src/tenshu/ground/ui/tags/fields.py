"""Forms: one field with everything that belongs to it, and the summary of what is to be mended."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.template import Library
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

register = Library()


@dataclass(frozen=True, slots=True)
class Problem:
    """A line of the error summary."""

    label: str
    message: str
    target: str


@register.inclusion_tag("ui/forms/field_row.html")
def field(
    bound: BoundField, label: str = "", hint: str = "", unit: str = "", width: str = ""
) -> dict[str, Any]:
    """``{% field form.name %}``: label, 「必ず入れる」, hint, error, control, unit, and what was read."""
    widget = bound.field.widget
    grouped = isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
    hint = hint or str(bound.help_text or "")
    read = _read_back(bound)
    described = _described_by(bound, hint, read)
    width = width or str(getattr(bound.field, "width", ""))
    attrs: dict[str, str | bool] = {"class": _class_of(widget)}
    if width:
        attrs["data-width"] = width
    if described:
        attrs["aria-describedby"] = described
    if bound.errors:
        attrs["aria-invalid"] = "true"
    if bound.field.required and not grouped and not isinstance(widget, forms.MultiWidget):
        attrs["aria-required"] = "true"
    if hasattr(bound.field, "places"):
        attrs["inputmode"] = "decimal"
    return {
        "bound": bound,
        "label": label or bound.label,
        "hint": hint,
        "unit": unit or str(getattr(bound.field, "unit", "")),
        "control": "" if grouped else bound.as_widget(attrs=attrs),
        "grouped": grouped,
        "single_check": isinstance(widget, forms.CheckboxInput),
        "described": described,
        "read": read,
        "must": _must(bound.field),
    }


@register.inclusion_tag("ui/forms/error_summary.html")
def error_summary(*form_list: Any) -> dict[str, Any]:
    """``{% error_summary form %}``: what is to be mended, each line leading to its field; else nothing."""
    problems: list[Problem] = []
    for item in form_list:
        forms_of_item = item.forms if isinstance(item, forms.BaseFormSet) else [item]
        if isinstance(item, forms.BaseFormSet) and item.is_bound:
            problems += [Problem("", str(message), "") for message in item.non_form_errors()]
        for form in forms_of_item:
            problems += _problems(form)
    return {"problems": problems}


def _problems(form: Any) -> list[Problem]:
    if form is None or not form.is_bound:
        return []
    found = [Problem("", str(message), "") for message in form.non_field_errors()]
    for bound in form:
        target = bound.id_for_label or bound.auto_id
        if isinstance(bound.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
            target = f"{bound.auto_id}_0"
        for message in map(str, bound.errors):
            # 「件名：件名を入れてください」 would say the name twice.
            label = "" if str(bound.label) in message else str(bound.label)
            found.append(Problem(label, message, target))
    return found


def _must(field: forms.Field) -> str:
    if isinstance(field, forms.BooleanField):
        return "必ず印を付ける"
    return "必ず選ぶ" if isinstance(field, forms.ChoiceField | forms.FileField) else "必ず入れる"


def _class_of(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "tick"
    if isinstance(widget, forms.Select):
        return "select"
    return "textarea" if isinstance(widget, forms.Textarea) else "input"


def _described_by(bound: BoundField, hint: str, read: str) -> str:
    ids = []
    if hint:
        ids.append(f"{bound.auto_id}_hint")
    if bound.errors:
        ids.append(f"{bound.auto_id}_error")
    if read:
        ids.append(f"{bound.auto_id}_read")
    return " ".join(ids)


def _read_back(bound: BoundField) -> str:
    reader = getattr(bound.field, "read_back", None)
    if reader is None or not bound.form.is_bound or bound.errors:
        return ""
    return str(reader(bound.data, getattr(bound.form, "cleaned_data", {}).get(bound.name)))


@register.simple_tag
def hidden_query(query: Any, *leave_out: str) -> SafeString:
    """Hidden inputs for every parameter of a query but the named ones: keeps the rest of a GET form."""
    pairs = ((key, value) for key, values in query.lists() if key not in leave_out for value in values)
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', pairs)
