"""Answering a sheet: all questions on one page, saved one by one as they are typed, or all at once by a button."""

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from tenshu.ground.access.gates import signed_in
from tenshu.ground.access.models import User
from tenshu.ground.ui.dates import clock_text
from tenshu.mechanisms.inquiry.actions import answers
from tenshu.mechanisms.inquiry.actions.carrying import do_confirm_items
from tenshu.mechanisms.inquiry.contents import contents
from tenshu.mechanisms.inquiry.models import CampaignState, Sheet, SheetState
from tenshu.mechanisms.inquiry.queries import access_sheet, may_answer
from tenshu.mechanisms.inquiry.reading import Item, Reading, read_sheet
from tenshu.mechanisms.inquiry.ui.moved import moved_text, not_mine
from tenshu.mechanisms.inquiry.ui.showing import other_steps, shown
from tenshu.mechanisms.inquiry.ui.steps import page_of, trail_of
from tenshu.mechanisms.inquiry.ui.typed import (
    MINE,
    STORED,
    QuestionForm,
    Row,
    base_in,
    conflict_texts,
    is_sent,
    row_of,
)
from tenshu.mechanisms.questionnaire.models import Question


def sheet_answer(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """All asked questions; a POST saves everything that stands on the page, without any script."""
    user = signed_in(request)
    try:
        sheet = access_sheet(user, sheet_id, "answer")
    except PermissionDenied:
        if request.method != "POST":
            raise
        return not_mine(request, access_sheet(user, sheet_id))
    if not sheet.campaign.version_id:
        return redirect(contents()[sheet.campaign.content].page(sheet))
    reading = read_sheet(sheet)
    if request.method != "POST":
        if not _is_open(sheet):
            return redirect(page_of(sheet))
        return _page(request, user, reading, [row_of(one) for one in shown(sheet, reading.items)])
    if request.POST.get("confirm"):
        return _confirm(request, user, reading)
    rows, refused = _save_all(request, user, reading)
    if refused or any(row.tone == "danger" for row in rows):
        return _page(request, user, read_sheet(_fresh(user, sheet)), rows, refused=refused, status=422)
    messages.success(request, "保存しました。")
    return redirect(
        f"{request.path}{_anchor(request)}" if "submit" not in request.POST else _submit_url(sheet)
    )


def _anchor(request: HttpRequest) -> str:
    return f"#{request.POST['anchor']}" if request.POST.get("anchor", "").startswith("q-") else ""


def _submit_url(sheet: Sheet) -> str:
    return reverse("inquiry:sheet-submit", args=[sheet.pk])


def _fresh(user: User, sheet: Sheet) -> Sheet:
    return access_sheet(user, sheet.pk, "read")


def _is_open(sheet: Sheet) -> bool:
    return sheet.campaign.state == CampaignState.OPEN and sheet.state == SheetState.ANSWERING


def _confirm(request: HttpRequest, user: User, reading: Reading) -> HttpResponse:
    """「今年も同じ」 for one question or for all; what else stood on the page is saved as well."""
    wanted = request.POST["confirm"]
    chosen = [item for item in reading.items if wanted in ("all", str(item.question.pk))]
    rows, refused = _save_all(
        request, user, reading, without={item.question.pk for item in chosen if _untouched(request, item)}
    )
    if not refused:
        try:
            done = do_confirm_items(reading.sheet, chosen, acting_user=user)
        except ValidationError as error:
            refused = error.messages
        else:
            messages.success(request, f"{done:,}問を「今年も同じ」にしました。")
    if refused or any(row.tone == "danger" for row in rows):
        return _page(
            request, user, read_sheet(_fresh(user, reading.sheet)), rows, refused=refused, status=422
        )
    anchor = f"#q-{wanted}" if wanted.isdecimal() else ""
    return redirect(f"{request.path}{anchor}")


def _untouched(request: HttpRequest, item: Item) -> bool:
    form = QuestionForm(item.question, request.POST, {})
    return form.is_valid() and not any(form.typed.values())


def _save_all(
    request: HttpRequest,
    user: User,
    reading: Reading,
    without: set[int] = frozenset(),  # type: ignore[assignment]
) -> tuple[list[Row], list[str]]:
    """Save each question that was sent; gives the rows to show again, and what refused the sheet as a whole."""
    rows: list[Row] = []
    refused: list[str] = []
    for one in shown(reading.sheet, reading.items):
        if not is_sent(request.POST, one.item.question) or one.item.question.pk in without:
            rows.append(row_of(one))
            continue
        row = row_of(one, request.POST)
        rows.append(row)
        if row.form is None or not row.form.is_valid():
            continue
        try:
            _save(request.POST, row, user, reading.sheet)
        except ValidationError as error:
            moved = moved_text(_fresh(user, reading.sheet))
            refused = [*error.messages, moved] if moved else error.messages
    return rows, refused


def _save(data: QueryDict, row: Row, user: User, sheet: Sheet) -> None:
    """Save one valid row; what somebody else changed meanwhile becomes a conflict of the row."""
    assert row.form is not None  # noqa: S101 - rows without a form are never sent
    question, base, typed = row.item.question, base_in(data, row.item.question), row.form.typed
    chosen = data.get(f"q{question.pk}-choose")
    if chosen == STORED:
        return
    if chosen == MINE:  # what was typed goes over what is stored; parts that were left alone do not
        stored = row.item.value
        base |= {part: stored.get(part) for part, value in typed.items() if value != base.get(part)}
    if typed == {name: base.get(name) for name in typed} or not (
        any(_said(v) for v in typed.values()) or base
    ):
        return
    saved = answers.do_save_answer(sheet, question, typed, {n: base.get(n) for n in typed}, acting_user=user)
    row.item.answer = saved.answer
    row.base = json.dumps(saved.merged.next_base, ensure_ascii=False, sort_keys=True)
    if saved.conflicts:
        row.conflicts = conflict_texts(question, saved.answer.value, saved.conflicts)


def _said(value: Any) -> bool:
    return value not in (None, "", [])


@require_POST
def sheet_question(request: HttpRequest, sheet_id: int, asked_id: int) -> HttpResponse:
    """Save one question as it is typed; answers what stands beside it, and rows that are now asked or no more."""
    user = signed_in(request)
    sheet = access_sheet(user, sheet_id)
    before = read_sheet(sheet)
    item = next((item for item in before.items if item.question.pk == asked_id), None)
    if item is None:
        raise Http404
    asked_before = {one.question.pk for one in before.items}
    row = row_of(shown(sheet, [item])[0], request.POST)
    chosen = request.POST.get(f"q{asked_id}-choose")
    status = 200
    if row.form is None:
        raise PermissionDenied
    if not may_answer(user, sheet):
        row.error, status = moved_text(sheet), 403
    elif row.form.is_valid():
        try:
            _save(request.POST, row, user, sheet)
        except ValidationError as error:
            row.error, status = " ".join([*error.messages, moved_text(_fresh(user, sheet))]), 409
    after = read_sheet(sheet)
    asked_after = {one.question.pk for one in after.items}
    fresh = [
        row_of(one) for one in shown(sheet, [i for i in after.items if i.question.pk not in asked_before])
    ]
    if chosen == STORED:
        fresh += [row_of(one) for one in shown(sheet, [i for i in after.items if i.question.pk == asked_id])]
    stands = [one for one in after.items if one.question.pk == asked_id]
    context = {
        "row": row,
        "current": shown(sheet, stands)[0] if stands else row.shown,
        "waiting": [one for one in after.items if one.waits_for_confirmation],
        "sheet": sheet,
        "fresh": fresh,
        "gone": sorted(asked_before - asked_after),
        "saved_text": f"{clock_text(timezone.localtime())} に保存しました"
        if status == 200 and not row.form.errors
        else "",
        "reading": after,
    }
    return render(request, "inquiry/saved.html", context, status=status)


def _page(
    request: HttpRequest,
    user: User,
    reading: Reading,
    rows: list[Row],
    *,
    refused: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    sheet = reading.sheet
    asked = {item.question.pk for item in reading.items}
    hidden = (
        Question.objects.filter(version=sheet.campaign.version_id)
        .exclude(pk__in=asked)
        .order_by("order", "pk")
    )
    context = {
        "sheet": sheet,
        "campaign": sheet.campaign,
        "version": sheet.campaign.version,
        "trail": trail_of(sheet),
        "sections": _sections(rows, list(hidden)),
        "reading": reading,
        "waiting": [item for item in reading.items if item.waits_for_confirmation],
        "links": [link for link in other_steps(user, sheet) if link[1] != _submit_url(sheet)],
        "refused": refused or [],
        "wrong": [row for row in rows if row.tone == "danger"],
        "back_url": page_of(sheet),
    }
    return render(request, "inquiry/sheet_answer.html", context, status=status)


def _sections(rows: list[Row], hidden: list[Question]) -> list[tuple[str, list[Any]]]:
    """Rows under their sections; questions that are not asked keep an empty place, so that they can appear."""
    places = [(row.item.question, row) for row in rows]
    kept = {question.pk for question, _ in places}
    every: list[tuple[Question, Row | None]] = [*places, *((q, None) for q in hidden if q.pk not in kept)]
    every.sort(key=lambda place: (place[0].order, place[0].pk))
    found: dict[str, list[Any]] = {}
    for question, row in every:
        found.setdefault(question.section, []).append({"question": question, "row": row})
    return list(found.items())
