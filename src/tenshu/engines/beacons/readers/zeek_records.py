"""Rows of Zeek logs as records of the flow store."""

import polars as pl

from tenshu.engines.beacons.readers.parsed import Parsed, clean_name, mime_mismatch
from tenshu.engines.beacons.schema import shaped

ENDS = ("ts", "uid", "id.orig_h", "id.resp_h")
CONN = (
    *ENDS, "id.resp_p", "proto", "service", "duration", "conn_state", "missed_bytes", "orig_pkts",
    "orig_ip_bytes", "resp_ip_bytes",
)  # fmt: skip
LOGS: dict[str, tuple[str, ...]] = {
    "conn": CONN,
    "open_conn": CONN,
    "http": (*ENDS, "host", "uri", "user_agent", "resp_mime_types"),
    "ssl": (*ENDS, "server_name", "ja3"),
    "dns": (*ENDS, "query", "answers"),
}
"""The logs that are read and the fields that are wanted of each."""

REQUIRED = {log: ["ts", "id.orig_h", "id.resp_h"] for log in LOGS}
FLOAT = frozenset({"ts", "duration"})
INTEGER = frozenset({"id.resp_p", "missed_bytes", "orig_pkts", "orig_ip_bytes", "resp_ip_bytes"})
NEVER_ANSWERED = ("S0", "REJ", "RSTOS0", "RSTRH", "SH", "SHR")
WITHOUT_NAMES = ("dns", "ntp", "dhcp")


def filled(frame: pl.DataFrame, names: tuple[str, ...]) -> pl.DataFrame:
    """`frame` with every wanted field, null where the file does not have it."""
    absent = [name for name in names if name not in frame.columns]
    return frame.with_columns(
        [
            pl.lit(None, dtype=pl.Float64 if n in FLOAT else pl.Int64 if n in INTEGER else pl.String).alias(n)
            for n in absent
        ]
    )


def records(log: str, frame: pl.DataFrame, parsed: Parsed) -> None:
    """Add the records of one log's rows to `parsed`."""
    frame = filled(frame, LOGS[log]).with_columns(
        (pl.col("ts") * 1e6).round().cast(pl.Int64).alias("start_us"),
        pl.col("id.orig_h").alias("src"),
        pl.col("id.resp_h").alias("dst"),
    )
    if log in ("conn", "open_conn"):
        parsed.add("flows" if log == "conn" else "open", flows(frame))
        parsed.missed_bytes += int(frame["missed_bytes"].fill_null(0).sum())
    elif log == "dns":
        parsed.add("dns", dns(frame))
    else:
        parsed.add("names", http(frame) if log == "http" else tls(frame))


def flows(frame: pl.DataFrame) -> pl.DataFrame:
    """conn and open_conn: attempts that were never answered are marked failed."""
    return shaped(
        frame.with_columns(
            (pl.col("duration") * 1e6).round().cast(pl.Int64).alias("duration_us"),
            pl.col("id.resp_p").alias("dst_port"),
            (pl.col("conn_state").is_in(NEVER_ANSWERED) & (pl.col("proto") == "tcp"))
            .fill_null(value=False)
            .alias("failed"),
            pl.col("orig_ip_bytes").alias("bytes_out"),
            pl.col("resp_ip_bytes").alias("bytes_in"),
            pl.col("orig_pkts").alias("packets_out"),
            pl.when(pl.col("service").is_in(WITHOUT_NAMES)).then(None).otherwise(pl.col("uid")).alias("uid"),
            pl.lit(value=False).alias("piece"),
        ),
        "flows",
    )


def unset_if_empty(column: str) -> pl.Expr:
    """Zeek's `(empty)` as null."""
    return pl.when(pl.col(column) != "(empty)").then(pl.col(column))


def http(frame: pl.DataFrame) -> pl.DataFrame:
    """http: a blank Host header is written `(empty)`, an absent one `-`; both are missing."""
    frame = frame.with_columns(unset_if_empty("host").alias("host"))
    return shaped(
        frame.with_columns(
            pl.lit("http").alias("kind"),
            clean_name("host").alias("fqdn"),
            pl.col("host").is_null().alias("missing_host"),
            unset_if_empty("user_agent").alias("user_agent"),
            mime_mismatch("uri", "resp_mime_types").alias("mime_mismatch"),
        ),
        "names",
    )


def tls(frame: pl.DataFrame) -> pl.DataFrame:
    """ssl: the server name and, where the JA3 package is loaded, the client's signature."""
    return shaped(
        frame.with_columns(
            pl.lit("tls").alias("kind"),
            clean_name("server_name").alias("fqdn"),
            pl.lit(value=False).alias("missing_host"),
            pl.lit(value=False).alias("mime_mismatch"),
        ),
        "names",
    )


def dns(frame: pl.DataFrame) -> pl.DataFrame:
    """dns: one row is question and answers together."""
    return shaped(
        frame.with_columns(
            clean_name("query").alias("query"),
            pl.lit(value=True).alias("asked"),
            unset_if_empty("answers").str.split(",").alias("answers"),
        ),
        "dns",
    )
