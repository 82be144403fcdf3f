"""Kartes over the API: facts (``kartes``), what hangs on systems and the registers (``things``), money, editions, comparisons, survey."""

from tenshu.dx.karte.api import comparisons, editions, kartes, money, payments, surveys, things
from tenshu.dx.karte.api.shapes import ROUTES

__all__ = ["ROUTES", "comparisons", "editions", "kartes", "money", "payments", "surveys", "things"]
