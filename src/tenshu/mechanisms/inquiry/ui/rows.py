"""The rows of a table question: listed by pages, added, changed, removed, pasted from a spreadsheet."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tenshu.ground.access.gates import signed_in
from tenshu.ground.exchange import ChoiceColumn, ColumnSpec, MultipleChoiceColumn
from tenshu.ground.ui.answering import answer_form
from tenshu.ground.ui.forms import ConfirmForm, Form
from tenshu.ground.ui.merging import base_of, refuse_conflicts, remember
from tenshu.ground.ui.parts import Crumb
from tenshu.ground.ui.tables import Column, Table
from tenshu.mechanisms.gathering.ui.cells import link, together
from tenshu.mechanisms.inquiry.actions import answers
from tenshu.mechanisms.inquiry.models import Answer, AnswerRow, CampaignState, Sheet, SheetState
from tenshu.mechanisms.inquiry.queries import access_sheet, may_answer, question_of, rows_of
from tenshu.mechanisms.inquiry.ui.steps import trail_of
from tenshu.mechanisms.questionnaire.models import Question, QuestionKind
from tenshu.mechanisms.questionnaire.parts import parts_of
from tenshu.mechanisms.questionnaire.ui.inputs import YES_NO, field_of, initial_of, plain_of, show_part

PAGE = 100
SHOWN_ERRORS = 50


class RowForm(Form):
    """One row: a field for each column."""

    def __init__(self, data: Any, columns: Sequence[ColumnSpec], values: dict[str, Any]) -> None:
        super().__init__(data)
        self.columns = columns
        for column in columns:
            self.fields[column.name] = field_of(column)
            self.fields[column.name].initial = initial_of(column, values.get(column.name))
        remember(self, values)

    @property
    def typed(self) -> dict[str, Any]:
        """What was typed, as plain values."""
        return {column.name: plain_of(column, self.cleaned_data.get(column.name)) for column in self.columns}


class PasteForm(Form):
    """Rows as a spreadsheet copies them: columns apart by tabs, in the order of the table."""

    text = forms.CharField(label="貼り付ける行", widget=forms.Textarea(attrs={"rows": 14}), strip=False)

    def __init__(self, data: Any, columns: Sequence[ColumnSpec]) -> None:
        super().__init__(data)
        self.columns = columns
        self.fields[
            "text"
        ].help_text = f"列の順：{'、'.join(column.heading for column in columns)}。見出しの行は読み飛ばします"

    def clean_text(self) -> list[dict[str, Any]]:
        """All rows, or every cell that cannot be read."""
        lines = list(csv.reader(io.StringIO(self.cleaned_data["text"]), delimiter="\t"))
        headings = [column.header for column in self.columns]
        rows: list[dict[str, Any]] = []
        problems: list[str] = []
        for number, cells in enumerate(lines, 1):
            if not any(cell.strip() for cell in cells):
                continue
            if number == 1 and [cell.split("（")[0].strip() for cell in cells] == headings:
                continue
            if len(cells) > len(self.columns):
                problems.append(f"{number}行目：列が{len(cells)}あります。表の列は{len(self.columns)}です。")
                continue
            rows.append(self._row(number, cells, problems))
        if problems:
            rest = len(problems) - SHOWN_ERRORS
            raise ValidationError([*problems[:SHOWN_ERRORS], *([f"ほか{rest}か所"] if rest > 0 else [])])
        if not rows:
            raise ValidationError("行がありません。")
        return rows

    def _row(self, number: int, cells: list[str], problems: list[str]) -> dict[str, Any]:
        values = {}
        for place, column in enumerate(self.columns):
            raw = cells[place] if place < len(cells) else ""
            try:
                values[column.name] = read_text(column, raw)
            except ValidationError as error:
                problems += [f"{number}行目の「{column.header}」：{message}" for message in error.messages]
        return values


def read_text(column: ColumnSpec, raw: str) -> Any:
    """A pasted cell as a plain value; raises ``ValidationError``. Choices come by their labels."""
    field = field_of(column)
    if isinstance(field, forms.MultipleChoiceField):
        by_label = _by_label(column)
        found = [part.strip() for part in raw.split("、") if part.strip()]
        return plain_of(column, field.clean([by_label.get(part, part) for part in found]))
    if isinstance(field, forms.ChoiceField):
        return plain_of(column, field.clean(_by_label(column).get(raw.strip(), raw.strip())))
    return plain_of(column, field.clean(raw.strip()))


def _by_label(column: ColumnSpec) -> dict[str, str]:
    if isinstance(column, ChoiceColumn | MultipleChoiceColumn):
        return {str(label): str(key) for key, label in column.labels.items()}
    return {label: key for key, label in YES_NO}


class RowTable(Table[AnswerRow]):
    """The rows of one table question."""

    caption, counter = "表の行", "行"
    page_size = PAGE
    default_sort = ""
    empty_title = "まだ行はありません"
    empty_text = "一行ずつ加えるか、表計算から貼り付けます。"


def row_table(request: HttpRequest, rows: Any, columns: Sequence[ColumnSpec], *, may_write: bool) -> RowTable:
    """The columns of the question; with links for who ``may_write``."""
    table = RowTable(request, rows)

    def shown(column: ColumnSpec) -> Any:
        return lambda row: show_part(column, row.values.get(column.name)) or None

    def buttons(row: AnswerRow) -> Any:
        name = show_part(columns[0], row.values.get(columns[0].name)) or "この行"
        return together(
            [
                link("直す", reverse("inquiry:row-correct", args=[row.pk]), name),
                link("消す", reverse("inquiry:row-remove", args=[row.pk]), name),
            ]
        )

    made = [
        Column(
            name=column.name,
            label=column.header,
            unit=column.unit,
            value=shown(column),
            heading=place == 0,
            numeric=column.right_aligned,
        )
        for place, column in enumerate(columns)
    ]
    if may_write:
        made.append(Column(name="buttons", label="操作", value=buttons, export=lambda _: ""))
    table.columns = tuple(made)  # type: ignore[misc]
    return table


def list_url(sheet: Sheet, question: Question) -> str:
    """The page of the rows."""
    return reverse("inquiry:sheet-rows", args=[sheet.pk, question.pk])


def _context(sheet: Sheet, question: Question, title: str, label: str) -> dict[str, Any]:
    back = list_url(sheet, question)
    trail = [*trail_of(sheet), Crumb(f"{question.code}の表", back)]
    return {"title": title, "action_label": label, "back_url": back, "trail": trail}


def sheet_rows(request: HttpRequest, sheet_id: int, table_question_id: int) -> HttpResponse:
    """All rows of one table, by pages; a POST says that there are none."""
    user = signed_in(request)
    sheet = access_sheet(user, sheet_id, "answer" if request.method == "POST" else "read")
    question = question_of(sheet.campaign, table_question_id, QuestionKind.TABLE)
    if request.method == "POST":
        answers.do_save_answer(
            sheet,
            question,
            {"none": bool(request.POST.get("none"))},
            _value(sheet, question),
            acting_user=user,
        )
        return redirect(list_url(sheet, question))
    running = sheet.state == SheetState.ANSWERING and sheet.campaign.state == CampaignState.OPEN
    writes = running and may_answer(user, sheet)
    rows = rows_of(sheet, question)
    context = {
        "sheet": sheet,
        "question": question,
        "may_write": writes,
        "has_rows": rows.exists(),
        "none": bool(_value(sheet, question).get("none")),
        "trail": trail_of(sheet),
    }
    table = row_table(request, rows.order_by("order", "pk"), parts_of(question), may_write=writes)
    return table.respond("inquiry/sheet_rows.html", context)


def _value(sheet: Sheet, question: Question) -> dict[str, Any]:
    answer = Answer.objects.filter(sheet=sheet, question=question).first()
    return dict(answer.value) if answer else {}


def row_add(request: HttpRequest, sheet_id: int, table_question_id: int) -> HttpResponse:
    """Add one row."""
    user = signed_in(request)
    sheet = access_sheet(user, sheet_id, "answer")
    question = question_of(sheet.campaign, table_question_id, QuestionKind.TABLE)
    form = RowForm(request.POST if request.method == "POST" else None, parts_of(question), {})
    return answer_form(
        request,
        form,
        lambda _: answers.do_change_rows(
            sheet, question, answers.RowChanges(added=[("", form.typed)]), acting_user=user
        ),
        template="ui/form_page.html",
        context=_context(sheet, question, "行を加える", "加える"),
        message="行を加えました。",
        to=lambda _: list_url(sheet, question),
    )


def sheet_paste(request: HttpRequest, sheet_id: int, table_question_id: int) -> HttpResponse:
    """Add the rows that a spreadsheet copied."""
    user = signed_in(request)
    sheet = access_sheet(user, sheet_id, "answer")
    question = question_of(sheet.campaign, table_question_id, QuestionKind.TABLE)
    return answer_form(
        request,
        PasteForm(request.POST if request.method == "POST" else None, parts_of(question)),
        lambda values: answers.do_change_rows(
            sheet, question, answers.RowChanges(added=[("", row) for row in values["text"]]), acting_user=user
        ),
        template="ui/form_page.html",
        context=_context(sheet, question, "表計算から貼り付ける", "行を加える"),
        message=lambda added: f"{len(added):,}行を加えました。",
        to=lambda _: list_url(sheet, question),
    )


def _row(request: HttpRequest, row_id: int) -> AnswerRow:
    row = AnswerRow.objects.select_related("question").filter(pk=row_id).first()
    if row is None:
        raise Http404
    row.sheet = access_sheet(signed_in(request), row.sheet_id, "answer")
    return row


def row_correct(request: HttpRequest, answer_row_id: int) -> HttpResponse:
    """Change one row; what somebody else changed in other cells meanwhile stays."""
    user, row = signed_in(request), _row(request, answer_row_id)
    form = RowForm(
        request.POST if request.method == "POST" else None, parts_of(row.question), dict(row.values)
    )

    def act(_: dict[str, Any]) -> None:
        merged = answers.do_change_row(row, form.typed, base_of(form.cleaned_data), acting_user=user)
        refuse_conflicts(
            form,
            merged,
            stored={c.name: show_part(c, merged.value.get(c.name)) for c in form.columns},
            labels={c.name: c.header for c in form.columns},
        )

    return answer_form(
        request,
        form,
        act,
        template="ui/form_page.html",
        context=_context(row.sheet, row.question, "行を直す", "保存する"),
        message="保存しました。",
        to=lambda _: list_url(row.sheet, row.question),
    )


def row_remove(request: HttpRequest, answer_row_id: int) -> HttpResponse:
    """Remove one row."""
    user, row = signed_in(request), _row(request, answer_row_id)
    first = parts_of(row.question)[0]
    return answer_form(
        request,
        ConfirmForm(request.POST if request.method == "POST" else None),
        lambda _: answers.do_change_rows(
            row.sheet, row.question, answers.RowChanges(removed=[row]), acting_user=user
        ),
        template="ui/confirm.html",
        context=_context(row.sheet, row.question, "行を消す", "消す")
        | {
            "consequence": f"「{show_part(first, row.values.get(first.name))}」の行が消えます。消したことと内容は監査記録に残ります。"
        },
        message="行を消しました。",
        to=lambda _: list_url(row.sheet, row.question),
    )
