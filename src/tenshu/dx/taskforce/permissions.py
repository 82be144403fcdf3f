"""The permission table's rows of the task force; the gates decide which working group."""

from tenshu.ground.access.roles import DIVISION, EDITORS, READERS
from tenshu.ground.access.table import Rule

_READ = READERS | DIVISION

TABLE: list[Rule] = [
    *(
        Rule(f"taskforce:{name}", allowed=_READ)
        for name in ("overview", "roadmap", "issue-list", "group-detail", "issue-detail", "meeting-list")
    ),
    *(
        Rule(f"taskforce:{name}", allowed=EDITORS, readers=_READ)
        for name in (
            "task-force-add",
            "task-force-correct",
            "group-add",
            "group-correct",
            "group-remove",
            "targets-set",
            "member-add",
            "member-correct",
            "member-remove",
            "meeting-add",
            "meeting-correct",
        )
    ),
    *(
        Rule(f"taskforce:{name}", allowed=EDITORS | DIVISION, readers=READERS)
        for name in (
            "issue-add",
            "issue-correct",
            "issue-move",
            "issue-remove",
            "roadmap-add",
            "roadmap-correct",
            "roadmap-remove",
        )
    ),
]
