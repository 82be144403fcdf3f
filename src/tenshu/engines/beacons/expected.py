"""The register of expected destinations: who approved which traffic, why, and until when.

It is applied to scores that are already stored; no log is imported again and no score changes.
"""

import json
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq

from tenshu.engines.beacons.destinations import Cover, DestinationIndex, parse_destination
from tenshu.engines.beacons.errors import RegisterError, StoreError
from tenshu.engines.beacons.store import Store

COLUMNS = {"expected_by": pl.String, "expected_reason": pl.String}
"""What the register adds to a score row: the entry's id and its reason, empty when nothing is expected."""
EVIDENCE = ("beacon", "long", "strobe", "indicator", "dns")


@dataclass(frozen=True)
class Expectation:
    """One entry. An empty scope field means: all of them.

    `evidence`: the kinds of evidence that are expected (beacon, long, strobe, indicator, dns); a row with
    other evidence stays. Without `indicator` a listed destination is never hidden. `expires`: the last day it
    holds.
    """

    id: str
    destination: str
    reason: str
    approver: str
    expires: str
    cover: Cover = "bare"
    network: str = ""
    host: str = ""
    evidence: tuple[str, ...] = ("beacon", "long", "strobe", "dns")
    approved_at: str = ""
    revoked_at: str = ""

    def holds_on(self, day: str) -> bool:
        """Whether the entry is in force on a day (YYYY-MM-DD)."""
        return not self.revoked_at and day <= self.expires


def register_file(store: Store) -> Path:
    """Where the register of a store lies."""
    return store.root / "expected.json"


def load_expectations(store: Store) -> list[Expectation]:
    """All entries, expired and revoked ones too."""
    path = register_file(store)
    if not path.exists():
        return []
    return [
        Expectation(**{**row, "evidence": tuple(row["evidence"])})
        for row in json.loads(path.read_text("utf-8"))
    ]


def save_expectations(store: Store, entries: list[Expectation]) -> None:
    """Write the register, at once or not at all."""
    fresh = register_file(store).with_suffix(".new")
    fresh.write_text(json.dumps([asdict(e) for e in entries], ensure_ascii=False, indent=1), "utf-8")
    fresh.replace(register_file(store))


def checked(entry: Expectation) -> Expectation:
    """The entry in its normal form. Raises RegisterError for a missing or wrong value."""
    if not entry.reason.strip() or not entry.approver.strip():
        raise RegisterError("理由と承認者は必ず記入してください")
    try:
        date.fromisoformat(entry.expires)
    except ValueError as error:
        raise RegisterError(f"期限「{entry.expires}」は YYYY-MM-DD の日付ではありません") from error
    unknown = set(entry.evidence) - set(EVIDENCE)
    if unknown or not entry.evidence:
        raise RegisterError(f"根拠の種類は {'・'.join(EVIDENCE)} から選んでください")
    place = parse_destination(entry.destination, entry.cover)
    host = parse_destination(entry.host).value if entry.host else ""
    return replace(entry, destination=place.value, cover=place.cover, host=host)


def add_expectation(store: Store, entry: Expectation) -> Expectation:
    """Enter an approved expectation; the id is given here. Raises RegisterError."""
    entries = load_expectations(store)
    number = 1 + max((int(e.id.removeprefix("E")) for e in entries), default=0)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    fresh = replace(checked(entry), id=f"E{number:04d}", approved_at=now)
    save_expectations(store, [*entries, fresh])
    return fresh


def revoke_expectation(store: Store, identifier: str) -> Expectation:
    """Take an entry out of force; it stays in the register. Raises RegisterError when there is none."""
    entries = load_expectations(store)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    for position, entry in enumerate(entries):
        if entry.id == identifier:
            entries[position] = replace(entry, revoked_at=now)
            save_expectations(store, entries)
            return entries[position]
    raise RegisterError(f"登録簿に {identifier} はありません")


class Expectations:
    """Applies the entries in force on a day to score rows."""

    def __init__(self, entries: list[Expectation], day: str) -> None:
        self.entries = [entry for entry in entries if entry.holds_on(day)]
        self.index = DestinationIndex()
        for number, entry in enumerate(self.entries):
            self.index.add(parse_destination(entry.destination, entry.cover), number)
        hosts = [parse_destination(entry.host) if entry.host else None for entry in self.entries]
        self.hosts: list[DestinationIndex | None] = []
        for host in hosts:
            index = None if host is None else DestinationIndex()
            if index is not None and host is not None:
                index.add(host, 0)
            self.hosts.append(index)

    def apply(self, frame: pl.DataFrame) -> pl.DataFrame:
        """`frame` with the columns of COLUMNS, which replace earlier ones."""
        frame = frame.drop([name for name in COLUMNS if name in frame.columns])
        if not self.entries:
            return frame.with_columns(
                [pl.lit(None, dtype=kind).alias(name) for name, kind in COLUMNS.items()]
            )
        scores = [f"{kind}_evidence" for kind in EVIDENCE]
        rows = frame.select("network", "inside", "external", "address", *scores).iter_rows(named=True)
        found = [self._entry(row) for row in rows]
        return frame.with_columns(
            pl.Series("expected_by", [None if e is None else e.id for e in found], dtype=pl.String),
            pl.Series("expected_reason", [None if e is None else e.reason for e in found], dtype=pl.String),
        )

    def _entry(self, row: dict[str, Any]) -> Expectation | None:
        """The first entry that expects all the evidence of a row."""
        numbers = self.index.find(row["external"])
        if row["address"] and row["address"] not in (row["inside"], row["external"]):
            numbers = sorted({*numbers, *self.index.find(row["address"])})
        for number in numbers:
            entry, hosts = self.entries[number], self.hosts[number]
            if entry.network and entry.network != row["network"]:
                continue
            if hosts is not None and not (row["inside"] and hosts.find(row["inside"])):
                continue
            shown = [kind for kind in EVIDENCE if (row[f"{kind}_evidence"] or 0) > 0]
            if all(kind in entry.evidence for kind in shown):
                return entry
        return None


def apply_to_file(store: Store, scores: Path, day: str) -> int:
    """Apply the register to a stored score file; the number of expected rows is returned.

    Raises StoreError when the file is no score file.
    """
    try:
        metadata = pq.read_schema(scores).metadata
        frame = pl.read_parquet(scores)
        applied = Expectations(load_expectations(store), day).apply(frame)
    except (OSError, pl.exceptions.PolarsError, ValueError) as error:
        raise StoreError(f"{scores}: 採点結果のファイルではありません: {error}") from error
    fresh = scores.with_name(scores.name + ".new")
    table = applied.to_arrow(compat_level=pl.CompatLevel.oldest()).replace_schema_metadata(metadata)
    pq.write_table(table, fresh, compression="zstd")
    fresh.replace(scores)
    return applied.height - applied["expected_by"].null_count()
