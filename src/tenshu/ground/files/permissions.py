"""The permission table's rows of this room. The record that a file hangs on decides, by its own gate."""

from tenshu.ground.access.roles import EVERYONE
from tenshu.ground.access.table import Rule

TABLE: list[Rule] = [Rule("files:attachment-download", allowed=EVERYONE)]
