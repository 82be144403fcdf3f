"""Two people at one record: a three-way merge in which nothing that was typed is lost. Pages, answers and Excel use it."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

GONE = object()


class Outcome(enum.Enum):
    """What becomes of one part: the stored value stays, mine is taken, or both sides changed it."""

    KEPT = "kept"
    TAKEN = "taken"
    CONFLICT = "conflict"


def meet(base: Any, mine: Any, stored: Any) -> Outcome:
    """``mine`` was made from ``base``; meanwhile ``stored`` came to stand. All three are plain values."""
    if same(mine, base) or same(mine, stored):
        return Outcome.KEPT
    return Outcome.TAKEN if same(stored, base) else Outcome.CONFLICT


@dataclass(frozen=True, slots=True)
class Merged:
    """The merged ``value``; what both sides changed to something different (these parts keep the stored one).

    ``theirs`` are the parts that only the other side changed. ``next_base`` is over what is typed when the form
    comes back: whoever sends it again has seen the conflicts, and leaves alone what only the other side changed.
    """

    value: dict[str, Any]
    conflicts: frozenset[str] = frozenset()
    theirs: frozenset[str] = frozenset()
    next_base: Mapping[str, Any] | None = None


def merge(base: Mapping[str, Any], mine: Mapping[str, Any], stored: Mapping[str, Any]) -> Merged:
    """``mine`` was typed over ``base``; meanwhile ``stored`` was saved. All three: part → plain value."""
    value, following = dict(stored), dict(mine)
    conflicts, theirs = set(), set()
    for part in {*base, *mine, *stored}:
        before, typed, held = base.get(part, GONE), mine.get(part, GONE), stored.get(part, GONE)
        match meet(before, typed, held):
            case Outcome.CONFLICT:
                conflicts.add(part)
                following[part] = stored.get(part)
            case Outcome.TAKEN if typed is GONE:
                value.pop(part, None)
            case Outcome.TAKEN:
                value[part] = typed
            case Outcome.KEPT if not same(held, typed):
                theirs.add(part)
    return Merged(value, frozenset(conflicts), frozenset(theirs), following)


def same(one: Any, other: Any) -> bool:
    """Whether two values say the same. An empty part and a missing part do: nothing was said."""
    return bool(one == other) or (_empty(one) and _empty(other))


def _empty(value: Any) -> bool:
    return value is GONE or value is None or value in ("", [])
