"""Rates made comparable: drills of different difficulty, divisions of different make-up."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .proportions import wilson


@dataclass(frozen=True, slots=True)
class Cell:
    """Hits among ``count`` in one difficulty (or age, or task) class."""

    difficulty: str
    hits: int
    count: int


@dataclass(frozen=True, slots=True)
class StandardisedRate:
    """``value`` between 0 and 1 at the standard mix, with interval; ``crude`` is the plain rate."""

    value: float
    lower: float
    upper: float
    crude: float
    missing: tuple[str, ...]


def standardised_rate(
    cells: Sequence[Cell], standard: dict[str, float], level: float = 0.95
) -> StandardisedRate:
    """Direct standardisation: Σ w_k · hits_k / count_k, weights w_k ∝ ``standard``.

    Classes without observations are left out, the weights rescaled, and the class named in ``missing``.
    Interval: stratified Wilson by the MOVER method (Zou and Donner 2008): half-widths √Σ w_k² (p_k −
    l_k)². Raises ValueError when no class of the standard was observed.
    """
    seen = {c.difficulty: c for c in cells if c.count > 0}
    used = {name: weight for name, weight in standard.items() if name in seen and weight > 0}
    whole = sum(used.values())
    if not used:
        raise ValueError("no class of the standard was observed")
    shares = [wilson(seen[name].hits, seen[name].count, level) for name in used]
    weights = np.array([weight / whole for weight in used.values()])
    value = float(weights @ [s.value for s in shares])
    down = float(np.sqrt(np.sum((weights * [s.value - s.lower for s in shares]) ** 2)))
    up = float(np.sqrt(np.sum((weights * [s.upper - s.value for s in shares]) ** 2)))
    crude = sum(c.hits for c in seen.values()) / sum(c.count for c in seen.values())
    missing = tuple(sorted(name for name, weight in standard.items() if weight > 0 and name not in seen))
    return StandardisedRate(value, max(value - down, 0.0), min(value + up, 1.0), crude, missing)


def pooled_standard(groups: Sequence[Sequence[Cell]]) -> dict[str, float]:
    """The make-up of all groups together, the usual standard."""
    weights: dict[str, float] = {}
    for cells in groups:
        for cell in cells:
            weights[cell.difficulty] = weights.get(cell.difficulty, 0.0) + cell.count
    return weights
