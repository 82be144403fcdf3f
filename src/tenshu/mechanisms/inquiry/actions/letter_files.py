"""The files that go with the covering letter (依頼文の添付)."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction

from tenshu.ground.access.models import User
from tenshu.ground.files.actions import attach, detach
from tenshu.ground.files.models import Attachment
from tenshu.mechanisms.inquiry.actions.campaigns import lock_campaign
from tenshu.mechanisms.inquiry.models import Campaign, CampaignState


@transaction.atomic
def do_change_letter_files(
    campaign: Campaign, upload: File[bytes] | None, gone: Sequence[Attachment], *, acting_user: User
) -> int:
    """Hang ``upload`` on the campaign and take ``gone`` off; returns how many files were touched.

    Raises:
        FileRefused: the file is not taken.
        ValidationError: the campaign is over.
    """
    locked = lock_campaign(campaign)
    if locked.state == CampaignState.CLOSED:
        raise ValidationError("締め切った照会の添付は変えられません。")
    for attachment in gone:
        detach(attachment, acting_user=acting_user, reason="依頼文から外した")
    if upload is not None:
        attach(locked, upload, acting_user=acting_user)
    return len(gone) + (upload is not None)
