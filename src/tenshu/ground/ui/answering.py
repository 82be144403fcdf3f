"""How a page answers a form: what an action refuses comes back beside its field, with what was typed."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.forms import BaseForm, FileField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from tenshu.ground.files.refusals import FileRefused


def answer_form(
    request: HttpRequest,
    form: BaseForm,
    act: Callable[[dict[str, Any]], Any],
    *,
    template: str,
    context: Mapping[str, Any],
    message: str | Callable[[Any], str],
    to: Callable[[Any], str],
) -> HttpResponse:
    """Show ``form``; on a valid POST call ``act(cleaned_data)``, tell ``message`` and go ``to(result)``.

    A ``ValidationError`` of the action is shown at the fields that it names, else above the form; a file that is not
    taken, at the field of the file.
    """
    if request.method == "POST" and form.is_valid():
        try:
            result = act(form.cleaned_data)
        except ValidationError as refused:
            tell(form, refused)
        except FileRefused as refused:
            form.add_error(_place_of_files(form), refused.message)
        else:
            messages.success(request, message if isinstance(message, str) else message(result))
            return redirect(to(result))
    return render(request, template, {**context, "form": form}, status=422 if form.errors else 200)


def _place_of_files(form: BaseForm) -> str | None:
    return next((name for name, field in form.fields.items() if isinstance(field, FileField)), None)


def tell(form: BaseForm, refused: ValidationError) -> None:
    """Put the messages of an action's refusal into ``form``."""
    if not hasattr(refused, "error_dict"):
        form.add_error(None, refused)
        return
    for field, errors in refused.error_dict.items():
        place = field if field != NON_FIELD_ERRORS and field in form.fields else None
        for error in errors:
            form.add_error(place, error)
