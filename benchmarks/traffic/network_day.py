"""One office network's day of traffic, drawn column by column and written as a Zeek conn.log."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa

DAY = 86_400
ALPHABET = np.frombuffer(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", dtype=np.uint8)
CONN_FIELDS = [
    "ts",
    "uid",
    "id.orig_h",
    "id.orig_p",
    "id.resp_h",
    "id.resp_p",
    "proto",
    "service",
    "duration",
    "orig_bytes",
    "resp_bytes",
    "conn_state",
    "local_orig",
    "local_resp",
    "missed_bytes",
    "history",
    "orig_pkts",
    "orig_ip_bytes",
    "resp_pkts",
    "resp_ip_bytes",
    "tunnel_parents",
]
CONN_TYPES = [
    "time",
    "string",
    "addr",
    "port",
    "addr",
    "port",
    "enum",
    "string",
    "interval",
    "count",
    "count",
    "string",
    "bool",
    "bool",
    "count",
    "string",
    "count",
    "count",
    "count",
    "count",
    "set[string]",
]


@dataclass(frozen=True)
class Service:
    """A benign periodic destination: `share` of the hosts poll it every `period` seconds."""

    address: str
    port: int
    period: float
    jitter: float
    size: int
    hosts: float
    rare: bool


@dataclass(frozen=True)
class Beacon:
    """A planted beacon: what it does and when it is awake (hours of the day)."""

    network: int
    host: int
    address: str
    period: float
    jitter: float
    size: int
    size_spread: float
    schedule: str
    start: float
    hours: float


def host_address(network: int, host: int | np.ndarray) -> str | list[str]:
    """10.network.x.y for one host or an array of hosts."""
    if isinstance(host, np.ndarray):
        return [f"10.{network}.{h // 250 + 1}.{h % 250 + 2}" for h in host.tolist()]
    return f"10.{network}.{host // 250 + 1}.{host % 250 + 2}"


def periodic_times(
    rng: np.random.Generator, start: np.ndarray, end: np.ndarray, period: np.ndarray, jitter: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Poll times of many pollers at once: (index of the poller, second of the day)."""
    counts = np.maximum(1, ((end - start) / period).astype(np.int64) + 1)
    owner = np.repeat(np.arange(len(counts)), counts)
    step = 1 + rng.uniform(-1, 1, len(owner)) * jitter[owner]
    # The sum of jittered steps drifts as a sleeping process does; it does not snap back to a grid.
    walked = np.cumsum(step * period[owner])
    before = np.repeat(walked[np.cumsum(counts) - counts], counts)
    times = start[owner] + walked - before + rng.uniform(0, 1, len(counts))[owner] * period[owner]
    inside = times < end[owner]
    return owner[inside], times[inside]


class NetworkDay:
    """Collects the rows of one network, column by column."""

    def __init__(self, network: int, hosts: int, rng: np.random.Generator) -> None:
        self.network, self.rng = network, rng
        self.addresses = np.array(host_address(network, np.arange(hosts)), dtype=object)
        self.always_on = rng.uniform(size=hosts) < 0.15
        self.begin = np.where(self.always_on, 0.0, rng.normal(8.4, 0.5, hosts).clip(5, 11) * 3600)
        length = rng.normal(9.8, 0.8, hosts).clip(5, 13) * 3600
        self.end = np.where(self.always_on, float(DAY), np.minimum(self.begin + length, DAY - 1))
        self.parts: list[pl.DataFrame] = []
        self.rows = 0

    def add(
        self,
        seconds: np.ndarray,
        src: pl.Series,
        dst: pl.Series,
        port: np.ndarray,
        size: np.ndarray,
        duration: np.ndarray,
        state: pl.Series | str = "SF",
    ) -> None:
        """Append rows; arrays have one length, sizes are bytes the client sent including headers."""
        self.rows += len(seconds)
        state_column = pl.lit(state) if isinstance(state, str) else state
        frame = pl.DataFrame(
            {
                "seconds": seconds,
                "src": src,
                "dst": dst,
                "port": port.astype(np.int32),
                "size": size.astype(np.int64),
                "duration": duration,
            }
        )
        self.parts.append(frame.with_columns(state_column.alias("state")))

    def add_services(self, services: list[Service], scale: float) -> None:
        """Polls of the common services by this network's hosts, in the hours each host is on."""
        for service in services:
            if service.rare:
                continue
            chosen = np.flatnonzero(self.rng.uniform(size=len(self.addresses)) < service.hosts)
            if len(chosen) == 0:
                continue
            period = np.full(len(chosen), service.period / scale)
            owner, times = periodic_times(
                self.rng, self.begin[chosen], self.end[chosen], period, np.full(len(chosen), service.jitter)
            )
            self.add_polls(service, chosen[owner], times)

    def add_polls(self, service: Service, hosts: np.ndarray, times: np.ndarray) -> None:
        """Rows of one periodic service."""
        n = len(times)
        size = service.size * (1 + self.rng.uniform(-0.03, 0.03, n))
        self.add(
            times,
            pl.Series(self.addresses[hosts], dtype=pl.String),
            pl.repeat(service.address, n, eager=True),
            np.full(n, service.port),
            size,
            self.rng.uniform(0.05, 2.0, n),
        )

    def add_beacon(self, beacon: Beacon) -> None:
        """The rows of one planted beacon, 3 % of them lost."""
        start, end = max(0.0, beacon.start * 3600), min(float(DAY), (beacon.start + beacon.hours) * 3600)
        _, times = periodic_times(
            self.rng, np.array([start]), np.array([end]), np.array([beacon.period]), np.array([beacon.jitter])
        )
        times = times[self.rng.uniform(size=len(times)) > 0.03]
        n = len(times)
        size = beacon.size * (1 + self.rng.uniform(-1, 1, n) * beacon.size_spread)
        self.add(
            times,
            pl.repeat(str(self.addresses[beacon.host]), n, eager=True),
            pl.repeat(beacon.address, n, eager=True),
            np.full(n, 443),
            size,
            self.rng.uniform(0.05, 1.0, n),
        )

    def add_normal(self, rows: int, destinations: pl.Series) -> None:
        """Browsing-like traffic: bursts at random times, Zipf destinations, Pareto sizes."""
        rng = self.rng
        weight = rng.pareto(1.5, len(self.addresses)) + 0.2
        bursts = max(1, rows // 6)
        burst_host = rng.choice(len(self.addresses), bursts, p=weight / weight.sum())
        span = self.end[burst_host] - self.begin[burst_host]
        burst_time = self.begin[burst_host] + rng.beta(1.6, 1.6, bursts) * span
        night = rng.uniform(size=bursts) < 0.02
        burst_time = np.where(night, rng.uniform(0, DAY, bursts), burst_time)
        # A host comes back to its own favourites: the Zipf rank is shifted by the host.
        burst_rank = (rng.zipf(1.35, bursts) * 7 + burst_host * 131) % len(destinations)
        burst = rng.integers(0, bursts, rows)
        away = rng.uniform(size=rows) < 0.35
        rank = np.where(away, (rng.zipf(1.2, rows) - 1) % len(destinations), burst_rank[burst])
        times = np.clip(burst_time[burst] + rng.exponential(25, rows), 0, DAY - 0.001)
        inside = rng.uniform(size=rows) < 0.08
        server = pl.Series([f"10.{self.network}.0.10", f"10.{self.network}.0.11"])[rng.integers(0, 2, rows)]
        dst = pl.select(pl.when(pl.Series(inside)).then(server).otherwise(destinations[rank])).to_series()
        states = pl.Series(["SF", "S0", "REJ", "RSTO"], dtype=pl.String)
        state = states[rng.choice(4, rows, p=[0.94, 0.02, 0.01, 0.03])]
        self.add(
            times,
            pl.Series(self.addresses[burst_host[burst]], dtype=pl.String),
            dst,
            np.where(inside, 445, rng.choice([443, 443, 443, 80, 8080, 53], rows)),
            (rng.pareto(1.1, rows) + 1) * 300 % 50_000_000,
            rng.exponential(6, rows),
            state,
        )

    def write(self, path: Path, start: int) -> None:
        """Write the network's rows in the order of their end, as Zeek does."""
        frame = (
            pl.concat(self.parts)
            .with_columns(
                (pl.col("seconds") + start).alias("ts"),
                pl.col("seconds").add(pl.col("duration")).alias("ended"),
            )
            .sort("ended")
        )
        n = frame.height
        ports = pl.Series(self.rng.integers(1024, 65_535, n))
        raw = ALPHABET[self.rng.integers(0, len(ALPHABET), n * 17)]
        uid = (
            pa.Array.from_buffers(pa.binary(17), n, [None, pa.py_buffer(raw.tobytes())])
            .cast(pa.binary())
            .cast(pa.string())
        )
        failed = pl.col("state").is_in(["S0", "REJ"])
        table = frame.select(
            pl.col("ts").round(6),
            pl.concat_str(pl.lit("C"), pl.Series("u", pl.from_arrow(uid))).alias("uid"),
            "src",
            ports.alias("sp"),
            "dst",
            "port",
            pl.when(pl.col("port") == 53).then(pl.lit("udp")).otherwise(pl.lit("tcp")).alias("proto"),
            pl.col("port")
            .replace_strict(
                {443: "ssl", 8443: "ssl", 80: "http", 53: "dns"}, default=None, return_dtype=pl.String
            )
            .alias("service"),
            pl.when(failed).then(None).otherwise(pl.col("duration").round(6)).alias("duration"),
            pl.when(failed).then(0).otherwise((pl.col("size") - 40).clip(0)).alias("ob"),
            pl.when(failed).then(0).otherwise(pl.col("size") * 3).alias("rb"),
            "state",
            pl.lit("T").alias("lo"),
            pl.when(pl.col("port") == 445).then(pl.lit("T")).otherwise(pl.lit("F")).alias("lr"),
            pl.lit(0).alias("missed"),
            pl.lit("ShADadfF").alias("history"),
            (pl.col("size") // 700 + 1).alias("op"),
            "size",
            (pl.col("size") // 300 + 1).alias("rp"),
            (pl.col("size") * 3 + 120).alias("rib"),
            pl.lit("-").alias("tunnel"),
        )
        with path.open("wb") as file:
            file.write(zeek_header().encode())
            table.write_csv(
                file,
                include_header=False,
                separator="\t",
                null_value="-",
                quote_style="never",
                float_precision=6,
            )
            file.write(b"#close\t2026-04-07-00-00-00\n")


def zeek_header(path: str = "conn") -> str:
    """The comment lines at the head of a Zeek TSV log."""
    return (
        "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n"
        f"#path\t{path}\n#open\t2026-04-06-00-00-00\n#fields\t"
        + "\t".join(CONN_FIELDS)
        + "\n#types\t"
        + "\t".join(CONN_TYPES)
        + "\n"
    )
