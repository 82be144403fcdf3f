"""The organisation over the API: reading (``reading``), changes of units and staff, and reorganisations."""

from tenshu.ground.office.api import reading, reorganisations, staff_changes, unit_changes
from tenshu.ground.office.api.shapes import ROUTES

__all__ = ["ROUTES", "reading", "reorganisations", "staff_changes", "unit_changes"]
