"""The permission table's rows of this room."""

from tenshu.ground.access.table import Rule

TABLE: list[Rule] = []
