"""A plan: hosts with their servers, totals, bound and gap; to and from JSON."""

from dataclasses import asdict, dataclass
from typing import Any

from tenshu.engines.packing.model import Objective, PackingError


@dataclass(frozen=True, slots=True)
class PlannedHost:
    """One host of a plan; ``existing`` when it keeps the name of a host of the estate."""

    name: str
    type: str
    zone: str
    servers: tuple[str, ...]
    cost: int
    existing: bool = False


@dataclass(frozen=True, slots=True)
class ZoneResult:
    """One zone: hosts, total and proven lower bound (hosts or yen), first-fit-decreasing total, what
    found it."""

    zone: str
    hosts: int
    total: int
    bound: int
    first_fit_decreasing: int
    engine: str
    rounds: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A feasible plan. ``moves`` is None when the estate does not say where servers run now."""

    objective: Objective
    total: int
    bound: int
    hosts: tuple[PlannedHost, ...]
    zones: tuple[ZoneResult, ...]
    moves: int | None
    seed: int
    seconds: float
    wall_seconds: float
    repeatable: bool
    engine: str
    estate_digest: str

    @property
    def gap(self) -> float:
        """How far the total can be above the best possible, as a share of the bound."""
        return (self.total - self.bound) / self.bound if self.bound else 0.0

    @property
    def proven(self) -> bool:
        """Whether no plan can be better."""
        return self.total == self.bound

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {**asdict(self), "gap": round(self.gap, 6), "proven": self.proven}


def plan_hosts(document: object, origin: str) -> list[PlannedHost]:
    """The hosts of a plan's JSON form. Raises PackingError with the place of the mistake."""
    if not isinstance(document, dict) or not isinstance(document.get("hosts"), list):
        raise PackingError(f"{origin}: 項目「hosts」がありません")
    hosts = []
    for number, item in enumerate(document["hosts"], 1):
        try:
            servers = tuple(map(str, item["servers"]))
            hosts.append(
                PlannedHost(
                    str(item["name"]),
                    str(item["type"]),
                    str(item["zone"]),
                    servers,
                    int(item["cost"]),
                    bool(item.get("existing")),
                )
            )
        except (KeyError, TypeError, ValueError) as error:
            raise PackingError(f"{origin}: hosts の {number} 番目を読み取れません（{error}）") from error
    return hosts
