"""The same statements on Spark with two worker processes give the same rows as DuckDB."""

import numpy as np
import polars as pl
import pytest

from tenshu.engines.beacons import (
    ScoreOptions,
    SparkDatabase,
    Store,
    import_files,
    import_indicators,
    score_frame,
)
from tenshu.engines.beacons.tests.logs import (
    CONN,
    DAY,
    DNS,
    HTTP,
    SSL,
    conn,
    eve_flow,
    every,
    json_lines,
    zeek,
)

pytestmark = [pytest.mark.engine, pytest.mark.spark]
KEY = ["network", "kind", "src", "target"]


@pytest.fixture(scope="module")
def spark():
    from pyspark.sql import SparkSession

    session = (
        SparkSession.builder.master("local-cluster[2,1,1024]")
        .appName("beacons-test")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "2")
        # Rows are few here: compiling the statements would take longer than running them.
        .config("spark.sql.codegen.wholeStage", "false")
        .config("spark.sql.codegen.factoryMode", "NO_CODEGEN")
        .getOrCreate()
    )
    yield session
    session.stop()


@pytest.fixture(scope="module")
def busy_store(tmp_path_factory) -> Store:
    """A day with all kinds of evidence on two networks."""
    from datetime import date

    folder = tmp_path_factory.mktemp("spark")
    store = Store(folder / "store", create=True, timezone="UTC")
    draw = np.random.default_rng(5)
    rows = [conn(s) for s in every(300, 9 * 3600, 18 * 3600)]
    for host in range(12):
        times = np.cumsum(draw.exponential(400, 120))
        sizes = draw.integers(60, 9000, 120)
        rows += [
            conn(
                float(t),
                src=f"10.1.2.{host}",
                dst=f"198.51.100.{host % 5}",
                orig_ip_bytes=int(z),
                duration=f"{z}.5",
            )
            for t, z in zip(times, sizes, strict=True)
        ]
    hello = [
        {"ts": r["ts"], "uid": r["uid"], "id.orig_h": r["id.orig_h"], "id.resp_h": r["id.resp_h"],
         "ja3": "d" * 32,
         "server_name": "api.example.net", "resumed": "F"} for r in rows[150:400]
    ]  # fmt: skip
    requests = [
        {"ts": r["ts"], "uid": r["uid"], "id.orig_h": r["id.orig_h"], "id.resp_h": r["id.resp_h"],
         "host": "(empty)",
         "user_agent": f"agent {n % 11}"} for n, r in enumerate(rows[400:600])
    ]  # fmt: skip
    names = [
        {"ts": r["ts"], "uid": f"D{n}", "id.orig_h": "10.1.2.3", "id.resp_h": "10.1.0.53", "rejected": "F",
         "query": f"q{n}.example.org", "answers": f"198.51.100.{n % 7}"} for n, r in enumerate(rows[:300])
    ]  # fmt: skip
    files = [
        zeek(folder / "conn.log", "conn", CONN, rows), zeek(folder / "ssl.log", "ssl", SSL, hello),
        zeek(folder / "http.log", "http", HTTP, requests), zeek(folder / "dns.log", "dns", DNS, names),
        zeek(folder / "open_conn.log", "open_conn", CONN, [conn(4, uid="Copen", duration="40000.0")]),
    ]  # fmt: skip
    import_files(store, files, log_format="zeek", network="本庁")
    alert = eve_flow(5) | {"event_type": "alert",
                           "alert": {"signature_id": 1, "signature": "x", "severity": 1},
                           "timestamp": "2026-04-06T00:00:05.0+0000"}  # fmt: skip
    eve = json_lines(folder / "eve.json", [eve_flow(int(s)) for s in every(60, 0, 40_000)] + [alert])
    import_files(store, [eve], log_format="eve", network="支所")
    pieces = folder / "nf.csv"
    pieces.write_text(
        "firstSeen,duration,proto,srcAddr,srcPort,dstAddr,dstPort,packets,bytes,flows\n"
        + "".join(
            f"2026-04-06 09:{n:02d}:00.0,59.5,TCP,10.7.0.7,50000,192.0.2.4,443,9,{900 + n},1\n"
            for n in range(50)
        )
    )
    import_files(store, [pieces], log_format="nfdump", network="支所")
    feed = folder / "feed.txt"
    feed.write_text(f"198.51.100.3\n{'d' * 32}\nexample.org\n")
    import_indicators(store, [feed], feed="一覧", feed_date=date(2026, 4, 1), feed_format="text")
    return store


@pytest.mark.parametrize("window", ["own", "rita"])
def test_spark_and_duckdb_agree_row_by_row(spark, busy_store, window):
    options = ScoreOptions(day=DAY, window=window)
    here = score_frame(busy_store, options).sort(KEY)
    there = score_frame(busy_store, options, db=SparkDatabase(spark)).sort(KEY)
    assert here.height == there.height > 15
    assert here.schema == there.schema
    numbers = [name for name, kind in here.schema.items() if kind == pl.Float64]
    assert here.drop(numbers).equals(there.drop(numbers))
    for name in numbers:
        assert here[name].is_null().equals(there[name].is_null())
        assert float((here[name] - there[name]).abs().max() or 0) <= 1e-9, name
    shown = {kind for kind in ("long", "indicator", "dns", "beacon") if (here[f"{kind}_evidence"] > 0).any()}
    assert shown == {"long", "indicator", "dns", "beacon"}
