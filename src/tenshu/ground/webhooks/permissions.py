"""The permission table's rows of webhooks: the secretariat runs them, those who see the whole office know of them."""

from tenshu.ground.access.roles import EDITORS, READERS
from tenshu.ground.access.table import Rule

TABLE: list[Rule] = [
    Rule(f"webhooks:{name}", allowed=EDITORS, readers=READERS)
    for name in (
        "endpoint-list",
        "endpoint-add",
        "endpoint-detail",
        "endpoint-change",
        "endpoint-rotate",
        "endpoint-state",
        "endpoint-test",
        "endpoint-remove",
        "delivery-detail",
        "delivery-retry",
    )
]
