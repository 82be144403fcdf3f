"""What a room knows of a session that belongs to its own record (a task-force meeting, a conference).

A mechanism knows no room, so rooms offer ``gathering_links`` with any of these functions:

``link_of(gathering, user) -> GatheringLink | None``  the room's record behind a session, for its page;
``opened_to(user) -> QuerySet``  keys of the sessions that the room opens to ``user`` for reading;
``release(gathering, *, acting_user, reason)``  removes the room's record before the session is removed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tenshu.ground.rooms import offered

if TYPE_CHECKING:
    from tenshu.ground.access.models import User
    from tenshu.mechanisms.gathering.models import Gathering


@dataclass(frozen=True, slots=True)
class GatheringLink:
    """The room's record of a session: its room, name and page; ``correct_url`` is the room's own form, if any."""

    room: str
    label: str
    url: str
    correct_url: str = ""


def link_of(gathering: "Gathering", user: "User") -> GatheringLink | None:
    """The record that ``gathering`` belongs to, as far as ``user`` may open it."""
    answers = (give(gathering, user) for give in offered("gathering_links", "link_of"))
    return next((link for link in answers if link is not None), None)


def opened_to(user: "User") -> Iterator[Any]:
    """What each room opens to ``user``: querysets of keys of sessions."""
    for give in offered("gathering_links", "opened_to"):
        yield give(user)


def release(gathering: "Gathering", *, acting_user: "User", reason: str) -> None:
    """Let every room remove its record of ``gathering``."""
    for give_up in offered("gathering_links", "release"):
        give_up(gathering, acting_user=acting_user, reason=reason)
