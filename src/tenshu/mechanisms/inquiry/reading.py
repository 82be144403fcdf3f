"""A sheet as its respondent sees it: the questions that are asked, answered or carried forward from last year."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tenshu.mechanisms.inquiry.models import Answer, AnswerRow, Remark, Sheet, SheetState
from tenshu.mechanisms.inquiry.queries import rows_of
from tenshu.mechanisms.questionnaire.asking import Asking
from tenshu.mechanisms.questionnaire.models import Question, QuestionAncestry, QuestionKind, Relation
from tenshu.mechanisms.questionnaire.parts import is_answered, missing_in

CARRIES = frozenset({Relation.SAME, Relation.REWORDED})
"""Relations over which last year's answer is worth showing; a split or merged question is asked afresh."""


@dataclass(slots=True)
class Item:
    """One asked question with what is said: ``answer`` and ``rows`` of this sheet, ``carried`` from last year's."""

    question: Question
    answer: Answer | None = None
    rows: Sequence[AnswerRow] = ()
    carried: Mapping[str, Any] | None = None
    carried_rows: Sequence[AnswerRow] = ()
    reworded: bool = False
    remarks: Sequence[Remark] = ()

    @property
    def value(self) -> Mapping[str, Any]:
        """The saved answer's parts; empty while nothing is saved."""
        return self.answer.value if self.answer else {}

    @property
    def is_done(self) -> bool:
        """Whether this year's answer stands; carried forward is not done."""
        return is_answered(self.question, self.value, len(self.rows))

    @property
    def waits_for_confirmation(self) -> bool:
        """Whether last year's answer is shown and nobody has said yet that it still holds."""
        return self.answer is None and not self.rows and (self.carried is not None or bool(self.carried_rows))

    @property
    def missing(self) -> str:
        """Why the answer cannot be handed in yet, or empty."""
        return missing_in(self.question, self.value, len(self.rows))


@dataclass(slots=True)
class Reading:
    """All asked questions of a sheet, in order."""

    sheet: Sheet
    items: list[Item] = field(default_factory=list)

    @property
    def done(self) -> int:
        """How many are answered."""
        return sum(item.is_done for item in self.items)

    @property
    def gaps(self) -> list[Item]:
        """Those that stand against handing in."""
        return [item for item in self.items if item.missing]


def read_sheet(sheet: Sheet) -> Reading:
    """The sheet with everything a page or a check needs: the questions that are asked. A fixed number of queries."""
    every = read_every(sheet)
    questions = [item.question for item in every.values()]
    asked = asked_among(sheet, questions, {key: item.value for key, item in every.items()})
    return Reading(sheet, [every[question.pk] for question in asked])


def read_every(sheet: Sheet) -> dict[int, Item]:
    """All questions of the sheet in order, by their keys, also those that are not asked as the answers stand."""
    questions = list(Question.objects.filter(version=sheet.campaign.version_id).order_by("order", "pk"))
    answers = {
        answer.question_id: answer
        for answer in Answer.objects.filter(sheet=sheet).select_related("updated_by")
    }
    rows = _by_question(rows_of(sheet))
    remarks = _by_question(Remark.objects.filter(sheet=sheet).select_related("step__by"))
    carried = _carried(sheet, questions)
    items = {}
    for question in questions:
        before = carried.get(question.pk)
        items[question.pk] = Item(
            question,
            answers.get(question.pk),
            rows.get(question.pk, ()),
            before.value if before else None,
            before.rows if before else (),
            before.reworded if before else False,
            remarks.get(question.pk, ()),
        )
    return items


def asked_among(
    sheet: Sheet, questions: Sequence[Question], values: Mapping[int, Mapping[str, Any]]
) -> list[Question]:
    """The questions that are asked, given the ``values`` of answers by key of question."""
    return Asking(questions).asked(values, sheet.attributes)


@dataclass(frozen=True, slots=True)
class _Before:
    value: Mapping[str, Any] | None
    rows: Sequence[AnswerRow]
    reworded: bool


def _carried(sheet: Sheet, questions: Sequence[Question]) -> dict[int, _Before]:
    """What last year's accepted sheet says to the questions that these come from."""
    previous = sheet.previous
    if previous is None or previous.state != SheetState.ACCEPTED:
        return {}
    answers = {answer.question_id: answer for answer in Answer.objects.filter(sheet=previous)}
    rows = _by_question(rows_of(previous))
    same_version = previous.campaign.version_id == sheet.campaign.version_id
    origins = (
        {question.pk: (question.pk, False) for question in questions}
        if same_version
        else {
            row.question_id: (row.ancestor_id, row.relation == Relation.REWORDED)
            for row in QuestionAncestry.objects.filter(
                question__in=questions,
                relation__in=CARRIES,
                ancestor__version=previous.campaign.version_id,
            )
        }
    )
    kinds = {
        question.pk: question.kind
        for question in Question.objects.filter(version=previous.campaign.version_id)
    }
    found = {}
    for question in questions:
        origin, reworded = origins.get(question.pk, (None, False))
        if origin is None or kinds.get(origin) != question.kind:
            continue
        answer = answers.get(origin)
        if question.kind == QuestionKind.FILE:
            continue
        if answer is not None or rows.get(origin):
            found[question.pk] = _Before(answer.value if answer else None, rows.get(origin, ()), reworded)
    return found


def _by_question[R: (AnswerRow, Remark)](records: Iterable[R]) -> dict[int, list[R]]:
    found: dict[int, list[R]] = {}
    for record in records:
        found.setdefault(record.question_id, []).append(record)
    return found
