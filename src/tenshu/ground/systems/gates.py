"""How a view reaches a system."""

from typing import Literal

from django.core.exceptions import PermissionDenied
from django.http import Http404

from tenshu.ground.access.models import User
from tenshu.ground.systems.models import System
from tenshu.ground.systems.queries import may_edit, systems_for

type Action = Literal["view", "change"]


def access_system(user: User, pk: int, action: Action = "view") -> System:
    """The system for ``action``: 404 without a view of the register, 403 without the right to change."""
    system = systems_for(user).select_related("owner__parent__parent__parent").filter(pk=pk).first()
    if system is None:
        raise Http404
    if action == "change" and not may_edit(user, system):
        raise PermissionDenied
    return system
