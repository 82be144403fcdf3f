"""The answers when a page cannot be shown: 403, 404, 500. For htmx they are a banner."""

import logging
import secrets

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from tenshu.ground.access.keeping import typed_in
from tenshu.ground.ui.refilling import texts_of
from tenshu.ground.ui.sheets import sheet_urls

logger = logging.getLogger(__name__)

_NOT_SAVED = "入力した内容は保存していません。この画面に残っているうちに、要るものを写してください。"

_FORBIDDEN = (
    "あなたの役割では、この画面を開いたり直したりすることはできません。要るときは、事務局に伝えてください。"
)
_MISSING = (
    "番号が違うか、見る権限がありません。",
    "所属や役割が変わったばかりのときは、事務局に伝えてください。",
)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: a reader who may not write. The text of ``PermissionDenied("…")`` says why."""
    reason = str(exception) if exception and str(exception) else _FORBIDDEN
    return _problem(request, 403, "この画面を使う権限がありません", (reason,), tone="warning")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing here, or nothing that this person may know of."""
    return _problem(request, 404, "このページはありません", _MISSING, tone="warning")


def server_error(request: HttpRequest) -> HttpResponse:
    """500: stands alone (no database, no session), with a number that leads to the line in the log."""
    number = secrets.token_hex(3)
    # The route, never the path: that holds keys, and whatever a stranger types.
    route = request.resolver_match.view_name if request.resolver_match else "none"
    logger.error("画面を作れませんでした。番号 %s %s", number, route, exc_info=True)
    try:
        sheets = sheet_urls()
    except (ValueError, SuspiciousOperation):
        # A missing manifest must not hide the message: the page works without its style.
        sheets = []
    page = render_to_string("ui/errors/500.html", {"number": number, "sheets": sheets})
    return HttpResponse(page, status=500)


def _problem(
    request: HttpRequest, status: int, title: str, lines: tuple[str, ...], *, tone: str
) -> HttpResponse:
    typed = typed_in(request)
    texts = texts_of(typed)
    if texts:
        lines = (*lines, _NOT_SAVED)
    context = {"title": title, "lines": lines, "tone": tone, "texts": texts}
    template = "ui/errors/fragment.html" if getattr(request, "htmx", False) else "ui/errors/problem.html"
    return render(request, template, context, status=status)
