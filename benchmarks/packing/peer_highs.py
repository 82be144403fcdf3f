"""HiGHS (through scipy) on the assignment model of a zone with one host type: the exact peer."""

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from tenshu.engines.packing import Estate
from tenshu.engines.packing.greedy import greedy
from tenshu.engines.packing.problem import Problem, build_problems


def highs_hosts(estate: Estate, seconds: float) -> str:
    """``hosts (bound)`` that HiGHS reaches within seconds a zone, started without a solution."""
    hosts = bounds = 0
    for problem in build_problems(estate):
        found, bound = _zone(problem, seconds)
        hosts += found
        bounds += bound
    return f"{hosts} (bound {bounds})"


def _zone(problem: Problem, seconds: float) -> tuple[int, int]:
    items, slots = problem.size, len(greedy(problem))
    rows, columns, values, low, high = [], [], [], [], []
    row = 0
    for item in range(items):
        for slot in range(slots):
            rows.append(row)
            columns.append(item * slots + slot)
            values.append(1.0)
        low.append(1.0)
        high.append(1.0)
        row += 1
    for slot in range(slots):
        for dimension in range(problem.demand.shape[1]):
            for item in range(items):
                if problem.demand[item, dimension]:
                    rows.append(row)
                    columns.append(item * slots + slot)
                    values.append(float(problem.demand[item, dimension]))
            rows.append(row)
            columns.append(items * slots + slot)
            values.append(-float(problem.capacity[0, dimension]))
            low.append(-np.inf)
            high.append(0.0)
            row += 1
        for clique in problem.cliques:
            for item in clique:
                rows.append(row)
                columns.append(item * slots + slot)
                values.append(1.0)
            low.append(-np.inf)
            high.append(1.0)
            row += 1
    size = items * slots + slots
    matrix = csr_array((values, (rows, columns)), shape=(row, size))
    cost = np.concatenate([np.zeros(items * slots), np.ones(slots)])
    answer = milp(
        cost,
        constraints=LinearConstraint(matrix, low, high),
        integrality=np.ones(size),
        bounds=Bounds(0, 1),
        options={"time_limit": seconds},
    )
    bound = int(np.ceil((answer.mip_dual_bound or 0) - 1e-6))
    return (round(answer.fun) if answer.x is not None else slots), bound
