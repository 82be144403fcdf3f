"""A write keeps the rules of the page's own form: what the page refuses, the API refuses in the same words."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from pydantic import BaseModel

from tenshu.ground.api.problems import problem_of


def filled(
    form: type[BaseForm],
    body: BaseModel | Mapping[str, Any],
    *,
    present: Mapping[str, Any] | None = None,
    **options: Any,
) -> dict[str, Any]:
    """The cleaned values of ``form`` for what ``body`` gives; what it leaves out stays as ``present``.

    Raises ``ApiProblem`` (refused) by field.
    """
    told = body.model_dump(exclude_unset=True) if isinstance(body, BaseModel) else body
    given = dict(present or {}) | dict(told)
    fields: Mapping[str, forms.Field] = getattr(form, "base_fields", {})
    data = {name: _typed(value, fields.get(name)) for name, value in given.items()}
    filled_form = form(data, **options)
    if not filled_form.is_valid():
        raise problem_of(ValidationError(filled_form.errors.as_data()))
    return filled_form.cleaned_data


def shown_in(form: BaseForm) -> dict[str, Any]:
    """What an empty or prefilled form shows: sent back as it is, it changes nothing."""
    return {name: form[name].value() for name in form.fields}


def _typed(value: Any, field: forms.Field | None) -> str:
    """A value as somebody would type it into the form; an unticked box is not sent."""
    if value is None:
        return ""
    if isinstance(value, bool):
        if isinstance(field, forms.NullBooleanField):
            return "true" if value else "false"
        return "on" if value else ""
    return str(value)
