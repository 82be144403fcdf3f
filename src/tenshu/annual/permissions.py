"""The permission table's rows of the yearly report."""

from tenshu.ground.access.roles import DIVISION, EDITORS, READERS
from tenshu.ground.access.table import Rule

_READ = READERS | DIVISION

TABLE: list[Rule] = [
    Rule("annual:report", allowed=_READ),
    Rule("annual:report-file", allowed=_READ),
    Rule("annual:passage-edit", allowed=EDITORS | DIVISION, readers=READERS),
    Rule("annual:gap-list", allowed=_READ),
    Rule("annual:difference-list", allowed=READERS),
    Rule("annual:year-close", allowed=EDITORS, readers=_READ),
    Rule("annual:reissue", allowed=EDITORS, readers=_READ),
    Rule("annual:edition-list", allowed=_READ),
    Rule("annual:edition-detail", allowed=_READ),
    Rule("annual:year-compare", allowed=_READ),
]
