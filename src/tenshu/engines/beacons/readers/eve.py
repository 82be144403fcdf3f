"""Suricata EVE JSON: flows, HTTP, TLS, QUIC, DNS and alerts.

A flow's time is `flow.start`, not the event's `timestamp`: a whole capture can carry one and the same.
Alerts repeat the counters of their flow, so they are kept apart and never counted as traffic.
"""

import polars as pl

from tenshu.engines.beacons.blocks import Block
from tenshu.engines.beacons.readers.json_lines import read_lines
from tenshu.engines.beacons.readers.parsed import (
    ADDRESS_PATTERN,
    EARLIEST_US,
    LATEST_US,
    Parsed,
    clean_name,
    is_address,
    mime_mismatch,
)
from tenshu.engines.beacons.schema import shaped

COLUMNS = {
    "timestamp": "VARCHAR",
    "flow_id": "VARCHAR",
    "event_type": "VARCHAR",
    "src_ip": "VARCHAR",
    "src_port": "INTEGER",
    "dest_ip": "VARCHAR",
    "dest_port": "INTEGER",
    "proto": "VARCHAR",
    "app_proto": "VARCHAR",
    "flow": "STRUCT(pkts_toserver BIGINT, pkts_toclient BIGINT, bytes_toserver BIGINT, bytes_toclient BIGINT,"
    ' "start" VARCHAR, "end" VARCHAR, state VARCHAR)',
    "tcp": "STRUCT(tcp_flags_tc VARCHAR)",
    "http": "STRUCT(hostname VARCHAR, http_user_agent VARCHAR, url VARCHAR, http_content_type VARCHAR)",
    "tls": "STRUCT(sni VARCHAR, ja3 STRUCT(hash VARCHAR))",
    "quic": "STRUCT(sni VARCHAR, ja3 STRUCT(hash VARCHAR))",
    "dns": 'STRUCT("type" VARCHAR, rrname VARCHAR, answers STRUCT(rdata VARCHAR)[],'
    " queries STRUCT(rrname VARCHAR)[])",
    "alert": "STRUCT(signature_id BIGINT, signature VARCHAR, severity INTEGER)",
}
RECORDS = ("flow", "http", "tls", "quic", "dns", "alert")
SYN = 0x02


class EveReader:
    """Reads the blocks of one EVE file."""

    def read(self, block: Block) -> Parsed:
        parsed = Parsed()
        for frame in read_lines(block, COLUMNS, shape, fault, parsed):
            for event, rows in frame.partition_by("event_type", as_dict=True).items():
                kind = str(event[0])
                if kind in RECORDS:
                    add_records(kind, rows, parsed)
                else:
                    parsed.explained[f"event without traffic: {kind}"] += rows.height
        return parsed


def micros(column: pl.Expr) -> pl.Expr:
    """A time such as 2021-06-06T15:57:37.272281+0200 in microseconds UTC, null when unreadable."""
    text = column.str.replace(r"Z$", "+0000")
    return text.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%z", strict=False, time_unit="us").dt.timestamp("us")


def shape(frame: pl.DataFrame) -> pl.DataFrame | None:
    """Rows with their start time, or None when a record lacks what it needs."""
    is_flow = pl.col("event_type") == "flow"
    frame = frame.with_columns(
        micros(
            pl.when(is_flow).then(pl.col("flow").struct.field("start")).otherwise(pl.col("timestamp"))
        ).alias("start_us")
    )
    needed = frame.filter(pl.col("event_type").is_in(RECORDS))
    sound = frame["event_type"].null_count() == 0 and needed.select(
        pl.col("start_us").is_between(EARLIEST_US, LATEST_US).fill_null(value=False).all(),
        *[
            pl.col(name).unique().str.contains(ADDRESS_PATTERN).fill_null(value=False).all().alias(name)
            for name in ("src_ip", "dest_ip")
        ],
    ).row(0) == (True, True, True)
    return frame if sound else None


def fault(row: dict[str, object]) -> str | None:
    """Why an event cannot be read, or None."""
    kind = row.get("event_type")
    if not isinstance(kind, str):
        return "event_type がありません"
    if kind not in RECORDS:
        return None
    for name in ("src_ip", "dest_ip"):
        if not is_address(str(row.get(name, ""))):
            return f"{name} の値「{str(row.get(name, ''))[:40]}」は IP アドレスではありません"
    inner = row.get("flow")
    time = inner.get("start") if kind == "flow" and isinstance(inner, dict) else row.get("timestamp")
    start = pl.select(micros(pl.lit(str(time)))).item()
    if start is None or not EARLIEST_US <= start <= LATEST_US:
        return f"{'flow.start' if kind == 'flow' else 'timestamp'} の時刻「{str(time)[:40]}」を読めません"
    return None


def add_records(kind: str, rows: pl.DataFrame, parsed: Parsed) -> None:
    """Add the events of one type to their table."""
    rows = rows.rename({"src_ip": "src", "dest_ip": "dst", "dest_port": "dst_port", "flow_id": "uid"})
    rows = rows.with_columns(pl.col("proto").str.to_lowercase())
    if kind == "flow":
        parsed.add("flows", flows(rows))
    elif kind == "dns":
        parsed.add("dns", dns(rows))
    elif kind == "alert":
        parsed.add("alerts", shaped(rows.unnest("alert"), "alerts"))
    else:
        parsed.add("names", http(rows) if kind == "http" else hello(rows, kind))


def flows(rows: pl.DataFrame) -> pl.DataFrame:
    """Flow events; TCP that the server never acknowledged with a SYN is failed."""
    flow, flags = pl.col("flow").struct, pl.col("tcp").struct.field("tcp_flags_tc")
    answered = (flags.str.to_integer(base=16, strict=False) & SYN) > 0
    service = pl.when(pl.col("app_proto") != "failed").then(pl.col("app_proto"))
    silent = (flow.field("pkts_toclient") == 0) | ~answered.fill_null(value=True)
    return shaped(
        rows.with_columns(
            (micros(flow.field("end")) - pl.col("start_us")).clip(0).alias("duration_us"),
            service.alias("service"),
            ((pl.col("proto") == "tcp") & silent).fill_null(value=False).alias("failed"),
            flow.field("bytes_toserver").alias("bytes_out"),
            flow.field("bytes_toclient").alias("bytes_in"),
            flow.field("pkts_toserver").alias("packets_out"),
            pl.when(service == "dns").then(None).otherwise(pl.col("uid")).alias("uid"),
            pl.lit(value=False).alias("piece"),
        ),
        "flows",
    )


def http(rows: pl.DataFrame) -> pl.DataFrame:
    """HTTP events; a request without Host is marked."""
    parts = rows.unnest("http")
    named = parts.with_columns(clean_name("hostname").alias("fqdn"))
    return shaped(
        named.with_columns(
            pl.lit("http").alias("kind"),
            (pl.col("hostname").fill_null("") == "").alias("missing_host"),
            pl.col("http_user_agent").alias("user_agent"),
            mime_mismatch("url", "http_content_type").alias("mime_mismatch"),
        ),
        "names",
    )


def hello(rows: pl.DataFrame, kind: str) -> pl.DataFrame:
    """TLS and QUIC client hellos."""
    parts = rows.unnest(kind)
    return shaped(
        parts.with_columns(
            pl.lit(kind).alias("kind"),
            clean_name("sni").alias("fqdn"),
            pl.col("ja3").struct.field("hash").alias("ja3"),
            pl.lit(value=False).alias("missing_host"),
            pl.lit(value=False).alias("mime_mismatch"),
        ),
        "names",
    )


def dns(rows: pl.DataFrame) -> pl.DataFrame:
    """DNS events: queries and answers are events of their own; newer versions list the queries."""
    parts = rows.unnest("dns").with_columns(
        pl.coalesce("rrname", pl.col("queries").list.first().struct.field("rrname")).alias("rrname")
    )
    from_server = (pl.col("src_port") == 53) & (pl.col("dst_port") != 53)
    return shaped(
        parts.with_columns(
            pl.when(from_server).then(pl.col("dst")).otherwise(pl.col("src")).alias("src"),
            pl.when(from_server).then(pl.col("src")).otherwise(pl.col("dst")).alias("dst"),
            clean_name("rrname").alias("query"),
            pl.col("type").is_in(["query", "request"]).alias("asked"),
            pl.col("answers").list.eval(pl.element().struct.field("rdata")).alias("answers"),
        ),
        "dns",
    )
