"""A write keeps the rules of the page's own form: what the page refuses, the API refuses in the same words."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import BaseForm
from pydantic import BaseModel

from tenshu.ground.api.problems import problem_of


def filled(
    form: type[BaseForm], body: BaseModel, *, present: Mapping[str, Any] | None = None, **options: Any
) -> dict[str, Any]:
    """The cleaned values of ``form`` for what ``body`` gives; what it leaves out stays as ``present``.

    Raises ``ApiProblem`` (refused) by field.
    """
    given = dict(present or {}) | body.model_dump(exclude_unset=True)
    data = {name: "" if value is None else _typed(value) for name, value in given.items()}
    filled_form = form(data, **options)
    if not filled_form.is_valid():
        raise problem_of(ValidationError(filled_form.errors.as_data()))
    return filled_form.cleaned_data


def _typed(value: Any) -> str:
    """A value as somebody would type it into the form; an unticked box is not sent."""
    if isinstance(value, bool):
        return "on" if value else ""
    return str(value)
