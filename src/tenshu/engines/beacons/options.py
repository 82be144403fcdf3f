"""What a scoring run is asked for, and its window."""

from dataclasses import dataclass
from typing import Literal

from tenshu.engines.beacons.errors import StoreError
from tenshu.engines.beacons.formulas import RULES, Window
from tenshu.engines.beacons.store import Store

Direction = Literal["outbound", "inbound", "internal", "transit"]
DIRECTIONS: tuple[Direction, ...] = ("outbound", "inbound", "internal", "transit")
DEFAULT_MEMORY = 2_500_000_000
DAY_SECONDS = 86_400


@dataclass(frozen=True)
class ScoreOptions:
    """A day of the office (YYYY-MM-DD) and how to score it.

    `window`: own (bins of the pair's own hours) or rita. `internal`: CIDR ranges of the organisation beside
    the private ones. `proxies`: addresses whose named destinations lie outside although the proxy is inside.
    `memory`: bytes the whole process may use; `threads`: None for all.
    """

    day: str
    window: str = "own"
    networks: tuple[str, ...] | None = None
    directions: tuple[Direction, ...] = ("outbound",)
    internal: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ()
    memory: int = DEFAULT_MEMORY
    threads: int | None = None

    def __post_init__(self) -> None:
        if self.window not in RULES:
            raise StoreError(f"窓の種類「{self.window}」はありません（{'・'.join(RULES)}）")


def window_of(store: Store, options: ScoreOptions) -> Window:
    """The last 24 hours of what the day holds, not before the store's first flow.

    Raises StoreError when the day has no flow.
    """
    networks = None if options.networks is None else list(options.networks)
    parts = store.parts([options.day], "flows", networks)
    span = store.catalogue.span_us()
    if not parts or span is None:
        raise StoreError(f"{options.day} の通信記録がありません")
    end = max(part.last_us for part in parts) // 1_000_000
    return Window(max(span[0] // 1_000_000, end - DAY_SECONDS), end)
