"""The permission table's rows of the record."""

from tenshu.ground.access.roles import Role
from tenshu.ground.access.table import Rule

_READERS = frozenset({Role.SECRETARIAT, Role.SECURITY})

TABLE: list[Rule] = [
    Rule("audit:row-list", allowed=_READERS),
    Rule("audit:row-detail", allowed=_READERS),
]
