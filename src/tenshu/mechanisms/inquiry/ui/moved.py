"""A sheet that went on to somebody else while it was being typed into: who has it, and what was typed, to be copied."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from tenshu.mechanisms.inquiry.board import holder_text, sheet_word
from tenshu.mechanisms.inquiry.models import CampaignState, Sheet, SheetState
from tenshu.mechanisms.inquiry.ui.steps import page_of, trail_of
from tenshu.mechanisms.inquiry.ui.typed import QuestionForm, base_in, is_sent
from tenshu.mechanisms.questionnaire.models import Question
from tenshu.mechanisms.questionnaire.ui.inputs import show_answer


def moved_text(sheet: Sheet) -> str:
    """Who has the sheet now; empty when nobody can answer it."""
    holder = holder_text(sheet)
    if sheet.campaign.state != CampaignState.OPEN or not holder:
        return ""
    moved = (
        "ほかの人に移っています" if sheet.state == SheetState.ANSWERING else f"「{sheet_word(sheet)}」です"
    )
    return f"この照会票は{moved}。いまの担当は、{holder}です。"


def typed_answers(data: QueryDict, sheet: Sheet) -> list[tuple[Question, str]]:
    """What was typed, in words, where it differs from what it was typed over; unreadable values as they were typed."""
    found = []
    for question in Question.objects.filter(version=sheet.campaign.version_id).order_by("order", "pk"):
        if not is_sent(data, question):
            continue
        base = base_in(data, question)
        form = QuestionForm(question, data, base)
        if form.is_valid():
            said = any(value not in (None, "", []) for value in form.typed.values())
            differs = any(value != base.get(name) for name, value in form.typed.items())
            text = show_answer(form.parts, form.typed) if said and differs else ""
        else:
            text = "\n".join(data.get(form.add_prefix(name), "") for name in form.fields).strip()
        if text:
            found.append((question, text))
    return found


def not_mine(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    """The answer to a form that comes too late: nothing is saved, nothing is lost."""
    context = {
        "sheet": sheet,
        "why": moved_text(sheet),
        "trail": trail_of(sheet),
        "typed": typed_answers(request.POST, sheet),
        "sheet_url": page_of(sheet),
    }
    return render(request, "inquiry/sheet_moved.html", context, status=403)
