"""When a unit ends, its open needs follow the main successor."""

import datetime

from tenshu.dx.ict_needs.models import Need, NeedState
from tenshu.ground.access.models import User
from tenshu.ground.audit.writing import change_many
from tenshu.ground.office.models import Unit

OVER = frozenset({NeedState.DONE, NeedState.DECLINED})


def follow(unit: Unit, successor: Unit, on: datetime.date, acting_user: User) -> None:
    """Hand open needs over; what is finished keeps the unit that asked."""
    open_ = Need.objects.filter(unit=unit).exclude(state__in=OVER)
    change_many(
        [(need, {"unit": successor}) for need in open_],
        "ict_needs.need_followed",
        acting_user=acting_user,
    )
