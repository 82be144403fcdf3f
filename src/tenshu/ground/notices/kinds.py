"""Kinds of notice (通知の種類): what rooms declare in ``notice_kinds.KINDS``, and what a person may choose of them."""

from dataclasses import dataclass
from functools import cache

from django.db import models

from tenshu.ground.rooms import offered


class Timing(models.TextChoices):
    """When a notice becomes a mail. In the application it is shown at once in any case."""

    AT_ONCE = "at_once", "すぐに"
    DAILY = "daily", "1日1回まとめて"
    WEEKLY = "weekly", "週1回まとめて"
    NEVER = "never", "メールにしない"


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """The reason of a notice. ``key`` is ``room.noun`` and never changes; ``label`` is the word on the pages.

    ``required`` kinds cannot be turned off (they may be gathered). ``urgent`` ones do not wait for office hours
    and are never gathered. ``timing`` holds for everybody who has chosen nothing.
    """

    key: str
    label: str
    explanation: str = ""
    timing: Timing = Timing.AT_ONCE
    required: bool = False
    urgent: bool = False

    @property
    def choices(self) -> list[Timing]:
        """The timings among which a person may choose."""
        if self.urgent:
            return [Timing.AT_ONCE] if self.required else [Timing.AT_ONCE, Timing.NEVER]
        return [timing for timing in Timing if not (self.required and timing == Timing.NEVER)]


class UnknownKindError(LookupError):
    """A notice was to be sent of a kind that no room declares."""


@cache
def kinds() -> dict[str, NoticeKind]:
    """All declared kinds by key, in the order of the rooms. A key that stands twice raises ``ValueError``."""
    found: dict[str, NoticeKind] = {}
    for given in offered("notice_kinds", "KINDS"):
        for kind in given:
            if kind.key in found:
                raise ValueError(f"The kind of notice {kind.key} is declared twice.")
            found[kind.key] = kind
    return found


def kind_of(key: str) -> NoticeKind:
    """The declared kind; raises ``UnknownKindError``."""
    try:
        return kinds()[key]
    except KeyError:
        raise UnknownKindError(key) from None


def kind_label(key: str) -> str:
    """The word for a kind; for one that is declared no more, its key."""
    kind = kinds().get(key)
    return kind.label if kind else key
