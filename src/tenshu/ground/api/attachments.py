"""A file that hangs on a record, as every room answers it."""

import datetime

from tenshu.ground.api.values import Out, PersonRef
from tenshu.ground.files.models import Attachment


class AttachmentOut(Out):
    """An attachment; its content is at ``/attachments/{id}/content``."""

    id: int
    name: str
    size: int
    content_type: str
    sha256: str
    uploaded_at: datetime.datetime
    uploaded_by: PersonRef

    @classmethod
    def of(cls, attachment: Attachment) -> "AttachmentOut":
        """The attachment as it is answered."""
        return cls(
            id=attachment.pk,
            name=attachment.name,
            size=attachment.stored.size,
            content_type=attachment.stored.content_type,
            sha256=attachment.stored.sha256,
            uploaded_at=attachment.uploaded_at,
            uploaded_by=PersonRef.of(attachment.uploaded_by),
        )
