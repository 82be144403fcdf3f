"""The four-part beacon score in plain Python, written from the formulas only; the yardstick of the SQL."""

import itertools
import math
from statistics import median


def hinges(values: list[int]) -> tuple[float, float, float]:
    """Q1, Q2, Q3 with the middle value left out of the halves."""
    ordered, half = sorted(values), len(values) // 2
    return median(ordered[:half]), median(ordered), median(ordered[len(ordered) - half :])


def statistic(values: list[int], default: float) -> float:
    """Mean of the skew score and the MAD score."""
    q1, q2, q3 = hinges(values)
    skew = 0.0 if q3 - q1 < 10 or q2 in (q1, q3) else (q1 + q3 - 2 * q2) / (q3 - q1)
    mad = median(abs(v - q2) for v in values)
    tight = default if q2 < 1 else max(0.0, (q2 - mad) / q2)
    return ((1 - abs(skew)) + tight) / 2


def longest_run(busy: list[bool]) -> int:
    """Longest chain of true values."""
    best = run = 0
    for value in busy:
        run = run + 1 if value else 0
        best = max(best, run)
    return best


def histogram_score(bins: list[int], least_busy: int) -> float:
    """The larger of steadiness and two-level score."""
    mean = sum(bins) / len(bins)
    deviation = math.sqrt(sum((b - mean) ** 2 for b in bins) / len(bins))
    steady = 0.0 if deviation / mean > 1 else 1 - deviation / mean
    busy = [b for b in bins if b]
    step = -(-max(bins) // 20)
    levels: dict[int, int] = {}
    for height in busy:
        levels[height // step] = levels.get(height // step, 0) + 1
    two = sum(sorted(levels.values(), reverse=True)[:2])
    return max(steady, min(1.0, two / (len(busy) - 1)) if len(busy) >= least_busy else 0.0)


def beacon(times: list[int], sizes: list[int], start: int, end: int, *, own: bool) -> dict[str, float] | None:
    """The scores of one pair from whole seconds and bytes, or None when there are too few."""
    ordered = sorted(times)
    gaps = [b - a for a, b in itertools.pairwise(ordered) if b > a]
    if len(gaps) < 3:
        return None
    bins = [0] * 24
    for second in ordered:
        bins[min(23, max(0, int((second - start) * 24 / (end - start))))] += 1
    busy = [b > 0 for b in bins]
    used, least, ideal, chain = bins, 11, 12, busy + busy
    if own:
        first, last = busy.index(True), 23 - busy[::-1].index(True)
        used = bins[first : last + 1] if last - first + 1 >= 5 else bins
        least, ideal, chain = max(5, math.ceil(0.45 * len(used))), 8, busy
    run = min(24, longest_run(chain))
    length = max(min(1.0, (ordered[-1] - ordered[0]) / (end - start)), min(1.0, run / ideal))
    parts = {
        "ts_score": statistic(gaps, 1.0),
        "ds_score": statistic(sizes, 0.0) if len(sizes) >= 3 else 0.0,
        "hist_score": histogram_score(used, least),
        "dur_score": length if sum(busy) >= 6 else 0.0,
    }
    return parts | {"beacon": sum(parts.values()) / 4}
