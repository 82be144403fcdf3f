"""The tables of the questionnaire workshop."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join

from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.ui.tables import Column, Table, chip_column, number_column
from tenshu.mechanisms.questionnaire.models import (
    Question,
    QuestionAncestry,
    QuestionKind,
    Questionnaire,
    QuestionnaireVersion,
    Relation,
)
from tenshu.mechanisms.questionnaire.subjects import subject_kinds

ALL = 1_000
"""Rows of a table inside a page: all of them."""


def _subject(questionnaire: Questionnaire) -> str:
    kind = subject_kinds().get(questionnaire.subject_kind)
    return kind.label if kind else questionnaire.subject_kind


class QuestionnaireTable(Table[Questionnaire]):
    """All questionnaires."""

    caption, counter = "質問票の一覧", "質問票"
    search, search_label = ("code", "title"), "番号・名前で絞る"
    default_sort = "code"
    empty_title = "まだ質問票はありません"
    empty_text = "質問票を作ると、年度ごとの版を重ねて、前の年の回答と比べられます。"
    columns = (
        Column(name="code", label="番号", sort=True, wrap=False),
        Column(
            name="title",
            label="質問票",
            heading=True,
            sort=True,
            link=lambda row: reverse("questionnaire:questionnaire-detail", args=[row.pk]),
        ),
        Column(name="subject_kind", label="対象", value=_subject, wrap=False),
        Column(name="latest", label="最新の確定版", value=lambda row: _latest(row), wrap=False),
        number_column("version_count", "版"),
    )


def _latest(questionnaire: Any) -> str:
    year = questionnaire.latest_year
    return FiscalYear(year).label if year else "まだありません"


class VersionTable(Table[QuestionnaireVersion]):
    """The versions of one questionnaire, newest first."""

    caption, counter = "版", "版"
    page_size = ALL
    columns = (
        Column(
            name="number",
            label="版",
            heading=True,
            value=lambda row: f"第{row.number}版",
            link=lambda row: reverse("questionnaire:version-detail", args=[row.pk]),
            wrap=False,
        ),
        Column(
            name="fiscal_year", label="年度", value=lambda row: FiscalYear(row.fiscal_year).label, wrap=False
        ),
        chip_column("get_state_display", "状態"),
        number_column("question_count", "設問", sort=False),
        Column(name="published_by", label="確定した人", value=lambda row: str(row.published_by or "")),
    )


class QuestionTable(Table[Question]):
    """The questions of a version in order."""

    caption, counter = "設問", "設問"
    page_size = ALL


def question_table(
    request: HttpRequest,
    questions: Sequence[Question],
    ancestries: Mapping[int, Sequence[QuestionAncestry]],
    *,
    editable: bool,
    compares: bool,
) -> QuestionTable:
    """One row a question; with buttons to move it in a draft, with its origin where there is a version before."""
    table = QuestionTable(request, questions, id="questions")
    last = len(questions) - 1
    place = {question.pk: index for index, question in enumerate(questions)}

    def moves(question: Question) -> Any:
        return format_html_join(
            " ",
            '<button class="button" data-kind="quiet" data-size="s" type="submit" name="{}" value="{}">{}</button>',
            [
                (name, question.pk, label)
                for name, label, possible in (
                    ("up", "上へ", place[question.pk] > 0),
                    ("down", "下へ", place[question.pk] < last),
                )
                if possible
            ],
        )

    columns = [
        Column(
            name="text",
            label="設問",
            heading=True,
            value=lambda q: f"{q.code} {q.text}",
            link=(lambda q: reverse("questionnaire:question-correct", args=[q.pk])) if editable else None,
            under=lambda q: q.section,
        ),
        Column(name="kind", label="回答", value=_kind),
        Column(name="condition", label="尋ねる条件"),
    ]
    if compares:
        columns.append(
            Column(
                name="origin", label="前の版", value=lambda q: origin(ancestries.get(q.pk, ())), wrap=False
            )
        )
    if editable:
        columns.append(Column(name="order", label="並び", value=lambda q: q, show=moves, wrap=False))
    table.columns = tuple(columns)  # type: ignore[misc]
    return table


def _kind(question: Question) -> str:
    told = f"{question.get_kind_display()}{'・必須' if question.required else ''}"
    match question.kind:
        case QuestionKind.SINGLE | QuestionKind.MULTIPLE:
            return f"{told}（{len(question.settings.get('options', []))}択）"
        case QuestionKind.TABLE:
            return f"{told}（{len(question.settings.get('columns', []))}列）"
    return told


def origin(rows: Sequence[QuestionAncestry]) -> str:
    """Where a question comes from, in words."""
    if not rows:
        return "新しい設問"
    codes = "、".join(row.ancestor.code for row in rows)
    relation = Relation(rows[0].relation)
    return f"{codes}と同じ" if relation == Relation.SAME else f"{codes}の{relation.label}"
