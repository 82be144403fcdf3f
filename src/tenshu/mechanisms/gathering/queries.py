"""Readers of sessions, and the gate to one."""

import datetime

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.access.queries import holds_any, own_units
from tenshu.ground.access.roles import EDITORS
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.office.lineage import with_predecessors
from tenshu.ground.office.models import Unit
from tenshu.ground.office.queries import division_of
from tenshu.mechanisms.gathering.models import ActionItem, Gathering, GatheringState

HOST = "host__parent__parent__parent"


def units_of(user: User) -> frozenset[int]:
    """Keys of ``user``'s units today, with those that they came from."""
    return with_predecessors(own_units(user))


def may_write(user: User, gathering: Gathering) -> bool:
    """The secretariat writes all sessions, a hosting division its own, its successors what they took over."""
    return holds_any(user, EDITORS) or gathering.host_id in units_of(user)


def may_host(user: User, unit: Unit) -> bool:
    """Whether ``user`` may enter sessions of ``unit``: the own one, what it came from or what it becomes."""
    return not units_of(user).isdisjoint(with_predecessors([unit.pk]))


def own_host(user: User) -> Unit | None:
    """The division in which ``user`` works today, the likely host of a session."""
    return division_of(user.staff, timezone.localdate()) if user.staff is not None else None


def access_gathering(user: User, pk: int, action: str = "read") -> Gathering:
    """The session, if ``user`` may ``read`` or ``write`` it; 404 for a stranger, 403 for a reader who may not write."""
    gathering = Gathering.objects.for_user(user).select_related(HOST).filter(pk=pk).first()
    if gathering is None:
        raise Http404
    if action == "write" and not may_write(user, gathering):
        raise PermissionDenied("直せるのは、事務局と開催所属です。")
    return gathering


def access_action_item(user: User, pk: int, action: str = "write") -> ActionItem:
    """Something to do after a session: who writes the session may ``write`` it, its owners may ``finish`` it."""
    item = ActionItem.objects.select_related("gathering", "owner_unit", "owner").filter(pk=pk).first()
    if item is None:
        raise Http404
    gathering = access_gathering(user, item.gathering_id)
    if not (may_write(user, gathering) or (action == "finish" and may_finish(user, item))):
        raise PermissionDenied("直せるのは、事務局と開催所属です。完了にできるのは、担当所属もです。")
    return item


def may_finish(user: User, item: ActionItem) -> bool:
    """Whether the item is ``user``'s own, or of ``user``'s units."""
    if user.staff_id is not None and item.owner_id == user.staff_id:
        return True
    return item.owner_unit_id in units_of(user)


def gatherings_in(year: FiscalYear, user: User) -> QuerySet[Gathering]:
    """The sessions of a fiscal year that ``user`` may see, the newest first."""
    return Gathering.objects.for_user(user).filter(held_on__range=(year.start, year.end)).select_related(HOST)


def open_action_items(user: User) -> QuerySet[ActionItem]:
    """What ``user``'s units still have to do after sessions, the earliest due first."""
    return (
        ActionItem.objects.filter(done_on__isnull=True, owner_unit_id__in=units_of(user))
        .select_related("gathering", "owner_unit")
        .order_by("due", "pk")
    )


def past_and_planned(day: datetime.date) -> QuerySet[Gathering]:
    """Sessions whose day is over on ``day`` and of which nobody has said whether they took place."""
    return Gathering.objects.filter(state=GatheringState.PLANNED, held_on__lt=day).order_by("held_on", "pk")
