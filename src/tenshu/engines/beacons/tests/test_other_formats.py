"""Reading proxy, firewall, NetFlow and mapped CSV logs."""

import polars as pl
import pytest

from tenshu.engines.beacons import MappingError, ScoreOptions, import_files, load_mapping, score_frame
from tenshu.engines.beacons.blocks import Block
from tenshu.engines.beacons.readers import reader_for
from tenshu.engines.beacons.tests.logs import DAY, MIDNIGHT

pytestmark = pytest.mark.engine


def read(text: str, log_format: str, mapping=None):
    return reader_for(log_format, "log", mapping).read(Block(text.encode(), 1))


def flows(text: str, log_format: str, mapping=None) -> list[dict[str, object]]:
    return read(text, log_format, mapping).tables["flows"][0].to_dicts()


def test_behind_a_proxy_the_client_and_the_host_asked_for_are_the_pair():
    row = flows(
        f"{MIDNIGHT + 10}.500 1500 10.0.0.7 TCP_TUNNEL/200 5120 "
        "CONNECT Mail.Example.jp:443 - HIER_DIRECT/192.0.2.4 -\n",
        "proxy",
    )[0]
    assert (row["src"], row["fqdn"], row["dst"], row["dst_port"]) == (
        "10.0.0.7",
        "mail.example.jp",
        "192.0.2.4",
        443,
    )
    assert row["start_us"] == (MIDNIGHT + 9) * 1_000_000
    assert (row["duration_us"], row["failed"]) == (1_500_000, False)


def test_a_denied_request_is_failed_and_an_address_is_no_name():
    text = f"{MIDNIGHT}.0 1 10.0.0.7 TCP_DENIED/403 300 GET http://192.0.2.9/x - HIER_NONE/- text/html\n"
    row = flows(text, "proxy")[0]
    assert (row["dst"], row["fqdn"], row["failed"]) == ("192.0.2.9", None, True)


def test_cef_and_key_value_firewall_lines_give_the_same_flow():
    cef = (
        "<134>Apr  6 09:00:10 fw CEF:0|Maker|Wall|1|1|traffic|3|rt=1775433610000 src=10.0.0.7 spt=4000 "
        "dst=192.0.2.4 "
        "dpt=443 proto=TCP out=600 in=1200 act=accept request=https://a.example.jp/x\\=1\n"
    )
    pairs = (
        'date=2026-04-06 time=09:00:10 tz="+0900" srcip=10.0.0.7 srcport=4000 dstip=192.0.2.4 dstport=443 '
        "proto=6 "
        'sentbyte=600 rcvdbyte=1200 action="accept" hostname="a.example.jp"\n'
    )
    assert flows(cef, "firewall") == flows(pairs, "firewall")
    assert flows(cef, "firewall")[0]["start_us"] == (MIDNIGHT + 10) * 1_000_000


def test_a_dropped_connection_is_failed_and_other_events_are_explained():
    text = (
        "srcip=10.0.0.7 dstip=192.0.2.4 eventtime=1775433610000000000 action=deny\n"
        'type="event" msg="admin logged in"\n'
        "srcip=10.0.0.7 dstip=nowhere eventtime=1775433610000000000\n"
        "just words\n"
    )
    parsed = read(text, "firewall")
    assert parsed.tables["flows"][0]["failed"].to_list() == [True]
    assert parsed.explained["event without addresses"] == 1
    assert [(r.line, r.reason) for r in parsed.rejects] == [
        (3, "宛先「nowhere」は IP アドレスではありません"),
        (4, "CEF でも key=value でもない行です"),
    ]


def test_a_mapping_reads_a_csv_in_its_own_words(tmp_path):
    mapping = tmp_path / "m.toml"
    mapping.write_text(
        'time_format = "%Y/%m/%d %H:%M:%S"\nfailed = ["遮断"]\n[fields]\n'
        'start = ["日付", "時刻"]\nsrc = "送信元"\n'
        'dst = "宛先"\nbytes_out = "送信量"\naction = "動作"\n',
        "utf-8",
    )
    text = '\ufeff日付,時刻,送信元,宛先,送信量,動作\n2026/04/06,09:00:10,10.0.0.7,192.0.2.4,"1,200",許可\n'
    row = flows(text + "2026/04/06,09:00:11,10.0.0.7,192.0.2.4,1,遮断\n", "csv", load_mapping(mapping))[0]
    assert (row["start_us"], row["bytes_out"], row["failed"]) == ((MIDNIGHT + 10) * 1_000_000, 1200, False)


def test_errors_of_a_mapping_name_file_and_entry(tmp_path):
    path = tmp_path / "m.toml"
    path.write_text('[fields]\nstart = "a"\nsrc = "b"\ndst = "c"\ncolour = "d"\n')
    with pytest.raises(MappingError, match=r"m\.toml: \[fields\] の colour は使えません"):
        load_mapping(path)
    path.write_text('[fields]\nstart = "a"\nsrc = "b"\ndst = "c"\n')
    with pytest.raises(MappingError, match="1行目: 列「c」がありません"):
        read("a,b,x\n1,2,3\n", "csv", load_mapping(path))
    with pytest.raises(MappingError, match="--mapping が必要"):
        reader_for("csv", "x.csv")


SHORT = "firstSeen,duration,proto,srcAddr,srcPort,dstAddr,dstPort,packets,bytes,flows\n"


def test_nfdump_answers_are_folded_into_the_flow_they_answer():
    text = SHORT + (
        "2026-04-06 09:00:00.100,1.000,TCP,10.0.0.7,50000,192.0.2.4,443,10,1000,1\n"
        "2026-04-06 09:00:00.120,1.000,TCP,192.0.2.4,443,10.0.0.7,50000,12,9000,1\n"
        "2026-04-06 09:00:05.000,0.000,UDP,192.0.2.53,53,10.0.0.7,40000,1,120,1\n"
        "Summary\nflows,bytes\n3,10120\n"
    )
    parsed = read(text, "nfdump")
    rows = parsed.tables["flows"][0].to_dicts()
    assert [(r["src"], r["dst"], r["bytes_out"], r["bytes_in"]) for r in rows] == [
        ("10.0.0.7", "192.0.2.4", 1000, 9000),
        ("10.0.0.7", "192.0.2.53", None, 120),
    ]
    assert parsed.explained == {"comment": 1, "summary": 3, "answer folded into its request": 1}


def test_a_long_flow_cut_by_the_exporter_is_one_connection_not_a_beacon(store, tmp_path):
    cut = tmp_path / "cut.csv"
    rows = [
        f"2026-04-06 {9 + n // 2:02d}:{30 * (n % 2):02d}:00.000,1799.000,TCP,"
        "10.0.0.7,50000,192.0.2.4,443,900,90000,1"
        for n in range(16)
    ]
    cut.write_text(SHORT + "\n".join(rows) + "\n")
    import_files(store, [cut], log_format="nfdump", network="支所")
    row = score_frame(store, ScoreOptions(day=DAY)).row(0, named=True)
    assert (row["connections"], row["beacon"]) == (1, None)
    assert row["long_evidence"] > 0.5
    assert row["duration_us"] == pytest.approx(8 * 3600e6, rel=0.01)


def test_real_separate_connections_of_netflow_still_make_a_beacon(store, tmp_path):
    path = tmp_path / "flows.csv"
    rows = [
        f"2026-04-06 {9 + n // 12:02d}:{5 * (n % 12):02d}:00.000,0.500,TCP,"
        f"10.0.0.7,{50000 + n},192.0.2.4,443,9,900,1"
        for n in range(100)
    ]
    path.write_text(SHORT + "\n".join(rows) + "\n")
    import_files(store, [path], log_format="nfdump", network="支所")
    frame = score_frame(store, ScoreOptions(day=DAY)).filter(pl.col("beacon") > 0.95)
    assert frame["connections"].to_list() == [100]
