"""Reminders of action items (宿題)."""

import datetime
from collections.abc import Iterator

from django.urls import reverse

from tenshu.ground.notices.reminders import Debt, Ladder
from tenshu.mechanisms.gathering.models import ActionItem
from tenshu.mechanisms.gathering.notice_kinds import ACTION_DUE

#: Nobody is chased for what was left open longer ago: that is a matter for a talk, not for a mail.
_LOOK_BACK = datetime.timedelta(days=90)
_LOOK_AHEAD = datetime.timedelta(days=14)


def open_items(day: datetime.date) -> Iterator[Debt]:
    """Action items with a due date round ``day`` that are not done."""
    items = ActionItem.objects.filter(
        done_on=None, due__gte=day - _LOOK_BACK, due__lte=day + _LOOK_AHEAD
    ).select_related("gathering", "owner", "owner_unit__parent__parent__parent")
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
