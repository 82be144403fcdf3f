"""Write a synthetic day of Zeek conn.log for many office networks, with planted beacons.

    python benchmarks/traffic/generate.py --rows 1000000 --seed 1 --out DIR

One file a network (`DIR/logs/NAME.log`), `DIR/truth.csv` (the planted beacons) and `DIR/services.csv`
(every benign periodic destination, with how many hosts poll it). What a row is drawn from:

* hosts: 85 % office machines (about 10 h, own start time), 15 % always on; rows / 680 hosts in all;
* 15 common periodic services, each polled by 3-60 % of the hosts; 10 rare benign pollers on 1-3 hosts;
* beacons: period 30 s-1 h (log-uniform), jitter 0-30 %, size variation 0-20 %, 3 % lost, active all day,
  12 h or the office's 10 h;
* the rest: browsing-like traffic, Zipf destinations, Pareto sizes, bursts; 3 % of it failed TCP, and a
  part that never leaves the network (domain controller, file server).
"""

import argparse
import csv
import sys
from pathlib import Path

import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).parent))

from network_day import DAY, Beacon, NetworkDay, Service, host_address, periodic_times

DEFAULT_START = 1_775_433_600  # 2026-04-06 00:00 UTC
SCHEDULES = (("all_day", 0, 24), ("half_day", 6, 12), ("office", 8, 10))


def network_name(index: int) -> str:
    """The name of a network, as its file and as the store call it."""
    return f"net-{index:03d}"


def draw_services(rng: np.random.Generator) -> list[Service]:
    """15 common services and 10 rare pollers."""
    services = []
    for i in range(25):
        rare = i >= 15
        services.append(
            Service(
                address=f"198.51.{100 + i}.{rng.integers(1, 250)}",
                port=int(rng.choice([443, 80, 8443, 5223])),
                period=float(np.exp(rng.uniform(np.log(240), np.log(3600)))),
                jitter=float(rng.uniform(0, 0.1)),
                size=int(rng.integers(400, 6000)),
                hosts=float(rng.integers(1, 4)) if rare else float(rng.uniform(0.03, 0.60)),
                rare=rare,
            )
        )
    return services


def draw_beacons(rng: np.random.Generator, hosts: list[int], count: int, shift: float) -> list[Beacon]:
    """`count` beacons on hosts drawn in proportion to the size of the networks.

    Beacons that sleep start on the hour, or up to `shift` hours beside it.
    """
    weights = np.array(hosts) / sum(hosts)
    beacons = []
    for i in range(count):
        network = int(rng.choice(len(hosts), p=weights))
        schedule, start, hours = SCHEDULES[int(rng.integers(0, 3))]
        beacons.append(
            Beacon(
                network=network,
                host=int(rng.integers(0, hosts[network])),
                address=f"203.0.{i // 200 + 112}.{i % 200 + 20}",
                period=float(np.exp(rng.uniform(np.log(30), np.log(3600)))),
                jitter=float(rng.uniform(0, 0.30)),
                size=int(rng.integers(120, 3000)),
                size_spread=float(rng.uniform(0, 0.20)),
                schedule=schedule,
                start=start + float(rng.uniform(-shift, shift)) * (hours < 24),
                hours=float(hours),
            )
        )
    return beacons


def network_sizes(rng: np.random.Generator, networks: int, hosts: int) -> list[int]:
    """How many hosts each network has: skewed, at least three each."""
    weight = rng.pareto(1.8, networks) + 0.3
    return [max(3, int(h)) for h in weight / weight.sum() * hosts]


def generate(
    out: Path,
    rows: int,
    seed: int,
    networks: int = 97,
    beacons: int = 50,
    start: int = DEFAULT_START,
    shift: float = 0.0,
) -> list[Path]:
    """Write one synthetic day under `out` and return the log files."""
    rng = np.random.default_rng(seed)
    hosts = network_sizes(rng, networks, max(300, rows // 680))
    services = draw_services(rng)
    planted = draw_beacons(rng, hosts, beacons, shift)
    rare = [(s, int(rng.integers(0, networks))) for s in services if s.rare for _ in range(int(s.hosts))]
    octets = rng.integers(1, 255, (max(2000, rows // 60), 3))
    first = rng.choice([23, 34, 52, 104, 142, 151, 172, 185], len(octets))
    text = [f"{a}.{b}.{c}.{d}" for a, (b, c, d) in zip(first.tolist(), octets.tolist(), strict=True)]
    destinations = pl.Series(text).str.replace(r"^172\.", "173.")
    (out / "logs").mkdir(parents=True, exist_ok=True)
    files = []
    for index, count in enumerate(hosts):
        day = NetworkDay(index, count, np.random.default_rng([seed, index]))
        day.add_services(services, scale=1.0)
        for beacon in planted:
            if beacon.network == index:
                day.add_beacon(beacon)
        for service, network in rare:
            if network == index:
                host = np.array([int(rng.integers(0, count))])
                owner, times = periodic_times(
                    rng,
                    np.zeros(1),
                    np.full(1, float(DAY)),
                    np.array([service.period]),
                    np.array([service.jitter]),
                )
                day.add_polls(service, host[owner], times)
        budget = round(rows * count / sum(hosts))
        day.add_normal(max(10, budget - day.rows), destinations)
        path = out / "logs" / f"{network_name(index)}.log"
        day.write(path, start)
        files.append(path)
    write_truth(out, planted, services)
    return files


def write_truth(out: Path, planted: list[Beacon], services: list[Service]) -> None:
    """What was planted, for the measure of recall and precision."""
    with (out / "truth.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["network", "src", "dst", "period", "jitter", "size_spread", "schedule"])
        for b in planted:
            writer.writerow(
                [
                    network_name(b.network),
                    host_address(b.network, b.host),
                    b.address,
                    round(b.period, 1),
                    round(b.jitter, 3),
                    round(b.size_spread, 3),
                    b.schedule,
                ]
            )
    with (out / "services.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["dst", "period", "rare", "hosts"])
        for s in services:
            writer.writerow([s.address, round(s.period, 1), int(s.rare), round(s.hosts, 3)])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--networks", type=int, default=97)
    parser.add_argument("--beacons", type=int, default=50)
    parser.add_argument(
        "--shift", type=float, default=0.0, help="beacons start up to this many hours beside the full hour"
    )
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    files = generate(
        arguments.out,
        arguments.rows,
        arguments.seed,
        arguments.networks,
        arguments.beacons,
        shift=arguments.shift,
    )
    print(f"{len(files)} files, {sum(f.stat().st_size for f in files):,} bytes in {arguments.out}")


if __name__ == "__main__":
    main()
