"""Fixtures of the tests that look at the whole house."""

import pytest

from tests.world import World, build_world


@pytest.fixture
def world(db: None) -> World:
    """One office with a record of every kind and a person for each role."""
    return build_world()
