"""The permission table's rows of sessions; the gates decide which session."""

from tenshu.ground.access.roles import DIVISION, EDITORS, READERS
from tenshu.ground.access.table import Rule

_READ = READERS | DIVISION
_WRITE = EDITORS | DIVISION

TABLE: list[Rule] = [
    Rule("gathering:gathering-list", allowed=_READ),
    Rule("gathering:gathering-detail", allowed=_READ),
    Rule("gathering:gathering-calendar", allowed=_READ),
    *(
        Rule(f"gathering:{name}", allowed=_WRITE, readers=READERS)
        for name in (
            "gathering-add",
            "gathering-correct",
            "gathering-hold",
            "gathering-cancel",
            "gathering-reopen",
            "gathering-remove",
            "agenda-edit",
            "minutes-edit",
            "attendance-add",
            "attendance-mark",
            "attendance-remove",
            "decision-add",
            "decision-remove",
            "action-add",
            "action-correct",
            "action-finish",
            "action-remove",
            "material-add",
            "material-remove",
        )
    ),
]
