from dataclasses import dataclass
from typing import Any

import pytest

from tenshu.dx.karte.tests.building import karte_of_everything
from tenshu.ground.access.models import User
from tenshu.ground.office.tests.building import START, House
from tenshu.ground.systems.actions import do_add_system
from tenshu.ground.systems.models import System


@dataclass
class Case:
    """An office, two systems, and all that hangs on the first."""

    house: House
    system: System
    other: System
    made: dict[str, Any]

    @property
    def user(self) -> User:
        return self.house.account("secretary")


@pytest.fixture
def case(db: None) -> Case:
    house = House.build()
    user = house.account("secretary")
    values = {"number": "0007", "name": "総務事務システム", "kana": "そうむじむ", "started_on": START}
    system = do_add_system(values, house.units["0101"], acting_user=user)
    other = do_add_system(
        {"number": "0042", "name": "許認可システム"}, house.units["020101"], acting_user=user
    )
    return Case(house, system, other, karte_of_everything(system, other, user))
