"""The measures of the worker, from the settings."""

from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds between heartbeats, of silence until a worker is taken for dead, between looks at an empty queue."""

    heartbeat: float
    lost: float
    poll: float


def timing() -> Timing:
    """What the settings say."""
    return Timing(settings.JOB_HEARTBEAT_SECONDS, settings.JOB_LOST_SECONDS, settings.JOB_POLL_SECONDS)
