"""The flow store: a folder of Parquet files by table, day and network, with its catalogue.

    catalogue.sqlite                          what was imported
    flows/day=2026-04-06/network=本庁/….parquet  (and open, names, dns, alerts)
    rejects/HASH.jsonl                        lines that could not be read
    history/NETWORK.parquet                   first and last sight of every endpoint
    expected.json, indicators.parquet         registers

A day is a day of the office (time zone of the store, Asia/Tokyo unless said otherwise at its creation);
times inside the files are UTC.
"""

from datetime import date, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from tenshu.engines.beacons.catalogue import Catalogue, Part
from tenshu.engines.beacons.errors import StoreError
from tenshu.engines.beacons.mapping import zone


class Store:
    """A flow store in a folder; the folder is created when `create` is true."""

    def __init__(self, root: Path, *, create: bool = False, timezone: str = "Asia/Tokyo") -> None:
        self.root = root
        if create:
            zone(timezone)
            root.mkdir(parents=True, exist_ok=True)
        elif not (root / "catalogue.sqlite").exists():
            raise StoreError(f"{root}: 通信記録の保管庫がありません（先に import を行ってください）")
        self.catalogue = Catalogue(root / "catalogue.sqlite")
        self.timezone = zone(self.catalogue.setting("timezone", timezone))

    def partition(self, table: str, day: str, network: str) -> Path:
        """The folder of one table, day and network, relative to the store."""
        return Path(table) / f"day={day}" / f"network={quote(network, safe='')}"

    def history_file(self, network: str) -> Path:
        """First and last sight of the endpoints of one network."""
        return self.root / "history" / f"{quote(network, safe='')}.parquet"

    def parts(self, days: list[str], kind: str, networks: list[str] | None = None) -> list[Part]:
        """The parts of a kind on some days, of all networks or the given ones."""
        parts = self.catalogue.parts(days, kind)
        return parts if networks is None else [p for p in parts if p.network in networks]

    def day_of(self, moment_us: int) -> str:
        """The office's day of a time in microseconds UTC, as YYYY-MM-DD."""
        return datetime.fromtimestamp(moment_us / 1e6, self.timezone).date().isoformat()

    def days_between(self, first_us: int, day: str) -> list[str]:
        """The office's days from a time on to `day` inclusive."""
        last = date.fromisoformat(day)
        first = date.fromisoformat(self.day_of(first_us))
        return [(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)]
