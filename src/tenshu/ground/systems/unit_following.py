"""When a unit ends, its systems follow the main successor."""

import datetime

from tenshu.ground.access.models import User
from tenshu.ground.office.models import Unit
from tenshu.ground.systems.actions import do_change_owner
from tenshu.ground.systems.models import System


def follow(unit: Unit, successor: Unit, on: datetime.date, acting_user: User) -> None:
    """Hand the systems of ``unit`` that still run on ``on`` to ``successor``."""
    for system in System.objects.filter(owner=unit).exclude(ended_on__lt=on):
        do_change_owner(system, successor, on, acting_user=acting_user)
