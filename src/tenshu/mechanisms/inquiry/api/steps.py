"""The steps of a sheet's way: the same steps, gates and forms as on the pages."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from django.forms import BaseForm
from pydantic import Field

from tenshu.ground.api.filling import filled
from tenshu.ground.api.problems import ApiProblem
from tenshu.ground.api.routes import ApiRequest
from tenshu.ground.api.values import PLAIN, Body, Day, Text
from tenshu.mechanisms.inquiry.api.shapes import ROUTES, Comment, Key, SheetOut, locked_sheet, now
from tenshu.mechanisms.inquiry.models import Sheet
from tenshu.mechanisms.inquiry.reading import read_sheet
from tenshu.mechanisms.inquiry.ui.steps import PAGES, ReturnForm, StepPage


class SheetStepIn(Body):
    """A word with the step."""

    comment: Comment = ""


class ReasonedStepIn(Body):
    """The reason has to be told."""

    comment: Annotated[str, Field(min_length=1, max_length=2_000), PLAIN]


class DelegateIn(Body):
    """To whom: the code of a group or division, or a staff number; exactly one of them."""

    unit: Text | None = None
    staff: Annotated[str, Field(max_length=20), PLAIN] | None = None
    comment: Comment = ""


class ReassignIn(ReasonedStepIn):
    """The code of the division that answers from now on."""

    unit: Text


class DueIn(ReasonedStepIn):
    """Another due date."""

    due_on: Day


class RemarkIn(Body):
    """What is to be mended at one question."""

    question_id: Key
    text: Annotated[str, Field(min_length=1, max_length=2_000), PLAIN]


class ReturnIn(Body):
    """What is to be mended, for the whole sheet and at single questions; at least one of them."""

    comment: Comment = ""
    remarks: Annotated[list[RemarkIn], Field(max_length=1_000)] = []


BODIES: Mapping[str, type[Body] | None] = {
    "delegate": DelegateIn,
    "return": ReturnIn,
    "reopen": ReasonedStepIn,
    "withdraw": ReasonedStepIn,
    "reassign": ReassignIn,
    "due": DueIn,
    "restore": None,
}
"""What a step takes; a comment where nothing else is said."""


def _returned(sheet: Sheet, body: ReturnIn) -> dict[str, Any]:
    """The values of the form that gives a sheet back."""
    items = read_sheet(sheet).items
    data = {"comment": body.comment} | {f"q{one.question_id}": one.text for one in body.remarks}
    form = ReturnForm(data, items=items)
    if unknown := sorted(set(data) - set(form.fields)):
        told = "この照会票では尋ねていない設問です。"
        raise ApiProblem("refused", fields=[("remarks", f"{name[1:]}：{told}") for name in unknown])
    if not form.is_valid():
        raise ApiProblem("refused", fields=[(n, str(m)) for n, all_ in form.errors.items() for m in all_])
    values = form.cleaned_data
    return values | {"remarks": {question: values[key] for key, question in form.questions.items()}}


def _form(page: StepPage) -> type[BaseForm]:
    form = page.form
    if not (isinstance(form, type) and issubclass(form, BaseForm)):
        raise TypeError(f"{page.title}: the form is no class.")
    return form


def _take(request: ApiRequest, sheet_id: int, page: StepPage, body: Body | None) -> SheetOut:
    sheet = locked_sheet(request, sheet_id, page.gate)
    values = _returned(sheet, body) if isinstance(body, ReturnIn) else filled(_form(page), body or {})
    page.act(sheet, values, request.person)
    return now(sheet)


def _view(page: StepPage, kind: type[Body] | None) -> Callable[..., SheetOut]:
    if kind is None:

        def without(request: ApiRequest, sheet_id: int) -> SheetOut:
            return _take(request, sheet_id, page, None)

        return without

    def step(request: ApiRequest, sheet_id: int, body: kind) -> SheetOut:  # type: ignore[valid-type]
        return _take(request, sheet_id, page, body)

    return step


def _offer(name: str, page: StepPage) -> None:
    view = _view(page, BODIES.get(name, SheetStepIn))
    view.__name__ = f"sheet_{name.replace('-', '_')}"
    view.__doc__ = f"{page.lead}"
    ROUTES.post(
        f"/sheets/{{int:sheet_id}}/{name}",
        page=f"inquiry:sheet-{name}",
        gives=SheetOut,
        summary=f"照会票：{page.title}",
    )(view)


for _name, _page in PAGES.items():
    _offer(_name, _page)
