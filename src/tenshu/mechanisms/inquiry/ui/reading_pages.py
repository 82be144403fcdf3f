"""Reading one sheet."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tenshu.ground.access.gates import signed_in
from tenshu.ground.access.queries import holds_any
from tenshu.ground.access.roles import EDITORS
from tenshu.ground.ui.parts import Fact
from tenshu.mechanisms.inquiry.board import holder_text, sheet_word
from tenshu.mechanisms.inquiry.contents import contents
from tenshu.mechanisms.inquiry.models import Sheet
from tenshu.mechanisms.inquiry.queries import access_sheet
from tenshu.mechanisms.inquiry.reading import read_sheet
from tenshu.mechanisms.inquiry.ui.showing import feed_of, next_step, other_steps, sections, shown
from tenshu.mechanisms.inquiry.ui.steps import trail_of


def sheet_detail(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """What was answered, what came back, who has it now."""
    user = signed_in(request)
    sheet = access_sheet(user, sheet_id)
    reading = read_sheet(sheet)
    following = next_step(user, sheet)
    content = contents()[sheet.campaign.content]
    needs = list(sheet.hearing_needs.select_related("gathering"))
    context = {
        "sheet": sheet,
        "campaign": sheet.campaign,
        "word": sheet_word(sheet),
        "holder": holder_text(sheet),
        "sections": sections(shown(sheet, reading.items)),
        "trail": trail_of(sheet, with_sheet=False),
        "next": following,
        "links": other_steps(user, sheet),
        "steps": feed_of(sheet),
        "needs": needs,
        "heard": list(
            {need.gathering_id: need for need in needs if need.gathering and need.gathering.minutes}.values()
        ),
        "collects": holds_any(user, EDITORS),
        "facts": _facts(sheet, reading.done, len(reading.items)),
        "content_url": "" if sheet.campaign.version_id else content.page(sheet),
    }
    return render(request, "inquiry/sheet_detail.html", context)


def _facts(sheet: Sheet, done: int, asked: int) -> list[Fact]:
    from tenshu.ground.ui.dates import moment_html

    found = [
        Fact("番号", sheet.subject_number or "なし"),
        Fact("回答所属", sheet.respondent.full_name),
        Fact("提出", moment_html(sheet.submitted_at, "plain") if sheet.submitted_at else "まだ"),
        Fact("受理", moment_html(sheet.accepted_at, "plain") if sheet.accepted_at else "まだ"),
    ]
    return [Fact("回答した設問", f"{done} / {asked}問"), *found] if asked else found
