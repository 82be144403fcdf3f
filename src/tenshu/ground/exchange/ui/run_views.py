"""Pages of one import: what it would do, the choices, carrying it out or giving it up."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from tenshu.ground.access.gates import signed_in
from tenshu.ground.exchange.actions import (
    ImportRefused,
    PreviewOutdated,
    do_cancel,
    do_choose,
    do_commit,
    do_refresh_preview,
)
from tenshu.ground.exchange.error_report import marked_workbook
from tenshu.ground.exchange.export import CONTENT_TYPES
from tenshu.ground.exchange.models import ImportRun
from tenshu.ground.exchange.plan import Side
from tenshu.ground.exchange.preview import choices_of
from tenshu.ground.exchange.queries import Reach, access_run, reach_of
from tenshu.ground.exchange.registry import find_table
from tenshu.ground.exchange.ui.parts import PARTS, page_of
from tenshu.ground.files import store
from tenshu.ground.files.refusals import FileRefused
from tenshu.ground.files.responses import download, download_bytes


def _run(request: HttpRequest, run_id: int, *, writing: bool = False) -> ImportRun:
    user = signed_in(request)
    run = access_run(user, run_id)
    if run is None:
        raise Http404
    if writing and reach_of(user, find_table(run.spec, run.scope)) is not Reach.IMPORT:
        raise PermissionDenied("この表を取り込むことはできません。")
    return run


@require_safe
def run_detail(request: HttpRequest, run_id: int, part: str = "") -> HttpResponse:
    """取り込む前の確かめ, and what an import did."""
    run = _run(request, run_id)
    if part and part not in PARTS:
        raise Http404
    return page_of(request, run, part)


@require_POST
def run_choose(request: HttpRequest, run_id: int) -> HttpResponse:
    """Keep how the conflicts on the page were decided, or decide all that are left at once."""
    run = _run(request, run_id, writing=True)
    chosen = {}
    everything = request.POST.get("rest", "")
    decided = choices_of(run)
    for cell in run.cells.filter(is_conflict=True):
        pair = (cell.key_text, cell.column)
        side = request.POST.get(f"conflict-{cell.pk}", "")
        if not side and pair not in decided:
            side = everything
        if side in set(Side):
            chosen[pair] = Side(side)
    if chosen:
        try:
            do_choose(run, chosen, acting_user=signed_in(request))
        except ImportRefused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, "選び方を残しました。")
    page = request.POST.get("page", "")
    url = reverse("exchange:run-detail", args=[run.pk, "conflicts"])
    return redirect(f"{url}?page={page}" if page.isdecimal() else url)


@require_POST
def run_commit(request: HttpRequest, run_id: int) -> HttpResponse:
    """Carry the import out."""
    run = _run(request, run_id, writing=True)
    try:
        do_commit(run, acting_user=signed_in(request))
    except PreviewOutdated as outdated:
        _look_again(request, run, str(outdated), messages.WARNING)
    except ImportRefused as refused:
        messages.error(request, str(refused))
    return redirect("exchange:run-detail", run_id=run.pk)


def _look_again(request: HttpRequest, run: ImportRun, told: str, level: int) -> None:
    """Plan anew and say ``told``; or what stands against it: somebody may have carried the import out meanwhile."""
    try:
        do_refresh_preview(run, acting_user=signed_in(request))
    except (ImportRefused, FileRefused) as refused:
        messages.error(request, str(refused))
    else:
        messages.add_message(request, level, told)


@require_POST
def run_refresh(request: HttpRequest, run_id: int) -> HttpResponse:
    """Look again at what the import would do now."""
    run = _run(request, run_id, writing=True)
    _look_again(request, run, "いまの登録と比べ直しました。", messages.SUCCESS)
    return redirect("exchange:run-detail", run_id=run.pk)


@require_POST
def run_cancel(request: HttpRequest, run_id: int) -> HttpResponse:
    """Give the import up."""
    run = _run(request, run_id, writing=True)
    do_cancel(run, acting_user=signed_in(request))
    messages.success(request, "取込をやめました。登録は何も変わっていません。")
    return redirect("exchange:run-detail", run_id=run.pk)


@require_safe
def run_marked(request: HttpRequest, run_id: int) -> HttpResponse:
    """The file with its wrong cells in red and a list of them."""
    run = _run(request, run_id)
    try:
        with store.open_content(run.stored.sha256) as stream:
            content = stream.read()
    except FileNotFoundError as error:
        raise Http404 from error
    marked = marked_workbook(content, run.name, list(run.errors.all()))
    stem = run.name.rpartition(".")[0]
    return download_bytes(marked, f"{stem}_誤りの印.xlsx", CONTENT_TYPES["xlsx"])


@require_safe
def run_file(request: HttpRequest, run_id: int) -> FileResponse:
    """The file as it came."""
    run = _run(request, run_id)
    return download(run.stored, run.name)
