"""Proof for zones of moderate size, and bounds by the cover model for any size."""

from typing import NamedTuple

import numpy as np
from ortools.sat.python import cp_model

from tenshu.engines.packing.bounds import cost_bound, hosts_bound
from tenshu.engines.packing.problem import Bin, Problem
from tenshu.engines.packing.submodel import SubModel, solver_for

LARGEST_MODEL = 30_000
"""Items × hosts up to which the whole zone is put into one model (memory about 10 kB a product)."""


class ExactResult(NamedTuple):
    """Best solution and bound, the deterministic time spent, and whether the wall clock cut the run."""

    solution: list[Bin]
    bound: int
    spent: float
    cut: bool


def cover_bound(problem: Problem) -> int:
    """Bound of the cost: types and licences bought must cover the demand in every dimension and every
    clique."""
    simple = cost_bound(problem)
    if problem.uniform or not problem.size:
        return simple
    model = cp_model.CpModel()
    most = [min(available, problem.size) for available in problem.available]
    hosts = [model.new_int_var(0, most[t], "") for t in range(len(problem.types))]
    terms, costs = list(hosts), list(problem.cost)
    model.add(cp_model.LinearExpr.sum(hosts) >= hosts_bound(problem))
    _cover(model, problem, list(range(problem.size)), hosts)
    for product in range(problem.licences.shape[1]):
        users = np.flatnonzero(problem.licences[:, product]).tolist()
        paid = [model.new_int_var(0, most[t], "") for t in range(len(problem.types))]
        for bought, licensed in zip(hosts, paid, strict=True):
            model.add(licensed <= bought)
        _cover(model, problem, users, paid)
        least = max((len(set(clique).intersection(users)) for clique in problem.cliques), default=1)
        model.add(cp_model.LinearExpr.sum(paid) >= max(least, 1))
        terms += paid
        costs += problem.licence_cost[:, product].tolist()
    model.minimize(cp_model.LinearExpr.weighted_sum(terms, costs))
    solver = solver_for(1, 2.0, 60.0)
    status = solver.solve(model)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return max(simple, -int(-solver.best_objective_bound // 1))
    return simple


def _cover(model: cp_model.CpModel, problem: Problem, items: list[int], hosts: list[cp_model.IntVar]) -> None:
    for dimension, need in enumerate(problem.demand[items].sum(axis=0).tolist()):
        room = problem.capacity[:, dimension].tolist()
        model.add(cp_model.LinearExpr.weighted_sum(hosts, room) >= need)


def slots_for(problem: Problem, solution: list[Bin]) -> list[tuple[int, int]]:
    """Enough hosts of each type that no better solution than ``solution`` is lost."""
    total = problem.total(solution)
    slots = [(pin.type, number) for number, pin in enumerate(problem.pins)]
    for type_ in range(len(problem.types)):
        pinned = sum(pin.type == type_ for pin in problem.pins)
        most = min(problem.available[type_], problem.size)
        if problem.cost[type_] > 0:
            most = min(most, (total - 1) // problem.cost[type_])
        slots += [(type_, -1)] * max(0, most - pinned)
    return slots


def fits_one_model(problem: Problem, solution: list[Bin]) -> bool:
    """Whether the zone is small enough for one model."""
    return problem.size * len(slots_for(problem, solution)) <= LARGEST_MODEL


def prove(
    problem: Problem, solution: list[Bin], bound: int, *, seed: int, budget: float, wall: float
) -> ExactResult:
    """Search the whole zone for something better than ``solution``, or prove that there is nothing."""
    slots = slots_for(problem, solution)
    total = problem.total(solution)
    if not slots:
        return ExactResult(solution, total, 0.0, False)
    sub = SubModel(problem, list(range(problem.size)), slots)
    cost = sub.add_costs()
    sub.add_covers(hosts_bound(problem))
    sub.order_slots()
    # Only better solutions are asked for: infeasible then means that the known one is optimal.
    sub.model.add(cost <= total - 1)
    sub.model.add(cost >= bound)
    sub.model.minimize(cost)
    solver = solver_for(seed, budget, wall, workers=2)
    status = solver.solve(sub.model)
    spent = float(solver.response_proto.deterministic_time)
    cut = status != cp_model.OPTIMAL and spent < 0.95 * budget and status != cp_model.INFEASIBLE
    if status == cp_model.INFEASIBLE:
        return ExactResult(solution, total, spent, False)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        better = [chosen for chosen in sub.solution(solver) if chosen.items]
        proven = max(bound, -int(-solver.best_objective_bound // 1))
        return ExactResult(better, proven, spent, cut)
    return ExactResult(solution, max(bound, -int(-solver.best_objective_bound // 1)), spent, cut)


def construct(problem: Problem, *, seed: int, budget: float, wall: float) -> list[Bin] | None:
    """Any feasible solution where numbers of hosts are limited; None when it is proven that there is none.

    Raises TimeoutError when neither was found within the budget.
    """
    slots = [(pin.type, number) for number, pin in enumerate(problem.pins)]
    for type_, available in enumerate(problem.available):
        pinned = sum(pin.type == type_ for pin in problem.pins)
        slots += [(type_, -1)] * max(0, min(available, problem.size) - pinned)
    sub = SubModel(problem, list(range(problem.size)), slots)
    solver = solver_for(seed, budget, wall, workers=2)
    status = solver.solve(sub.model)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return [chosen for chosen in sub.solution(solver) if chosen.items]
    if status == cp_model.INFEASIBLE:
        return None
    raise TimeoutError
