"""Two people at one answer: a three-way merge by part, in which nothing that was typed is lost."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

GONE = object()


@dataclass(frozen=True, slots=True)
class Merged:
    """The merged ``value``, and the parts that both sides changed to something different (they keep the stored one)."""

    value: dict[str, Any]
    conflicts: frozenset[str]


def merge(base: Mapping[str, Any], mine: Mapping[str, Any], stored: Mapping[str, Any]) -> Merged:
    """``mine`` was typed over ``base``; meanwhile ``stored`` was saved. All three: part → plain value."""
    value = dict(stored)
    conflicts = set()
    for part in {*base, *mine, *stored}:
        before, typed, held = base.get(part, GONE), mine.get(part, GONE), stored.get(part, GONE)
        if _same(typed, before) or _same(typed, held):
            continue
        if not _same(held, before):
            conflicts.add(part)
        elif typed is GONE:
            value.pop(part, None)
        else:
            value[part] = typed
    return Merged(value, frozenset(conflicts))


def _same(one: Any, other: Any) -> bool:
    # An empty part and a missing part mean the same: nothing was said.
    return one == other or (_empty(one) and _empty(other))


def _empty(value: Any) -> bool:
    return value is GONE or value is None or value in ("", [])
