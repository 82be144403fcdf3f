"""The tabs over the pages of this room."""

from django.urls import reverse

from tenshu.ground.access.models import User
from tenshu.ground.access.queries import roles_of
from tenshu.ground.access.table import permission_table
from tenshu.ground.ui.parts import Tab

_TABS = (("組織", "office:unit-tree"), ("職員", "office:staff-list"), ("組織改正", "office:plan-list"))


def room_tabs(user: User, current: str) -> list[Tab]:
    """The parts of this room that ``user`` may open."""
    table, roles = permission_table(), roles_of(user)
    return [
        Tab(label, reverse(url), url == current) for label, url in _TABS if table[url].answer(roles) == 200
    ]
