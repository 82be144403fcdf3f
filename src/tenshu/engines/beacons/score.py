"""Scoring a day of the store: tile by tile on one machine, at once on Spark, with the same statements."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from tenshu.engines.beacons import context_sql, final_score, formulas, pairs
from tenshu.engines.beacons.addresses import InternalNetworks
from tenshu.engines.beacons.catalogue import Part
from tenshu.engines.beacons.databases import Database, DuckDatabase
from tenshu.engines.beacons.dns_tunnels import gather_dns_rows
from tenshu.engines.beacons.expected import Expectations, load_expectations
from tenshu.engines.beacons.formulas import RULES, Window
from tenshu.engines.beacons.history import SCHEMA as HISTORY
from tenshu.engines.beacons.indicators import IndicatorIndex, load_indicators
from tenshu.engines.beacons.ingest import Progress
from tenshu.engines.beacons.options import ScoreOptions, window_of
from tenshu.engines.beacons.rows import PAIR_COLUMNS, final_list, no_rows, unscored_types
from tenshu.engines.beacons.schema import TABLES
from tenshu.engines.beacons.store import Store

ROWS_IN_TILE = 4_000_000
"""Small networks are packed up to this: the hash table of a tile then stays near the processor."""
BYTES_A_ROW = 400
"""Working memory a flow may take while its tile is scored (lists, hash table, sorting)."""
DATABASE_SHARE = 0.5
"""Of the memory, what DuckDB itself may use; the rest is Python, Arrow and Parquet buffers."""
META = b"tenshu.beacons"


@dataclass(frozen=True)
class Tile:
    """Networks that are scored together, or one share of the sources of a network too large for that."""

    networks: tuple[str, ...]
    rows: int
    shares: int = 1
    share: int = 0


@dataclass(frozen=True)
class ScoreSummary:
    """What a run wrote: rows in all and by degree, those explained by the register, and its window."""

    rows: int
    degrees: dict[str, int]
    expected: int
    window_start: int
    window_end: int
    flows: int


def tiles(parts: list[Part], limit: int | None, pack: int = ROWS_IN_TILE) -> list[Tile]:
    """Networks packed into tiles of about `pack` rows, none above `limit`; None puts all into one."""
    sizes: dict[str, int] = {}
    for part in parts:
        sizes[part.network] = sizes.get(part.network, 0) + part.rows
    if limit is None:
        return [Tile(tuple(sorted(sizes)), sum(sizes.values()))]
    packed: list[Tile] = []
    open_names: list[str] = []
    open_rows = 0
    for network, rows in sorted(sizes.items(), key=lambda item: (item[1], item[0])):
        if rows > limit:
            shares = -(-rows // limit)
            packed += [Tile((network,), rows // shares, shares, share) for share in range(shares)]
            continue
        if open_names and open_rows + rows > min(pack, limit):
            packed.append(Tile(tuple(open_names), open_rows))
            open_names, open_rows = [], 0
        open_names.append(network)
        open_rows += rows
    if open_names:
        packed.append(Tile(tuple(open_names), open_rows))
    return packed


class DayScoring:
    """One run over one day. Call `run`, then read `batches`."""

    def __init__(
        self, store: Store, options: ScoreOptions, db: Database, progress: Progress | None = None
    ) -> None:
        self.store, self.options, self.db, self.progress = store, options, db, progress
        self.window: Window = window_of(store, options)
        self.rule = RULES[options.window]
        self.days = store.days_between(self.window.read_from * 1_000_000, options.day)
        networks = None if options.networks is None else list(options.networks)
        first, last = self.window.read_from * 1_000_000, (self.window.end + 1) * 1_000_000
        self.parts = {
            kind: [
                p for p in store.parts(self.days, kind, networks) if p.last_us >= first and p.first_us < last
            ]
            for kind in TABLES
        }
        self.where = pairs.in_window(self.window)
        self.indicators = IndicatorIndex(load_indicators(store))
        self.internal = InternalNetworks(options.internal)
        self.seen: dict[str, tuple[str, bool, bool, bool, str | None]] = {}

    def run(self) -> None:
        """Compute every row; afterwards the engine holds the table `scored` and what `batches` joins."""
        self._signatures()
        limit = None if self.db.dialect.name == "spark" else max(200_000, self.options.memory // BYTES_A_ROW)
        work = tiles(self.parts["flows"], limit)
        for number, tile in enumerate(work):
            self._report("ペアを採点", number, len(work))
            self._tile(tile)
        self._report("ペアを採点", len(work), len(work))
        self.db.keep(
            "reach",
            "SELECT network, external, count(inside) AS hosts"
            " FROM (SELECT DISTINCT network, external, inside FROM contacts) GROUP BY network, external",
        )
        if self.parts["dns"]:
            self._files("dns", None)
            gather_dns_rows(self.db, self.where, self._dns_hits())
        self.db.keep(
            "hosts", "SELECT DISTINCT network, inside FROM contacts WHERE answered AND inside IS NOT NULL"
        )
        history = sorted((self.store.root / "history").glob("*.parquet"))
        self.db.files("history", history, HISTORY)
        self.db.keep(
            "first_seen",
            "SELECT network, endpoint, min(first_us) AS first_us FROM history"
            " WHERE endpoint IN (SELECT external FROM scored) GROUP BY network, endpoint",
        )

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Rows with their final score, most suspicious first."""
        hosts = int(self.db.frame("SELECT count(*) AS n FROM hosts")["n"][0])
        started = self.db.frame("SELECT min(first_us) AS us FROM history")["us"][0]
        now_us = self.window.end * 1_000_000
        reached = context_sql.with_reach(hosts)
        modified = final_score.with_modifiers(
            final_score.with_evidence(reached), now_us, now_us if started is None else int(started)
        )
        yield from self.db.batches(
            f"SELECT {final_list(self.db.dialect.name)} FROM ({final_score.with_final(modified)})"
            " ORDER BY final DESC, beacon DESC NULLS LAST, network, src, target, kind"
        )

    def _report(self, text: str, done: int, of: int) -> None:
        if self.progress is not None:
            self.progress(text, done, of)

    def _files(self, kind: str, tile: Tile | None, view: str = "") -> bool:
        """A view of the parts of a kind; whether there are any."""
        parts = [p for p in self.parts[kind] if tile is None or p.network in tile.networks]
        columns = {"network": pl.String, **TABLES[kind]}
        self.db.files(view or kind, [self.store.root / p.path for p in parts], columns)
        return bool(parts)

    def _signatures(self) -> None:
        """Rare and listed client signatures, over all networks."""
        self._files("names", None)
        for column, name in (("user_agent", "rare_user_agents"), ("ja3", "rare_ja3s")):
            hosts = int(self.db.frame(context_sql.signing_hosts(column, self.where))["hosts"][0])
            enough = "" if hosts >= context_sql.MIN_SIGNING_HOSTS else " AND 1 = 0"
            self.db.keep(name, context_sql.signatures(column, self.where + enough))
        listed: list[tuple[str, str | None]] = []
        if self.indicators.signatures:
            used = self.db.frame(f"SELECT DISTINCT ja3 FROM names WHERE {self.where} AND ja3 IS NOT NULL")[
                "ja3"
            ]
            listed = [(ja3, self.indicators.signature_hits(ja3, self.options.day)) for ja3 in used]
        rows = [row for row in listed if row[1] is not None]
        self.db.table(
            "listed_ja3s", pl.DataFrame(rows, {"signature": pl.String, "hits": pl.String}, orient="row")
        )

    def _tile(self, tile: Tile) -> None:
        """Score the pairs of one tile and gather what shows anything."""
        db, d = self.db, self.db.dialect
        self._files("flows", tile)
        flows = [p for p in self.parts["flows"] if p.network in tile.networks]
        requests = self._files("names", tile)
        alerts = self._files("alerts", tile)
        presence = pairs.Presence(
            names=requests,
            known_names=any(p.named for p in flows),
            open=self._files("open", tile, "open_flows"),
            pieces=any(p.pieces for p in flows),
        )
        db.view("window_flows", pairs.flows_view(self.window, presence))
        if requests:
            db.keep("named", pairs.named_view())
            db.view("requests", context_sql.requests_by_pair(self.where))
        if alerts:
            db.keep("pair_alerts", context_sql.alerts_by_pair(self.where))
        db.view("connections", pairs.connections_view(d, self.window, presence))
        part = "" if tile.shares == 1 else f"WHERE {d.share('src', tile.shares, tile.share)}"
        db.keep("pairs", pairs.pairs_statement(d, presence, part))
        db.table("endpoints", self._endpoints())
        db.view("directed", context_sql.directed(names=presence.names or presence.known_names))
        wanted = ", ".join(f"'{direction}'" for direction in self.options.directions)
        source = f"(SELECT * FROM directed WHERE direction IN ({wanted}))"
        keep, count = ", ".join(PAIR_COLUMNS), "connections - failed_connections"
        nulls = unscored_types(d.name)
        scored = formulas.scored(d, source, self.rule, self.window, keep, nulls, count)
        db.gather("scored", context_sql.with_context(d, scored, context_sql.Tile(requests, alerts)))
        db.gather(
            "contacts",
            "SELECT network, inside, external, address, connections > failed_connections AS answered"
            f" FROM directed WHERE direction IN ({wanted})",
        )

    def _endpoints(self) -> pl.DataFrame:
        """Every endpoint of the tile: inside or not, a proxy or not, and its indicators."""
        found = self.db.frame(
            "SELECT src AS endpoint FROM pairs UNION SELECT target FROM pairs"
            " UNION SELECT address FROM pairs WHERE address IS NOT NULL"
        )["endpoint"]
        rows = []
        for endpoint in found:
            row = self.seen.get(endpoint)
            if row is None:
                hits = self.indicators.hits(endpoint, self.options.day) if self.indicators else None
                inside, group = self.internal.contains(endpoint), self.internal.is_group(endpoint)
                row = (endpoint, inside, group, endpoint in self.options.proxies, hits)
                self.seen[endpoint] = row
            rows.append(row)
        schema = {
            "endpoint": pl.String,
            "internal": pl.Boolean,
            "multicast": pl.Boolean,
            "proxy": pl.Boolean,
            "hits": pl.String,
        }
        return pl.DataFrame(rows, schema, orient="row")

    def _dns_hits(self) -> pl.DataFrame:
        """Names asked for that an indicator covers."""
        rows: list[tuple[str, str]] = []
        if self.indicators:
            asked = self.db.frame(f"SELECT DISTINCT query FROM dns WHERE {self.where} AND query IS NOT NULL")
            for name in asked["query"]:
                hits = self.indicators.hits(name, self.options.day)
                if hits is not None:
                    rows.append((name, hits))
        return pl.DataFrame(rows, {"name": pl.String, "hits": pl.String}, orient="row")


def score_batches(
    store: Store, options: ScoreOptions, *, db: Database | None = None, progress: Progress | None = None
) -> Iterator[pl.DataFrame]:
    """Score rows of a day, most suspicious first, with the register of expected destinations applied.

    Columns: rows.FINAL, then those of expected.COLUMNS. `db`: the engine, DuckDB when None.
    """
    own = db is None
    engine = db or DuckDatabase(int(options.memory * DATABASE_SHARE), options.threads)
    try:
        scoring = DayScoring(store, options, engine, progress)
        scoring.run()
        register = Expectations(load_expectations(store), options.day)
        any_row = False
        for batch in scoring.batches():
            frame = pl.from_arrow(batch)
            if isinstance(frame, pl.DataFrame) and frame.height:
                any_row = True
                yield register.apply(frame)
        if not any_row:
            yield register.apply(no_rows())
    finally:
        if own:
            engine.close()


def score_frame(
    store: Store, options: ScoreOptions, *, db: Database | None = None, progress: Progress | None = None
) -> pl.DataFrame:
    """All score rows of a day in memory (see `score_batches`)."""
    return pl.concat(list(score_batches(store, options, db=db, progress=progress)))


def score_to_file(
    store: Store,
    options: ScoreOptions,
    out: Path,
    *,
    db: Database | None = None,
    progress: Progress | None = None,
) -> ScoreSummary:
    """Score a day into a Parquet file, which is replaced at once or not at all."""
    window = window_of(store, options)
    fresh = out.with_name(out.name + ".new")
    degrees: dict[str, int] = {}
    rows = expected = 0
    meta = {"options": asdict(options), "window_start": window.start, "window_end": window.end}
    writer = None
    for frame in score_batches(store, options, db=db, progress=progress):
        table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
        if writer is None:
            schema = table.schema.with_metadata({META: json.dumps(meta, ensure_ascii=False).encode()})
            writer = pq.ParquetWriter(fresh, schema, compression="zstd")
        writer.write_table(table.cast(writer.schema))
        rows += frame.height
        expected += frame["expected_by"].len() - frame["expected_by"].null_count()
        for degree, count in frame.group_by("degree").len().iter_rows():
            degrees[degree] = degrees.get(degree, 0) + count
    if writer is not None:
        writer.close()
        fresh.replace(out)
    flows = sum(p.rows for p in store.parts([options.day], "flows"))
    return ScoreSummary(rows, degrees, expected, window.start, window.end, flows)
