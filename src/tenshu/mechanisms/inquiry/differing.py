"""What differs from last year (前回との差): answers beside those of the previous campaign, through the lineage of questions.

Compared is a sheet with the accepted one of last year from which it comes, question by question. Questions that are new,
retired, split or merged have nothing to be compared with, and files are not compared.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tenshu.ground.access.models import User
from tenshu.mechanisms.inquiry.compiling import Line, compiled, lines_of, origins_of
from tenshu.mechanisms.inquiry.models import AnswerRow, Campaign, Sheet, SheetState
from tenshu.mechanisms.questionnaire.models import Question, QuestionKind
from tenshu.mechanisms.questionnaire.parts import is_answered


class Change(StrEnum):
    """In what an answer differs."""

    CHANGED = "changed"
    REWORDED = "reworded"
    NEW = "new"
    GONE = "gone"

    @property
    def label(self) -> str:
        """In Japanese."""
        return LABELS[self]


LABELS = {
    Change.CHANGED: "変わった",
    Change.REWORDED: "変わった（設問も言い換え）",
    Change.NEW: "新たに回答",
    Change.GONE: "回答がなくなった",
}

NONE = "none"
"""The part of a table's answer that says that there is nothing to list."""

type Rows = Sequence[tuple[str, Mapping[str, Any]]]
"""The rows of a table: their keys and values."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One answer that differs; ``rows`` only of table questions."""

    line: Line
    question: Question
    origin: Question
    change: Change
    before: Mapping[str, Any]
    now: Mapping[str, Any]
    rows_before: Rows = ()
    rows_now: Rows = ()


@dataclass(frozen=True, slots=True)
class Differences:
    """All of a campaign: what differs, and how many sheets were and could not be compared."""

    found: Sequence[Difference]
    compared: int
    without: int

    def by_question(self) -> list[tuple[Question, Counter[Change]]]:
        """Counts of each question that differs somewhere, in the order of the questions."""
        counted: dict[int, tuple[Question, Counter[Change]]] = {}
        for one in self.found:
            counted.setdefault(one.question.pk, (one.question, Counter()))[1][one.change] += 1
        return sorted(counted.values(), key=lambda pair: (pair[0].order, pair[0].pk))

    def by_department(self) -> list[tuple[str, Counter[Change]]]:
        """Counts of each department, those with most differences first."""
        counted: dict[str, Counter[Change]] = {}
        for one in self.found:
            counted.setdefault(one.line.department, Counter())[one.change] += 1
        return sorted(counted.items(), key=lambda pair: (-pair[1].total(), pair[0]))


def differences(campaign: Campaign, user: User, scope: str) -> Differences:
    """The differences of the sheets that ``user`` may see; a fixed number of queries.

    Whoever may see a sheet sees what was answered last year to it, as on the answering page.
    """
    questions, lines = compiled(campaign, user, scope)
    previous = campaign.previous
    if previous is None or previous.version_id is None:
        return Differences([], 0, len(lines))
    before = _before(previous, lines)
    asked_before, lines_before = lines_of(previous, list(before.values()), "accepted")
    by_sheet = {line.sheet.pk: line for line in lines_before}
    origins = origins_of(campaign, questions)
    earlier = {question.pk: question for question in asked_before}
    pairs = [
        (question, earlier[origins[question.pk][0]], origins[question.pk][1])
        for question in questions
        if question.pk in origins and _may_compare(question, earlier.get(origins[question.pk][0]))
    ]
    rows_now, rows_before = _rows(campaign, pairs, 0), _rows(previous, pairs, 1)
    found = []
    compared = [line for line in lines if line.sheet.previous_id in by_sheet]
    for line in compared:
        last = by_sheet[line.sheet.previous_id or 0]
        for question, origin, reworded in pairs:
            one = _difference(line, last, question, origin, rows_now, rows_before, reworded=reworded)
            if one is not None:
                found.append(one)
    return Differences(found, len(compared), len(lines) - len(compared))


def _before(previous: Campaign, lines: Iterable[Line]) -> dict[int, Sheet]:
    keys = {line.sheet.previous_id for line in lines if line.sheet.previous_id}
    sheets = previous.sheets.filter(state=SheetState.ACCEPTED)
    return {sheet.pk: sheet for sheet in sheets if sheet.pk in keys}


def _may_compare(question: Question, origin: Question | None) -> bool:
    return origin is not None and origin.kind == question.kind and question.kind != QuestionKind.FILE


def _rows(
    campaign: Campaign, pairs: Iterable[tuple[Question, Question, bool]], side: int
) -> dict[tuple[int, int], Rows]:
    tables = [pair[side] for pair in pairs if pair[side].kind == QuestionKind.TABLE]  # type: ignore[union-attr]
    if not tables:
        return {}
    found: dict[tuple[int, int], list[tuple[str, Mapping[str, Any]]]] = {}
    rows = AnswerRow.objects.filter(sheet__campaign=campaign, question__in=tables)
    for sheet, question, key, values in rows.order_by("order", "pk").values_list(
        "sheet", "question", "key", "values"
    ):
        found.setdefault((sheet, question), []).append((key, values))
    return dict(found)


def _difference(
    line: Line,
    last: Line,
    question: Question,
    origin: Question,
    rows_now: Mapping[tuple[int, int], Rows],
    rows_before: Mapping[tuple[int, int], Rows],
    *,
    reworded: bool,
) -> Difference | None:
    value, value_before = line.values.get(question.pk, {}), last.values.get(origin.pk, {})
    table = rows_now.get((line.sheet.pk, question.pk), ()) if question.pk in line.asked else ()
    table_before = rows_before.get((last.sheet.pk, origin.pk), ()) if origin.pk in last.asked else ()
    answered = is_answered(question, value, len(table))
    answered_before = is_answered(origin, value_before, len(table_before))
    if not answered and not answered_before:
        return None
    if answered and answered_before:
        if _plain(value) == _plain(value_before) and _contents(table) == _contents(table_before):
            return None
        change = Change.REWORDED if reworded else Change.CHANGED
    else:
        change = Change.NEW if answered else Change.GONE
    return Difference(line, question, origin, change, value_before, value, table_before, table)


def _plain(value: Mapping[str, Any]) -> dict[str, Any]:
    """What an answer says, whatever is empty left out; several choices in any order."""
    said = {
        part: frozenset(one) if isinstance(one, list) else one
        for part, one in value.items()
        if part != NONE or one
    }
    return {part: one for part, one in said.items() if one is not None and one not in ("", frozenset())}


def _contents(rows: Rows) -> Counter[frozenset[tuple[str, Any]]]:
    """What the rows say, whoever typed them and in whatever order."""
    return Counter(frozenset(_plain(values).items()) for _, values in rows)
