"""How a stored content leaves the house."""

from django.http import FileResponse, Http404, HttpResponse
from django.utils.http import content_disposition_header

from tenshu.ground.files import store
from tenshu.ground.files.models import StoredFile


def download(stored: StoredFile, name: str) -> FileResponse:
    """``stored`` as a download called ``name``; 404 when the store has lost it."""
    try:
        stream = store.open_content(stored.sha256)
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(stream, as_attachment=True, filename=name, content_type=stored.content_type)
    return _guarded(response)


def download_bytes(content: bytes, name: str, content_type: str) -> HttpResponse:
    """``content`` made on the spot as a download called ``name``."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return _guarded(response)


def _guarded[R: HttpResponse | FileResponse](response: R) -> R:
    """No browser may guess another type or run what is inside; no cache in between keeps it."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response
