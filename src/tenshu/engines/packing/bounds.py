"""Proven lower bounds that need no search."""

import numpy as np

from tenshu.engines.packing.problem import IntArray, Problem

_MOST_LIMITS = 200
_MOST_RIVALS = 400


def _volume_bound(values: IntArray, capacity: int) -> int:
    """Martello and Toth's L2 for one dimension: large items stand alone, the rest must fill what they leave.

    Source: Martello, Toth, "Lower bounds and reduction procedures for the bin packing problem", Discrete
    Applied
    Mathematics 28 (1990).
    """
    sizes = np.sort(values[values > 0])[::-1]
    if not len(sizes):
        return 0
    best = -int(-sizes.sum() // capacity)
    limits = np.unique(sizes[sizes * 2 <= capacity])
    # Any limit gives a valid bound; a sample of them keeps large zones fast.
    for limit in limits[:: len(limits) // _MOST_LIMITS + 1].tolist() or [0]:
        alone = sizes[sizes > capacity - limit]
        half = sizes[(sizes <= capacity - limit) & (sizes * 2 > capacity)]
        small = sizes[(sizes * 2 <= capacity) & (sizes >= limit)]
        missing = int(small.sum()) - (len(half) * capacity - int(half.sum()))
        best = max(best, len(alone) + len(half) + max(0, -(-missing // capacity)))
    return best


def _count_bound(values: IntArray, capacity: int) -> int:
    """No host holds more items than the smallest ones that fit; so many hosts at least."""
    sizes = np.sort(values)
    most = int(np.searchsorted(np.cumsum(sizes), capacity, side="right"))
    return -(-len(sizes) // max(most, 1))


def _conflict_bound(problem: Problem) -> int:
    """Items of which no two may share a host: cliques of rules, or of items too large for each other."""
    largest = problem.capacity.max(axis=0)
    order = np.argsort(-(problem.demand / np.maximum(largest, 1)).max(axis=1), kind="stable").tolist()[
        :_MOST_RIVALS
    ]
    best = max((len(clique) for clique in problem.cliques), default=1)
    for start in order[:3]:
        chosen = [start]
        for item in order:
            clash = (problem.demand[item] + problem.demand[chosen] > largest).any(axis=1)
            rival = np.array([other in problem.rivals[item] for other in chosen])
            if item not in chosen and (clash | rival).all():
                chosen.append(item)
        best = max(best, len(chosen))
    return best


def hosts_bound(problem: Problem) -> int:
    """Smallest number of hosts of any type that could hold the zone, by volume, count and conflicts."""
    if not problem.size:
        return 0
    largest = problem.capacity.max(axis=0)
    bounds = [len(problem.pins), _conflict_bound(problem)]
    for dimension in range(problem.demand.shape[1]):
        capacity = max(int(largest[dimension]), 1)
        bounds.append(_volume_bound(problem.demand[:, dimension], capacity))
        bounds.append(_count_bound(problem.demand[:, dimension], capacity))
    return max(bounds)


def cost_bound(problem: Problem) -> int:
    """Lower bound of the cost that needs no solver: hosts × cheapest, and for each dimension the
    cheapest capacity."""
    if not problem.size:
        return 0
    best = hosts_bound(problem) * min(problem.cost)
    for dimension, need in enumerate(problem.demand.sum(axis=0).tolist()):
        pairs = [
            (cost, int(capacity[dimension]))
            for cost, capacity in zip(problem.cost, problem.capacity, strict=True)
        ]
        ratios = [(cost * need, capacity) for cost, capacity in pairs if capacity > 0]
        if need > 0 and ratios:
            best = max(best, min(-(-value // capacity) for value, capacity in ratios))
    return best
