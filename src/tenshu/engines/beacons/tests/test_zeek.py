"""Reading Zeek logs: headers, blanks, JSON, broken lines."""

import gzip
import json

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenshu.engines.beacons.blocks import Block
from tenshu.engines.beacons.readers.zeek import ZeekReader
from tenshu.engines.beacons.tests.logs import CONN, DNS, HTTP, MIDNIGHT, SSL, conn, zeek

pytestmark = pytest.mark.engine


def read(path, name="conn.log"):
    data = path.read_bytes()
    return ZeekReader(name).read(Block(data, 1))


def accounted(parsed) -> int:
    """Lines that became a record, a reject or an explanation."""
    records = sum(frame.height for frames in parsed.tables.values() for frame in frames)
    return records + len(parsed.rejects) + sum(parsed.explained.values())


def test_columns_are_found_by_the_names_in_the_header(tmp_path):
    rows = [conn(10.25)]
    plain = read(zeek(tmp_path / "a.log", "conn", CONN, rows)).tables["flows"][0]
    mixed = read(zeek(tmp_path / "b.log", "conn", ["_node_name", *reversed(CONN), "label"], rows)).tables[
        "flows"
    ][0]
    assert plain.equals(mixed)
    assert plain["start_us"][0] == (MIDNIGHT * 1_000_000) + 10_250_000
    assert plain["bytes_out"][0] == 600


@pytest.mark.parametrize(("state", "failed"), [("SF", False), ("S0", True), ("REJ", True), ("RSTO", False)])
def test_tcp_that_was_never_answered_is_failed(tmp_path, state, failed):
    parsed = read(zeek(tmp_path / "a.log", "conn", CONN, [conn(1, conn_state=state)]))
    assert parsed.tables["flows"][0]["failed"][0] is failed


def test_a_blank_host_and_an_absent_host_are_both_missing_and_an_address_is_no_name(tmp_path):
    base = {
        "ts": f"{MIDNIGHT}.0",
        "uid": "C1",
        "id.orig_h": "10.0.0.1",
        "id.resp_h": "203.0.113.1",
        "user_agent": "x",
    }
    hosts = ["(empty)", "-", "WWW.Example.jp:8080", "203.0.113.1"]
    parsed = read(zeek(tmp_path / "http.log", "http", HTTP, [base | {"host": h} for h in hosts]), "http.log")
    frame = parsed.tables["names"][0]
    assert frame["missing_host"].to_list() == [True, True, False, False]
    assert frame["fqdn"].to_list() == [None, None, "www.example.jp", None]


def test_a_picture_that_is_a_program_is_a_mismatch(tmp_path):
    base = {
        "ts": f"{MIDNIGHT}.0",
        "uid": "C1",
        "id.orig_h": "10.0.0.1",
        "id.resp_h": "203.0.113.1",
        "host": "a.jp",
    }
    rows = [
        base | {"uri": "/logo.png?x=1", "resp_mime_types": "application/x-dosexec"},
        base | {"uri": "/logo.png", "resp_mime_types": "image/png"},
        base | {"uri": "/setup.exe", "resp_mime_types": "application/x-dosexec"},
    ]
    frame = read(zeek(tmp_path / "http.log", "http", HTTP, rows), "http.log").tables["names"][0]
    assert frame["mime_mismatch"].to_list() == [True, False, False]


def test_dns_answers_and_server_names_are_read(tmp_path):
    ends = {"ts": f"{MIDNIGHT}.0", "uid": "C1", "id.orig_h": "10.0.0.1", "id.resp_h": "10.0.0.2"}
    dns = read(
        zeek(
            tmp_path / "dns.log",
            "dns",
            DNS,
            [ends | {"query": "A.Example.JP", "answers": "192.0.2.1,192.0.2.2"}],
        ),
        "dns.log",
    ).tables["dns"][0]
    assert (dns["query"][0], dns["answers"][0].to_list()) == ("a.example.jp", ["192.0.2.1", "192.0.2.2"])
    tls = read(zeek(tmp_path / "ssl.log", "ssl", SSL, [ends | {"server_name": "api.example.jp"}]), "ssl.log")
    assert tls.tables["names"][0]["fqdn"][0] == "api.example.jp"


def test_broken_lines_are_rejected_with_line_and_reason_and_the_others_are_read(tmp_path):
    path = zeek(tmp_path / "conn.log", "conn", CONN, [conn(n) for n in range(4)])
    lines = path.read_text().splitlines()
    lines[7] = lines[7].replace("0.500000", "soon")
    lines[8] = "\t".join(lines[8].split("\t")[:9])
    lines[9] = lines[9].replace("10.1.1.5", "host-5", 2)
    path.write_text("\n".join(lines) + "\n")
    parsed = read(path)
    assert [(r.line, r.reason) for r in parsed.rejects] == [
        (8, "列 duration の値「soon」は数値ではありません"),
        (9, "列の数が 9 で、#fields の 18 と合いません"),
        (10, "列 id.orig_h の値「host-5」は IP アドレスではありません"),
    ]
    assert parsed.tables["flows"][0].height == 1
    assert accounted(parsed) == parsed.lines == len(lines)


def test_a_file_without_header_is_rejected_line_by_line(tmp_path):
    path = tmp_path / "conn.log"
    path.write_text("1\t2\n3\t4\n")
    assert [r.reason for r in read(path).rejects] == ["#fields の行がありません"] * 2


def test_other_logs_are_explained_not_read(tmp_path):
    parsed = read(
        zeek(tmp_path / "weird.log", "weird", ["ts", "name"], [{"ts": 1, "name": "x"}]), "weird.log"
    )
    assert parsed.explained["other log: weird"] == 1
    assert not parsed.tables


@pytest.mark.parametrize("separator", [".", "_"])
def test_json_gives_the_same_flows_as_tsv(tmp_path, separator):
    rows = [conn(5.5), conn(70.25, duration="-", **{"id.resp_p": 80})]
    tsv = read(zeek(tmp_path / "a.log", "conn", CONN, rows)).tables["flows"][0]
    texts = {"uid", "id.orig_h", "id.resp_h", "proto", "service", "conn_state"}
    made = [
        {
            k.replace("id.", f"id{separator}"): (v if k in texts else float(v) if "." in str(v) else int(v))
            for k, v in row.items()
            if v != "-"
        }
        for row in rows
    ]
    path = tmp_path / "conn.json"
    path.write_text("".join(json.dumps(r) + "\n" for r in made))
    assert read(path, "conn.json").tables["flows"][0].equals(tsv)


def test_json_with_iso_times_and_a_broken_line(tmp_path):
    row = {"ts": "2026-04-06T00:00:05.500000Z", "id.orig_h": "10.0.0.1", "id.resp_h": "203.0.113.1",
           "proto": "tcp", "conn_state": "SF"}  # fmt: skip
    path = tmp_path / "conn.log"
    path.write_text(json.dumps(row) + "\n{broken\n" + json.dumps(row | {"id.orig_h": None}) + "\n")
    parsed = read(path)
    assert parsed.tables["flows"][0]["start_us"].to_list() == [(MIDNIGHT * 1_000_000) + 5_500_000]
    assert [r.line for r in parsed.rejects] == [2, 3]
    assert accounted(parsed) == parsed.lines == 3


text_without_line_ends = st.text(
    st.characters(blacklist_characters="\r\n", blacklist_categories=["Cs"]), max_size=60
)


@settings(max_examples=60, deadline=None)
@given(junk=st.lists(text_without_line_ends, max_size=6), places=st.randoms())
def test_whatever_a_line_holds_it_is_accounted_for_and_good_lines_survive(tmp_path_factory, junk, places):
    folder = tmp_path_factory.mktemp("junk")
    path = zeek(folder / "conn.log", "conn", CONN, [conn(n) for n in range(5)], close=False)
    lines = path.read_text().splitlines()
    for text in junk:
        lines.insert(places.randint(7, len(lines)), text)
    path.write_text("\n".join(lines) + "\n", "utf-8")
    parsed = read(path)
    assert accounted(parsed) == parsed.lines
    headers_intact = not any(text.startswith("#") for text in junk)
    if headers_intact:
        assert pl.concat(parsed.tables["flows"]).height == 5


def test_a_packed_log_is_read_whatever_its_name(tmp_path, store):
    from tenshu.engines.beacons import import_files

    path = zeek(tmp_path / "conn.log", "conn", CONN, [conn(1)])
    packed = tmp_path / "conn.packed"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert import_files(store, [packed], log_format="zeek", network="本庁")[0].records == {"flows": 1}
