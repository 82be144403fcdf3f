"""When a unit ends, its open sheets follow the main successor."""

import datetime

from tenshu.ground.access.models import User
from tenshu.ground.audit.writing import change_many
from tenshu.ground.office.models import Unit
from tenshu.mechanisms.inquiry.models import CampaignState, Sheet, SheetState

OPEN = frozenset({SheetState.ANSWERING, SheetState.CHECKING, SheetState.COLLECTING})


def follow(unit: Unit, successor: Unit, on: datetime.date, acting_user: User) -> None:
    """Hand open sheets over to ``successor``; accepted ones keep the unit that answered."""
    open_ = Sheet.objects.filter(
        state__in=OPEN, campaign__state__in=[CampaignState.OPEN, CampaignState.CLOSED]
    )
    for field in ("respondent", "holder_unit"):
        change_many(
            [(sheet, {field: successor}) for sheet in open_.filter(**{field: unit})],
            "inquiry.sheet_followed",
            acting_user=acting_user,
        )
