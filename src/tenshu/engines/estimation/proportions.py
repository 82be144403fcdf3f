"""Shares of small numbers: Wilson and Newcombe intervals, the smallest change that can be seen."""

from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats


@dataclass(frozen=True, slots=True)
class Share:
    """``hits`` of ``count`` with interval ends, all shares between 0 and 1."""

    hits: int
    count: int
    value: float
    lower: float
    upper: float


def wilson(hits: int, count: int, level: float = 0.95) -> Share:
    """Wilson score interval of a share. Source: Wilson 1927; computed by SciPy.

    Raises ValueError unless 0 ≤ hits ≤ count and count > 0.
    """
    if count <= 0 or not 0 <= hits <= count:
        raise ValueError(f"{hits} of {count} is no share")
    found = stats.binomtest(hits, count).proportion_ci(confidence_level=level, method="wilson")
    return Share(hits, count, hits / count, float(found.low), float(found.high))


@dataclass(frozen=True, slots=True)
class Difference:
    """Second share minus first, with interval ends."""

    value: float
    lower: float
    upper: float


def difference_of_shares(first: tuple[int, int], second: tuple[int, int], level: float = 0.95) -> Difference:
    """Newcombe's hybrid score interval (method 10, 1998) of the difference of two independent shares."""
    a, b = wilson(*first, level), wilson(*second, level)
    value = b.value - a.value
    down = float(np.hypot(b.value - b.lower, a.upper - a.value))
    up = float(np.hypot(b.upper - b.value, a.value - a.lower))
    return Difference(value, value - down, value + up)


def power_of_change(rate: float, change: float, first: int, second: int, alpha: float = 0.05) -> float:
    """Chance that a two-sided z test sees a change from ``rate`` to ``rate + change`` between two groups.

    Pooled variance under no change, separate variances under the change (Fleiss, Levin and Paik 2003,
    chapter 4).
    """
    other = rate + change
    pooled = (first * rate + second * other) / (first + second)
    null = np.sqrt(pooled * (1 - pooled) * (1 / first + 1 / second))
    real = np.sqrt(rate * (1 - rate) / first + other * (1 - other) / second)
    if real == 0:
        return 1.0 if change else alpha
    z = stats.norm.ppf(1 - alpha / 2)
    shift = abs(change)
    return float(stats.norm.cdf((shift - z * null) / real) + stats.norm.cdf((-shift - z * null) / real))


def smallest_visible_change(
    rate: float, first: int, second: int, *, alpha: float = 0.05, power: float = 0.8
) -> dict[str, float | None]:
    """Smallest fall and rise of a rate that two groups of these sizes would show with the wanted power.

    None where even a change to 0 or to 1 would not be seen. Raises ValueError for impossible numbers.
    """
    if not 0 < rate < 1 or min(first, second) < 2 or not 0 < alpha < power < 1:
        raise ValueError("rate, sizes, alpha or power out of range")
    found: dict[str, float | None] = {}
    for name, end in (("fall", -rate), ("rise", 1 - rate)):

        def gap(change: float) -> float:
            return power_of_change(rate, change, first, second, alpha) - power

        edge = end * (1 - 1e-9)
        found[name] = None if gap(edge) < 0 else float(optimize.brentq(gap, end * 1e-6, edge))
    return found
