"""The files of a session."""

from django.http import Http404

from tenshu.ground.api.attachments import AttachmentOut
from tenshu.ground.api.paging import Page, Paging, page_of
from tenshu.ground.api.routes import ApiRequest, File, Query, UploadedFile
from tenshu.ground.files.actions import attach, detach
from tenshu.ground.files.queries import attachments_of
from tenshu.mechanisms.gathering.api.shapes import ROUTES, ReasonQuery
from tenshu.mechanisms.gathering.queries import access_gathering

FILES = "/gatherings/{int:gathering_id}/attachments"


@ROUTES.get(FILES, page="gathering:gathering-detail", gives=Page[AttachmentOut], summary="会議の資料")
def materials(request: ApiRequest, gathering_id: int, query: Query[Paging]) -> Page[AttachmentOut]:
    """The files that hang on a session."""
    gathering = access_gathering(request.person, gathering_id)
    return page_of(request, attachments_of(gathering), query, AttachmentOut.of)


@ROUTES.post(FILES, page="gathering:material-add", gives=AttachmentOut, summary="資料を付ける", status=201)
def material_add(request: ApiRequest, gathering_id: int, file: File[UploadedFile]) -> AttachmentOut:
    """Attach a file, by the same inspection as on the page."""
    gathering = access_gathering(request.person, gathering_id, "write")
    return AttachmentOut.of(attach(gathering, file, acting_user=request.person))


@ROUTES.delete(
    f"{FILES}/{{int:attachment_id}}", page="gathering:material-remove", gives=None, summary="資料を外す"
)
def material_remove(
    request: ApiRequest, gathering_id: int, attachment_id: int, query: Query[ReasonQuery]
) -> None:
    """Take a file off; the record keeps that it was there."""
    gathering = access_gathering(request.person, gathering_id, "write")
    attachment = attachments_of(gathering).filter(pk=attachment_id).first()
    if attachment is None:
        raise Http404
    detach(attachment, acting_user=request.person, reason=query.reason)
