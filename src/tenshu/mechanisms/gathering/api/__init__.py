"""Sessions over the API: themselves (``sessions``), what hangs on them (``hanging``), their files (``materials``)."""

from tenshu.mechanisms.gathering.api import hanging, materials, sessions
from tenshu.mechanisms.gathering.api.shapes import ROUTES

__all__ = ["ROUTES", "hanging", "materials", "sessions"]
