"""Readers of ICT needs, and the gate to one."""

from collections.abc import Iterable, Mapping

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from tenshu.dx.ict_needs.models import Need, NeedState
from tenshu.ground.access.models import User
from tenshu.ground.access.queries import holds_any, own_units
from tenshu.ground.access.roles import DIVISION, EDITORS, READERS
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.office.lineage import with_predecessors
from tenshu.ground.office.models import Unit, UnitKind

PARENTS = "unit__parent__parent__parent"


def needs_for(user: User) -> QuerySet[Need]:
    """Readers see all needs, heads and officers those of their units and of what these came from."""
    if holds_any(user, READERS):
        return Need.objects.all()
    if not holds_any(user, DIVISION):
        return Need.objects.none()
    return Need.objects.filter(unit__in=with_predecessors(own_units(user)))


def access_need(user: User, pk: int, action: str = "read") -> Need:
    """A need to ``read``, to ``correct`` (its division while received, the secretariat) or to ``decide`` (secretariat)."""
    found = needs_for(user).select_related(PARENTS, "hearing", "sheet__campaign").filter(pk=pk).first()
    if found is None:
        raise Http404
    if action == "correct" and not may_correct(user, found):
        raise PermissionDenied("直せるのは、受付のあいだの所属と、事務局です。")
    if action == "decide" and not holds_any(user, EDITORS):
        raise PermissionDenied("判断を書けるのは、事務局です。")
    return found


def may_correct(user: User, need: Need) -> bool:
    """Whether ``user`` may change what was asked for."""
    if holds_any(user, EDITORS):
        return True
    return holds_any(user, DIVISION) and need.state == NeedState.RECEIVED


def needs_of(year: FiscalYear) -> QuerySet[Need]:
    """All needs of the year."""
    return Need.objects.filter(fiscal_year=year.year).select_related(PARENTS)


def departments_of(needs: Iterable[Need]) -> Mapping[int, Unit]:
    """The department of each need's unit, by key of unit; the unit itself where it stands under none."""
    found: dict[int, Unit] = {}
    for need in needs:
        unit = need.unit
        while unit.parent is not None and unit.kind != UnitKind.DEPARTMENT:
            unit = unit.parent
        found[need.unit_id] = unit
    return found


def departments_that_answered(year: FiscalYear) -> QuerySet[Unit]:
    """The departments of which at least one task was submitted in the year."""
    return Unit.objects.filter(pk__in={unit.pk for unit in departments_of(needs_of(year)).values()})


def finished_with_effect(year: FiscalYear) -> QuerySet[Need]:
    """Finished needs of the year whose hours before and after are known."""
    return needs_of(year).filter(state=NeedState.DONE, hours__isnull=False, hours_after__isnull=False)
