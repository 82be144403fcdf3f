"""The answers that differ from those of the previous campaign: listed, and counted by question and by department."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import django_filters
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html

from tenshu.ground.access.gates import signed_in
from tenshu.ground.ui.tables import Column, Table, number_column
from tenshu.mechanisms.inquiry.differing import Change, Difference, Differences, Rows, differences
from tenshu.mechanisms.inquiry.models import Sheet
from tenshu.mechanisms.inquiry.queries import access_campaign
from tenshu.mechanisms.inquiry.ui.compile_pages import compile_context
from tenshu.mechanisms.inquiry.ui.showing import said
from tenshu.mechanisms.questionnaire.models import Question, QuestionKind

ALL = 1_000
"""Rows of a table of counts: all of them."""


class Entry:
    """One difference in words; what was said is put into words only when it is shown or searched."""

    def __init__(self, difference: Difference) -> None:
        self.difference, self.line = difference, difference.line
        self.name, self.department, self.unit = self.line.name, self.line.department, self.line.unit
        self.question, self.change = difference.question, difference.change
        self.code, self.order = self.question.code, self.question.order
        self.change_label = self.change.label

    @cached_property
    def before(self) -> str:
        """Last year's answer."""
        one = self.difference
        return _text(one.origin, one.before, one.rows_before)

    @cached_property
    def now(self) -> str:
        """This year's answer."""
        one = self.difference
        return _text(one.question, one.now, one.rows_now) + _moves(one)


def _text(question: Question, value: Mapping[str, Any], rows: Rows) -> str:
    if question.kind == QuestionKind.TABLE and rows:
        return f"{len(rows):,}行"
    return said(question, value)


def _moves(one: Difference) -> str:
    """Of a table: how many rows are new, gone and changed, told by their keys."""
    before, now = dict(one.rows_before), dict(one.rows_now)
    if not before or not now:
        return ""
    counts = (
        ("追加", sum(key not in before for key in now)),
        ("削除", sum(key not in now for key in before)),
        ("変更", sum(key in before and before[key] != values for key, values in now.items())),
    )
    told = "、".join(f"{word}{count:,}" for word, count in counts if count)
    return f"（{told}）" if told else ""


def _filter(entries: Sequence[Entry]) -> type[django_filters.FilterSet]:
    """By question, department and kind of change, with what occurs."""
    questions = {str(one.question.pk): f"{one.code} {one.question.text[:20]}" for one in _ordered(entries)}
    departments = sorted({one.department for one in entries})

    class DifferenceFilter(django_filters.FilterSet):
        """Over plain rows: the table filters itself."""

        question = django_filters.ChoiceFilter(
            label="設問", choices=list(questions.items()), empty_label="すべて"
        )
        department = django_filters.ChoiceFilter(
            label="部局", choices=[(name, name) for name in departments], empty_label="すべて"
        )
        change = django_filters.ChoiceFilter(
            label="変わり方", choices=[(str(one), one.label) for one in Change], empty_label="すべて"
        )

        class Meta:
            model = Sheet
            fields: list[str] = []

    return DifferenceFilter


def _ordered(entries: Sequence[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda one: (one.order, one.question.pk))


class DifferenceTable(Table[Entry]):
    """One line an answer that differs."""

    caption, counter = "前回から変わった回答", "件"
    search = ("name", "unit", "code", "before", "now")
    search_label = "対象・所属・回答で絞る"
    empty_title = "前回と違う回答はありません"
    empty_text = "前回の照会票がある対象の回答が変わると、ここに並びます。"
    columns = (
        Column(
            name="name",
            label="対象",
            heading=True,
            sort=True,
            link=lambda one: (
                f"{reverse('inquiry:sheet-detail', args=[one.line.sheet.pk])}#q-{one.question.pk}"
            ),
            under=lambda one: one.unit,
            under_label="回答所属",
        ),
        Column(name="department", label="部局", sort=True, visible=False),
        Column(
            name="question",
            label="設問",
            value=lambda one: one.question.text,
            show=lambda text: text if len(text) <= 40 else f"{text[:40]}…",
            under=lambda one: one.code,
            under_label="番号",
            sort=("order",),
        ),
        Column(name="change_label", label="変わり方", sort=True),
        Column(name="before", label="前回の回答", show=lambda text: _short(text)),
        Column(name="now", label="今回の回答", show=lambda text: _short(text)),
    )

    def _filtered_list(self, rows: list[Entry]) -> list[Entry]:
        filterset = self.filterset
        if filterset is None:
            return rows
        filterset.is_valid()
        asked = filterset.form.cleaned_data
        return [
            one
            for one in rows
            if (not asked.get("question") or str(one.question.pk) == asked["question"])
            and (not asked.get("department") or one.department == asked["department"])
            and (not asked.get("change") or one.change == asked["change"])
        ]


def _short(text: str) -> Any:
    return text if len(text) <= 120 else format_html("{}…", text[:120])


@dataclass(frozen=True, slots=True)
class Count:
    """How often something differs, in each way."""

    label: str
    under: str
    url: str
    counts: Counter[Change]

    @property
    def total(self) -> int:
        """In all ways together."""
        return self.counts.total()


class CountTable(Table[Count]):
    """Counts by question or by department; each opens its differences."""

    counter = "行"
    page_size = ALL


def _count_table(request: HttpRequest, rows: list[Count], label: str, name: str) -> CountTable:
    table = CountTable(request, rows, id=name)
    table.caption = f"{label}ごとの件数"  # type: ignore[misc]
    table.columns = (  # type: ignore[misc]
        Column(
            name=f"{name}_label",
            label=label,
            heading=True,
            value=lambda row: row.label,
            link=lambda row: row.url,
            under=lambda row: row.under,
        ),
        *(
            number_column(
                f"{name}_{change}", SHORT[change], value=lambda row, way=change: row.counts[way], sort=False
            )
            for change in Change
        ),
        number_column(f"{name}_total", "計", value=lambda row: row.total, sort=False),
    )
    return table


SHORT = {
    Change.CHANGED: "変わった",
    Change.REWORDED: "設問も言い換え",
    Change.NEW: "新たに回答",
    Change.GONE: "なくなった",
}


def campaign_differences(request: HttpRequest, campaign_id: int) -> HttpResponse:
    """Every answer that differs from last year's."""
    user = signed_in(request)
    campaign = access_campaign(user, campaign_id)
    context = compile_context(request, campaign, "前回との違い")
    found = differences(campaign, user, context["scope"])
    entries = [Entry(one) for one in found.found]
    table = DifferenceTable(request, entries)
    table.filterset_class = _filter(entries)  # type: ignore[misc]
    context |= {
        "previous": campaign.previous,
        "differences": found,
        "by_question": _count_table(request, _by_question(found, request, context), "設問", "questions"),
        "by_department": _count_table(
            request, _by_department(found, request, context), "部局", "departments"
        ),
    }
    return table.respond("inquiry/campaign_differences.html", context)


def _by_question(found: Differences, request: HttpRequest, context: Mapping[str, Any]) -> list[Count]:
    return [
        Count(
            question.text if len(question.text) <= 60 else f"{question.text[:60]}…",
            question.code,
            f"{request.path}?scope={context['scope']}&question={question.pk}#rows",
            counts,
        )
        for question, counts in found.by_question()
    ]


def _by_department(found: Differences, request: HttpRequest, context: Mapping[str, Any]) -> list[Count]:
    return [
        Count(
            name,
            "",
            f"{request.path}?{urlencode({'scope': context['scope'], 'department': name})}#rows",
            counts,
        )
        for name, counts in found.by_department()
    ]
