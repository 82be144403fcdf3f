"""The permission table's rows of what machines ask: no account; the metrics have a lock of their own."""

from tenshu.ground.access.table import Rule

TABLE: list[Rule] = [
    Rule("operations:health", public=True),
    Rule("operations:ready", public=True),
    Rule("operations:metrics", public=True),
]
