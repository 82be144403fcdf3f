"""Pages of a table: choose a file, take the table out; and the history of all imports."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from tenshu.ground.access.gates import signed_in
from tenshu.ground.access.models import User
from tenshu.ground.exchange.actions import do_preview
from tenshu.ground.exchange.export import CONTENT_TYPES
from tenshu.ground.exchange.models import ImportRun, RunState
from tenshu.ground.exchange.outgoing import export_spec
from tenshu.ground.exchange.queries import Reach, access_run, access_table
from tenshu.ground.exchange.spec import TableSpec
from tenshu.ground.exchange.ui.forms import UploadForm
from tenshu.ground.exchange.ui.links import import_session, way_back
from tenshu.ground.exchange.ui.tables import RunTable
from tenshu.ground.files.refusals import FileRefused
from tenshu.ground.files.responses import download_bytes


@require_safe
def run_list(request: HttpRequest) -> HttpResponse:
    """取込の履歴."""
    runs = ImportRun.objects.for_user(signed_in(request)).select_related("created_by")
    return RunTable(request, runs).respond("exchange/run_list.html")


@require_http_methods(["GET", "HEAD", "POST"])
def table_import(request: HttpRequest, table_name: str) -> HttpResponse:
    """表を取り込む: choose the file."""
    user = signed_in(request)
    spec, reach = access_table(user, table_name, request.GET.get("scope", ""))
    if spec is None:
        raise Http404
    if reach is not Reach.IMPORT:
        raise PermissionDenied("この表は見ることはできますが、取り込むことはできません。")
    earlier = _replaced_run(request, user, spec)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            run = do_preview(spec, form.cleaned_data["file"], acting_user=user, replaces=earlier)
        except FileRefused as refused:
            form.add_error("file", refused.message)
        else:
            return redirect("exchange:run-detail", run_id=run.pk)
    recent = ImportRun.objects.for_user(user).filter(spec=spec.name, scope=spec.scope)
    context = {
        "spec": spec,
        "form": form,
        "earlier": earlier,
        "links": import_session(request, spec),
        "back": way_back(spec),
        "recent": recent.exclude(state=RunState.REPLACED)[:5],
    }
    return render(request, "exchange/table_import.html", context, status=422 if form.errors else 200)


@require_safe
def table_export(request: HttpRequest, table_name: str) -> HttpResponse:
    """表をExcelかCSVに取り出す."""
    user = signed_in(request)
    spec, _ = access_table(user, table_name, request.GET.get("scope", ""))
    if spec is None:
        raise Http404
    if not spec.may_export(user):
        raise PermissionDenied("この表を取り出すことはできません。")
    kind = "csv" if request.GET.get("kind") == "csv" else "xlsx"
    content = export_spec(spec, user, kind)  # type: ignore[arg-type]
    return download_bytes(content, f"{spec.title}_{timezone.localdate():%Y%m%d}.{kind}", CONTENT_TYPES[kind])


def _replaced_run(request: HttpRequest, user: User, spec: TableSpec) -> ImportRun | None:
    """The earlier try that this file replaces: ``?replaces=`` of an own open import of the same table."""
    text = request.GET.get("replaces", "")
    run = access_run(user, int(text)) if text.isdecimal() and len(text) < 18 else None
    return (
        run if run is not None and run.is_open and (run.spec, run.scope) == (spec.name, spec.scope) else None
    )
