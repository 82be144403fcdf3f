"""Who holds which role, and which divisions a person may see."""

import datetime
from collections.abc import Iterable

from django.utils import timezone

from tenshu.ground.access.models import RoleGrant, User
from tenshu.ground.access.roles import Role
from tenshu.ground.asking_once import remembered
from tenshu.ground.office.models import Post, PostRank, Unit, UnitDuty, UnitDutyKind

_DUTY_ROLES = {UnitDutyKind.SECRETARIAT: Role.SECRETARIAT, UnitDutyKind.SECURITY: Role.SECURITY}


def roles_of(user: User, day: datetime.date | None = None) -> frozenset[Role]:
    """The roles that ``user`` holds on ``day`` (today): from posts, from the duties of units, from grants.

    Asked once a request: the answer for today is remembered on the instance.
    """
    if day is None:
        remembered: frozenset[Role] | None = getattr(user, "_roles_today", None)
        if remembered is None:
            remembered = _roles_on(user, timezone.localdate())
            user._roles_today = remembered  # type: ignore[attr-defined]
        return remembered
    return _roles_on(user, day)


def _roles_on(user: User, day: datetime.date) -> frozenset[Role]:
    if user.staff is not None and user.staff.left_on is not None and user.staff.left_on < day:
        return frozenset()  # a grant that nobody has ended is the office's no more
    roles = {
        Role(role) for role in RoleGrant.objects.as_of(day).filter(user=user).values_list("role", flat=True)
    }
    if user.staff is None:
        return frozenset(roles)
    roles.add(Role.STAFF)
    posts = list(Post.objects.as_of(day).filter(staff=user.staff).select_related("unit"))
    if any(post.rank == PostRank.HEAD for post in posts):
        roles.add(Role.HEAD)
    if any(post.is_officer for post in posts):
        roles.add(Role.OFFICER)
    units = {pk for post in posts for pk in (post.unit_id, post.unit.parent_id) if pk}
    duties = UnitDuty.objects.as_of(day).filter(unit_id__in=units).values_list("kind", flat=True)
    roles.update(_DUTY_ROLES[UnitDutyKind(kind)] for kind in duties)
    return frozenset(roles)


def holds_any(user: User, roles: Iterable[Role]) -> bool:
    """Whether ``user`` holds one of ``roles`` today."""
    return bool(roles_of(user) & frozenset(roles))


def own_units(user: User, day: datetime.date | None = None) -> frozenset[int]:
    """Keys of the units in which ``user`` works on ``day`` (today), with their groups below and the division above.

    A department head's units reach down to every division and group of the department.
    """
    day = day or timezone.localdate()
    if user.staff_id is None:
        return frozenset()
    staff_id = user.staff_id
    return remembered(("own units", staff_id, day), lambda: _units_of_staff(staff_id, day))


def _units_of_staff(staff_id: int, day: datetime.date) -> frozenset[int]:
    found: set[int] = set()
    frontier: set[int] = set()
    for post in Post.objects.as_of(day).filter(staff_id=staff_id).select_related("unit"):
        frontier.add(post.unit_id)
        if post.unit.kind == "group" and post.unit.parent_id:
            frontier.add(post.unit.parent_id)
    while frontier:
        found |= frontier
        children = Unit.objects.as_of(day).filter(parent_id__in=frontier).values_list("pk", flat=True)
        frontier = set(children) - found
    return frozenset(found)
