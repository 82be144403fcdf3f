"""Attachments over the API; the record that a file hangs on decides, by its own gate."""

from django.http import FileResponse, Http404

from tenshu.ground.api.attachments import AttachmentOut
from tenshu.ground.api.routes import ApiRequest, Routes
from tenshu.ground.files.models import Attachment
from tenshu.ground.files.queries import access_attachment
from tenshu.ground.files.responses import download

ROUTES = Routes("files", "添付")
PAGE = "files:attachment-download"


def _seen(request: ApiRequest, attachment_id: int) -> Attachment:
    attachment = access_attachment(request.person, attachment_id)
    if attachment is None:
        raise Http404
    return attachment


@ROUTES.get("/attachments/{int:attachment_id}", page=PAGE, gives=AttachmentOut, summary="添付", personal=True)
def attachment_detail(request: ApiRequest, attachment_id: int) -> AttachmentOut:
    """Name, kind, size and hash of a file."""
    return AttachmentOut.of(_seen(request, attachment_id))


@ROUTES.get("/attachments/{int:attachment_id}/content", page=PAGE, gives=bytes, summary="添付の中身")
def attachment_content(request: ApiRequest, attachment_id: int) -> FileResponse:
    """The file itself, as a download."""
    attachment = _seen(request, attachment_id)
    return download(attachment.stored, attachment.name)
