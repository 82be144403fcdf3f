"""What inquiries know of a session that is a hearing (see ``mechanisms.gathering.links``)."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from tenshu.ground.access.models import User
from tenshu.ground.audit.writing import change
from tenshu.mechanisms.gathering.links import GatheringLink
from tenshu.mechanisms.gathering.models import Gathering
from tenshu.mechanisms.inquiry.models import HearingNeed
from tenshu.mechanisms.inquiry.queries import sheets_for


def link_of(gathering: Gathering, user: User) -> GatheringLink | None:
    """The sheet that is heard about."""
    need = (
        HearingNeed.objects.filter(gathering=gathering.pk, sheet__in=sheets_for(user))
        .select_related("sheet__campaign")
        .first()
    )
    if need is None:
        return None
    return GatheringLink("照会", str(need.sheet), reverse("inquiry:sheet-detail", args=[need.sheet_id]))


def opened_to(user: User) -> QuerySet[HearingNeed, Any]:
    """The hearings about sheets that ``user`` sees."""
    return HearingNeed.objects.filter(sheet__in=sheets_for(user), gathering__isnull=False).values("gathering")


def release(gathering: Gathering, *, acting_user: User, reason: str) -> None:
    """The session is removed: the need stays open."""
    for need in HearingNeed.objects.filter(gathering=gathering.pk):
        change(need, {"gathering": None}, "inquiry.hearing_flagged", acting_user=acting_user, reason=reason)
