"""The office of the tests, its people by role, and an example of every keyword of a URL."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from tenshu.ground.access.models import User
from tenshu.ground.access.roles import Role
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.office.tests.building import House

PASSWORD = "mihon-no-aikotoba-1"
YEAR = FiscalYear(2023)
DAY = datetime.date(2023, 8, 24)


@dataclass
class World:
    """The office, its accounts by role, and an example of every URL keyword."""

    house: House
    users: dict[Role, User] = field(default_factory=dict)
    kwargs: dict[str, Any] = field(default_factory=dict)
    objects: dict[str, Any] = field(default_factory=dict)

    def example(self, names: tuple[str, ...]) -> dict[str, Any]:
        """Values for the keywords of a URL; raises ``KeyError`` for a keyword without an example."""
        return {name: self.kwargs[name] for name in names}
