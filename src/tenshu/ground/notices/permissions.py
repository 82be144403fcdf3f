"""The permission table's rows of this room: one's own notices for everybody, the outbox for the secretariat."""

from tenshu.ground.access.roles import EDITORS, EVERYONE
from tenshu.ground.access.table import Rule

TABLE: list[Rule] = [
    *(
        Rule(f"notices:{name}", allowed=EVERYONE)
        for name in ("notice-list", "notice-open", "mark-read", "preferences")
    ),
    *(
        Rule(f"notices:{name}", allowed=EDITORS)
        for name in ("mail-list", "mail-detail", "bounces", "reminder-list")
    ),
    *(Rule(f"notices:{name}", allowed=EDITORS) for name in ("mail-retry", "mail-answer", "failing-clear")),
]
