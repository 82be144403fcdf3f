"""Names for the hosts of a solution: existing hosts keep theirs where that saves the most moves."""

import numpy as np
from scipy.optimize import linear_sum_assignment

from tenshu.engines.packing.model import Estate, Host, Server
from tenshu.engines.packing.plan import PlannedHost
from tenshu.engines.packing.problem import Bin, Problem


def _may_be(host: Host, servers: list[Server]) -> bool:
    """Whether an existing host lives long enough for the servers."""
    return host.until is None or all(s.needed_until is None or s.needed_until <= host.until for s in servers)


def _keep_names(
    estate: Estate, problem: Problem, solution: list[Bin], members: list[list[Server]]
) -> dict[int, str]:
    """Existing host for each bin that gets one: pins, then the assignment that keeps most servers where
    they are."""
    names = {
        number: problem.pins[chosen.pin].host for number, chosen in enumerate(solution) if chosen.pin >= 0
    }
    taken = set(names.values())
    free = [host for host in estate.hosts if host.zone == problem.zone and host.name not in taken]
    open_ = [number for number in range(len(solution)) if number not in names]
    if not free or not open_:
        return names
    stay = np.zeros((len(open_), len(free)))
    for row, number in enumerate(open_):
        type_name = problem.types[solution[number].type].name
        for column, host in enumerate(free):
            if host.type == type_name and _may_be(host, members[number]):
                stay[row, column] = 1e-3 + sum(server.current == host.name for server in members[number])
    for row, column in zip(*linear_sum_assignment(-stay), strict=True):
        if stay[row, column] > 0:
            names[open_[row]] = free[column].name
    return names


def name_hosts(
    estate: Estate, solved: list[tuple[Problem, list[Bin]]]
) -> tuple[list[PlannedHost], int | None]:
    """Hosts with names, and the number of servers that move (None when no current host is known)."""
    servers = {server.name: server for server in estate.servers}
    taken = {host.name for host in estate.hosts}
    hosts: list[PlannedHost] = []
    moves, fresh = 0, 0
    for problem, solution in solved:
        members = [
            [servers[name] for item in chosen.items for name in problem.members[item]] for chosen in solution
        ]
        names = _keep_names(estate, problem, solution, members)
        for number, chosen in enumerate(solution):
            name = names.get(number, "")
            while not name:
                fresh += 1
                name = "" if f"new-{fresh}" in taken else f"new-{fresh}"
            moves += sum(server.current is not None and server.current != name for server in members[number])
            inside = tuple(server.name for server in members[number])
            type_name = problem.types[chosen.type].name
            hosts.append(
                PlannedHost(name, type_name, problem.zone, inside, problem.bin_cost(chosen), number in names)
            )
    known = any(server.current is not None for server in estate.servers)
    return hosts, moves if known else None
