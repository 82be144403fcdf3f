"""Large-neighbourhood search: empty the least-filled host with the help of a few others, again and again."""

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import repeat

import numpy as np
from ortools.sat.python import cp_model

from tenshu.engines.packing.greedy import dimension_weights
from tenshu.engines.packing.problem import Bin, Problem
from tenshu.engines.packing.submodel import SubModel, solver_for

_FEWEST_HOSTS, _FIRST_HOSTS, _MOST_HOSTS = 3, 5, 12
_PATIENCE = 10
_GROW_AFTER = 40
_OVERHEAD = 0.01
"""Deterministic time that one step costs beside its solver (model building)."""


@dataclass(slots=True)
class SearchResult:
    """Best solution, rounds, deterministic time spent, and whether the wall clock or a cancellation cut
    the run."""

    solution: list[Bin]
    rounds: int
    spent: float
    cut: bool


class Search:
    """One run over one zone. Two disjoint neighbourhoods are solved at a time, so the result depends on
    the seed only."""

    def __init__(self, problem: Problem, solution: list[Bin], *, seed: int, step: float) -> None:
        self.problem, self.bins, self.step = problem, list(solution), step
        self.dice = random.Random(seed)  # noqa: S311
        self.weights = dimension_weights(problem)
        self.idle = 0
        self.hosts = _FIRST_HOSTS

    def _fill(self, chosen: Bin) -> float:
        loads = self.problem.demand[list(chosen.items)].sum(axis=0)
        return float((loads / np.maximum(self.problem.capacity[chosen.type], 1)) @ self.weights)

    def _victims(self) -> list[int]:
        free = [number for number, chosen in enumerate(self.bins) if chosen.pin < 0]
        if self.problem.uniform:
            order = sorted(free, key=lambda number: (self._fill(self.bins[number]), number))
        else:

            def worth(number: int) -> tuple[float, int]:
                chosen = self.bins[number]
                return (self._fill(chosen) / max(self.problem.bin_cost(chosen), 1), number)

            order = sorted(free, key=worth)
        if self.idle >= _PATIENCE or not self.problem.uniform:
            head = order[: 5 if self.problem.uniform else max(8, len(order) // 2)]
            self.dice.shuffle(head)
            order = head + order[len(head) :]
        return order[:2]

    def neighbourhoods(self) -> list[list[int]]:
        """Up to two disjoint lists of hosts, each beginning with its victim."""
        victims = self._victims()
        slack = {
            number: max(1e-6, 1.0 - self._fill(chosen))
            for number, chosen in enumerate(self.bins)
            if number not in victims
        }
        result = []
        for victim in victims:
            picked = [victim]
            while slack and len(picked) < self.hosts:
                names = sorted(slack)
                number = self.dice.choices(names, [slack[name] for name in names])[0]
                del slack[number]
                picked.append(number)
            if len(picked) > 1:
                result.append(picked)
        return result

    def _slots(self, picked: list[Bin]) -> list[tuple[int, int]]:
        slots = [(chosen.type, chosen.pin) for chosen in picked]
        if len(self.problem.types) > 1:
            used = [0] * len(self.problem.types)
            for chosen in self.bins:
                used[chosen.type] += 1
            for type_, count in enumerate(used):
                # Half of what is left: two neighbourhoods may open hosts at the same time.
                slots += [(type_, -1)] * min(2, max(0, (self.problem.available[type_] - count) // 2))
        return slots

    def improve(self, picked: list[Bin], seed: int, wall: float) -> tuple[list[Bin] | None, float, bool]:
        """Pack the items of some hosts anew; the first is to be emptied. Equal results are accepted."""
        items = sorted(item for chosen in picked for item in chosen.items)
        sub = SubModel(self.problem, items, self._slots(picked))
        load = sub.load_of(0, self.weights.tolist())
        if self.problem.uniform:
            sub.model.minimize(load)
        else:
            cost = sub.add_costs()
            sub.model.add(cost <= self.problem.total(picked))
            sub.model.minimize(cp_model.LinearExpr.weighted_sum([cost, load], [100_000, 1]))
        sub.hint(picked)
        solver = solver_for(seed, self.step, wall)
        status = solver.solve(sub.model)
        spent = float(solver.response_proto.deterministic_time) + _OVERHEAD
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None, spent, status == cp_model.UNKNOWN and spent < self.step
        cut = status == cp_model.FEASIBLE and spent < 0.9 * self.step
        return [chosen for chosen in sub.solution(solver) if chosen.items or chosen.pin >= 0], spent, cut

    def run(
        self,
        bound: int,
        *,
        budget: float,
        deadline: float,
        cancelled: Callable[[], bool],
        progress: Callable[[int], None],
    ) -> SearchResult:
        """Search until the bound, the deterministic budget, the deadline (monotonic seconds) or a
        cancellation."""
        spent, rounds, cut = 0.0, 0, False
        best, best_total = list(self.bins), self.problem.total(self.bins)
        with ThreadPoolExecutor(2) as pool:
            while best_total > bound and spent < budget and not cut:
                groups = self.neighbourhoods()
                if not groups:
                    break
                wall = deadline - time.monotonic()
                if wall <= 0 or cancelled():
                    cut = True
                    break
                picks = [[self.bins[number] for number in group] for group in groups]
                seeds = [self.dice.randrange(2**31) for _ in groups]
                answers = list(pool.map(self.improve, picks, seeds, repeat(wall)))
                spent += max(answer[1] for answer in answers)
                cut = any(answer[2] for answer in answers)
                rounds += 1
                self._take(groups, [answer[0] for answer in answers])
                total = self.problem.total(self.bins)
                self.idle = 0 if total < best_total else self.idle + 1
                self._adapt(max(answer[1] for answer in answers))
                if total < best_total:
                    best, best_total = list(self.bins), total
                    progress(best_total)
        return SearchResult(best, rounds, spent, cut)

    def _adapt(self, spent: float) -> None:
        """Smaller neighbourhoods when steps run into their limit, larger ones when easy steps bring
        nothing."""
        if spent >= 0.9 * self.step:
            self.hosts = max(_FEWEST_HOSTS, self.hosts - 1)
        elif self.idle and self.idle % _GROW_AFTER == 0:
            self.hosts = min(_MOST_HOSTS, self.hosts + 1)

    def _take(self, groups: list[list[int]], answers: list[list[Bin] | None]) -> None:
        gone = {
            number
            for group, answer in zip(groups, answers, strict=True)
            if answer is not None
            for number in group
        }
        kept = [chosen for number, chosen in enumerate(self.bins) if number not in gone]
        for answer in answers:
            kept.extend(answer or [])
        self.bins = kept
