"""What a plan may set besides its targets; every default suits a municipal office watching public sites."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Longest time of each phase in seconds."""

    dns_s: float = 5.0
    connect_s: float = 10.0
    tls_s: float = 10.0
    first_byte_s: float = 30.0
    transfer_s: float = 60.0


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps on what a server may send.

    body_bytes: decoded size; expansion: decoded bytes per byte on the wire, judged from 1 MiB on;
    slow_bytes_per_s over slow_window_s: slower bodies are ended (0 = never); redirects: hops after the first.
    """

    body_bytes: int = 20_000_000
    expansion: int = 200
    slow_bytes_per_s: int = 100
    slow_window_s: float = 5.0
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Politeness:
    """At most per_host checks of one host name and per_address of one address at once, host_gap_s between
    starts.
    """

    per_host: int = 1
    per_address: int = 8
    host_gap_s: float = 1.0


@dataclass(frozen=True, slots=True)
class Network:
    """Where the prober may go and how it finds its way.

    allow_private: contact any unicast address; allowed: further networks (CIDR); dns_servers: instead of the
    system's; ca_file: PEM trust store instead of the system's; references: "tcp://ADDRESS:PORT" of the own
    side that answer whenever the own line works, asked every reference_s seconds.
    """

    allow_private: bool = False
    allowed: tuple[str, ...] = ()
    dns_servers: tuple[str, ...] = ()
    ca_file: str = ""
    references: tuple[str, ...] = ()
    reference_s: float = 15.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How hard the prober may work and when it distrusts itself.

    core_share: share of one core (1.0 = no brake); late_ms: a start later than this is marked late;
    lag_ms, canary_ms: above these a sample is not reliable; canary_s: seconds between loopback canaries;
    chain_s: the certificate chain of a host is read again after so many seconds (0: at every check), and at
    once when its handshake fails; trust and host name are verified at every check in any case;
    jitter: share of the interval by which each cycle is shifted.
    """

    max_in_flight: int = 100
    core_share: float = 0.35
    late_ms: float = 2_000.0
    lag_ms: float = 50.0
    canary_ms: float = 100.0
    canary_s: float = 1.0
    chain_s: float = 3_600.0
    jitter: float = 0.05


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything of a plan except its targets."""

    interval_s: float = 300.0
    seed: int = 1
    user_agent: str = "TenshuProbe/1.0 (response observation)"
    timeouts: Timeouts = field(default_factory=Timeouts)
    limits: Limits = field(default_factory=Limits)
    politeness: Politeness = field(default_factory=Politeness)
    network: Network = field(default_factory=Network)
    pace: Pace = field(default_factory=Pace)
