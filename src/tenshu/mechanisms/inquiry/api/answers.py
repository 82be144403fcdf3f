"""Answers: the questions of a sheet with what was said, saving one, saying that last year's still hold, files."""

import datetime
from typing import Annotated, Any

from django.http import Http404
from pydantic import Field

from tenshu.ground.api.attachments import AttachmentOut
from tenshu.ground.api.paging import Page, Paging, page_of
from tenshu.ground.api.problems import ApiProblem
from tenshu.ground.api.routes import ApiRequest, File, Query, UploadedFile
from tenshu.ground.api.values import Body, OneOf, Out, PersonRef
from tenshu.ground.files.queries import attachments_of
from tenshu.mechanisms.inquiry.actions.answers import do_save_answer
from tenshu.mechanisms.inquiry.actions.carrying import do_confirm_items
from tenshu.mechanisms.inquiry.actions.filing import do_change_files
from tenshu.mechanisms.inquiry.api.parts import typed_in
from tenshu.mechanisms.inquiry.api.shapes import ROUTES, Key, Values, locked_sheet
from tenshu.mechanisms.inquiry.models import Answer
from tenshu.mechanisms.inquiry.queries import access_sheet, question_of
from tenshu.mechanisms.inquiry.reading import Item, read_sheet
from tenshu.mechanisms.inquiry.ui.typed import QuestionForm
from tenshu.mechanisms.questionnaire.models import Question, QuestionKind

ONE = "/sheets/{int:sheet_id}"
FILES = f"{ONE}/files/{{int:file_question_id}}"


class RemarkOut(Out):
    """What was found wanting at a question when the sheet went back."""

    text: str
    settled: bool


class AnswerOut(Out):
    """One question that is asked, with what was said; ``carried`` is what last year's sheet said and nobody has confirmed.

    ``missing`` tells why it stands against handing in; it is empty when it does not.
    """

    question_id: int
    code: str
    text: str
    kind: Annotated[str, OneOf(QuestionKind)]
    required: bool
    value: dict[str, Any] | None
    rows: int
    revision: int
    carried: dict[str, Any] | None
    waits_for_confirmation: bool
    is_done: bool
    missing: str
    updated_at: datetime.datetime | None
    updated_by: PersonRef | None
    remarks: list[RemarkOut]

    @classmethod
    def of(cls, item: Item) -> "AnswerOut":
        """The question as it is answered."""
        answer, question = item.answer, item.question
        return cls(
            question_id=question.pk,
            code=question.code,
            text=question.text,
            kind=question.kind,
            required=question.required,
            value=dict(answer.value) if answer else None,
            rows=len(item.rows),
            revision=answer.revision if answer else 0,
            carried=dict(item.carried) if item.carried is not None else None,
            waits_for_confirmation=item.waits_for_confirmation,
            is_done=item.is_done,
            missing=item.missing,
            updated_at=answer.updated_at if answer else None,
            updated_by=PersonRef.of(answer.updated_by) if answer else None,
            remarks=[RemarkOut(text=one.text, settled=one.settled_at is not None) for one in item.remarks],
        )


class AnswerIn(Body):
    """What is said: part → value. ``base`` is what was read before; parts that somebody else changed meanwhile stay."""

    answer: Values
    base: Values | None = None


class SavedOut(Out):
    """What stands now, and the parts in which somebody else had meanwhile said something different."""

    question_id: int
    value: dict[str, Any]
    revision: int
    conflicts: list[str]


class CarriedIn(Body):
    """The questions whose answers of last year still hold; all that wait when left out."""

    questions: Annotated[list[Key], Field(max_length=5_000)] | None = None


class CarriedOut(Out):
    """How many were taken over."""

    count: int


@ROUTES.get(f"{ONE}/answers", page="inquiry:sheet-detail", gives=Page[AnswerOut], summary="照会票の回答")
def answer_list(request: ApiRequest, sheet_id: int, query: Query[Paging]) -> Page[AnswerOut]:
    """The questions that are asked as the answers stand, in order."""
    reading = read_sheet(access_sheet(request.person, sheet_id))
    return page_of(request, reading.items, query, AnswerOut.of)


@ROUTES.put(
    f"{ONE}/answers/{{int:asked_id}}", page="inquiry:sheet-question", gives=SavedOut, summary="回答を保存する"
)
def answer_save(request: ApiRequest, sheet_id: int, asked_id: int, body: AnswerIn) -> SavedOut:
    """Save the answer to one question that is asked, by the rules of the page."""
    sheet = locked_sheet(request, sheet_id, "answer")
    item = next((item for item in read_sheet(sheet).items if item.question.pk == asked_id), None)
    if item is None:
        raise Http404
    mine = _typed(item.question, dict(item.value) | body.answer)
    mine = {name: mine[name] for name in mine if name in body.answer}
    base = item.value if body.base is None else body.base
    saved = do_save_answer(
        sheet, item.question, mine, {name: base.get(name) for name in mine}, acting_user=request.person
    )
    return SavedOut(
        question_id=asked_id,
        value=dict(saved.answer.value),
        revision=saved.answer.revision,
        conflicts=sorted(saved.conflicts),
    )


def _typed(question: Question, values: dict[str, Any]) -> dict[str, Any]:
    """The values as the page's form understands them; raises ``ApiProblem`` by part."""
    if (
        question.kind in (QuestionKind.TABLE, QuestionKind.FILE)
        and not QuestionForm(question, None, {}).parts
    ):
        raise ApiProblem("refused", "この設問には、行かファイルで答えます。")
    form = QuestionForm(question, None, {})
    unknown = sorted(set(values) - {part.name for part in form.parts} - {"none", "answer"})
    if unknown:
        raise ApiProblem(
            "refused", fields=[(name, "この設問に、この名前の回答欄はありません。") for name in unknown]
        )
    data = typed_in(form.parts, values, prefix=f"q{question.pk}-")
    form = QuestionForm(question, data, {})  # type: ignore[arg-type]
    if not form.is_valid():
        raise ApiProblem("refused", fields=_faults(form))
    return form.typed


def _faults(form: QuestionForm) -> list[tuple[str, str]]:
    return [(name, str(message)) for name, messages in form.errors.items() for message in messages]


@ROUTES.post(
    f"{ONE}/confirm-carried",
    page="inquiry:sheet-answer",
    gives=CarriedOut,
    summary="前回の回答が今年も同じと確かめる",
)
def carried_confirm(request: ApiRequest, sheet_id: int, body: CarriedIn) -> CarriedOut:
    """Say that what last year's sheet said still holds; what was answered is left alone."""
    sheet = locked_sheet(request, sheet_id, "answer")
    wanted = None if body.questions is None else frozenset(body.questions)
    items = [item for item in read_sheet(sheet).items if wanted is None or item.question.pk in wanted]
    return CarriedOut(count=do_confirm_items(sheet, items, acting_user=request.person))


@ROUTES.get(FILES, page="inquiry:sheet-detail", gives=Page[AttachmentOut], summary="回答のファイル")
def answer_files(
    request: ApiRequest, sheet_id: int, file_question_id: int, query: Query[Paging]
) -> Page[AttachmentOut]:
    """The files that are an answer."""
    sheet = access_sheet(request.person, sheet_id)
    question = question_of(sheet.campaign, file_question_id, QuestionKind.FILE)
    answer = Answer.objects.filter(sheet=sheet, question=question).first()
    rows = list(attachments_of(answer).order_by("pk")) if answer else []
    return page_of(request, rows, query, AttachmentOut.of)


@ROUTES.post(
    FILES, page="inquiry:sheet-files", gives=AttachmentOut, summary="回答にファイルを付ける", status=201
)
def answer_file_add(
    request: ApiRequest, sheet_id: int, file_question_id: int, file: File[UploadedFile]
) -> AttachmentOut:
    """Hang a file on the answer, by the same inspection as on the page."""
    sheet = locked_sheet(request, sheet_id, "answer")
    question = question_of(sheet.campaign, file_question_id, QuestionKind.FILE)
    answer = do_change_files(sheet, question, file, [], acting_user=request.person)
    return AttachmentOut.of(attachments_of(answer).latest("pk"))


@ROUTES.delete(
    f"{FILES}/{{int:attachment_id}}",
    page="inquiry:sheet-files",
    gives=None,
    summary="回答のファイルを外す",
)
def answer_file_remove(request: ApiRequest, sheet_id: int, file_question_id: int, attachment_id: int) -> None:
    """Take a file off the answer."""
    sheet = locked_sheet(request, sheet_id, "answer")
    question = question_of(sheet.campaign, file_question_id, QuestionKind.FILE)
    answer = Answer.objects.filter(sheet=sheet, question=question).first()
    gone = attachments_of(answer).filter(pk=attachment_id).first() if answer else None
    if gone is None:
        raise Http404
    do_change_files(sheet, question, None, [gone], acting_user=request.person)
