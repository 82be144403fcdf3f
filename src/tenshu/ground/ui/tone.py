"""The five tones of the house: what a colour on a page may mean."""

from enum import StrEnum


class Tone(StrEnum):
    """Meaning of a chip, a banner, a dot of a feed. Never decoration."""

    NEUTRAL = "neutral"
    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    DANGER = "danger"
