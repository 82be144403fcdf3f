"""The permission table's rows of this room. Each table itself decides who may bring it in."""

from tenshu.ground.access.roles import EVERYONE
from tenshu.ground.access.table import Rule

TABLE: list[Rule] = [
    Rule(f"exchange:{name}", allowed=EVERYONE)
    for name in (
        "run-list",
        "table-import",
        "table-export",
        "run-detail",
        "run-choose",
        "run-commit",
        "run-refresh",
        "run-cancel",
        "run-marked",
        "run-file",
    )
]
