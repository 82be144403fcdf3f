"""The permission table's rows of organisation and staff."""

from tenshu.ground.access.roles import EDITORS, EVERYONE, STAFF_AND_ABOVE
from tenshu.ground.access.table import Rule

_CHANGES_OF_UNITS = (
    "unit-open",
    "unit-correct",
    "unit-rename",
    "unit-end",
    "duty-set",
    "duty-end",
    "plan-list",
    "plan-begin",
    "plan-detail",
    "plan-withdraw",
    "plan-carry-out",
    "step-add",
    "step-remove",
)
_CHANGES_OF_STAFF = (
    "staff-hire",
    "staff-correct",
    "staff-transfer",
    "staff-retire",
    "post-end",
    "post-officer",
)

TABLE: list[Rule] = [
    Rule("office:unit-tree", allowed=EVERYONE),
    Rule("office:unit-detail", allowed=EVERYONE),
    Rule("office:staff-list", allowed=STAFF_AND_ABOVE),
    Rule("office:staff-detail", allowed=STAFF_AND_ABOVE),
    *(Rule(f"office:{name}", allowed=EDITORS, readers=EVERYONE) for name in _CHANGES_OF_UNITS),
    *(Rule(f"office:{name}", allowed=EDITORS, readers=STAFF_AND_ABOVE) for name in _CHANGES_OF_STAFF),
]
