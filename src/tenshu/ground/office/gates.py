"""How a view reaches a unit or a member of staff, and who may see personal details."""

from collections.abc import Iterable
from typing import Literal

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.access.queries import holds_any, own_units, roles_of
from tenshu.ground.access.roles import EDITORS, STAFF_AND_ABOVE, Role
from tenshu.ground.office.models import Post, Staff, Unit

type Action = Literal["view", "change"]

SEES_DETAILS = frozenset({Role.SECRETARIAT, Role.SECURITY})
"""Who sees mail and employment of the whole office; the others see those of their own division."""


def access_unit(user: User, pk: int, action: Action = "view") -> Unit:
    """The unit for ``action``. Everybody with a role may view; 404 for a stranger, 403 without the right."""
    if not roles_of(user):
        raise Http404
    unit = Unit.objects.select_related("parent__parent__parent").filter(pk=pk).first()
    if unit is None:
        raise Http404
    if action == "change" and not holds_any(user, EDITORS):
        raise PermissionDenied
    return unit


def access_staff(user: User, pk: int, action: Action = "view") -> Staff:
    """The member of staff for ``action``. Outside auditors do not see staff."""
    if not holds_any(user, STAFF_AND_ABOVE):
        raise Http404
    staff = Staff.objects.filter(pk=pk).first()
    if staff is None:
        raise Http404
    if action == "change" and not holds_any(user, EDITORS):
        raise PermissionDenied
    return staff


def sees_all_details(user: User) -> bool:
    """Whether ``user`` sees mail and employment of everybody."""
    return holds_any(user, SEES_DETAILS)


def staff_with_details(user: User, staff_ids: Iterable[int]) -> frozenset[int]:
    """Those of ``staff_ids`` whose mail and employment ``user`` may see: oneself and colleagues."""
    asked = frozenset(staff_ids)
    if sees_all_details(user):
        return asked
    colleagues = Post.objects.as_of(timezone.localdate()).filter(
        staff_id__in=asked, unit_id__in=own_units(user)
    )
    near = set(colleagues.values_list("staff_id", flat=True))
    return asked & (near | {user.staff_id})
