"""What order alone cannot pair: moved, split and merged articles, and rewritten parts at the same place."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from .model import Node
from .similarity import Profile, pair_score, score_matrix

MOVED = 0.6
WEAK = 0.75
MARGIN = 0.25
CONTAINED = 0.8
OWN = 0.4
"""A part must be in the whole to 80 %, and to 40 % in what the whole's partner does not have."""
PHRASE, PHRASES = 5, 0.6
"""Share of a part's runs of five characters that its whole must have."""
SHORTEST = 12
"""Bigrams that an article must have before it can be told to be part of another."""

Matched = list[tuple[int, int]]


def find_moves(old: Sequence[Profile], new: Sequence[Profile], matched: Matched) -> tuple[Matched, Matched]:
    """The pairs to keep, and pairs of units that are the same wherever they stand; the surest first.

    A weak pair that order alone suggested gives way when one of its members has a far better partner
    elsewhere.
    """
    weak = _weak_pairs(old, new, matched)
    kept = [pair for pair in matched if pair not in weak]
    left = _rest(len(old), [i for i, _ in kept])
    right = _rest(len(new), [j for _, j in kept])
    found: Matched = []
    if left and right:
        scores = score_matrix([old[i] for i in left], [new[j] for j in right])
        for flat in np.argsort(-scores, axis=None, kind="stable"):
            a, b = divmod(int(flat), len(right))
            if scores[a, b] < MOVED:
                break
            if all(left[a] != i and right[b] != j for i, j in found):
                found.append((left[a], right[b]))
    taken_old, taken_new = {i for i, _ in found}, {j for _, j in found}
    kept += [(i, j) for i, j in weak if (i, j) in found or (i not in taken_old and j not in taken_new)]
    return kept, [pair for pair in found if pair not in weak]


def _weak_pairs(old: Sequence[Profile], new: Sequence[Profile], matched: Matched) -> set[tuple[int, int]]:
    """Pairs scoring below WEAK of which a member scores MARGIN more with another free or weakly paired
    unit."""
    own = {(i, j): pair_score(old[i], new[j]) for i, j in matched if old[i].text != new[j].text}
    weak = {pair: score for pair, score in own.items() if score < WEAK}
    left = _rest(len(old), [i for i, j in matched if (i, j) not in weak])
    right = _rest(len(new), [j for i, j in matched if (i, j) not in weak])
    if not weak:
        return set()
    scores = score_matrix([old[i] for i in left], [new[j] for j in right])
    rows, columns = {i: k for k, i in enumerate(left)}, {j: k for k, j in enumerate(right)}
    return {
        (i, j)
        for (i, j), score in weak.items()
        if max(scores[rows[i]].max(), scores[:, columns[j]].max()) >= score + MARGIN
    }


def _rest(count: int, used: Sequence[int]) -> list[int]:
    taken = set(used)
    return [i for i in range(count) if i not in taken]


@dataclass(frozen=True, slots=True)
class Split:
    """Index of the old and new unit.

    ``primary`` pairs become a pair of their own, the others only a relation.
    """

    old: int
    new: int
    relation: Literal["split", "merge"]
    primary: bool


def find_splits(old: Sequence[Profile], new: Sequence[Profile], matched: Matched) -> list[Split]:
    """Unpaired new articles that an old one contains (split), and unpaired old ones contained in a new
    one (merge)."""
    found = [
        Split(o, n, "split", primary) for o, n, primary in _contained(new, old, [(j, i) for i, j in matched])
    ]
    taken = {(s.old, s.new) for s in found}
    used_old = {s.old for s in found}
    now = [*matched, *((s.old, s.new) for s in found if s.primary)]
    for n, o, primary in _contained(old, new, now):
        if (o, n) not in taken and o not in used_old:
            found.append(Split(o, n, "merge", primary))
    return found


def _contained(
    parts: Sequence[Profile], wholes: Sequence[Profile], matched: Matched
) -> list[tuple[int, int, bool]]:
    """(whole, part, primary) of unpaired parts whose text is in what is left of a whole beside its
    partner."""
    free_parts = _rest(len(parts), [p for p, _ in matched])
    partner = {w: p for p, w in matched}
    left = {
        w: wholes[w].grams - (parts[partner[w]].grams if w in partner else frozenset())
        for w in range(len(wholes))
    }
    found: list[tuple[int, int, bool]] = []
    for p in free_parts:
        grams = parts[p].grams
        if len(grams) < SHORTEST:
            continue
        shares = [
            (len(grams & left[w]) / len(grams), -w)
            for w in range(len(wholes))
            if wholes[w].kind == parts[p].kind
            and len(grams & wholes[w].grams) >= CONTAINED * len(grams)
            and _same_phrases(parts[p].text, wholes[w].text)
        ]
        best, negative = max(shares, default=(0.0, 0))
        if best < OWN:
            continue
        whole = -negative
        primary = whole not in partner
        partner.setdefault(whole, p)
        left[whole] = left[whole] - grams
        found.append((whole, p, primary))
    return found


def _same_phrases(part: str, whole: str) -> bool:
    """Bigrams of a long text cover much by chance; runs of four characters do not."""
    runs = {part[i : i + PHRASE] for i in range(len(part) - PHRASE + 1)}
    return sum(run in whole for run in runs) >= PHRASES * len(runs)


def fill_gaps(
    old: Sequence[Node], new: Sequence[Node], matched: Matched, is_deleted: Callable[[Node], bool]
) -> Matched:
    """Pairs of what stands at the same place: 「第５条　削除」 with the old 第５条, and a part wholly
    rewritten.

    A rewritten part needs the same kind and number and to stand between the same paired neighbours; articles
    are never paired by number alone, except with 「削除」.
    """
    used_old, used_new = {i for i, _ in matched}, {j for _, j in matched}
    after_old, after_new = _gap_numbers(len(old), matched, 0), _gap_numbers(len(new), matched, 1)
    found: Matched = []
    for i, before in enumerate(old):
        if i in used_old:
            continue
        for j, after in enumerate(new):
            if j in used_new or before.kind != after.kind or not _same_number(before, after):
                continue
            place = is_deleted(before) or is_deleted(after)
            if place or (
                before.kind != "article" and after_old[i] == after_new[j] and _rewritable(before, after)
            ):
                found.append((i, j))
                used_new.add(j)
                break
    return found


def _same_number(before: Node, after: Node) -> bool:
    return before.number == after.number and bool(before.number or before.kind in ("line", "row"))


def _rewritable(before: Node, after: Node) -> bool:
    return before.kind != "row" or before.cells[0] == after.cells[0]


def _gap_numbers(count: int, matched: Matched, side: int) -> list[int]:
    """For each index the number of in-order pairs before it."""
    positions = sorted(pair[side] for pair in matched)
    return [bisect_left(positions, at) for at in range(count)]
