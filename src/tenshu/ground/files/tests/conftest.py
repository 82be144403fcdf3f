import pytest

from tenshu.ground.access.models import User
from tenshu.ground.office.tests.building import House


@pytest.fixture
def house(db: None) -> House:
    return House.build()


@pytest.fixture
def secretary(house: House) -> User:
    return house.account("secretary")
