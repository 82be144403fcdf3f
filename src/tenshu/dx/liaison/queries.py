"""Readers of conferences."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from tenshu.dx.liaison.models import Conference, ConferenceSession, Scope
from tenshu.ground.access.models import User
from tenshu.ground.access.queries import holds_any
from tenshu.ground.access.roles import EDITORS
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.mechanisms.gathering.models import GatheringState


def sessions_in(year: FiscalYear) -> QuerySet[ConferenceSession]:
    """All conferences of the year, in order of date."""
    return (
        ConferenceSession.objects.filter(gathering__held_on__range=(year.start, year.end))
        .select_related("conference", "gathering__host__parent__parent__parent")
        .order_by("gathering__held_on", "pk")
    )


def sessions_held(year: FiscalYear, scope: Scope) -> QuerySet[ConferenceSession]:
    """Conferences of that scope that took place in the year."""
    return sessions_in(year).filter(conference__scope=scope, gathering__state=GatheringState.HELD)


def access_conference(user: User, pk: int, action: str = "read") -> Conference:
    """A conference series; the secretariat writes."""
    found = Conference.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    if action == "write" and not holds_any(user, EDITORS):
        raise PermissionDenied("直せるのは事務局です。")
    return found


def access_session(user: User, pk: int, action: str = "read") -> ConferenceSession:
    """One conference; the secretariat writes."""
    found = (
        ConferenceSession.objects.select_related("conference", "gathering__host__parent__parent__parent")
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    if action == "write" and not holds_any(user, EDITORS):
        raise PermissionDenied("直せるのは事務局です。")
    return found
