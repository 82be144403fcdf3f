"""The permission table's rows of the liaison with other prefectures."""

from tenshu.ground.access.roles import DIVISION, EDITORS, READERS
from tenshu.ground.access.table import Rule

_READ = READERS | DIVISION

TABLE: list[Rule] = [
    *(Rule(f"liaison:{name}", allowed=_READ) for name in ("overview", "session-detail", "conference-list")),
    *(
        Rule(f"liaison:{name}", allowed=EDITORS, readers=_READ)
        for name in (
            "conference-add",
            "conference-correct",
            "session-add",
            "session-correct",
            "session-report",
        )
    ),
]
