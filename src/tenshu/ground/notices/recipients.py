"""Whom to tell: the accounts of staff, of a division's officers and heads, of the secretariat."""

import datetime
from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone

from tenshu.ground.access.models import RoleGrant, User
from tenshu.ground.access.roles import Role
from tenshu.ground.office.models import Post, PostRank, Unit, UnitDutyKind
from tenshu.ground.office.queries import members_of, nearest_division, units_charged_with


def accounts_of(staff_ids: Iterable[int]) -> list[User]:
    """The usable accounts of members of staff."""
    return list(
        User.objects.filter(staff_id__in=list(staff_ids), is_active=True)
        .select_related("staff")
        .order_by("pk")
    )


def officers_of_unit(unit: Unit, day: datetime.date | None = None) -> list[User]:
    """The system officers of ``unit`` and below; without one its heads."""
    officers = members_of(unit, day or timezone.localdate()).filter(is_officer=True)
    return accounts_of(officers.values_list("staff_id", flat=True)) or heads_of_division(unit, day)


def heads_of_division(unit: Unit, day: datetime.date | None = None) -> list[User]:
    """所属長: the heads of the 所属 in which ``unit`` stands (of the unit itself when it is a department)."""
    return _heads(nearest_division(unit) or unit, day)


def heads_of_department(unit: Unit, day: datetime.date | None = None) -> list[User]:
    """部局: the heads of the department above ``unit``."""
    top = unit
    while top.parent is not None:
        top = top.parent
    return _heads(top, day)


def secretariat(day: datetime.date | None = None) -> list[User]:
    """事務局: the members of the units charged with it, and those who were granted the role."""
    day = day or timezone.localdate()
    units = [unit.pk for unit in units_charged_with(UnitDutyKind.SECRETARIAT, day)]
    posts = Post.objects.as_of(day).filter(Q(unit_id__in=units) | Q(unit__parent_id__in=units))
    granted = RoleGrant.objects.as_of(day).filter(role=Role.SECRETARIAT).values("user_id")
    people = User.objects.filter(Q(staff_id__in=posts.values("staff_id")) | Q(pk__in=granted), is_active=True)
    return list(people.distinct().select_related("staff").order_by("pk"))


def holders_of(role: Role, day: datetime.date | None = None) -> list[User]:
    """Those to whom ``role`` was granted on the day; roles that come from a post or a duty are not looked at."""
    granted = RoleGrant.objects.as_of(day or timezone.localdate()).filter(role=role).values("user_id")
    people = User.objects.filter(pk__in=granted, is_active=True)
    return list(people.select_related("staff").order_by("pk"))


def _heads(unit: Unit, day: datetime.date | None) -> list[User]:
    posts = Post.objects.as_of(day or timezone.localdate()).filter(unit=unit, rank=PostRank.HEAD)
    return accounts_of(posts.values_list("staff_id", flat=True))
