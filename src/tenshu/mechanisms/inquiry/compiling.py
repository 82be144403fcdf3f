"""Compiling (とりまとめ): what all sheets of a campaign said, one line a sheet or one line a row of a table; counts.

A fixed number of queries for any number of sheets. Answers to questions that a sheet is not asked count as none.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count

from tenshu.ground.access.models import User
from tenshu.mechanisms.inquiry.board import department_of
from tenshu.mechanisms.inquiry.models import Answer, AnswerRow, Campaign, Sheet, SheetState
from tenshu.mechanisms.inquiry.queries import sheets_for
from tenshu.mechanisms.inquiry.reading import CARRIES
from tenshu.mechanisms.questionnaire.asking import Asking, words_of
from tenshu.mechanisms.questionnaire.models import (
    Practice,
    Question,
    QuestionAncestry,
    QuestionKind,
    Relation,
)
from tenshu.mechanisms.questionnaire.parts import ANSWER, options_of

SCOPES = {
    "accepted": (SheetState.ACCEPTED,),
    "handed": (SheetState.ACCEPTED, SheetState.COLLECTING),
    "all": (SheetState.ACCEPTED, SheetState.COLLECTING, SheetState.CHECKING, SheetState.ANSWERING),
}
COUNTED = (QuestionKind.YES_NO, QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.PRACTICE)
SUMMED = (QuestionKind.INTEGER, QuestionKind.YEN)
NOTHING = "未回答"


@dataclass(slots=True)
class Line:
    """One sheet with its answers by key of question; ``rows`` counts the rows of its tables."""

    sheet: Sheet
    values: dict[int, Mapping[str, Any]]
    rows: Mapping[int, int] = field(default_factory=dict)
    asked: frozenset[int] = frozenset()

    @property
    def name(self) -> str:
        """The subject."""
        return self.sheet.subject_name

    @property
    def department(self) -> str:
        """The department that answers."""
        return department_of(self.sheet.respondent).name

    @property
    def unit(self) -> str:
        """The division that answers."""
        return self.sheet.respondent.name


@dataclass(frozen=True, slots=True)
class TableLine:
    """One row of a table, with its sheet."""

    sheet: Sheet
    values: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The subject."""
        return self.sheet.subject_name

    @property
    def department(self) -> str:
        """The department that answers."""
        return department_of(self.sheet.respondent).name

    @property
    def text(self) -> str:
        """Everything the row says, to be searched."""
        return " ".join(str(value) for value in self.values.values() if value not in (None, ""))


def _sheets(campaign: Campaign, user: User, scope: str) -> list[Sheet]:
    found = sheets_for(user).filter(campaign=campaign, state__in=SCOPES[scope])
    return list(found.select_related("respondent__parent__parent__parent").order_by("subject_number", "pk"))


def compiled(campaign: Campaign, user: User, scope: str) -> tuple[list[Question], list[Line]]:
    """The questions and one line a sheet that ``user`` may see; five queries."""
    return lines_of(campaign, _sheets(campaign, user, scope), scope)


def lines_of(campaign: Campaign, sheets: Sequence[Sheet], scope: str) -> tuple[list[Question], list[Line]]:
    """The questions of the campaign and one line for each of ``sheets``, which stand in ``scope``; three queries."""
    questions = list(Question.objects.filter(version=campaign.version_id or 0).order_by("order", "pk"))
    values: dict[int, dict[int, Mapping[str, Any]]] = {}
    for sheet, question, value in Answer.objects.filter(
        sheet__campaign=campaign, sheet__state__in=SCOPES[scope]
    ).values_list("sheet", "question", "value"):
        values.setdefault(sheet, {})[question] = value
    rows: dict[int, dict[int, int]] = {}
    counted = AnswerRow.objects.filter(sheet__campaign=campaign).order_by()
    for sheet, question, count in counted.values_list("sheet", "question").annotate(n=Count("pk")):
        rows.setdefault(sheet, {})[question] = count
    asking = Asking(questions)
    lines = []
    for one in sheets:
        held = values.get(one.pk, {})
        asked = frozenset(question.pk for question in asking.asked(held, one.attributes))
        said = {key: value for key, value in held.items() if key in asked}
        lines.append(Line(one, said, rows.get(one.pk, {}), asked))
    return questions, lines


def table_lines(campaign: Campaign, user: User, question: Question, scope: str) -> list[TableLine]:
    """One line a row of a table question; two queries."""
    sheets = {sheet.pk: sheet for sheet in _sheets(campaign, user, scope)}
    rows = AnswerRow.objects.filter(sheet__campaign=campaign, question=question)
    found = rows.order_by("sheet__subject_number", "sheet", "order", "pk").values_list("sheet", "values")
    return [TableLine(sheets[sheet], values) for sheet, values in found if sheet in sheets]


@dataclass(slots=True)
class Counted:
    """How a question was answered: by label, and by department and label."""

    question: Question
    labels: Sequence[str]
    whole: Counter[str]
    by_department: dict[str, Counter[str]]
    asked: int = 0
    before: Counter[str] | None = None

    @property
    def cross(self) -> list[tuple[str, list[int]]]:
        """Departments with the counts in the order of the labels."""
        return [
            (name, [counts[label] for label in self.labels]) for name, counts in self.by_department.items()
        ]


@dataclass(frozen=True, slots=True)
class Summed:
    """A question about numbers: how many said one, and their sum."""

    question: Question
    count: int
    total: int
    by_department: Sequence[tuple[str, int, int]]


def labels_of(question: Question) -> list[str]:
    """The labels of a counted question in their order."""
    match question.kind:
        case QuestionKind.YES_NO:
            return ["はい", "いいえ"]
        case QuestionKind.PRACTICE:
            return [str(practice.label) for practice in Practice]
    return list(options_of(question.settings).values())


def counts(questions: Iterable[Question], lines: Sequence[Line]) -> Iterator[Counted]:
    """The distribution of every question with choices, over the sheets that are asked it."""
    for question in questions:
        if question.kind not in COUNTED:
            continue
        labels = [*labels_of(question), NOTHING]
        counted = Counted(question, labels, Counter(), {})
        for line in lines:
            if question.pk not in line.asked:
                continue
            counted.asked += 1
            said = words_of(question, line.values.get(question.pk, {})) or frozenset({NOTHING})
            counted.whole.update(said)
            counted.by_department.setdefault(line.department, Counter()).update(said)
        yield counted


def sums(questions: Iterable[Question], lines: Sequence[Line]) -> Iterator[Summed]:
    """The sums of every question about numbers."""
    for question in questions:
        if question.kind not in SUMMED:
            continue
        by_department: dict[str, list[int]] = {}
        for line in lines:
            value = line.values.get(question.pk, {}).get(ANSWER)
            if isinstance(value, int):
                by_department.setdefault(line.department, []).append(value)
        numbers = [number for held in by_department.values() for number in held]
        told = [(name, len(held), sum(held)) for name, held in by_department.items()]
        yield Summed(question, len(numbers), sum(numbers), told)


def origins_of(campaign: Campaign, questions: Iterable[Question]) -> dict[int, tuple[int, bool]]:
    """By key of question: the question of the previous campaign that it comes from, and whether it is reworded."""
    previous, asked = campaign.previous, list(questions)
    if previous is None or previous.version_id is None:
        return {}
    if previous.version_id == campaign.version_id:
        return {question.pk: (question.pk, False) for question in asked}
    rows = QuestionAncestry.objects.filter(
        question__in=asked, ancestor__version=previous.version_id, relation__in=CARRIES
    )
    return {row.question_id: (row.ancestor_id, row.relation == Relation.REWORDED) for row in rows}


def counts_before(campaign: Campaign, user: User, found: Sequence[Counted]) -> None:
    """Put beside every count what the accepted sheets of the previous campaign said, through the lineage."""
    previous = campaign.previous
    if previous is None or previous.version_id is None:
        return
    origins = origins_of(campaign, [counted.question for counted in found])
    questions, lines = compiled(previous, user, "accepted")
    before = {counted.question.pk: counted.whole for counted in counts(questions, lines)}
    for counted in found:
        counted.before = before.get(origins.get(counted.question.pk, (0, False))[0])
