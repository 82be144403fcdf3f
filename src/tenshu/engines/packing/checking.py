"""An independent check of a plan against the estate as written: shares no code with the solver's model."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from tenshu.engines.packing.model import Estate, HostType, Server
from tenshu.engines.packing.plan import PlannedHost


def check_plan(estate: Estate, hosts: Sequence[PlannedHost], total: int | None = None) -> list[str]:
    """Every violated rule (Japanese), in the order of the hosts; empty when the plan is sound.

    Checks placement of every server exactly once, capacity in every dimension in exact decimals, zones,
    vendor support,
    windows, fixed hosts, groups, availability, the cost of every host and (when given) the total.
    """
    types = {host_type.name: host_type for host_type in estate.host_types}
    servers = {server.name: server for server in estate.servers}
    faults = _check_placement(servers, hosts)
    for host in hosts:
        if host.type not in types:
            faults.append(f"ホスト {host.name}: 機種 {host.type} がありません")
            continue
        inside = [servers[name] for name in host.servers if name in servers]
        faults += _check_capacity(estate, host, types[host.type], inside)
        faults += _check_host(estate, host, types[host.type], inside)
    faults += _check_groups(estate, hosts)
    for name, count in Counter(host.type for host in hosts).items():
        limit = types[name].available if name in types else None
        if limit is not None and count > limit:
            faults.append(f"機種 {name}: {count} 台は上限 {limit} 台を超えます")
    if total is not None and total != sum(host.cost for host in hosts):
        faults.append(f"合計 {total} がホストの費用の和 {sum(host.cost for host in hosts)} と違います")
    return faults


def _check_placement(servers: dict[str, Server], hosts: Sequence[PlannedHost]) -> list[str]:
    faults = [
        f"ホスト名 {name} が {count} 回使われています"
        for name, count in Counter(h.name for h in hosts).items()
        if count > 1
    ]
    placed = Counter(name for host in hosts for name in host.servers)
    faults += [f"サーバー {name} が配置されていません" for name in servers if not placed[name]]
    faults += [
        f"サーバー {name} が {count} か所に配置されています" for name, count in placed.items() if count > 1
    ]
    faults += [f"サーバー {name} は対象にありません" for name in placed if name not in servers]
    return faults


def _check_capacity(
    estate: Estate, host: PlannedHost, host_type: HostType, inside: list[Server]
) -> list[str]:
    faults = []
    for index, dimension in enumerate(estate.dimensions):
        load = sum((server.demand[index] for server in inside), Decimal(0))
        if load > host_type.capacity[index]:
            faults.append(
                f"ホスト {host.name}: {dimension} の合計 {load} が容量 {host_type.capacity[index]} を超えます"
            )
    return faults


def _check_host(estate: Estate, host: PlannedHost, host_type: HostType, inside: list[Server]) -> list[str]:
    faults = []
    existing = next((known for known in estate.hosts if known.name == host.name), None)
    if host_type.zones and host.zone not in host_type.zones:
        faults.append(f"ホスト {host.name}: 機種 {host_type.name} は区分 {host.zone} に置けません")
    if existing and (existing.type != host.type or existing.zone != host.zone):
        faults.append(f"ホスト {host.name}: 既存のホストと機種か区分が違います")
    if existing is None and host.existing:
        faults.append(f"ホスト {host.name}: 既存のホストにありません")
    for server in inside:
        last = [day for day in (host_type.supported_until, existing.until if existing else None) if day]
        if server.zone != host.zone:
            faults.append(
                f"サーバー {server.name}: 区分 {server.zone} がホスト {host.name} の区分 {host.zone} と違います"
            )
        if server.requires - host_type.offers:
            faults.append(f"サーバー {server.name}: 機種 {host_type.name} はベンダー支援の条件を満たしません")
        if server.needed_until and last and min(last) < server.needed_until:
            faults.append(
                f"サーバー {server.name}: ホスト {host.name} の期限 {min(last)} が必要な {server.needed_until} より早いです"
            )
        if server.fixed is not None and server.fixed != host.name:
            faults.append(
                f"サーバー {server.name}: 固定先 {server.fixed} ではなく {host.name} に置かれています"
            )
    products = sorted({product for server in inside for product in server.licences})
    cost = estate.host_cost(host_type) + sum(estate.licence_cost(product, host_type) for product in products)
    if cost != host.cost:
        faults.append(f"ホスト {host.name}: 費用 {host.cost} は正しくは {cost} です")
    return faults


def _check_groups(estate: Estate, hosts: Sequence[PlannedHost]) -> list[str]:
    where = {name: host.name for host in hosts for name in host.servers}
    faults = [
        f"一緒に置く {', '.join(group)} が別のホストにあります"
        for group in estate.together
        if len({where.get(name) for name in group}) > 1
    ]
    for group in estate.apart:
        repeated = [
            name
            for name, count in Counter(where.get(server) for server in group).items()
            if count > 1 and name
        ]
        faults += [f"別に置く {', '.join(group)} が同じホスト {name} にあります" for name in repeated]
    return faults
