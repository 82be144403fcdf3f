"""Indicators of compromise from offline lists, passed through warning lists before they count."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

from tenshu.engines.beacons.destinations import Destination, DestinationIndex
from tenshu.engines.beacons.errors import RegisterError
from tenshu.engines.beacons.feeds import FEED_FORMATS, Candidate
from tenshu.engines.beacons.store import Store
from tenshu.engines.beacons.warning_lists import WarningLists

SCHEMA = {
    "kind": pl.String,
    "value": pl.String,
    "cover": pl.String,
    "feed": pl.String,
    "feed_date": pl.String,
    "imported_at": pl.String,
    "note": pl.String,
}


@dataclass
class IndicatorImport:
    """What became of one feed: `taken` + `held` + `unusable` = entries read."""

    feed: str
    feed_date: str
    taken: int = 0
    held: list[dict[str, str]] = field(default_factory=list)
    unusable: dict[str, int] = field(default_factory=dict)
    unused_warning_lists: list[str] = field(default_factory=list)


def indicators_file(store: Store) -> Path:
    """Where the indicators of a store lie."""
    return store.root / "indicators.parquet"


def import_indicators(
    store: Store,
    files: Iterable[Path],
    *,
    feed: str,
    feed_date: date,
    feed_format: str,
    warning_lists: Iterable[Path] = (),
) -> IndicatorImport:
    """Replace the indicators of one feed.

    An entry that a warning list knows (a public resolver, a much-visited site) is held back and named in the
    result. Raises RegisterError naming file and line of an entry that cannot be read.
    """
    if feed_format not in FEED_FORMATS:
        raise RegisterError(f"指標の形式「{feed_format}」はありません（{'・'.join(FEED_FORMATS)}）")
    warnings = WarningLists.load(warning_lists)
    result = IndicatorImport(feed, feed_date.isoformat(), unused_warning_lists=warnings.unused)
    unusable: Counter[str] = Counter()
    now = datetime.now(UTC).isoformat(timespec="seconds")
    rows: dict[tuple[str, str, str], dict[str, str]] = {}
    for path in files:
        for candidate in FEED_FORMATS[feed_format](path):
            if candidate.unusable:
                unusable[candidate.unusable] += 1
                continue
            listed = warnings.listed(candidate.value, candidate.kind)
            if listed:
                result.held.append({"value": candidate.value, "warning_list": listed})
                continue
            row = row_of(candidate, feed, result.feed_date, now)
            rows[row["kind"], row["value"], row["cover"]] = row
    result.taken, result.unusable = len(rows), dict(unusable)
    fresh = pl.DataFrame(list(rows.values()), schema=SCHEMA)
    others = load_indicators(store).filter(pl.col("feed") != feed)
    temporary = indicators_file(store).with_suffix(".new")
    pl.concat([others, fresh]).write_parquet(temporary)
    temporary.replace(indicators_file(store))
    return result


def row_of(candidate: Candidate, feed: str, feed_date: str, now: str) -> dict[str, str]:
    """The stored form of an indicator."""
    return {
        "kind": candidate.kind, "value": candidate.value, "cover": candidate.cover, "feed": feed,
        "feed_date": candidate.date or feed_date, "imported_at": now, "note": candidate.note,
    }  # fmt: skip


def load_indicators(store: Store) -> pl.DataFrame:
    """All indicators of a store (columns: kind, value, cover, feed, feed_date, imported_at, note)."""
    path = indicators_file(store)
    return pl.read_parquet(path) if path.exists() else pl.DataFrame(schema=SCHEMA)


class IndicatorIndex:
    """Looks endpoints and client signatures up among the indicators."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.rows = frame.rows(named=True)
        self.index = DestinationIndex()
        self.signatures: dict[str, list[int]] = {}
        for number, row in enumerate(self.rows):
            if row["kind"] == "ja3":
                self.signatures.setdefault(row["value"], []).append(number)
            else:
                self.index.add(Destination(row["kind"], row["value"], row["cover"]), number)

    def __bool__(self) -> bool:
        return bool(self.rows)

    def hits(self, endpoint: str, day: str) -> str | None:
        """The indicators that cover an endpoint as JSON (value, feed, feed_date, age_days), or None."""
        return self._as_json(self.index.find(endpoint), day)

    def signature_hits(self, ja3: str, day: str) -> str | None:
        """The indicators of a JA3 hash as JSON, or None."""
        return self._as_json(self.signatures.get(ja3, []), day)

    def _as_json(self, numbers: list[int], day: str) -> str | None:
        if not numbers:
            return None
        found = []
        for number in numbers:
            row = self.rows[number]
            age = (date.fromisoformat(day) - date.fromisoformat(row["feed_date"])).days
            found.append(
                {"value": row["value"], "feed": row["feed"], "feed_date": row["feed_date"], "age_days": age}
            )
        return json.dumps(found, ensure_ascii=False)
