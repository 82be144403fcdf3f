"""Scores: of one answer, and of a whole sheet as the weighted share of what could be reached."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tenshu.mechanisms.questionnaire.models import Practice, Question, QuestionKind
from tenshu.mechanisms.questionnaire.parts import ANSWER

PRACTICE_SCORES = {Practice.DONE: Decimal(1), Practice.PARTLY: Decimal("0.5"), Practice.NOT_DONE: Decimal(0)}
"""Scores of the practice scale where a question gives none; わからない counts as not done."""


@dataclass(frozen=True, slots=True)
class Score:
    """``reached`` of ``reachable`` weighted points; ``share`` is ``None`` where nothing could be reached."""

    reached: Decimal
    reachable: Decimal

    @property
    def share(self) -> Decimal | None:
        """From 0 to 1."""
        return self.reached / self.reachable if self.reachable else None


def answer_score(question: Question, answer: Mapping[str, Any]) -> Decimal | None:
    """The score of an answer from 0 to 1, unweighted; ``None`` where it does not count (該当なし, no scores).

    No answer to a question with scores counts 0: a gap never looks better than an honest 未実施.
    """
    value = answer.get(ANSWER)
    if question.kind == QuestionKind.PRACTICE:
        if value == Practice.NOT_APPLICABLE:
            return None
        given = question.settings.get("scores", {})
        if value in given:
            return Decimal(str(given[value]))
        return PRACTICE_SCORES.get(Practice(value), Decimal(0)) if value else Decimal(0)
    scores = {
        option["value"]: Decimal(str(option["score"]))
        for option in question.settings.get("options", [])
        if option.get("score") is not None
    }
    if not scores:
        return None
    if question.kind == QuestionKind.MULTIPLE:
        best = sum((score for score in scores.values() if score > 0), Decimal(0))
        reached = sum((scores.get(item, Decimal(0)) for item in value or ()), Decimal(0))
    else:
        best = max(scores.values())
        reached = scores.get(value, Decimal(0))
    return min(max(reached / best, Decimal(0)), Decimal(1)) if best > 0 else Decimal(0)


def sheet_score(answered: Iterable[tuple[Question, Mapping[str, Any]]]) -> Score:
    """The weighted score over the questions that were asked."""
    reached = reachable = Decimal(0)
    for question, answer in answered:
        score = answer_score(question, answer)
        if score is not None:
            reached += score * question.weight
            reachable += question.weight
    return Score(reached, reachable)
