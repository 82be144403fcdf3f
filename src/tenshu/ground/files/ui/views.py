"""The download of an attachment: never shown in the browser, always saved."""

from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from tenshu.ground.access.models import User
from tenshu.ground.files.queries import access_attachment
from tenshu.ground.files.responses import download


@require_safe
def attachment_download(request: HttpRequest, attachment_id: int) -> FileResponse:
    """添付を保存する."""
    user = request.user
    attachment = access_attachment(user, attachment_id) if isinstance(user, User) else None
    if attachment is None:
        raise Http404
    return download(attachment.stored, attachment.name)
