import datetime

import pytest

from tenshu.ground.access.models import User
from tenshu.ground.office.tests.building import House, day


@pytest.fixture
def house(db: None) -> House:
    """A small office: two departments, a 室 with a 課, groups, people and a secretariat."""
    return House.build()


@pytest.fixture
def secretary(house: House) -> User:
    return house.account("secretary")


@pytest.fixture
def today() -> datetime.date:
    return day("2023-10-01")
