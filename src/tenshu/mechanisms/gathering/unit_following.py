"""When a unit ends, its coming sessions and what it still has to do follow the main successor."""

import datetime

from tenshu.ground.access.models import User
from tenshu.ground.audit.writing import change_many
from tenshu.ground.office.models import Unit
from tenshu.mechanisms.gathering.models import ActionItem, Gathering, GatheringState


def follow(unit: Unit, successor: Unit, on: datetime.date, acting_user: User) -> None:
    """Hand planned sessions from ``on`` and open action items over; what is past keeps the unit that did it."""
    sessions = Gathering.objects.filter(host=unit, state=GatheringState.PLANNED, held_on__gte=on)
    change_many(
        [(session, {"host": successor}) for session in sessions],
        "gathering.followed",
        acting_user=acting_user,
    )
    items = ActionItem.objects.filter(owner_unit=unit, done_on__isnull=True)
    change_many(
        [(item, {"owner_unit": successor}) for item in items],
        "gathering.action_followed",
        acting_user=acting_user,
    )
