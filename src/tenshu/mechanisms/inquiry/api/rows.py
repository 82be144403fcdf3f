"""The rows of a table question: reading, adding, changing, removing; and that there are none."""

from typing import Annotated, Any

from django.http import Http404
from pydantic import Field

from tenshu.ground.api.conditions import unchanged_since
from tenshu.ground.api.paging import Page, Paging, page_of
from tenshu.ground.api.problems import ApiProblem
from tenshu.ground.api.routes import ApiRequest, Query
from tenshu.ground.api.values import Body, Out
from tenshu.mechanisms.inquiry.actions.answers import (
    RowChanges,
    do_change_row,
    do_change_rows,
    do_save_answer,
    lock_for_answer,
)
from tenshu.mechanisms.inquiry.api.parts import typed_in
from tenshu.mechanisms.inquiry.api.shapes import ROUTES, Values, locked_sheet
from tenshu.mechanisms.inquiry.models import Answer, AnswerRow
from tenshu.mechanisms.inquiry.queries import access_sheet, question_of
from tenshu.mechanisms.inquiry.ui.rows import RowForm
from tenshu.mechanisms.questionnaire.models import Question, QuestionKind
from tenshu.mechanisms.questionnaire.parts import parts_of

OF_QUESTION = "/sheets/{int:sheet_id}/rows/{int:table_question_id}"
ONE = "/answer-rows/{int:answer_row_id}"


class RowOut(Out):
    """One row of a table; ``key`` stays with it from year to year."""

    id: int
    question_id: int
    key: str
    order: int
    values: dict[str, Any]
    revision: int

    @classmethod
    def of(cls, row: AnswerRow) -> "RowOut":
        """The row as it is answered."""
        same = {name: getattr(row, name) for name in ("question_id", "key", "order", "revision")}
        return cls(id=row.pk, values=dict(row.values), **same)


class RowsIn(Body):
    """Rows to be added: all, or none when one of them is wrong."""

    rows: Annotated[list[Values], Field(min_length=1, max_length=10_000)]


class RowPatch(Body):
    """What is changed of a row; ``base`` is what was read before."""

    values: Values
    base: Values | None = None


class RowSavedOut(Out):
    """The row as it stands, and the columns in which somebody else had meanwhile said something different."""

    row: RowOut
    conflicts: list[str]


class NoneIn(Body):
    """Whether there is nothing to list."""

    none: bool


class NoneOut(Out):
    """Whether it was said that there is nothing to list."""

    none: bool


@ROUTES.get(OF_QUESTION, page="inquiry:sheet-rows", gives=Page[RowOut], summary="表の回答の行")
def row_list(
    request: ApiRequest, sheet_id: int, table_question_id: int, query: Query[Paging]
) -> Page[RowOut]:
    """The rows of a table question of a sheet."""
    sheet = access_sheet(request.person, sheet_id)
    question = question_of(sheet.campaign, table_question_id, QuestionKind.TABLE)
    rows = AnswerRow.objects.filter(sheet=sheet, question=question).order_by("order", "pk")
    return page_of(request, rows, query, RowOut.of)


@ROUTES.post(OF_QUESTION, page="inquiry:row-add", gives=Page[RowOut], summary="表に行を加える", status=201)
def row_add(request: ApiRequest, sheet_id: int, table_question_id: int, body: RowsIn) -> Page[RowOut]:
    """Add rows at the end."""
    sheet = locked_sheet(request, sheet_id, "answer")
    question = question_of(sheet.campaign, table_question_id, QuestionKind.TABLE)
    added = [("", _typed(question, row, f"rows.{place}.")) for place, row in enumerate(body.rows)]
    made = do_change_rows(sheet, question, RowChanges(added=list(added)), acting_user=request.person)
    shown = [RowOut.of(row) for row in made]
    return Page(count=len(shown), next=None, previous=None, items=shown)


@ROUTES.put(
    f"{OF_QUESTION}/none", page="inquiry:sheet-rows", gives=NoneOut, summary="表に挙げるものがないと答える"
)
def rows_none(request: ApiRequest, sheet_id: int, table_question_id: int, body: NoneIn) -> NoneOut:
    """Say that there is nothing to list, or take it back."""
    sheet = locked_sheet(request, sheet_id, "answer")
    question = question_of(sheet.campaign, table_question_id, QuestionKind.TABLE)
    answer = Answer.objects.filter(sheet=sheet, question=question).first()
    base = {"none": bool(answer and answer.value.get("none"))}
    saved = do_save_answer(sheet, question, {"none": body.none}, base, acting_user=request.person)
    return NoneOut(none=bool(saved.answer.value.get("none")))


@ROUTES.patch(ONE, page="inquiry:row-correct", gives=RowSavedOut, summary="表の行を直す")
def row_correct(request: ApiRequest, answer_row_id: int, body: RowPatch) -> RowSavedOut:
    """Change one row; what somebody else changed in other columns meanwhile stays."""
    row = _row(request, answer_row_id)
    typed = _typed(row.question, dict(row.values) | body.values, "values.")
    mine = {name: typed[name] for name in typed if name in body.values}
    base = row.values if body.base is None else body.base
    merged = do_change_row(row, mine, {name: base.get(name) for name in mine}, acting_user=request.person)
    row.refresh_from_db()
    return RowSavedOut(row=RowOut.of(row), conflicts=sorted(merged.conflicts))


@ROUTES.delete(ONE, page="inquiry:row-remove", gives=None, summary="表の行を消す")
def row_remove(request: ApiRequest, answer_row_id: int) -> None:
    """Remove one row."""
    row = _row(request, answer_row_id)
    do_change_rows(row.sheet, row.question, RowChanges(removed=[row]), acting_user=request.person)


def _row(request: ApiRequest, key: int) -> AnswerRow:
    """The row to be changed, locked (after its sheet, as the actions lock) and as the asker has read it."""
    row = AnswerRow.objects.filter(pk=key).first()
    if row is None:
        raise Http404
    sheet = access_sheet(request.person, row.sheet_id, "answer")
    lock_for_answer(sheet)
    row = AnswerRow.objects.select_for_update(of=("self",)).select_related("question").filter(pk=key).first()
    if row is None:
        raise Http404
    row.sheet = sheet
    unchanged_since(request, lambda: RowOut.of(row))
    return row


def _typed(question: Question, values: dict[str, Any], place: str) -> dict[str, Any]:
    """The values of a row as the page's form understands them; raises ``ApiProblem`` by column."""
    columns = parts_of(question)
    unknown = sorted(set(values) - {column.name for column in columns})
    if unknown:
        told = "この表に、この名前の列はありません。"
        raise ApiProblem("refused", fields=[(f"{place}{name}", told) for name in unknown])
    try:
        data = typed_in(columns, values)
    except ApiProblem as problem:
        raise ApiProblem("refused", fields=[(f"{place}{n}", m) for n, m in problem.fields]) from None
    form = RowForm(data, columns, {})
    if not form.is_valid():
        faults = [(f"{place}{name}", str(m)) for name, told in form.errors.items() for m in told]
        raise ApiProblem("refused", fields=faults)
    return form.typed
