import pytest

from tenshu.ground.access.models import User
from tenshu.ground.exchange.tests.memory_table import MemoryTable
from tenshu.ground.office.tests.building import House


@pytest.fixture
def house(db: None) -> House:
    return House.build()


@pytest.fixture
def secretary(house: House) -> User:
    return house.account("secretary")


@pytest.fixture
def table() -> MemoryTable:
    """A table of every kind of column that lives in memory."""
    return MemoryTable()
