"""How the house finds what its rooms offer: a module of a fixed name in an installed room.

A room that wants to be seen writes some of these small modules, and nothing else has to be touched:

``permissions.TABLE`` rows of the permission table · ``navigation.ENTRIES`` menu entries ·
``todo.todo_items`` the "やること" of a person · ``figures.FIGURES`` its figures ·
``consistency.CHECKS`` its consistency rules · ``year_files.FILES`` its files of the year folder ·
``chapters.CHAPTERS`` its sections of the yearly report.
"""

import importlib
import importlib.util
from collections.abc import Iterator
from typing import Any

from django.apps import apps


def offered(module: str, attribute: str) -> Iterator[Any]:
    """``attribute`` of every installed room's ``module``, in the order of INSTALLED_APPS.

    A module of that name without the attribute offers nothing: ``ground.ui.todo`` says what a thing to do is.
    """
    for config in apps.get_app_configs():
        name = f"{config.name}.{module}"
        if config.name.startswith("tenshu.") and importlib.util.find_spec(name) is not None:
            found = importlib.import_module(name)
            if hasattr(found, attribute):
                yield getattr(found, attribute)
