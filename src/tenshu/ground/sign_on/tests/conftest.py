"""What the tests of sign-on share."""

import pytest

from tenshu.ground.access.models import User
from tenshu.ground.office.tests.building import House
from tenshu.ground.sign_on.tests.building import account


@pytest.fixture
def house(db: None) -> House:
    """A small office."""
    return House.build()


@pytest.fixture
def person(house: House) -> User:
    """試山 三郎, a member of staff."""
    return account(house)
