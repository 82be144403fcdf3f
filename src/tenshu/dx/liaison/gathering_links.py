"""What the liaison knows of a session that is a conference (see ``mechanisms.gathering.links``)."""

from django.urls import reverse

from tenshu.dx.liaison.models import ConferenceSession
from tenshu.ground.access.models import User
from tenshu.ground.access.queries import holds_any
from tenshu.ground.access.roles import EDITORS
from tenshu.ground.audit.writing import remove
from tenshu.mechanisms.gathering.links import GatheringLink
from tenshu.mechanisms.gathering.models import Gathering


def link_of(gathering: Gathering, user: User) -> GatheringLink | None:
    """The conference behind the session: every reader of the room may open it."""
    found = ConferenceSession.objects.select_related("conference").filter(gathering_id=gathering.pk).first()
    if found is None:
        return None
    correct = reverse("liaison:session-correct", args=[found.pk]) if holds_any(user, EDITORS) else ""
    url = reverse("liaison:session-detail", args=[found.pk])
    return GatheringLink("他都道府県との連絡調整", str(found), url, correct)


def release(gathering: Gathering, *, acting_user: User, reason: str) -> None:
    """Remove the conference of a session that is being removed."""
    found = ConferenceSession.objects.filter(gathering_id=gathering.pk).first()
    if found is not None:
        remove(found, "liaison.session_removed", acting_user=acting_user, reason=reason)
