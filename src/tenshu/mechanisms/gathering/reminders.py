"""Reminders of action items (宿題)."""

import datetime
from collections.abc import Iterator

from django.urls import reverse

from tenshu.ground.notices.reminders import Debt, Ladder
from tenshu.mechanisms.gathering.models import ActionItem
from tenshu.mechanisms.gathering.notice_kinds import ACTION_DUE


def open_items(day: datetime.date) -> Iterator[Debt]:
    """Action items with a due date that are not done, however far it is: one that was moved away is still owed."""
    items = ActionItem.objects.filter(done_on=None, due__isnull=False).select_related(
        "gathering", "owner", "owner_unit__parent__parent__parent"
    )
    for item in items.order_by("due", "pk"):
        if item.due is not None:
            yield Debt(
                about=item,
                title=item.text[:80],
                url=reverse("gathering:gathering-detail", args=[item.gathering_id]),
                due=item.due,
                unit=item.owner_unit,
                staff=item.owner,
            )


LADDERS = [Ladder(key="gathering.action-item", kind=ACTION_DUE, debts=open_items)]
