"""The permission table's rows of the search: everybody may ask, and finds what may be read."""

from tenshu.ground.access.roles import EVERYONE
from tenshu.ground.access.table import Rule

TABLE: list[Rule] = [Rule("search:results", allowed=EVERYONE)]
