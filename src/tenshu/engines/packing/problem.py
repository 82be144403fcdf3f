"""One zone's problem in whole numbers: items, dimensions, host types, conflicts."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenshu.engines.packing.model import Estate, HostType, InfeasibleError, Server

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

_RESOLUTION = 100_000_000
"""Units into which a capacity is divided when values have more digits than fit whole numbers exactly."""


class Bin(NamedTuple):
    """One host of a solution: index of its type, indices of its items (sorted), and the pin it carries
    (or -1)."""

    type: int
    items: tuple[int, ...]
    pin: int = -1


class Pin(NamedTuple):
    """An existing host that fixed servers may not leave."""

    host: str
    type: int


@dataclass(slots=True)
class Problem:
    """A zone: ``demand`` (items × dimensions), ``capacity`` and ``allowed`` by type, costs, conflicts.

    ``members`` are the servers of each item (servers kept together are one item). ``licences`` is items
    × products;
    ``licence_cost`` types × products. ``rivals`` are the items that may not share a host with an item;
    ``cliques``
    the groups they come from. ``pinned`` is the pin of an item or -1. ``available`` is the largest
    number of each type.
    """

    zone: str
    members: list[tuple[str, ...]]
    demand: IntArray
    types: list[HostType]
    capacity: IntArray
    cost: list[int]
    available: list[int]
    allowed: BoolArray
    licences: BoolArray
    licence_cost: IntArray
    rivals: list[frozenset[int]]
    cliques: list[tuple[int, ...]]
    pinned: list[int]
    pins: list[Pin] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Number of items."""
        return len(self.members)

    def bin_cost(self, chosen: Bin) -> int:
        """Cost of one host with its licences."""
        items = list(chosen.items)
        products = self.licences[items].any(axis=0) if items else np.zeros(self.licences.shape[1], bool)
        return self.cost[chosen.type] + int(self.licence_cost[chosen.type][products].sum())

    def total(self, solution: list[Bin]) -> int:
        """Cost of a solution."""
        return sum(self.bin_cost(chosen) for chosen in solution)

    def fits(self, type_: int, items: tuple[int, ...]) -> bool:
        """Whether items fit one host of a type, with all rules but pins and availability."""
        chosen = list(items)
        if not self.allowed[chosen, type_].all():
            return False
        if (self.demand[chosen].sum(axis=0) > self.capacity[type_]).any():
            return False
        return not any(self.rivals[item].intersection(chosen) for item in chosen)

    @property
    def uniform(self) -> bool:
        """Whether there is one type for all and nothing but the number of hosts to save."""
        return len(self.types) == 1 and not self.licence_cost.any()


def _scales(estate: Estate) -> list[int]:
    """For each dimension the factor that makes all values whole (or fine enough)."""
    scales = []
    for index in range(len(estate.dimensions)):
        values = [server.demand[index] for server in estate.servers]
        values += [host_type.capacity[index] for host_type in estate.host_types]
        digits = max((-int(value.normalize().as_tuple().exponent) for value in values if value), default=0)
        scale = 10 ** max(0, digits)
        largest = max([host_type.capacity[index] for host_type in estate.host_types] or [Decimal(1)])
        scales.append(
            scale if largest * scale <= _RESOLUTION else max(1, int(_RESOLUTION / max(largest, Decimal(1))))
        )
    return scales


def _up(value: Decimal, scale: int) -> int:
    return -int(-(value * scale) // 1)


def _allowed(estate: Estate, server: Server, host_type: HostType) -> bool:
    if host_type.zones and server.zone not in host_type.zones:
        return False
    if not server.requires <= host_type.offers:
        return False
    return not (
        server.needed_until and host_type.supported_until and host_type.supported_until < server.needed_until
    )


def _merged(estate: Estate, servers: list[Server]) -> list[list[Server]]:
    """Servers in groups that must share a host: kept together, or fixed to the same host."""
    leader = {server.name: server.name for server in servers}

    def find(name: str) -> str:
        while leader[name] != name:
            leader[name] = leader[leader[name]]
            name = leader[name]
        return name

    groups = [group for group in estate.together if all(name in leader for name in group)]
    by_host: dict[str, list[str]] = {}
    for server in servers:
        if server.fixed:
            by_host.setdefault(server.fixed, []).append(server.name)
    for group in (*groups, *by_host.values()):
        for name in group[1:]:
            leader[find(name)] = find(group[0])
    merged: dict[str, list[Server]] = {}
    for server in servers:
        merged.setdefault(find(server.name), []).append(server)
    return list(merged.values())


def _check_groups(estate: Estate) -> list[str]:
    zones = {server.name: server.zone for server in estate.servers}
    return [
        f"一緒に置く {', '.join(group)} のネットワーク区分が違います"
        for group in estate.together
        if len({zones[name] for name in group}) > 1
    ]


def build_problems(estate: Estate) -> list[Problem]:
    """One problem a zone, sorted by zone. Raises InfeasibleError naming servers and rules."""
    reasons = _check_groups(estate)
    scales = _scales(estate)
    problems = []
    for zone in sorted({server.zone for server in estate.servers}):
        servers = [server for server in estate.servers if server.zone == zone]
        problem = _zone_problem(estate, zone, _merged(estate, servers), scales)
        reasons += _impossible(estate, problem, {server.name: server for server in servers})
        problems.append(problem)
    if reasons:
        raise InfeasibleError(reasons)
    return problems


def _zone_problem(estate: Estate, zone: str, groups: list[list[Server]], scales: list[int]) -> Problem:
    products = sorted({product for group in groups for server in group for product in server.licences})
    types = [host_type for host_type in estate.host_types if not host_type.zones or zone in host_type.zones]
    names = [host_type.name for host_type in types]
    index = {server.name: number for number, group in enumerate(groups) for server in group}
    cliques = [tuple(sorted({index[name] for name in group if name in index})) for group in estate.apart]
    cliques = [clique for clique in dict.fromkeys(cliques) if len(clique) > 1]
    rivals: list[set[int]] = [set() for _ in groups]
    for clique in cliques:
        for item in clique:
            rivals[item].update(other for other in clique if other != item)
    fixed = {host.name: host for host in estate.hosts}
    pins: list[Pin] = []
    pinned = []
    allowed = np.zeros((len(groups), len(types)), dtype=bool)
    for number, group in enumerate(groups):
        allowed[number] = [
            all(_allowed(estate, server, host_type) for server in group) for host_type in types
        ]
        anchors = sorted({server.fixed for server in group if server.fixed})
        if anchors and fixed[anchors[0]].type in names:
            pins.append(Pin(anchors[0], names.index(fixed[anchors[0]].type)))
            allowed[number] &= np.arange(len(types)) == pins[-1].type
        elif anchors:
            allowed[number] = False
        pinned.append(len(pins) - 1 if anchors and fixed[anchors[0]].type in names else -1)
    demand = [
        [sum(_up(server.demand[d], scale) for server in group) for d, scale in enumerate(scales)]
        for group in groups
    ]
    return Problem(
        zone,
        [tuple(server.name for server in group) for group in groups],
        np.array(demand, dtype=np.int64).reshape(len(groups), len(scales)),
        types,
        np.array(
            [
                [int(value * scale) for value, scale in zip(host_type.capacity, scales, strict=True)]
                for host_type in types
            ],
            dtype=np.int64,
        ).reshape(len(types), len(scales)),
        [estate.host_cost(host_type) for host_type in types],
        [len(groups) if host_type.available is None else host_type.available for host_type in types],
        allowed,
        np.array(
            [
                [any(product in server.licences for server in group) for product in products]
                for group in groups
            ],
            dtype=bool,
        ).reshape(len(groups), len(products)),
        np.array(
            [[estate.licence_cost(product, host_type) for product in products] for host_type in types],
            dtype=np.int64,
        ).reshape(len(types), len(products)),
        [frozenset(others) for others in rivals],
        cliques,
        pinned,
        pins,
    )


def _impossible(estate: Estate, problem: Problem, servers: dict[str, Server]) -> list[str]:
    """Reasons for which single items, or pairs that must and must not share a host, cannot be placed at
    all."""
    reasons = []
    apart = [set(group) for group in estate.apart]
    hosts = {host.name: host for host in estate.hosts}
    for number, members in enumerate(problem.members):
        label = ", ".join(members)
        for group in apart:
            clash = sorted(group.intersection(members))
            if len(clash) > 1:
                reasons.append(
                    f"サーバー {clash[0]} と {clash[1]} は、一緒に置く規則と別に置く規則が両方あります"
                )
        anchors = sorted({fixed for name in members if (fixed := servers[name].fixed)})
        if len(anchors) > 1:
            reasons.append(
                f"サーバー {label} は一緒に置く規則なのに、{' と '.join(anchors)} に固定されています"
            )
        for name in members:
            server = servers[name]
            host = hosts.get(server.fixed or "")
            if host and host.zone != server.zone:
                reasons.append(f"サーバー {name} の固定先 {host.name} はネットワーク区分が違います")
            if host and host.until and server.needed_until and host.until < server.needed_until:
                reasons.append(
                    f"サーバー {name} の固定先 {host.name} は {host.until} に期限が切れます（必要 {server.needed_until}）"
                )
        if not problem.allowed[number].any():
            reasons.append(
                f"サーバー {label} を置ける機種がありません（区分・ベンダー支援・サポート期限・固定先）"
            )
            continue
        fits = [
            type_
            for type_ in range(len(problem.types))
            if problem.allowed[number, type_] and (problem.demand[number] <= problem.capacity[type_]).all()
        ]
        if not fits:
            largest = problem.capacity[problem.allowed[number]].max(axis=0)
            over = [
                name
                for name, need, room in zip(estate.dimensions, problem.demand[number], largest, strict=True)
                if need > room
            ]
            over = over or ["次元の組合せ"]
            reasons.append(f"サーバー {label} は {'・'.join(over)} がどの機種の容量も超えます")
    return reasons
