"""The permission table's rows of this room; the gates decide which system."""

from tenshu.ground.access.roles import DIVISION, EDITORS, READERS
from tenshu.ground.access.table import Rule

_READ = READERS | DIVISION

TABLE: list[Rule] = [
    *(
        Rule(f"karte:{name}", allowed=_READ)
        for name in (
            "karte-list",
            "karte-detail",
            "money-detail",
            "completeness-detail",
            "money-list",
            "contract-list",
            "support-list",
            "payment-list",
            "register-list",
            "edition-list",
            "edition-detail",
            "edition-compare",
            "difference-list",
            "dashboard-list",
            "survey-list",
        )
    ),
    *(
        Rule(f"karte:{name}", allowed=EDITORS | DIVISION, readers=READERS)
        for name in ("karte-correct", "not-applicable-set", "thing-add", "thing-correct", "thing-remove")
    ),
    *(
        Rule(f"karte:{name}", allowed=EDITORS, readers=_READ)
        for name in (
            "shipped-add",
            "register-add",
            "register-correct",
            "register-remove",
            "payment-import",
            "payment-match",
            "payment-assign",
            "payment-remove",
        )
    ),
]
