import pytest
from tests.world import World

from tenshu.ground.search.rebuilding import rebuild


@pytest.fixture
def indexed(world: World) -> World:
    """The office of all tests; some of its rows are made without an action, so the index is made anew."""
    rebuild()
    return world
