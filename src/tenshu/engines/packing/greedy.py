"""Constructive heuristics: first-fit decreasing, and filling host by host with the best-matching item."""

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from tenshu.engines.packing.model import InfeasibleError
from tenshu.engines.packing.problem import Bin, Problem

FloatArray = NDArray[np.float64]


def relative(problem: Problem) -> FloatArray:
    """Demand relative to the mean capacity of the types (items × dimensions)."""
    scale = np.maximum(problem.capacity.mean(axis=0), 1.0)
    return np.asarray(problem.demand / scale, dtype=np.float64)


def dimension_weights(problem: Problem) -> FloatArray:
    """Share of each dimension in total relative demand: scarce dimensions weigh more."""
    totals = relative(problem).sum(axis=0)
    return np.asarray(totals / max(float(totals.sum()), 1e-12), dtype=np.float64)


class _Room:
    """Open hosts during construction."""

    def __init__(self, problem: Problem, types: list[int]) -> None:
        self.problem = problem
        self.types = types
        self.used = [0] * len(problem.types)
        self.type: list[int] = []
        self.pin: list[int] = []
        self.items: list[list[int]] = []
        self.free = np.zeros((problem.size + len(problem.pins) + 1, problem.demand.shape[1]), dtype=np.int64)
        self.place: dict[int, int] = {}
        for number, pin in enumerate(problem.pins):
            bin_ = self.open(pin.type, number)
            for item in range(problem.size):
                if problem.pinned[item] == number:
                    self.put(item, bin_)

    def open(self, type_: int, pin: int = -1) -> int:
        self.used[type_] += 1
        self.type.append(type_)
        self.pin.append(pin)
        self.items.append([])
        self.free[len(self.type) - 1] = self.problem.capacity[type_]
        return len(self.type) - 1

    def put(self, item: int, bin_: int) -> None:
        self.items[bin_].append(item)
        self.free[bin_] -= self.problem.demand[item]
        self.place[item] = bin_

    def candidates(self, item: int) -> NDArray[np.int64]:
        count = len(self.type)
        fits = (self.free[:count] >= self.problem.demand[item]).all(axis=1)
        for rival in self.problem.rivals[item]:
            if rival in self.place:
                fits[self.place[rival]] = False
        found = np.flatnonzero(fits)
        if len(self.problem.types) > 1:
            found = found[[bool(self.problem.allowed[item, self.type[bin_]]) for bin_ in found]]
        return found

    def open_for(self, item: int) -> int:
        """Open the preferred type that may hold the item. Raises InfeasibleError when none is left."""
        problem = self.problem
        for type_ in (*self.types, *range(len(problem.types))):
            fits = bool((problem.demand[item] <= problem.capacity[type_]).all())
            if fits and problem.allowed[item, type_] and self.used[type_] < problem.available[type_]:
                return self.open(type_)
        names = ", ".join(problem.members[item])
        raise InfeasibleError([f"サーバー {names} を置く機種の台数が足りません（台数の上限）"])

    def solution(self) -> list[Bin]:
        return [
            Bin(t, tuple(sorted(i)), p) for t, i, p in zip(self.type, self.items, self.pin, strict=True) if i
        ]


def first_fit(
    problem: Problem, order: NDArray[np.int64], types: list[int], *, best: bool = False
) -> list[Bin]:
    """Put the items in order into the first host with room (or, ``best``, the fullest)."""
    room = _Room(problem, types)
    weights = dimension_weights(problem) / np.maximum(problem.capacity.mean(axis=0), 1.0)
    for item in order.tolist():
        if item in room.place:
            continue
        found = room.candidates(item)
        if not len(found):
            room.put(item, room.open_for(item))
        elif best:
            room.put(item, int(found[np.argmin(room.free[found] @ weights)]))
        else:
            room.put(item, int(found[0]))
    return room.solution()


def fill_by_match(
    problem: Problem, types: list[int], power: float, *, licensed_first: bool = False
) -> list[Bin]:
    """Host by host: open one, then put in the item whose demand matches the free room best (dot product)."""
    room = _Room(problem, types)
    weights = dimension_weights(problem) ** power
    scale = np.maximum(problem.capacity.mean(axis=0), 1.0)
    shape = (problem.demand / scale) * weights
    size = shape.sum(axis=1) + (1e6 * problem.licences.any(axis=1) if licensed_first else 0.0)
    waiting = np.array([item not in room.place for item in range(problem.size)])
    queue = list(range(len(room.type)))
    while waiting.any() or queue:
        if queue:
            bin_ = queue.pop(0)
        else:
            seed = int(np.flatnonzero(waiting)[np.argmax(size[waiting])])
            bin_ = room.open_for(seed)
            room.put(seed, bin_)
            waiting[seed] = False
        _fill(room, bin_, waiting, shape / scale, size if licensed_first else None)
    return room.solution()


def _fill(
    room: _Room, bin_: int, waiting: NDArray[np.bool_], shape: FloatArray, first: FloatArray | None
) -> None:
    problem = room.problem
    possible = waiting & problem.allowed[:, room.type[bin_]]
    for item in room.items[bin_]:
        possible[list(problem.rivals[item])] = False
    while True:
        possible &= (problem.demand <= room.free[bin_]).all(axis=1)
        found = np.flatnonzero(possible)
        if not len(found):
            return
        scores = shape[found] @ room.free[bin_]
        if first is not None:
            scores = scores + np.where(first[found] > 1e5, 1e9, 0.0)
        item = int(found[np.argmax(scores)])
        room.put(item, bin_)
        waiting[item] = possible[item] = False
        possible[list(problem.rivals[item])] = False


def _orders(problem: Problem) -> Iterator[NDArray[np.int64]]:
    shares = relative(problem)
    weights = dimension_weights(problem)
    licensed = problem.licences.any(axis=1)
    for score in (shares.sum(axis=1), shares.max(axis=1), shares @ weights, (shares**2) @ weights):
        yield np.argsort(-score, kind="stable")
        if licensed.any():
            yield np.lexsort((-score, ~licensed))


def cheapest_types(problem: Problem, solution: list[Bin]) -> list[Bin]:
    """Give each host the cheapest type that holds its items."""
    used = [0] * len(problem.types)
    for chosen in solution:
        used[chosen.type] += 1
    result = []
    for chosen in solution:
        best = chosen
        for type_ in range(len(problem.types)) if chosen.pin < 0 else ():
            other = Bin(type_, chosen.items)
            if used[type_] < problem.available[type_] and problem.fits(type_, chosen.items):
                best = min(best, other, key=problem.bin_cost)
        used[chosen.type] -= 1
        used[best.type] += 1
        result.append(best)
    return result


def type_orders(problem: Problem) -> list[list[int]]:
    """Orders in which types are opened: by cost for the room that demand needs, and each type first."""
    needs = dimension_weights(problem)
    worth = [
        problem.cost[type_]
        / max(float((problem.capacity[type_] / np.maximum(problem.capacity.max(axis=0), 1)) @ needs), 1e-9)
        for type_ in range(len(problem.types))
    ]
    usual = sorted(range(len(problem.types)), key=lambda type_: (worth[type_], type_))
    return [[first, *(type_ for type_ in usual if type_ != first)] for first in usual]


def first_fit_decreasing(problem: Problem) -> list[Bin]:
    """The usual yardstick: first fit in the order of falling summed relative demand."""
    order = np.argsort(-relative(problem).sum(axis=1), kind="stable")
    return first_fit(problem, order, type_orders(problem)[0])


def _constructions(problem: Problem, types: list[int]) -> Iterator[Callable[[], list[Bin]]]:
    for order in _orders(problem):
        yield partial(first_fit, problem, order, types)
        yield partial(first_fit, problem, order, types, best=True)
    for power in (0.0, 0.5, 1.0, 2.0):
        yield partial(fill_by_match, problem, types, power)
        if problem.licences.any():
            yield partial(fill_by_match, problem, types, power, licensed_first=True)


def greedy(problem: Problem) -> list[Bin]:
    """The best of all constructions. Raises InfeasibleError when none finds room for an item."""
    best: list[Bin] | None = None
    trouble: InfeasibleError | None = None
    for types in type_orders(problem):
        for construct in _constructions(problem, types):
            try:
                found = cheapest_types(problem, construct())
            except InfeasibleError as error:
                trouble = error
                continue
            if best is None or problem.total(found) < problem.total(best):
                best = found
    if best is None:
        raise trouble or InfeasibleError(["配置が見つかりません"])
    return best
