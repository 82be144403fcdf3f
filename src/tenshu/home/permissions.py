"""The permission table's rows of the home page."""

from tenshu.ground.access.roles import EVERYONE
from tenshu.ground.access.table import Rule

TABLE: list[Rule] = [
    Rule("home:tasks", signed_in=True),
    Rule("home:changes", allowed=EVERYONE),
]
