import pytest

from tenshu.ground.access.models import User
from tenshu.ground.office.tests.building import House
from tenshu.ground.systems.actions import do_add_system
from tenshu.ground.systems.models import System


@pytest.fixture
def house(db: None) -> House:
    return House.build()


@pytest.fixture
def secretary(house: House) -> User:
    return house.account("secretary")


@pytest.fixture
def payroll(house: House) -> System:
    """A system of 人事課, entered without a known start."""
    values = {"number": "S001", "name": "給与システム", "kana": "きゅうよしすてむ"}
    return do_add_system(values, house.units["0101"], acting_user=house.machine)
