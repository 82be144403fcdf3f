"""Reading of the register: systems with their owner as of a day."""

import datetime

from django.db.models import BigIntegerField, CharField, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from tenshu.ground.access.models import User
from tenshu.ground.access.queries import holds_any, own_units
from tenshu.ground.access.roles import DIVISION, EDITORS, READERS
from tenshu.ground.office.lineage import with_predecessors
from tenshu.ground.office.models import Unit
from tenshu.ground.systems.models import Ownership, System, SystemQuerySet

SEES_REGISTER = READERS | DIVISION
"""Who sees the register: those who see the whole office, heads and system officers."""


def systems_for(user: User) -> SystemQuerySet:
    """The systems that ``user`` may see: the whole register, or nothing."""
    return System.objects.all() if holds_any(user, SEES_REGISTER) else System.objects.none()


def owned_on(systems: SystemQuerySet, day: datetime.date) -> QuerySet[System]:
    """``systems`` with ``owner_then`` (key), ``owner_name``, ``owner_code``, ``department_name`` of ``day``.

    Where no ownership is recorded for the day, the present owner stands in.
    """
    then = Ownership.objects.as_of(day).filter(system=OuterRef("pk")).order_by("-valid_from")

    def of_owner(path: str) -> Coalesce:
        return Coalesce(Subquery(then.values(f"unit{path}")[:1]), F(f"owner{path}"), output_field=CharField())

    top = Coalesce(
        of_owner("__parent__parent__parent__name"),
        of_owner("__parent__parent__name"),
        of_owner("__parent__name"),
        of_owner("__name"),
    )
    return systems.annotate(
        owner_then=Coalesce(
            Subquery(then.values("unit_id")[:1]), F("owner_id"), output_field=BigIntegerField()
        ),
        owner_name=of_owner("__name"),
        owner_code=of_owner("__code"),
        department_name=top,
    )


def owner_on(system: System, day: datetime.date) -> Unit:
    """The division that owned ``system`` on ``day``; where none is recorded, the present one."""
    row = (
        Ownership.objects.as_of(day)
        .filter(system=system)
        .select_related("unit__parent__parent__parent")
        .order_by("-valid_from")
        .first()
    )
    return row.unit if row else system.owner


def may_edit(user: User, system: System) -> bool:
    """Whether ``user`` may change ``system``: the secretariat any, heads and officers their own."""
    if holds_any(user, EDITORS):
        return True
    return holds_any(user, DIVISION) and system.owner_id in editable_owners(user)


def editable_owners(user: User) -> frozenset[int]:
    """Keys of the units whose systems ``user`` may change as head or officer, former units included."""
    return with_predecessors(own_units(user)) if holds_any(user, DIVISION) else frozenset()
