"""Every table of the room that goes out and comes back."""

from tenshu.dx.karte import record_sheets
from tenshu.dx.karte.edition_sheets import EDITION_TABLE
from tenshu.ground.exchange import TableSpec

TABLES: list[TableSpec] = [*record_sheets.TABLES, EDITION_TABLE]
