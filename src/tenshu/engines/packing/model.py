"""The estate: servers, host types, hosts, licences and rules, as plain values."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

Objective = Literal["hosts", "yen"]


class PackingError(ValueError):
    """The estate cannot be read; the message (Japanese) names the file, the place and the mistake."""


class InfeasibleError(PackingError):
    """No plan can exist. ``reasons`` (Japanese) name the servers and the rule that cannot be met."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("配置できません: " + " / ".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class HostType:
    """A host that can be bought (機種).

    ``capacity`` has one value a dimension of the estate; ``price`` and ``maintenance`` are yen (the
    latter a year),
    ``lifetime`` years; ``available`` is the largest number, None for no limit; ``zones`` empty means
    every zone;
    ``offers`` are what servers may require of it (vendor support); ``supported_until`` is its last day
    of support.
    """

    name: str
    capacity: tuple[Decimal, ...]
    price: int = 0
    maintenance: int = 0
    lifetime: int = 5
    available: int | None = None
    zones: frozenset[str] = frozenset()
    offers: frozenset[str] = frozenset()
    supported_until: date | None = None

    def cost(self, horizon: int) -> int:
        """Yen over a horizon of years: as many purchases as lifetimes begin in it, and maintenance every
        year."""
        return self.price * -(-horizon // self.lifetime) + self.maintenance * horizon


@dataclass(frozen=True, slots=True)
class Host:
    """A host that exists already: its type, zone, and the last day of its lease (``until``)."""

    name: str
    type: str
    zone: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Server:
    """A server to be placed.

    ``demand`` has one value a dimension. ``licences`` are products for which the whole host pays;
    ``requires`` are
    offers that its host type must make; ``needed_until`` is the last day on which it must still run;
    ``fixed`` names
    the existing host that it may not leave, ``current`` the one on which it runs now.
    """

    name: str
    demand: tuple[Decimal, ...]
    zone: str = ""
    system: str = ""
    licences: frozenset[str] = frozenset()
    requires: frozenset[str] = frozenset()
    needed_until: date | None = None
    fixed: str | None = None
    current: str | None = None


@dataclass(frozen=True, slots=True)
class Estate:
    """Everything that a plan depends on.

    ``together`` and ``apart`` are groups of server names; ``licence_prices`` maps product and host type
    to yen a host
    over the whole horizon; ``horizon`` is in years.
    """

    dimensions: tuple[str, ...]
    host_types: tuple[HostType, ...]
    servers: tuple[Server, ...]
    hosts: tuple[Host, ...] = ()
    together: tuple[tuple[str, ...], ...] = ()
    apart: tuple[tuple[str, ...], ...] = ()
    licence_prices: dict[tuple[str, str], int] = field(default_factory=dict)
    objective: Objective = "hosts"
    horizon: int = 5

    def host_cost(self, host_type: HostType) -> int:
        """Cost of one host of a type in the unit of the objective (1, or yen over the horizon)."""
        return 1 if self.objective == "hosts" else host_type.cost(self.horizon)

    def licence_cost(self, product: str, host_type: HostType) -> int:
        """Cost of a product on one host in the unit of the objective (nothing when hosts are counted)."""
        return 0 if self.objective == "hosts" else self.licence_prices[product, host_type.name]
