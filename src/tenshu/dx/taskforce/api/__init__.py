"""Task forces over the API: groups and meetings (``groups``), issues and the roadmap (``work``)."""

from tenshu.dx.taskforce.api import groups, work
from tenshu.dx.taskforce.api.shapes import ROUTES

__all__ = ["ROUTES", "groups", "work"]
