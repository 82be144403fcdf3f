"""The permission table's rows of the ICT needs; the gates decide which need."""

from tenshu.ground.access.roles import DIVISION, EDITORS, READERS
from tenshu.ground.access.table import Rule

_READ = READERS | DIVISION

TABLE: list[Rule] = [
    *(Rule(f"ict_needs:{name}", allowed=_READ) for name in ("need-list", "need-board", "need-detail")),
    Rule("ict_needs:need-add", allowed=EDITORS | DIVISION, readers=READERS),
    Rule("ict_needs:need-correct", allowed=EDITORS | DIVISION, readers=READERS),
    *(Rule(f"ict_needs:{name}", allowed=EDITORS, readers=_READ) for name in ("need-decide", "need-remove")),
]
