"""Readers of sessions, and the gate to one."""

import datetime

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from tenshu.ground.access.models import User
from tenshu.ground.access.queries import holds_any, own_units
from tenshu.ground.access.roles import EDITORS
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.mechanisms.gathering.models import ActionItem, Gathering


def may_write(user: User, gathering: Gathering) -> bool:
    """The secretariat writes all sessions, a hosting division its own."""
    return holds_any(user, EDITORS) or gathering.host_id in own_units(user)


def access_gathering(user: User, pk: int, action: str = "read") -> Gathering:
    """The session, if ``user`` may ``read`` or ``write`` it; 404 for a stranger, 403 for a reader who may not write."""
    gathering = Gathering.objects.for_user(user).select_related("host__parent").filter(pk=pk).first()
    if gathering is None:
        raise Http404
    if action == "write" and not may_write(user, gathering):
        raise PermissionDenied
    return gathering


def gatherings_in(year: FiscalYear, user: User) -> QuerySet[Gathering]:
    """The sessions of a fiscal year that ``user`` may see, the newest first."""
    return Gathering.objects.for_user(user).filter(held_on__range=(year.start, year.end)).select_related("host__parent")


def open_action_items(user: User, day: datetime.date) -> QuerySet[ActionItem]:
    """What ``user``'s units still have to do after sessions, the earliest due first."""
    return (
        ActionItem.objects.filter(done_on__isnull=True, owner_unit_id__in=own_units(user, day))
        .select_related("gathering", "owner_unit")
        .order_by("due", "pk")
    )
