from typing import Any

import pytest
from tests.world import World

from tenshu.ground.search.rebuilding import rebuild


@pytest.fixture(autouse=True)
def _jobs_at_once(settings: Any) -> None:
    """Jobs run when they are asked for, whatever looked at the setting before the tests began."""
    settings.TASKS = {"default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend"}}


@pytest.fixture
def indexed(_jobs_at_once: None, world: World) -> World:
    """The office of all tests; some of its rows are made without an action, so the index is made anew."""
    rebuild()
    return world
