"""The compiled answers of a campaign: as a table, as the rows of a table question, as counts."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tenshu.ground.access.gates import signed_in
from tenshu.ground.exchange import ColumnSpec
from tenshu.ground.ui.charts import parts_of_whole
from tenshu.ground.ui.parts import Crumb, Segment, Tab
from tenshu.ground.ui.tables import Column, Table
from tenshu.mechanisms.inquiry.compiling import (
    NOTHING,
    SCOPES,
    Counted,
    Line,
    TableLine,
    compiled,
    counts,
    counts_before,
    sums,
    table_lines,
)
from tenshu.mechanisms.inquiry.models import Campaign
from tenshu.mechanisms.inquiry.queries import access_campaign, question_of
from tenshu.mechanisms.inquiry.ui.showing import said
from tenshu.mechanisms.questionnaire.models import Question, QuestionKind
from tenshu.mechanisms.questionnaire.parts import parts_of
from tenshu.mechanisms.questionnaire.ui.inputs import show_part

SHOWN = 4
COLOURS = ("c1", "c2", "c3", "c4", "c5", "soft")
LABELS = {"accepted": "受理済", "handed": "提出済と受理済", "all": "入力中を含む"}


def _scope(request: HttpRequest) -> str:
    asked = request.GET.get("scope", "handed")
    return asked if asked in SCOPES else "handed"


def compile_context(request: HttpRequest, campaign: Campaign, title: str) -> dict[str, Any]:
    """What every page of compiled answers shows: the campaign, and which states of sheets count."""
    scope = _scope(request)
    here = reverse("inquiry:campaign-detail", args=[campaign.pk])
    return {
        "campaign": campaign,
        "title": title,
        "trail": [Crumb("照会", reverse("inquiry:campaign-list")), Crumb(str(campaign), here)],
        "tabs": [Tab(label, f"?scope={key}", key == scope) for key, label in LABELS.items()],
        "scope": scope,
    }


class AnswerTable(Table[Line]):
    """One line a sheet."""

    caption, counter = "回答の一覧", "件"
    search, search_label = ("name", "department", "unit"), "対象・部局・所属で絞る"
    empty_title, empty_text = "まだ回答はありません", "提出されると、ここに並びます。"


def campaign_answers(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """One line a sheet, one column a question."""
    user = signed_in(request)
    campaign = access_campaign(user, campaign_id)
    context = compile_context(request, campaign, "回答の一覧")
    questions, lines = compiled(campaign, user, context["scope"])
    table = AnswerTable(request, lines)
    columns = [
        Column(
            name="name",
            label="対象",
            heading=True,
            sort=True,
            link=lambda line: reverse("inquiry:sheet-detail", args=[line.sheet.pk]),
        ),
        Column(name="department", label="部局", sort=True),
        Column(name="unit", label="回答所属", sort=True, visible=False),
        *(_column(question, visible=place < SHOWN) for place, question in enumerate(questions)),
    ]
    table.columns = tuple(columns)  # type: ignore[misc]
    names = [column.name for column in columns]
    tables = [question for question in questions if question.kind == QuestionKind.TABLE]
    context |= {
        "excel_url": table.url(cols=names, out="xlsx"),
        "tables": [
            (question, reverse("inquiry:campaign-rows", args=[campaign.pk, question.pk]))
            for question in tables
        ],
    }
    return table.respond("inquiry/campaign_answers.html", context)


def _column(question: Question, *, visible: bool) -> Column:
    def value(line: Line) -> Any:
        if question.kind == QuestionKind.TABLE and line.rows.get(question.pk):
            return f"{line.rows[question.pk]:,}行"
        if question.kind == QuestionKind.FILE:
            return "、".join(line.values.get(question.pk, {}).get("answer") or []) or None
        return said(question, line.values.get(question.pk, {})) or None

    return Column(
        name=f"q{question.pk}",
        label=question.code,
        value=value,
        visible=visible,
        export_label=f"{question.code} {question.text}",
    )


class TableLineTable(Table[TableLine]):
    """One line a row of a table question."""

    caption, counter = "表の回答", "行"
    search, search_label = ("name", "department", "text"), "対象・部局・内容で絞る"
    empty_title, empty_text = "まだ行はありません", "提出されると、ここに並びます。"


def campaign_rows(request: HttpRequest, campaign_id: int, table_question_id: int) -> HttpResponse:
    """All rows that were answered to one table question."""
    user = signed_in(request)
    campaign = access_campaign(user, campaign_id)
    question = question_of(campaign, table_question_id, QuestionKind.TABLE)
    context = compile_context(request, campaign, f"{question.code}の行")
    table = TableLineTable(request, table_lines(campaign, user, question, context["scope"]))
    table.columns = (  # type: ignore[misc]
        Column(
            name="name",
            label="対象",
            heading=True,
            sort=True,
            link=lambda line: reverse("inquiry:sheet-detail", args=[line.sheet.pk]),
        ),
        Column(name="department", label="部局", sort=True),
        *(_part_column(part) for part in parts_of(question)),
    )
    return table.respond("inquiry/campaign_answers.html", context | {"lead": question.text})


def _part_column(part: ColumnSpec) -> Column:
    def exported(line: TableLine) -> Any:
        value = line.values.get(part.name)
        return value if isinstance(value, int) and not isinstance(value, bool) else show_part(part, value)

    return Column(
        name=part.name,
        label=part.header,
        unit=part.unit,
        numeric=part.right_aligned,
        value=lambda line: show_part(part, line.values.get(part.name)) or None,
        export=exported,
    )


def campaign_counts(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Counts and cross-tables by department, beside those of the previous campaign."""
    user = signed_in(request)
    campaign = access_campaign(user, campaign_id)
    context = compile_context(request, campaign, "集計")
    questions, lines = compiled(campaign, user, context["scope"])
    found = list(counts(questions, lines))
    counts_before(campaign, user, found)
    context |= {
        "shown": [(counted, _chart(counted), _previous(counted)) for counted in found],
        "sums": list(sums(questions, lines)),
        "total": len(lines),
    }
    return render(request, "inquiry/campaign_counts.html", context)


def _chart(counted: Counted) -> Any:
    return parts_of_whole(
        f"{counted.question.code}の回答",
        [
            Segment(
                label, counted.whole[label], "rest" if label == NOTHING else COLOURS[place % len(COLOURS)]
            )
            for place, label in enumerate(counted.labels)
        ],
        unit="件",
    )


def _previous(counted: Counted) -> Sequence[int] | None:
    return None if counted.before is None else [counted.before[label] for label in counted.labels]
