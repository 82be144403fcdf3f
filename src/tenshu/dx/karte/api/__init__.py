"""Kartes over the API: facts (``kartes``), what hangs on systems and the registers (``things``), money, editions."""

from tenshu.dx.karte.api import editions, kartes, money, payments, things
from tenshu.dx.karte.api.shapes import ROUTES

__all__ = ["ROUTES", "editions", "kartes", "money", "payments", "things"]
