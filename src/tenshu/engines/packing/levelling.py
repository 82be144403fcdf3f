"""Fitting a zone into a given number of hosts: overload is allowed and levelled out, two hosts at a time.

All items are spread over the hosts at once. Then an overloaded host and another one exchange items: a few of
their items are drawn, all ways to divide these between the two are tried, and a least overloaded one is
taken, at random among equals. Where hosts hold many items there are so many divisions that even hosts that must
be 99.9 % full in two dimensions are met in a fraction of a second, which emptying one host by steps is not.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenshu.engines.packing.problem import Bin, IntArray, Problem

_DRAWN = 13
"""Items divided anew in one step: 8,192 divisions."""

_FEWEST_ITEMS = 5
"""Items a host on average; with fewer there are too few divisions to choose from."""

_TIGHT = 0.7
_TRIED = 40
STEP = 0.0005
"""Time that one step counts for in the deterministic budget, about its CPU seconds."""

FloatArray = NDArray[np.float64]


class Levelled(NamedTuple):
    """The hosts, or None when the budget was over first, and the deterministic time spent."""

    solution: list[Bin] | None
    spent: float


def suits(problem: Problem, hosts: int) -> bool:
    """Whether the zone asks for nothing but capacity and separation, with many items to a host."""
    plain = problem.uniform and not problem.pins and bool(problem.allowed.all())
    return plain and 1 < hosts <= problem.available[0] and problem.size >= _FEWEST_ITEMS * hosts


def level(problem: Problem, hosts: int, *, seed: int, budget: float) -> Levelled:
    """Try to put all items into `hosts` hosts; the same arguments give the same answer."""
    return _Levelling(problem, hosts, seed).run(budget)


class _Levelling:
    def __init__(self, problem: Problem, hosts: int, seed: int) -> None:
        self.problem, self.hosts = problem, hosts
        self.capacity = np.maximum(problem.capacity[0], 1)
        self.dice = np.random.default_rng(seed)
        self.content: list[list[int]] = [[] for _ in range(hosts)]
        self.loads: IntArray = np.zeros((hosts, len(self.capacity)), dtype=np.int64)
        self.share = problem.demand.sum(axis=0) / self.capacity / hosts
        # Dimensions with plenty of room are left out of the sums until one of them overflows.
        self.active = self.share > min(_TIGHT, float(self.share.max()))
        self.active[int(self.share.argmax())] = True
        self._spread()

    def _spread(self) -> None:
        """Largest items first, each to the host that it leaves most level."""
        sizes = self.problem.demand / self.capacity
        order = np.argsort(-sizes.max(axis=1) + 0.02 * self.dice.random(len(sizes)), kind="stable")
        where: dict[int, int] = {}
        for item in order.tolist():
            loads = (self.loads + self.problem.demand[item]) / self.capacity
            pain = 10 * np.maximum(loads - 1, 0).sum(axis=1) + (loads**2) @ self.share**8
            taken = [where[rival] for rival in self.problem.rivals[item] if rival in where]
            pain[taken] += 1_000.0
            host = where[item] = int(pain.argmin())
            self.content[host].append(item)
            self.loads[host] += self.problem.demand[item]

    def _overload(self, loads: IntArray, capacity: IntArray) -> FloatArray:
        """Sum over dimensions of the part of a host's capacity by which it is exceeded; 0 only when it
        fits."""
        over: FloatArray = (np.maximum(loads - capacity, 0) / capacity).sum(axis=-1)
        return over

    def _clashes(self, items: list[int]) -> int:
        inside = set(items)
        return sum(len(inside & self.problem.rivals[item]) for item in items if self.problem.rivals[item])

    def run(self, budget: float) -> Levelled:
        """Level until nothing is overloaded or the budget is spent."""
        clashes = np.array([self._clashes(items) for items in self.content], dtype=np.float64)
        spent = 0.0
        while spent < budget:
            over = self._overload(self.loads, self.capacity) + clashes
            if not over.any():
                hosts = [Bin(0, tuple(sorted(items))) for items in self.content if items]
                return Levelled(hosts, spent)
            spent += STEP
            weights = np.cumsum(over + 1e-4)
            first = int(np.searchsorted(weights, self.dice.random() * weights[-1]))
            second = int(self.dice.integers(self.hosts - 1))
            second += second >= first
            self._divide(first, second)
            for host in (first, second):
                clashes[host] = self._clashes(self.content[host])
        return Levelled(None, spent)

    def _divide(self, first: int, second: int) -> None:
        """Divide drawn items of two hosts anew."""
        pool = np.array(self.content[first] + self.content[second], dtype=np.int64)
        at_first = np.arange(len(pool)) < len(self.content[first])
        order = self.dice.permutation(len(pool))
        drawn, kept = pool[order[:_DRAWN]], order[_DRAWN:]
        stay, leave = pool[kept[at_first[kept]]], pool[kept[~at_first[kept]]]
        active = self.active
        demand, capacity = self.problem.demand[:, active], self.capacity[active]
        sums = demand[stay].sum(axis=0).reshape(1, -1)
        for item in drawn.tolist():
            sums = np.concatenate([sums, sums + demand[item]])
        rest = demand[pool].sum(axis=0) - sums
        pain = self._overload(sums, capacity) + self._overload(rest, capacity)
        best = np.flatnonzero(pain <= pain.min() + 1e-12)
        for number in best[self.dice.permutation(len(best))[:_TRIED]].tolist():
            chosen = (number >> np.arange(len(drawn))) & 1 == 1
            left = [*stay.tolist(), *drawn[chosen].tolist()]
            right = [*leave.tolist(), *drawn[~chosen].tolist()]
            if not self._clashes(left) and not self._clashes(right):
                self._put(first, left)
                self._put(second, right)
                return

    def _put(self, host: int, items: list[int]) -> None:
        self.content[host] = items
        self.loads[host] = self.problem.demand[items].sum(axis=0) if items else 0
        self.active |= self.loads[host] > self.capacity
