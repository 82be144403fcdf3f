"""How alike two units are, and the best monotone matching of two lists of units."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy import sparse

from .model import Node
from .references import mask

Scores = npt.NDArray[np.float64]

LOWEST = 0.45
"""Pairs scoring less are not allowed."""
LARGEST = 2_000_000
"""Cells of one score matrix; beyond it a stretch without anchors is cut into windows."""


@dataclass(frozen=True)
class Profile:
    """What of a unit takes part in matching: kind, masked caption and masked text."""

    kind: str
    caption: str
    text: str

    @cached_property
    def grams(self) -> frozenset[str]:
        """Character bigrams of the text, made only for units that have no equal."""
        return bigrams(self.text)


def bigrams(text: str) -> frozenset[str]:
    """Character bigrams; a single character stands for itself."""
    return frozenset(text[i : i + 2] for i in range(len(text) - 1)) if len(text) > 1 else frozenset([text])


def profile(node: Node, *, deep: bool = True) -> Profile:
    """Profile of a unit, of its whole subtree if ``deep``."""
    if deep:
        parts = [n.caption + n.own_text() if n is not node else n.own_text() for n in _printed(node)]
    else:
        parts = [node.own_text()]
    text = mask("".join(parts))
    return Profile(node.kind, mask(node.caption), text)


def _printed(node: Node) -> list[Node]:
    return [n for n in node.walk() if not n.is_inline_paragraph]


def score_matrix(old: Sequence[Profile], new: Sequence[Profile]) -> Scores:
    """Scores 0 … 1 of every old unit (rows) with every new one (columns).

    Dice coefficient d of the bigrams; with equal captions (d + 1) / 2; with two different captions d − 0.25.
    Units of different kinds score 0.
    """
    codes: dict[str, int] = {}
    left, right = _incidence(old, codes), _incidence(new, codes)
    width = max(len(codes), 1)
    common = (_matrix(left, width) @ _matrix(right, width).T).toarray()
    sizes = np.add.outer([len(p.grams) for p in old], [len(p.grams) for p in new])
    dice = 2.0 * common / np.maximum(sizes, 1)
    captions: dict[str, int] = {"": 0}
    a = np.array([captions.setdefault(p.caption, len(captions)) for p in old])
    b = np.array([captions.setdefault(p.caption, len(captions)) for p in new])
    equal = (a[:, None] == b[None, :]) & (a[:, None] > 0)
    differ = (a[:, None] != b[None, :]) & (a[:, None] > 0) & (b[None, :] > 0)
    kinds = np.array([p.kind for p in old])[:, None] == np.array([p.kind for p in new])[None, :]
    result: Scores = np.where(equal, (dice + 1) / 2, np.where(differ, dice - 0.25, dice))
    return np.where(kinds, np.clip(result, 0, 1), 0.0)


def pair_score(old: Profile, new: Profile) -> float:
    """The score of one pair, as in score_matrix."""
    if old.kind != new.kind:
        return 0.0
    dice = 2 * len(old.grams & new.grams) / max(len(old.grams) + len(new.grams), 1)
    if old.caption and old.caption == new.caption:
        return (dice + 1) / 2
    return max(dice - 0.25, 0.0) if old.caption and new.caption else dice


def _incidence(units: Sequence[Profile], codes: dict[str, int]) -> list[list[int]]:
    return [[codes.setdefault(gram, len(codes)) for gram in unit.grams] for unit in units]


def _matrix(rows: list[list[int]], width: int) -> sparse.csr_matrix:
    starts = np.cumsum([0, *(len(row) for row in rows)])
    columns = np.fromiter((c for row in rows for c in row), dtype=np.int64, count=int(starts[-1]))
    return sparse.csr_matrix((np.ones(len(columns), dtype=np.float64), columns, starts), (len(rows), width))


def monotone_match(
    old: Sequence[Profile], new: Sequence[Profile], lowest: float = LOWEST
) -> list[tuple[int, int]]:
    """Pairs (old index, new index), increasing in both: equal units found once are anchors, the rest is
    matched
    between them by dynamic programming over the sum of squared scores (squares prefer one sure pair to
    two weak)."""
    anchors = _anchors(old, new)
    pairs: list[tuple[int, int]] = []
    i = j = 0
    for at_old, at_new in [*anchors, (len(old), len(new))]:
        if i < at_old and j < at_new:
            for a1, a2, b1, b2 in _windows(i, at_old, j, at_new):
                inner = _program(score_matrix(old[a1:a2], new[b1:b2]), lowest)
                pairs.extend((a1 + a, b1 + b) for a, b in inner)
        if at_old < len(old):
            pairs.append((at_old, at_new))
        i, j = at_old + 1, at_new + 1
    return pairs


def _windows(i: int, at_old: int, j: int, at_new: int) -> list[tuple[int, int, int, int]]:
    """A stretch without anchors, cut into pieces when its score matrix would be too large (long tables)."""
    rows, columns = at_old - i, at_new - j
    pieces = 1 + int((rows * columns / LARGEST) ** 0.5)
    cuts = [(i + rows * k // pieces, j + columns * k // pieces) for k in range(pieces + 1)]
    found = [(a1, a2, b1, b2) for (a1, b1), (a2, b2) in pairwise(cuts)]
    return [window for window in found if window[0] < window[1] and window[2] < window[3]]


def _anchors(old: Sequence[Profile], new: Sequence[Profile]) -> list[tuple[int, int]]:
    """Longest increasing run of units that are equal and single on both sides, after equal ends are taken
    off."""
    keys_old = [(p.kind, p.caption, p.text) for p in old]
    keys_new = [(p.kind, p.caption, p.text) for p in new]
    front = 0
    while front < min(len(old), len(new)) and keys_old[front] == keys_new[front]:
        front += 1
    back = 0
    while back < min(len(old), len(new)) - front and keys_old[-1 - back] == keys_new[-1 - back]:
        back += 1
    counts = Counter(keys_old), Counter(keys_new)
    where = {key: j for j, key in enumerate(keys_new)}
    candidates = [
        (i, where[key])
        for i, key in enumerate(keys_old)
        if front <= i < len(old) - back
        and counts[0][key] == counts[1][key] == 1
        and front <= where[key] < len(new) - back
    ]
    ends = [(len(old) - back + k, len(new) - back + k) for k in range(back)]
    return [(k, k) for k in range(front)] + _increasing(candidates) + ends


def _increasing(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Longest subsequence increasing in the second member (the first already increases)."""
    tails: list[int] = []
    tail_at: list[int] = []
    before: list[int] = []
    for at, (_, j) in enumerate(pairs):
        k = bisect_left(tails, j)
        before.append(tail_at[k - 1] if k else -1)
        if k == len(tails):
            tails.append(j)
            tail_at.append(at)
        else:
            tails[k], tail_at[k] = j, at
    chain: list[tuple[int, int]] = []
    at = tail_at[-1] if tail_at else -1
    while at >= 0:
        chain.append(pairs[at])
        at = before[at]
    return chain[::-1]


def _program(scores: Scores, lowest: float) -> list[tuple[int, int]]:
    gains = np.where(scores >= lowest, scores**2, 0.0).tolist()
    rows, columns = len(gains), len(gains[0])
    best = [[0.0] * (columns + 1)]
    for gain in gains:
        above = best[-1]
        row = [0.0]
        last = 0.0
        for j in range(columns):
            with_pair = above[j] + gain[j]
            last = max(last, above[j + 1], with_pair)
            row.append(last)
        best.append(row)
    pairs: list[tuple[int, int]] = []
    i, j = rows, columns
    while i and j:
        if gains[i - 1][j - 1] and best[i][j] == best[i - 1][j - 1] + gains[i - 1][j - 1]:
            pairs.append((i - 1, j - 1))
            i, j = i - 1, j - 1
        elif best[i][j] == best[i - 1][j]:
            i -= 1
        else:
            j -= 1
    return pairs[::-1]
