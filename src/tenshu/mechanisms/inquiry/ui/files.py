"""The files of one answer."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from tenshu.ground.access.gates import signed_in
from tenshu.ground.ui.answering import answer_form
from tenshu.mechanisms.inquiry.actions.filing import do_change_files
from tenshu.mechanisms.inquiry.models import Answer
from tenshu.mechanisms.inquiry.queries import access_sheet, question_of
from tenshu.mechanisms.inquiry.ui.showing import files_of
from tenshu.mechanisms.inquiry.ui.steps import trail_of
from tenshu.mechanisms.inquiry.ui.typed import FilesForm
from tenshu.mechanisms.questionnaire.models import QuestionKind


def sheet_files(request: HttpRequest, sheet_id: int, file_question_id: int) -> HttpResponse:
    """Hang a file on the answer, take others off."""
    user = signed_in(request)
    sheet = access_sheet(user, sheet_id, "answer")
    question = question_of(sheet.campaign, file_question_id, QuestionKind.FILE)
    answer = Answer.objects.filter(sheet=sheet, question=question).first()
    held = (
        {str(one.pk): one for one in files_of([answer])[answer.pk]} if answer and files_of([answer]) else {}
    )
    back = f"{reverse('inquiry:sheet-answer', args=[sheet.pk])}#q-{question.pk}"

    def act(values: dict[str, Any]) -> None:
        gone = [held[key] for key in values.get("remove", []) if key in held]
        do_change_files(sheet, question, values["file"], gone, acting_user=user)

    return answer_form(
        request,
        FilesForm(
            request.POST if request.method == "POST" else None,
            request.FILES if request.method == "POST" else None,
            names=[(key, one.name) for key, one in held.items()],
        ),
        act,
        template="ui/form_page.html",
        context={
            "title": f"{question.code}のファイル",
            "lead": question.text,
            "action_label": "保存する",
            "back_url": back,
            "trail": trail_of(sheet),
        },
        message="保存しました。",
        to=lambda _: back,
    )
