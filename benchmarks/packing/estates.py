"""Made-up estates of a prefecture: 135 systems with 400 servers, 1,700 systems with 5,000, and the licence model.

Usage: python benchmarks/packing/estates.py [--small] [--large] [--seconds N]

Zones 55/25/20 %; 1 to 8 servers a system; CPU in six time bands, memory, disk, IOPS; high-availability pairs; licensed
databases. First-fit decreasing and HiGHS stand beside the engine in the same run. Targets: 400 servers proven optimal
in at most 4 s on five seeds; licence costs on 400 servers within 1 % in 60 s; 5,000 servers (--large) within 0.7 % in
120 s. Every plan is checked again by the independent checker.
"""

import argparse
import math
import random
import time
from typing import Any

from peer_highs import highs_hosts

from tenshu.engines.packing import Estate, check_plan, estate_from, solve

BANDS = ["cpu_0_6", "cpu_6_9", "cpu_9_12", "cpu_12_13", "cpu_13_17", "cpu_17_24"]
DIMENSIONS = [*BANDS, "memory_gb", "disk_gb", "iops"]
PROFILES = {
    "office": [0.15, 0.5, 1.0, 0.7, 0.95, 0.35],
    "batch": [1.0, 0.4, 0.15, 0.15, 0.15, 0.9],
    "flat": [0.9, 0.95, 1.0, 1.0, 1.0, 0.95],
    "night": [0.9, 0.4, 0.9, 0.6, 0.8, 0.6],
}
ROLES = ["DB", "AP", "WEB", "TEST", "BATCH"]


def _server(dice: random.Random, name: str, role: str, zone: str) -> dict[str, Any]:
    cores = dice.choice([2, 2, 4, 4, 4, 8, 8, 12, 16, 24] if role in ("DB", "AP") else [2, 2, 4, 4, 8])
    peak = dice.uniform(0.35, 0.95) * cores
    profile = PROFILES["batch" if role == "BATCH" else dice.choice(["office", "office", "flat", "night"])]
    disk = dice.lognormvariate(math.log({"DB": 900, "BATCH": 500}.get(role, 200)), 0.7)
    iops = dice.lognormvariate(math.log({"DB": 1500, "BATCH": 700}.get(role, 180)), 0.7)
    demand = [round(peak * share, 2) for share in profile]
    demand += [round(cores * dice.uniform(2, 12), 1), round(min(disk, 12_000)), round(min(iops, 20_000))]
    return {
        "id": name,
        "zone": zone,
        "system": name.split("-")[0],
        "demand": [str(value) for value in demand],
    }


def make_estate(systems: int, seed: int, *, licensed: bool = False) -> Estate:
    """An estate of about three servers a system."""
    dice = random.Random(seed)
    servers: list[dict[str, Any]] = []
    for number in range(systems):
        zone = dice.choices(["利用事務", "LGWAN", "インターネット"], [0.2, 0.55, 0.25])[0]
        count = dice.choices(range(1, 9), [18, 26, 22, 13, 9, 6, 4, 2])[0]
        roles = [ROLES[min(index, 4)] if index < 5 else "AP" for index in range(count)]
        for index, role in enumerate(roles):
            server = _server(dice, f"S{number:04}-{role}{index}", role, zone)
            if role == "AP" and roles.count("AP") > 1:
                server["ha_group"] = f"S{number:04}-AP"
            if licensed and role == "DB" and dice.random() < 0.45:
                server["licences"] = ["db"]
            servers.append(server)
    standard = {"id": "standard", "capacity": ["40.8"] * 6 + ["480", "16000", "40000"]}
    types: list[dict[str, Any]] = [standard]
    licences: list[dict[str, Any]] = []
    if licensed:
        standard |= {"price": 3_500_000}
        types.append(
            {"id": "double", "capacity": ["81.6"] * 6 + ["960", "32000", "80000"], "price": 6_200_000}
        )
        licences = [{"product": "db", "price_per_host": {"standard": 4_800_000, "double": 9_600_000}}]
    return estate_from(
        {
            "dimensions": DIMENSIONS,
            "host_types": types,
            "servers": servers,
            "licences": licences,
            "objective": "yen" if licensed else "hosts",
        }
    )


def run(
    estate: Estate, label: str, seconds: float, patience: float, target: str, *, seed: int, highs: bool
) -> None:
    """Solve, check and print one line."""
    cpu = time.process_time()
    plan = solve(estate, seconds=seconds, seed=seed, patience=patience)
    cpu = time.process_time() - cpu
    faults = check_plan(estate, plan.hosts, plan.total)
    ffd = sum(zone.first_fit_decreasing for zone in plan.zones)
    unit = 1 if plan.objective == "hosts" else 10_000
    peer = f" HiGHS {highs_hosts(estate, 5.0)}" if highs else ""
    print(
        f"{label:28} {len(estate.servers):5} servers  FFD {ffd // unit:7,}  ours {plan.total // unit:7,}  "
        f"bound {plan.bound // unit:7,}  gap {plan.gap:6.2%}  {cpu:6.1f} CPU-s {plan.wall_seconds:6.1f} s  "
        f"{'sound' if not faults else faults[0]}{peer}  {target}",
        flush=True,
    )


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--large", action="store_true", help="5,000 servers too (three seeds, 120 s each)")
    parser.add_argument("--patience", type=float, default=5.0, help="wall limit as a multiple of the budget")
    parser.add_argument("--seeds", type=int, default=5)
    arguments = parser.parse_args()
    seeds = range(1, 2 if arguments.small else arguments.seeds + 1)
    for seed in seeds:
        systems = 30 if arguments.small else 135
        target = "target: gap 0 in <= 4 s"
        run(
            make_estate(systems, seed),
            f"hosts, seed {seed}",
            4.0,
            arguments.patience,
            target,
            seed=1,
            highs=seed == 1,
        )
    for seed in list(seeds)[:3]:
        estate = make_estate(30 if arguments.small else 135, seed, licensed=True)
        seconds = 3.0 if arguments.small else 60.0
        target = "target: gap <= 1 % in 60 s (10,000 yen)"
        run(estate, f"licences, seed {seed}", seconds, arguments.patience, target, seed=1, highs=False)
    for seed in (1, 2, 3) if arguments.large else ():
        target = "target: gap <= 0.7 % in 120 s"
        run(
            make_estate(1700, seed),
            f"hosts, seed {seed}",
            120.0,
            arguments.patience,
            target,
            seed=1,
            highs=False,
        )


if __name__ == "__main__":
    main()
