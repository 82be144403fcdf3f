"""The permission table's rows of the register."""

from tenshu.ground.access.roles import DIVISION, EDITORS, READERS
from tenshu.ground.access.table import Rule

TABLE: list[Rule] = [
    Rule("systems:system-list", allowed=READERS | DIVISION),
    Rule("systems:system-detail", allowed=READERS | DIVISION),
    Rule("systems:system-add", allowed=EDITORS, readers=READERS | DIVISION),
    Rule("systems:system-correct", allowed=EDITORS | DIVISION, readers=READERS),
    Rule("systems:system-owner", allowed=EDITORS, readers=READERS | DIVISION),
    Rule("systems:system-end", allowed=EDITORS, readers=READERS | DIVISION),
]
