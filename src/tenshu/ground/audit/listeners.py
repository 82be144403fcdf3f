"""Who wants to know what was written: told in the transaction of the change, after its audit rows."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tenshu.ground.audit.actions import Change

type Listener = Callable[[Sequence["Change"]], None]

_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Be told of every change from now on; asking twice changes nothing."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell(changes: Sequence["Change"]) -> None:
    """Tell everybody. What a listener raises takes the change back with it."""
    if changes:
        for listener in _listeners:
            listener(changes)
