"""Where a change comes from: the channel and address of the running request, command or job."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Origin:
    """One request, command or job. ``request_id`` groups all changes that it made."""

    channel: str = "internal"
    address: str = ""
    request_id: uuid.UUID = field(default_factory=uuid.uuid4)


_origin: ContextVar[Origin | None] = ContextVar("tenshu_origin", default=None)


def current_origin() -> Origin:
    """The running origin; outside any request a fresh internal one."""
    return _origin.get() or Origin()


@contextmanager
def acting_from(channel: str, address: str = "", request_id: uuid.UUID | None = None) -> Iterator[Origin]:
    """Everything written inside is recorded as coming from ``channel`` (web, command, job, import)."""
    origin = Origin(channel=channel, address=address, request_id=request_id or uuid.uuid4())
    token = _origin.set(origin)
    try:
        yield origin
    finally:
        _origin.reset(token)
