"""What the task force knows of a session that is one of its meetings (see ``mechanisms.gathering.links``)."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from tenshu.dx.taskforce.models import Meeting
from tenshu.dx.taskforce.queries import visible_groups, visible_meetings
from tenshu.ground.access.models import User
from tenshu.ground.access.queries import holds_any
from tenshu.ground.access.roles import EDITORS
from tenshu.ground.audit.writing import remove
from tenshu.mechanisms.gathering.links import GatheringLink
from tenshu.mechanisms.gathering.models import Gathering


def link_of(gathering: Gathering, user: User) -> GatheringLink | None:
    """The meeting behind the session, and the page of its group."""
    meeting = (
        Meeting.objects.select_related("working_group", "task_force")
        .filter(gathering_id=gathering.pk)
        .first()
    )
    if meeting is None:
        return None
    url = reverse("taskforce:overview")
    group = meeting.working_group
    if group is not None and visible_groups(user).filter(pk=group.pk).exists():
        url = reverse("taskforce:group-detail", args=[group.pk])
    correct = reverse("taskforce:meeting-correct", args=[meeting.pk]) if holds_any(user, EDITORS) else ""
    return GatheringLink("タスクフォース", str(meeting), url, correct)


def opened_to(user: User) -> QuerySet[Meeting, Any]:
    """The sessions of the meetings that concern the groups of ``user``'s units."""
    return visible_meetings(user).values("gathering")


def release(gathering: Gathering, *, acting_user: User, reason: str) -> None:
    """Remove the meeting of a session that is being removed."""
    meeting = Meeting.objects.filter(gathering_id=gathering.pk).first()
    if meeting is not None:
        remove(meeting, "taskforce.meeting_removed", acting_user=acting_user, reason=reason)
