"""What must be right before a version is published: everything wrong is told at once, by question."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tenshu.engines.japanese import fold_width
from tenshu.mechanisms.questionnaire.conditions import (
    NOTHING,
    SUBJECT,
    Comparison,
    ConditionError,
    comparisons_of,
    parse_condition,
)
from tenshu.mechanisms.questionnaire.models import Practice, Question, QuestionKind
from tenshu.mechanisms.questionnaire.parts import IN_TABLES, options_of
from tenshu.mechanisms.questionnaire.subjects import Attribute

CHOOSING = frozenset({QuestionKind.SINGLE, QuestionKind.MULTIPLE})


@dataclass(frozen=True, slots=True)
class Fault:
    """Something to be mended before publishing. ``code`` names the question, empty for the version itself."""

    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.code}：{self.message}" if self.code else self.message


def faults_of(questions: Sequence[Question], attributes: Sequence[Attribute]) -> list[Fault]:
    """Everything that stands against publishing ``questions`` about subjects with ``attributes``."""
    if not questions:
        return [Fault("", "設問がまだ一つもありません。")]
    known = {attribute.label: attribute for attribute in attributes}
    earlier: dict[str, Question] = {}
    found: list[Fault] = []
    for question in questions:
        found += (Fault(question.code, message) for message in question_faults(question))
        found += (Fault(question.code, message) for message in _condition_faults(question, earlier, known))
        earlier[question.code] = question
    return found


def question_faults(question: Question) -> Iterator[str]:
    """What is wrong with a question by itself."""
    if not question.text.strip():
        yield "設問の文がありません。"
    settings = question.settings
    if question.kind in CHOOSING:
        yield from _option_faults(settings, "選択肢")
    low, high = settings.get("minimum"), settings.get("maximum")
    if low is not None and high is not None and low > high:
        yield f"最小（{low}）が最大（{high}）より大きくなっています。"
    if question.kind == QuestionKind.TABLE:
        yield from _column_faults(settings.get("columns", []))


def _column_faults(columns: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if not columns:
        yield "表の列がありません。"
    for field, what in (("name", "列の名前"), ("header", "列の見出し")):
        for text, times in Counter(str(column.get(field, "")) for column in columns).items():
            if not text:
                yield f"{what}が空の列があります。"
            elif times > 1:
                yield f"{what}「{text}」が{times}回あります。"
    for column in columns:
        if column.get("kind") not in IN_TABLES:
            yield f"列「{column.get('header', '')}」の種類は、表の中では使えません。"
        elif column["kind"] in CHOOSING:
            yield from _option_faults(column, f"列「{column.get('header', '')}」の選択肢")


def _option_faults(told: Mapping[str, Any], what: str) -> Iterator[str]:
    options = told.get("options", [])
    if len(options) < 2:
        yield f"{what}は2つ以上にしてください。"
    for field in ("value", "label"):
        for text, times in Counter(fold_width(str(option.get(field, ""))) for option in options).items():
            if not text.strip():
                yield f"{what}に空のものがあります。"
            elif times > 1:
                yield f"{what}「{text}」が{times}回あります。"


def _condition_faults(
    question: Question, earlier: Mapping[str, Question], attributes: Mapping[str, Attribute]
) -> Iterator[str]:
    if not question.condition:
        return
    try:
        condition = parse_condition(question.condition)
    except ConditionError as error:
        yield f"尋ねる条件が読めません。{error}"
        return
    for comparison in comparisons_of(condition):
        if comparison.left.startswith(SUBJECT):
            attribute = attributes.get(comparison.left.removeprefix(SUBJECT))
            offered = list(attribute.options) if attribute else []
            if attribute is None:
                yield f"尋ねる条件の「{comparison.left}」は、この対象にありません。"
        elif comparison.left not in earlier:
            yield f"尋ねる条件の「{comparison.left}」は、これより前の設問にありません。"
            continue
        else:
            offered = _labels(earlier[comparison.left])
        yield from _value_faults(comparison, offered)


def _value_faults(comparison: Comparison, offered: Sequence[str]) -> Iterator[str]:
    if not offered or comparison.sign in "≧≦":
        return
    folded = {fold_width(label) for label in offered} | {NOTHING}
    for value in comparison.values:
        if fold_width(value) not in folded:
            yield f"尋ねる条件の値「{value}」は、「{comparison.left}」の選択肢にありません。"


def _labels(question: Question) -> list[str]:
    match question.kind:
        case QuestionKind.PRACTICE:
            return [str(label) for label in Practice.labels]
        case QuestionKind.YES_NO:
            return ["はい", "いいえ"]
        case QuestionKind.SINGLE | QuestionKind.MULTIPLE:
            return list(options_of(question.settings).values())
    return []
