"""Reading of the register: systems with their owner as of a day."""

import datetime

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from tenshu.ground.access.models import User
from tenshu.ground.access.queries import holds_any, own_units
from tenshu.ground.access.roles import DIVISION, EDITORS, READERS
from tenshu.ground.office.lineage import with_predecessors
from tenshu.ground.office.models import Unit
from tenshu.ground.office.queries import LEVELS
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
    holds = Q(ownerships__valid_from__lte=day) & (
        Q(ownerships__valid_until__isnull=True) | Q(ownerships__valid_until__gte=day)
    )
    later = Ownership.objects.as_of(day).filter(
        system=OuterRef("pk"), valid_from__gt=OuterRef("ownership_then__valid_from")
    )

    def of_owner(field: str) -> Coalesce:
        return Coalesce(F(f"ownership_then__unit__{field}"), F(f"owner__{field}"))

    # The topmost unit over the owner of the day; only where there was none over the present one.
    tops = [
        F(f"{owner}__{'parent__' * levels}name")
        for owner in ("ownership_then__unit", "owner")
        for levels in reversed(range(LEVELS))
    ]
    return (
        systems.annotate(ownership_then=FilteredRelation("ownerships", condition=holds))
        # Of two that overlap by a slip the later one: a system stands in a list once.
        .filter(~Exists(later))
        .annotate(
            owner_then=Coalesce(F("ownership_then__unit_id"), F("owner_id")),
            owner_name=of_owner("name"),
            owner_code=of_owner("code"),
            department_name=Coalesce(*tops),
        )
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
