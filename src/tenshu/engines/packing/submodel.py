"""The CP-SAT model of putting given items into given hosts: the exact model and each step of the search."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from ortools.sat.python import cp_model

from tenshu.engines.packing.problem import Bin, Problem

_LOAD_UNITS = 10_000


@dataclass(slots=True)
class SubModel:
    """Variables of a model: ``place[i][s]`` item i of ``items`` in slot s; slots are (type, pin)."""

    problem: Problem
    items: list[int]
    slots: list[tuple[int, int]]
    model: cp_model.CpModel = field(default_factory=cp_model.CpModel)
    place: list[dict[int, cp_model.IntVar]] = field(default_factory=list)
    open: list[cp_model.IntVar] = field(default_factory=list)
    licensed: dict[tuple[int, int], cp_model.IntVar] = field(default_factory=dict)

    def __post_init__(self) -> None:
        problem = self.problem
        for item in self.items:
            row = {
                slot: self.model.new_bool_var("")
                for slot, (type_, pin) in enumerate(self.slots)
                if problem.allowed[item, type_] and problem.pinned[item] in (-1, pin)
            }
            self.place.append(row)
            self.model.add_exactly_one(row.values())
        self._add_capacities()
        self._add_conflicts()

    def _add_capacities(self) -> None:
        demand = self.problem.demand[self.items]
        for slot, (type_, _) in enumerate(self.slots):
            inside = [index for index, row in enumerate(self.place) if slot in row]
            terms = [self.place[index][slot] for index in inside]
            capacity = self.problem.capacity[type_]
            for dimension in range(demand.shape[1]):
                sizes = demand[inside, dimension]
                if sizes.sum() > capacity[dimension]:
                    total = cp_model.LinearExpr.weighted_sum(terms, sizes.tolist())
                    self.model.add(total <= int(capacity[dimension]))

    def _add_conflicts(self) -> None:
        index = {item: number for number, item in enumerate(self.items)}
        for clique in self.problem.cliques:
            inside = [index[item] for item in clique if item in index]
            if len(inside) > 1:
                for slot in range(len(self.slots)):
                    self.model.add_at_most_one(self.place[n][slot] for n in inside if slot in self.place[n])

    def add_costs(self) -> cp_model.LinearExprT:
        """Add the variables of open hosts and licences; returns the cost."""
        problem, terms, costs = self.problem, [], []
        for slot, (type_, pin) in enumerate(self.slots):
            opened = self.model.new_bool_var("")
            self.open.append(opened)
            inside = [row[slot] for row in self.place if slot in row]
            for variable in inside:
                self.model.add_implication(variable, opened)
            if pin >= 0:
                self.model.add(opened == 1)
            terms.append(opened)
            costs.append(problem.cost[type_])
            for product in np.flatnonzero(problem.licence_cost[type_]).tolist():
                users = [
                    row[slot]
                    for item, row in zip(self.items, self.place, strict=True)
                    if slot in row and problem.licences[item, product]
                ]
                if users:
                    paid = self.licensed[slot, product] = self.model.new_bool_var("")
                    for variable in users:
                        self.model.add_implication(variable, paid)
                    self.model.add_implication(paid, opened)
                    terms.append(paid)
                    costs.append(int(problem.licence_cost[type_, product]))
        return cp_model.LinearExpr.weighted_sum(terms, costs)

    def add_covers(self, least_hosts: int) -> None:
        """Aggregate cuts: open hosts cover all demand, licensed hosts the licensed demand, in every
        dimension."""
        problem = self.problem
        groups = [(self.items, dict(enumerate(self.open)))]
        for product in range(problem.licences.shape[1]):
            users = [item for item in self.items if problem.licences[item, product]]
            paid = {slot: variable for (slot, of), variable in self.licensed.items() if of == product}
            if users and len(paid) == len(self.slots):
                groups.append((users, paid))
        for items, variables in groups:
            need = problem.demand[items].sum(axis=0)
            for dimension in range(problem.demand.shape[1]):
                room = [int(problem.capacity[self.slots[slot][0], dimension]) for slot in variables]
                covered = cp_model.LinearExpr.weighted_sum(list(variables.values()), room)
                self.model.add(covered >= int(need[dimension]))
        self.model.add(cp_model.LinearExpr.sum(self.open) >= least_hosts)

    def order_slots(self) -> None:
        """Break the symmetry of equal slots: open ones first, licensed ones first among them."""
        for slot in range(len(self.slots) - 1):
            if self.slots[slot] == self.slots[slot + 1] and self.slots[slot][1] < 0:
                self.model.add_implication(self.open[slot + 1], self.open[slot])

    def load_of(self, slot: int, weights: Sequence[float]) -> cp_model.LinearExprT:
        """Weighted load of a slot in whole units (0 only when it is empty)."""
        scale = np.maximum(self.problem.capacity[self.slots[slot][0]], 1)
        loads = (self.problem.demand[self.items] / scale) @ np.asarray(weights)
        units = np.maximum(1, np.round(loads * _LOAD_UNITS)).astype(int).tolist()
        pairs = [(row[slot], units[index]) for index, row in enumerate(self.place) if slot in row]
        return cp_model.LinearExpr.weighted_sum([pair[0] for pair in pairs], [pair[1] for pair in pairs])

    def hint(self, bins: Sequence[Bin]) -> None:
        """Give a known solution: ``bins[s]`` is the content of slot s."""
        where = {item: slot for slot, chosen in enumerate(bins) for item in chosen.items}
        for item, row in zip(self.items, self.place, strict=True):
            for slot, variable in row.items():
                self.model.add_hint(variable, where.get(item) == slot)
        for slot, variable in enumerate(self.open):
            self.model.add_hint(variable, slot < len(bins) and bool(bins[slot].items))
        for (slot, product), variable in self.licensed.items():
            inside = bins[slot].items if slot < len(bins) else ()
            self.model.add_hint(variable, any(self.problem.licences[item, product] for item in inside))

    def solution(self, solver: cp_model.CpSolver) -> list[Bin]:
        """The hosts of a solved model, one a slot, empty ones included."""
        content: list[list[int]] = [[] for _ in self.slots]
        for item, row in zip(self.items, self.place, strict=True):
            for slot, variable in row.items():
                if solver.boolean_value(variable):
                    content[slot].append(item)
                    break
        return [Bin(t, tuple(sorted(c)), p) for (t, p), c in zip(self.slots, content, strict=True)]


def solver_for(seed: int, deterministic: float, wall: float, *, workers: int = 1) -> cp_model.CpSolver:
    """A solver that stops at a deterministic time (about CPU seconds) and, as a safety, at a wall time."""
    solver = cp_model.CpSolver()
    solver.parameters.random_seed = seed % 2_000_000_000
    solver.parameters.num_workers = workers
    solver.parameters.interleave_search = workers > 1
    solver.parameters.max_deterministic_time = deterministic
    solver.parameters.max_time_in_seconds = max(wall, 0.01)
    return solver
