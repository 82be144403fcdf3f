"""What a backup leaves out, and what a restore has to make anew: said by the rooms in ``derived.DERIVED``."""

from collections.abc import Callable
from dataclasses import dataclass

from tenshu.ground.rooms import offered


@dataclass(frozen=True, slots=True)
class Derived:
    """Tables that are not copied. ``rebuild`` fills them again, inside the transaction of the restore."""

    title: str
    tables: tuple[str, ...]
    rebuild: Callable[[], object] | None = None


#: A session opens the door without a password: no copy of it leaves the house, and everybody signs in again.
SESSIONS = Derived("サインインの状態", ("django_session",))


def all_derived() -> list[Derived]:
    """What the rooms say, and the sessions."""
    return [SESSIONS, *(entry for entries in offered("derived", "DERIVED") for entry in entries)]


def left_out() -> frozenset[str]:
    """Names of the tables that no backup holds."""
    return frozenset(table for entry in all_derived() for table in entry.tables)
