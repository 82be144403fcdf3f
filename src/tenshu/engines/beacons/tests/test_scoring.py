"""What a scored day tells about a pair."""

import polars as pl
import pytest

from tenshu.engines.beacons import ScoreOptions, StoreError, import_files, score_frame, score_to_file
from tenshu.engines.beacons.catalogue import Part
from tenshu.engines.beacons.score import Tile, tiles
from tenshu.engines.beacons.tests.logs import CONN, DAY, DNS, HTTP, SSL, conn, every, zeek

pytestmark = pytest.mark.engine
OFFICE = every(300, 9 * 3600, 18 * 3600)
SERVER = "203.0.113.9"


def row_of(frame: pl.DataFrame, target: str = SERVER, kind: str = "ip") -> dict[str, object]:
    return frame.filter(pl.col("target") == target, pl.col("kind") == kind).row(0, named=True)


def crowd(hosts: int, target: str = "198.51.100.1") -> list[dict[str, object]]:
    """Other hosts with one connection each, so that there is something to be rare in."""
    return [conn(3600 * 9 + n, src=f"10.1.2.{n}", dst=target) for n in range(1, hosts + 1)]


def test_an_office_hours_beacon_to_a_rare_destination_is_high(scored):
    row = row_of(scored([conn(s) for s in OFFICE] + crowd(60)))
    assert row["beacon"] > 0.98
    assert row["prevalence_modifier"] == 0.15
    assert row["degree"] == "high"
    assert sum(row["hourly"]) == row["connections"] == len(OFFICE)


def test_a_destination_of_half_the_hosts_is_less_suspicious(scored):
    rows = [conn(s, src=f"10.1.1.{h}") for h in range(1, 5) for s in OFFICE]
    row = row_of(scored(rows))
    assert (row["prevalence"], row["prevalence_modifier"], row["hosts_organisation"]) == (1.0, -0.15, 4)


def test_prevalence_counts_hosts_of_all_networks(scored):
    scored([conn(s) for s in OFFICE], network="本庁")
    frame = scored([conn(s, src="10.9.9.9") for s in OFFICE] + crowd(9), network="支所")
    row = frame.filter(pl.col("network") == "支所", pl.col("target") == SERVER).row(0, named=True)
    assert (row["hosts_network"], row["hosts_organisation"]) == (1, 2)
    assert row["prevalence_network"] == pytest.approx(1 / 10)
    assert row["prevalence"] == pytest.approx(2 / 11)


def test_failed_connections_make_no_beacon(scored):
    frame = scored([conn(s, conn_state="S0") for s in OFFICE] + [conn(s, dst="203.0.113.10") for s in OFFICE])
    assert frame["target"].to_list() == ["203.0.113.10"]


@pytest.mark.parametrize(
    ("src", "dst", "direction"),
    [
        ("10.0.0.1", "203.0.113.9", "outbound"),
        ("203.0.113.9", "10.0.0.1", "inbound"),
        ("10.0.0.1", "192.168.3.4", "internal"),
        ("203.0.113.9", "198.51.100.3", "transit"),
        ("fe80::1", "ff02::2", "internal"),
        ("203.0.113.80", "198.51.100.3", "outbound"),
    ],
)
def test_the_direction_of_a_pair_is_known(scored, src, dst, direction):
    rows = [conn(s, src=src, dst=dst) for s in OFFICE]
    frame = scored(
        rows, directions=("outbound", "inbound", "internal", "transit"), internal=("203.0.113.80/32",)
    )
    assert frame["direction"].to_list() == [direction]


def test_only_the_directions_asked_for_are_scored(scored):
    assert scored([conn(s, dst="10.0.0.9") for s in OFFICE]).height == 0


def test_plain_ntp_is_a_known_service_and_no_beacon(scored):
    ntp = {"id.resp_p": 123, "proto": "udp", "service": "ntp", "orig_pkts": 1, "orig_ip_bytes": 76}
    tunnel = ntp | {"orig_ip_bytes": 300}
    rows = [conn(s, **ntp) for s in OFFICE] + [conn(s, dst="203.0.113.10", **tunnel) for s in OFFICE]
    frame = scored(rows)
    assert (row_of(frame)["known_service"], row_of(frame)["beacon_evidence"]) == ("ntp", 0.0)
    assert row_of(frame, "203.0.113.10")["beacon_evidence"] > 0.5


def test_a_named_connection_is_scored_under_its_name_and_not_twice(store, tmp_path):
    rows = [conn(s, dst=f"203.0.113.{20 + n % 3}") for n, s in enumerate(OFFICE)]
    hello = [{"ts": r["ts"], "uid": r["uid"], "id.orig_h": r["id.orig_h"], "id.resp_h": r["id.resp_h"],
              "server_name": "c2.example.net", "resumed": "F"} for r in rows]  # fmt: skip
    import_files(
        store,
        [zeek(tmp_path / "conn.log", "conn", CONN, rows), zeek(tmp_path / "ssl.log", "ssl", SSL, hello)],
        log_format="zeek",
        network="本庁",
    )
    frame = score_frame(store, ScoreOptions(day=DAY))
    assert frame.select("kind", "target", "connections").rows() == [("name", "c2.example.net", len(OFFICE))]
    assert frame["beacon"][0] > 0.98


def test_a_request_without_host_and_a_rare_agent_raise_the_score(store, tmp_path):
    rows = [conn(s, **{"id.resp_p": 80}) for s in OFFICE] + crowd(40)
    requests = [
        {"ts": r["ts"], "uid": r["uid"], "id.orig_h": r["id.orig_h"], "id.resp_h": r["id.resp_h"],
         "host": "(empty)" if r["id.resp_h"] == SERVER else "www.example.jp",
         "user_agent": "Odd/0.1" if r["id.resp_h"] == SERVER else "Browser/9"}
        for r in rows
    ]  # fmt: skip
    import_files(
        store,
        [
            zeek(tmp_path / "conn.log", "conn", CONN, rows),
            zeek(tmp_path / "http.log", "http", HTTP, requests),
        ],
        log_format="zeek",
        network="本庁",
    )
    row = row_of(score_frame(store, ScoreOptions(day=DAY)))
    assert (row["missing_host"], row["rare_user_agent"]) == (len(OFFICE), "Odd/0.1")
    assert row["missing_host_modifier"] + row["rare_signature_modifier"] == pytest.approx(0.25)


def test_long_connections_are_summed_and_open_ones_count(store, tmp_path):
    closed = [conn(100, duration="7200.0"), conn(9000, duration="3600.0", uid="Cdone")]
    still = [conn(50, uid="Copen", duration="7200.0"), conn(50, uid="Copen", duration="18000.0"),
             conn(9000, uid="Cdone", duration="1800.0")]  # fmt: skip
    import_files(
        store,
        [
            zeek(tmp_path / "conn.log", "conn", CONN, closed),
            zeek(tmp_path / "open_conn.log", "open_conn", CONN, still),
        ],
        log_format="zeek",
        network="本庁",
    )
    row = row_of(score_frame(store, ScoreOptions(day=DAY)))
    assert (row["duration_us"], row["open_connections"], row["connections"]) == (28_800_000_000, 1, 2)
    assert row["long_evidence"] == pytest.approx(0.6)


def test_many_names_below_one_domain_are_dns_evidence(store, tmp_path):
    ends = {"id.orig_h": "10.0.0.4", "id.resp_h": "10.0.0.53", "rejected": "F"}
    asked = [conn(n)["ts"] for n in range(600)]
    rows = [ends | {"ts": t, "uid": f"D{n}", "query": f"x{n}.t.example.co.jp"} for n, t in enumerate(asked)]
    rows += [
        ends | {"ts": t, "uid": f"E{n}", "query": f"{n}.city.example.lg.jp"} for n, t in enumerate(asked[:50])
    ]
    import_files(
        store,
        [
            zeek(tmp_path / "dns.log", "dns", DNS, rows),
            zeek(tmp_path / "conn.log", "conn", CONN, [conn(1), conn(80_000)]),
        ],
        log_format="zeek",
        network="本庁",
    )
    frame = score_frame(store, ScoreOptions(day=DAY)).filter(pl.col("kind") == "dns")
    assert frame.select("target", "dns_subdomains", "dns_queriers", "dns_only").rows() == [
        ("example.co.jp", 600, 1, True)
    ]
    assert frame["dns_evidence"][0] == pytest.approx(0.4 + 0.2 / 3)


def test_a_first_sight_counts_only_with_a_week_of_history(scored, store, tmp_path):
    assert row_of(scored([conn(s) for s in OFFICE] + crowd(3)))["first_seen_modifier"] == 0.0
    old = zeek(tmp_path / "old.log", "conn", CONN, [conn(-40 * 86_400, dst="198.51.100.1")])
    import_files(store, [old], log_format="zeek", network="本庁")
    again = score_frame(store, ScoreOptions(day=DAY))
    assert row_of(again)["first_seen_modifier"] == 0.15


def test_rows_of_the_start_hour_before_the_window_belong_to_the_first_bin(scored):
    rows = [conn(s) for s in every(600, -7200, 86_000)]
    row = row_of(scored(rows, window="rita"))
    window_start = 86_000 - 200 - 86_400
    read_from = window_start // 3600 * 3600
    assert row["connections"] == sum(1 for s in every(600, -7200, 86_000) if s >= read_from)
    assert row["hourly"][0] > row["hourly"][1]


def test_tiles_and_threads_do_not_change_a_score(scored, store):
    rows = [conn(s, src=f"10.1.{h}.5", dst=f"203.0.113.{h}") for h in range(1, 30) for s in OFFICE[h:]]
    whole = scored(rows)
    from tenshu.engines.beacons import score as module

    shares = [Tile(("本庁",), 1, 3, n) for n in range(3)]
    original, module.tiles = module.tiles, lambda parts, limit: shares
    try:
        assert score_frame(store, ScoreOptions(day=DAY, threads=1)).equals(whole)
    finally:
        module.tiles = original


def test_networks_are_packed_into_tiles_and_a_large_one_is_shared():
    parts = [
        Part("flows", DAY, name, name, rows, 0, 1, False, False)
        for name, rows in [("a", 5), ("b", 6), ("c", 25)]
    ]
    packed = {(t.networks, t.shares, t.share) for t in tiles(parts, 10)}
    assert packed == {(("a",), 1, 0), (("b",), 1, 0), (("c",), 3, 0), (("c",), 3, 1), (("c",), 3, 2)}
    assert tiles(parts, None) == [Tile(("a", "b", "c"), 36)]


def test_a_day_without_logs_is_an_error_that_names_the_day(store, tmp_path):
    with pytest.raises(StoreError, match="2026-04-07 の通信記録がありません"):
        score_frame(store, ScoreOptions(day="2026-04-07"))


def test_the_score_file_tells_its_window_and_counts(scored, store, tmp_path):
    scored([conn(s) for s in OFFICE] + crowd(60))
    summary = score_to_file(store, ScoreOptions(day=DAY), tmp_path / "scores.parquet")
    assert summary.rows == pl.read_parquet(tmp_path / "scores.parquet").height == 1
    assert summary.degrees == {"high": 1}
    assert summary.window_end - summary.window_start <= 86_400


def test_a_day_on_which_nothing_shows_gives_an_empty_file_with_all_columns(scored, store, tmp_path):
    full = scored([conn(s) for s in OFFICE])
    quiet = zeek(tmp_path / "quiet.log", "conn", CONN, [conn(5 * 86_400)])
    import_files(store, [quiet], log_format="zeek", network="本庁")
    summary = score_to_file(store, ScoreOptions(day="2026-04-11"), tmp_path / "scores.parquet")
    assert summary.rows == 0
    assert pl.read_parquet(tmp_path / "scores.parquet").columns == full.columns
