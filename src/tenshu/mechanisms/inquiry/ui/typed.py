"""The forms in which a sheet is answered: one for each question, with the answer over which it is typed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from tenshu.ground.ui.forms import Form
from tenshu.mechanisms.inquiry.reading import Item
from tenshu.mechanisms.inquiry.ui.showing import Shown
from tenshu.mechanisms.questionnaire.models import Question, QuestionKind
from tenshu.mechanisms.questionnaire.parts import parts_of
from tenshu.mechanisms.questionnaire.ui.inputs import field_of, initial_of, plain_of, show_part

MINE, STORED = "mine", "stored"
CHOICES = [(STORED, "保存されている内容にする"), (MINE, "入力した内容にする")]


class QuestionForm(Form):
    """The parts of one answer. ``base`` is the answer as it was when the page was made."""

    def __init__(self, question: Question, data: QueryDict | None, base: Mapping[str, Any]) -> None:
        super().__init__(data, prefix=f"q{question.pk}")
        self.question, self.parts = question, parts_of(question)
        for part in self.parts:
            field = field_of(part)
            field.required = False
            field.initial = initial_of(part, base.get(part.name))
            self.fields[part.name] = field
        if len(self.parts) == 1:
            # The question itself stands beside; the label is for those who hear the page.
            self.fields[self.parts[0].name].label = f"{question.code}の回答"

    @property
    def typed(self) -> dict[str, Any]:
        """What was typed, as plain values; after ``is_valid``."""
        return {part.name: plain_of(part, self.cleaned_data.get(part.name)) for part in self.parts}


@dataclass(slots=True)
class Row:
    """One question of the answering page."""

    shown: Shown
    form: QuestionForm | None
    base: str
    conflicts: Mapping[str, str] | None = None
    note: str = ""
    error: str = ""

    @property
    def item(self) -> Item:
        """The question with its answer."""
        return self.shown.item

    @property
    def is_single(self) -> bool:
        """Whether the answer has one part, which needs no label of its own to the eye."""
        return self.form is not None and len(self.form.fields) == 1

    @property
    def tone(self) -> str:
        """The edge of the row: red for what must be mended, amber for what came back or must be confirmed."""
        if (
            self.error
            or self.conflicts
            or (self.form is not None and self.form.is_bound and self.form.errors)
        ):
            return "danger"
        if any(remark.settled_at is None for remark in self.item.remarks):
            return "warning"
        return "warning" if self.item.waits_for_confirmation else ""


def row_of(shown: Shown, data: QueryDict | None = None) -> Row:
    """A question as it is shown; with ``data``, holding what was typed."""
    item = shown.item
    if item.question.kind in (QuestionKind.TABLE, QuestionKind.FILE) and not parts_with_note(item.question):
        return Row(shown, None, "{}")
    base = base_in(data, item.question) if data is not None else dict(item.value)
    form = QuestionForm(item.question, data, item.value)
    return Row(shown, form, json.dumps(base, ensure_ascii=False, sort_keys=True))


def parts_with_note(question: Question) -> bool:
    """Whether a question about a table or a file has parts that are typed (a remark)."""
    return question.kind == QuestionKind.FILE and bool(parts_of(question))


def base_in(data: QueryDict, question: Question) -> dict[str, Any]:
    """The answer over which was typed, as the page sent it back; one that cannot be read counts as none."""
    try:
        base = json.loads(data.get(f"q{question.pk}-base", "{}"))
    except ValueError:
        return {}
    return base if isinstance(base, dict) else {}


def is_sent(data: QueryDict, question: Question) -> bool:
    """Whether the question was on the page that was sent."""
    return f"q{question.pk}-base" in data


def conflict_texts(question: Question, stored: Mapping[str, Any], parts: frozenset[str]) -> dict[str, str]:
    """What is stored of the parts in conflict, in words, by heading."""
    return {
        part.header: show_part(part, stored.get(part.name)) or "空欄"
        for part in parts_of(question)
        if part.name in parts
    }


class FilesForm(Form):
    """Files of one answer: one more, and those to be taken off."""

    file = forms.FileField(label="付けるファイル", required=False)
    remove = forms.MultipleChoiceField(
        label="外すファイル", required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, names: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if names:
            self.fields["remove"].choices = names  # type: ignore[attr-defined]
        else:
            del self.fields["remove"]
