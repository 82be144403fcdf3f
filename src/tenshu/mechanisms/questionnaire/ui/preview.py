"""A version as its respondent will see it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django import forms

from tenshu.ground.ui.forms import Form
from tenshu.mechanisms.questionnaire.models import Question, QuestionKind
from tenshu.mechanisms.questionnaire.parts import parts_of
from tenshu.mechanisms.questionnaire.ui.inputs import field_of


@dataclass(frozen=True, slots=True)
class Preview:
    """A question with an empty form for its parts; a table shows its headings."""

    question: Question
    form: Form | None
    headings: Sequence[str] = ()
    is_file: bool = False


def previews(questions: Sequence[Question]) -> Iterator[Preview]:
    """All questions in order."""
    for question in questions:
        parts = parts_of(question)
        match question.kind:
            case QuestionKind.TABLE:
                yield Preview(question, None, [part.heading for part in parts])
            case QuestionKind.FILE:
                yield Preview(question, _form(question, {}), is_file=True)
            case _:
                yield Preview(question, _form(question, {part.name: field_of(part) for part in parts}))


def _form(question: Question, fields: dict[str, forms.Field]) -> Form:
    form = Form(prefix=f"q{question.pk}")
    form.fields.update(fields)
    return form
