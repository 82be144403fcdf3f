"""Which questions are asked of a subject, given what has been answered."""

from collections.abc import Mapping, Sequence
from typing import Any

from tenshu.mechanisms.questionnaire.conditions import SUBJECT, Condition, parse_condition
from tenshu.mechanisms.questionnaire.models import Practice, Question, QuestionKind
from tenshu.mechanisms.questionnaire.parts import ANSWER, options_of
from tenshu.mechanisms.questionnaire.subjects import texts_of


class Asking:
    """The questions of one version, with their conditions read once for any number of subjects."""

    def __init__(self, questions: Sequence[Question]) -> None:
        self.questions = tuple(questions)
        self._conditions: dict[int, Condition] = {
            question.pk: parse_condition(question.condition) for question in questions if question.condition
        }

    def asked(
        self, answers: Mapping[int, Mapping[str, Any]], attributes: Mapping[str, Any]
    ) -> list[Question]:
        """The questions that are asked, in order. ``answers`` by key of question, ``attributes`` by label.

        An answer to a question that is itself not asked counts as no answer.
        """
        held: dict[str, frozenset[str]] = {
            f"{SUBJECT}{label}": texts_of(value) for label, value in attributes.items()
        }
        asked = []
        for question in self.questions:
            condition = self._conditions.get(question.pk)
            if condition is None or condition.holds(lambda left: held.get(left, frozenset())):
                asked.append(question)
                held[question.code] = words_of(question, answers.get(question.pk, {}))
        return asked


def words_of(question: Question, answer: Mapping[str, Any]) -> frozenset[str]:
    """An answer as conditions see it: the labels that were chosen, the number, the day."""
    value = answer.get(ANSWER)
    if value in (None, "", []):
        return frozenset()
    match question.kind:
        case QuestionKind.PRACTICE:
            return frozenset({Practice(value).label})
        case QuestionKind.SINGLE:
            return frozenset({options_of(question.settings).get(value, str(value))})
        case QuestionKind.MULTIPLE:
            labels = options_of(question.settings)
            return frozenset(labels.get(item, str(item)) for item in value)
    return texts_of(value)
