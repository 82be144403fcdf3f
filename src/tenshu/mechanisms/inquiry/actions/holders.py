"""Sheets handed to one person go back to the division when that person has moved on."""

import datetime

from django.db import transaction
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.office.lineage import with_predecessors
from tenshu.ground.office.models import Post
from tenshu.mechanisms.inquiry.actions.steps import do_hand_back
from tenshu.mechanisms.inquiry.models import CampaignState, Sheet, SheetState, StepKind


@transaction.atomic
def do_hand_back_left(day: datetime.date, *, acting_user: User) -> int:
    """Hand back every sheet whose holder works on ``day`` in none of the units of the day of the delegation.

    What these units became counts as the same unit; who had no post then is left alone. Returns how many went back.
    """
    held = Sheet.objects.filter(
        campaign__state=CampaignState.OPEN, state=SheetState.ANSWERING, holder__isnull=False
    )
    gone = 0
    for sheet in held.select_related("campaign", "holder").order_by("pk"):
        step = sheet.steps.filter(kind=StepKind.DELEGATED).latest("at", "pk")
        then = _units(sheet.holder_id, timezone.localdate(step.at))
        if then and not then & with_predecessors(_units(sheet.holder_id, day)):
            do_hand_back(sheet, f"{sheet.holder}の異動・退職のため", acting_user=acting_user)
            gone += 1
    return gone


def _units(staff_id: int | None, day: datetime.date) -> frozenset[int]:
    return frozenset(Post.objects.as_of(day).filter(staff=staff_id).values_list("unit_id", flat=True))
