"""The tables of the house, as the rooms offer them in ``sheets.TABLES``."""

import functools

from tenshu.ground.access.models import User
from tenshu.ground.exchange.spec import TableSpec, YearFile
from tenshu.ground.rooms import offered


@functools.cache
def tables() -> dict[str, TableSpec]:
    """All tables by name. A name used twice is a mistake and raises ``ValueError``."""
    found: dict[str, TableSpec] = {}
    for listed in offered("sheets", "TABLES"):
        for spec in listed:
            if spec.name in found:
                raise ValueError(f"The table {spec.name} is offered twice.")
            found[spec.name] = spec
    return found


def find_table(name: str, scope: str = "") -> TableSpec | None:
    """The table called ``name``, in ``scope``; ``None`` when there is none."""
    spec = tables().get(name)
    if spec is None:
        return None
    try:
        return spec.scoped(scope)
    except ValueError:
        return None


def importable_names(user: User) -> list[str]:
    """Names of the tables that ``user`` may bring in."""
    return [name for name, spec in tables().items() if spec.may_import(user)]


def year_files() -> list[YearFile]:
    """The files of the year folder, in the order in which they are read."""
    found = [file for files in offered("year_files", "FILES") for file in files]
    return sorted(found, key=lambda file: (file.order, file.path))
