"""The permission table's rows of the figures."""

from tenshu.ground.access.roles import READERS
from tenshu.ground.access.table import Rule

TABLE: list[Rule] = [
    Rule("figures:figure-list", allowed=READERS),
    Rule("figures:figure-detail", allowed=READERS),
]
