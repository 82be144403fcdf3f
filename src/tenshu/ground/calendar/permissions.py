"""The permission table's rows of fiscal years and closures."""

from tenshu.ground.access.roles import DIVISION, EDITORS, READERS
from tenshu.ground.access.table import Rule

_READ = READERS | DIVISION

TABLE: list[Rule] = [
    Rule("calendar:year-list", allowed=_READ),
    *(
        Rule(f"calendar:{name}", allowed=EDITORS, readers=_READ)
        for name in ("year-open", "closure-add", "closure-remove")
    ),
]
