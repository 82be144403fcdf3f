"""What a room may offer to the metrics: ``gauges.GAUGES``, counts from the database, never personal data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gauge:
    """A number read at every scrape. ``read`` gives one number, or numbers by the value of ``label``."""

    name: str
    text: str
    read: Callable[[], float | Mapping[str, float]]
    label: str = ""
