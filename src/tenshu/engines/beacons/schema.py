"""The tables of the flow store: one Arrow schema a kind of record, whatever log it came from.

Times are integer microseconds since 1970-01-01 UTC. `src` is the side that opened the connection.
`bytes_out` is what `src` sent (with IP headers where the log counts them), `bytes_in` what came back.
"""

import polars as pl

FLOWS = {
    "start_us": pl.Int64,
    "duration_us": pl.Int64,
    "src": pl.String,
    "dst": pl.String,  # null where only a name is known (proxy)
    "dst_port": pl.Int32,
    "proto": pl.String,
    "service": pl.String,
    "failed": pl.Boolean,  # refused, denied or never answered: no evidence of a channel
    "bytes_out": pl.Int64,
    "bytes_in": pl.Int64,
    "packets_out": pl.Int64,
    "uid": pl.String,  # joins `names`; null where nothing can join
    "fqdn": pl.String,  # the name asked for, where the flow itself tells it
    "src_port": pl.Int32,  # kept for exporters' pieces only
    "piece": pl.Boolean,  # true: an exporter may have cut one connection into several rows
}
"""Finished connections (and, in `open`, those still running at the time of the log)."""

NAMES = {
    "start_us": pl.Int64,
    "uid": pl.String,
    "src": pl.String,
    "dst": pl.String,
    "kind": pl.String,  # http, tls, quic
    "fqdn": pl.String,  # Host header or SNI in lower case, null when absent or blank
    "missing_host": pl.Boolean,
    "user_agent": pl.String,
    "ja3": pl.String,
    "mime_mismatch": pl.Boolean,
}
"""HTTP requests and TLS hellos."""

DNS = {
    "start_us": pl.Int64,
    "src": pl.String,
    "dst": pl.String,
    "query": pl.String,
    "asked": pl.Boolean,  # false: a row that only carries the answer
    "answers": pl.List(pl.String),
}
"""DNS questions and answers."""

ALERTS = {
    "start_us": pl.Int64,
    "src": pl.String,
    "dst": pl.String,
    "dst_port": pl.Int32,
    "proto": pl.String,
    "signature_id": pl.Int64,
    "signature": pl.String,
    "severity": pl.Int32,
}
"""Alerts of an intrusion detector, kept beside the flows and never counted as flows."""

TABLES: dict[str, dict[str, pl.DataType | type[pl.DataType]]] = {
    "flows": FLOWS,  # type: ignore[dict-item]
    "open": FLOWS,  # type: ignore[dict-item]
    "names": NAMES,  # type: ignore[dict-item]
    "dns": DNS,  # type: ignore[dict-item]
    "alerts": ALERTS,  # type: ignore[dict-item]
}

FORMATS = ("zeek", "eve", "proxy", "firewall", "nfdump", "csv")


def shaped(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """`frame` with exactly the columns of `table`, in order; absent ones are null."""
    columns = TABLES[table]
    return frame.select(
        [
            (pl.col(name) if name in frame.columns else pl.lit(None)).cast(kind).alias(name)
            for name, kind in columns.items()
        ]
    )


def frame_of(rows: list[dict[str, object]], table: str) -> pl.DataFrame:
    """Rows of plain dictionaries as a frame of `table`; keys that a row lacks are null."""
    return pl.DataFrame(rows, schema=TABLES[table])
