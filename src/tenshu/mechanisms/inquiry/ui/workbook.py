"""A sheet as a workbook: taken out, looked through when it comes back, saved by one confirming step."""

from typing import Any, ClassVar

import django_filters
from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import linebreaksbr
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tenshu.ground.access.gates import signed_in
from tenshu.ground.access.models import User
from tenshu.ground.exchange.error_report import marked_workbook
from tenshu.ground.exchange.export import CONTENT_TYPES
from tenshu.ground.exchange.reading import LARGEST
from tenshu.ground.exchange.ui.tables import ErrorTable, cell_reference, named_after
from tenshu.ground.files import store
from tenshu.ground.files.actions import clean_name
from tenshu.ground.files.responses import download_bytes
from tenshu.ground.ui.answering import answer_form
from tenshu.ground.ui.forms import Form
from tenshu.ground.ui.parts import Conflict, ConflictValue, Crumb, FigureTile
from tenshu.ground.ui.tables import Column, Table
from tenshu.mechanisms.inquiry.actions.workbooks import (
    WorkbookOutdated,
    do_check_again,
    do_check_workbook,
    do_take_workbook,
)
from tenshu.mechanisms.inquiry.board import holder_text, sheet_word
from tenshu.mechanisms.inquiry.contents import contents
from tenshu.mechanisms.inquiry.models import (
    CampaignState,
    LineKind,
    Sheet,
    SheetState,
    SheetUpload,
    UploadLine,
    UploadState,
)
from tenshu.mechanisms.inquiry.queries import access_sheet
from tenshu.mechanisms.inquiry.ui.steps import page_of, trail_of
from tenshu.mechanisms.inquiry.workbook_out import sheet_workbook as workbook_of

SHOWN_CONFLICTS = 100
OURS, THEIRS = "ours", "theirs"
_COUNTED = (LineKind.NEW, LineKind.CHANGE, LineKind.REMOVE)


class WorkbookForm(Form):
    """The workbook that was filled in."""

    file = forms.FileField(
        label="記入したExcel",
        help_text=f"この照会票から取り出したExcel（.xlsx）。{LARGEST // (1024 * 1024)}MBまで",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
    )


@require_safe
def sheet_workbook(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """The sheet as a workbook; content that a room keeps itself goes out on the room's own page."""
    sheet = access_sheet(signed_in(request), sheet_id)
    if elsewhere := _elsewhere(sheet):
        return redirect(elsewhere)
    return workbook_download(sheet)


def workbook_download(sheet: Sheet) -> HttpResponse:
    """The sheet's questions and answers as a workbook, called after what was asked, of whom and when."""
    day = timezone.localdate()
    name = clean_name(f"{sheet.campaign}_{sheet.subject_name}_{day:%Y%m%d}.xlsx".replace("/", "・"))
    return download_bytes(workbook_of(sheet), name, CONTENT_TYPES["xlsx"])


@require_http_methods(["GET", "HEAD", "POST"])
def sheet_workbook_in(request: HttpRequest, sheet_id: int) -> HttpResponse:
    """Choose the workbook that was filled in."""
    user = signed_in(request)
    sheet = _own_sheet(request, user, sheet_id)
    if elsewhere := _elsewhere(sheet):
        return redirect(elsewhere)
    form = WorkbookForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
    )
    waiting = SheetUpload.objects.filter(sheet=sheet, created_by=user, state=UploadState.CHECKED)
    return answer_form(
        request,
        form,
        lambda values: do_check_workbook(sheet, values["file"], acting_user=user),
        template="inquiry/workbook_in.html",
        context={
            "sheet": sheet,
            "trail": trail_of(sheet),
            "is_open": _is_open(sheet),
            "word": sheet_word(sheet),
            "holder": holder_text(sheet),
            "waiting": waiting.first(),
            "back_url": page_of(sheet),
        },
        message=lambda upload: (
            "Excelを読みました。直すセルがあります。"
            if upload.counts[LineKind.ERROR]
            else "Excelを読みました。内容を確かめて、保存してください。"
        ),
        to=lambda upload: _check_url(upload),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def sheet_workbook_check(request: HttpRequest, sheet_id: int, sheet_upload_id: int) -> HttpResponse:
    """What taking the workbook would do; a POST takes it."""
    user = signed_in(request)
    upload = _upload(_own_sheet(request, user, sheet_id), sheet_upload_id)
    if upload.state != UploadState.CHECKED:
        messages.info(request, "このExcelは、もう取り込んだか、別のExcelに入れ直されています。")
        return redirect(page_of(upload.sheet))
    if request.method != "POST":
        return _page(request, upload)
    conflicts = upload.lines.filter(kind=LineKind.CONFLICT)
    chosen = {line.key for line in conflicts if request.POST.get(f"conflict-{line.pk}") == THEIRS}
    try:
        do_take_workbook(upload, chosen, acting_user=user)
    except WorkbookOutdated as outdated:
        do_check_again(upload, acting_user=user)
        messages.warning(request, outdated.messages[0])
        return redirect(request.path)
    except ValidationError as refused:
        return _page(request, upload, refused=refused.messages, chosen=chosen)
    messages.success(request, "Excelの内容を保存しました。続けてExcelで直すときは、取り出し直してください。")
    return redirect("inquiry:sheet-answer", sheet_id=sheet_id)


@require_safe
def sheet_workbook_marked(request: HttpRequest, sheet_id: int, sheet_upload_id: int) -> HttpResponse:
    """The workbook with its wrong cells in red and a list of them."""
    upload = _upload(_own_sheet(request, signed_in(request), sheet_id), sheet_upload_id)
    try:
        with store.open_content(upload.stored.sha256) as stream:
            content = stream.read()
    except FileNotFoundError as error:
        raise Http404 from error
    marked = marked_workbook(content, upload.name, list(upload.lines.filter(kind=LineKind.ERROR)))
    return download_bytes(marked, f"{upload.name.rpartition('.')[0]}_誤りの印.xlsx", CONTENT_TYPES["xlsx"])


def _own_sheet(request: HttpRequest, user: User, sheet_id: int) -> Sheet:
    """The sheet to be answered; who has handed it on is told who has it now, and that nothing was taken."""
    try:
        return access_sheet(user, sheet_id, "answer")
    except PermissionDenied as denied:
        sheet = access_sheet(user, sheet_id)
        raise PermissionDenied(
            f"この照会票は、いま{holder_text(sheet)}が担当しています。Excelの内容は取り込んでいません。"
        ) from denied


def _upload(sheet: Sheet, key: int) -> SheetUpload:
    found = SheetUpload.objects.select_related("stored", "created_by").filter(sheet=sheet, pk=key).first()
    if found is None:
        raise Http404
    found.sheet = sheet
    return found


def _elsewhere(sheet: Sheet) -> str:
    """Where a content that has no questions goes out and comes back."""
    return "" if sheet.campaign.version_id else contents()[sheet.campaign.content].workbook(sheet)


def _is_open(sheet: Sheet) -> bool:
    return sheet.campaign.state == CampaignState.OPEN and sheet.state == SheetState.ANSWERING


def _check_url(upload: SheetUpload) -> str:
    return reverse("inquiry:sheet-workbook-check", args=[upload.sheet_id, upload.pk])


class LineFilter(django_filters.FilterSet):
    """By what a line does."""

    kind = django_filters.ChoiceFilter(
        label="種類",
        empty_label="すべて",
        choices=[(kind.value, kind.label) for kind in (*_COUNTED, LineKind.SAME)],
    )

    class Meta:
        model = UploadLine
        fields: ClassVar[list[str]] = ["kind"]


class LineTable(Table[UploadLine]):
    """What would be saved, and what stays the same."""

    caption = "Excelの内容"
    counter = "か所"
    search = ("label", "before", "value", "where")
    search_label = "設問・内容で絞る"
    filterset_class = LineFilter
    page_size = 50
    file_name = "Excelの内容の確かめ"
    empty_title = "当たる内容はありません"
    columns = (
        Column(
            name="label", label="設問・行", heading=True, under=lambda line: line.header, under_label="項目"
        ),
        Column(name="kind", label="種類", value=lambda line: line.get_kind_display(), wrap=False),
        Column(name="before", label="いまの回答", show=linebreaksbr),
        Column(name="value", label="Excelの回答", show=linebreaksbr),
        Column(name="where", label="場所", show=cell_reference, wrap=False),
    )


def _page(
    request: HttpRequest,
    upload: SheetUpload,
    *,
    refused: list[str] | None = None,
    chosen: set[str] | None = None,
) -> HttpResponse:
    counts, sheet = upload.counts, upload.sheet
    has_errors = bool(counts.get(LineKind.ERROR))
    conflicts = list(upload.lines.filter(kind=LineKind.CONFLICT)) if not has_errors else []
    table: Table[Any]
    if has_errors:
        table = named_after(_AllErrors, "設問・行")(request, upload.lines.filter(kind=LineKind.ERROR))
    else:
        table = LineTable(request, upload.lines.filter(kind__in=[*_COUNTED, LineKind.SAME]))
    context = {
        "upload": upload,
        "sheet": sheet,
        "refused": refused or [],
        "has_errors": has_errors,
        "error_title": f"まだ何も取り込んでいません。誤りが {counts.get(LineKind.ERROR, 0):,}か所あります",
        "tiles": _tiles(counts),
        "conflicts": [_conflict(line, chosen or set()) for line in conflicts[:SHOWN_CONFLICTS]],
        "left_out": max(len(conflicts) - SHOWN_CONFLICTS, 0),
        "work": _work(counts),
        "trail": [
            *trail_of(sheet),
            Crumb("Excelから取り込む", reverse("inquiry:sheet-workbook-in", args=[sheet.pk])),
        ],
    }
    response = table.respond("inquiry/workbook_check.html", context)
    response.status_code = 422 if refused else response.status_code
    return response


class _AllErrors(ErrorTable):
    """Every wrong cell on one page."""

    page_size = 1_000
    file_name = "Excelの誤り"


def _tiles(counts: dict[str, int]) -> list[FigureTile]:
    anchors = {LineKind.CONFLICT: "#conflict-head"}
    return [
        FigureTile(kind.label, counts.get(kind.value, 0), anchors.get(kind, "#lines-head"), "か所")
        for kind in LineKind
        if counts.get(kind.value) or (kind in _COUNTED and not counts.get(LineKind.ERROR))
    ]


def _work(counts: dict[str, int]) -> str:
    told = [f"{kind.label}{counts[kind.value]:,}" for kind in _COUNTED if counts.get(kind.value)]
    return "、".join(f"{text}か所" for text in told)


def _conflict(line: UploadLine, chosen: set[str]) -> Conflict:
    return Conflict(
        name=f"conflict-{line.pk}",
        title=line.label,
        item=line.header,
        values=[
            ConflictValue("取り出した時の回答", linebreaksbr(line.sent) or "空"),
            ConflictValue("いまの回答（ほかの人が変えました）", linebreaksbr(line.before) or "空", OURS),
            ConflictValue("Excelの回答", linebreaksbr(line.value) or "空", THEIRS),
        ],
        chosen=THEIRS if line.key in chosen else OURS,
    )
