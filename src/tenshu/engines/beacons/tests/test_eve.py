"""Reading Suricata EVE."""

import pytest

from tenshu.engines.beacons.blocks import Block
from tenshu.engines.beacons.readers.eve import EveReader
from tenshu.engines.beacons.tests.logs import MIDNIGHT, eve_flow, json_lines

pytestmark = pytest.mark.engine


def read(path):
    return EveReader().read(Block(path.read_bytes(), 1))


def event(kind: str, **more: object) -> dict[str, object]:
    return {
        "timestamp": "2026-04-06T00:00:01.5+0000", "flow_id": 7, "event_type": kind, "src_ip": "10.0.0.1",
        "src_port": 5000, "dest_ip": "203.0.113.1", "dest_port": 80, "proto": "TCP",
    } | more  # fmt: skip


def test_the_time_of_a_flow_is_its_start_not_the_events_timestamp(tmp_path):
    flows = read(json_lines(tmp_path / "eve.json", [eve_flow(30)])).tables["flows"][0]
    assert flows["start_us"][0] == MIDNIGHT * 1_000_000 + 30_250_000


def test_a_flow_without_a_syn_from_the_server_is_failed(tmp_path):
    rows = [eve_flow(1), eve_flow(2, tcp={"tcp_flags_tc": "14"}), eve_flow(3, proto="UDP", tcp=None)]
    assert read(json_lines(tmp_path / "eve.json", rows)).tables["flows"][0]["failed"].to_list() == [
        False,
        True,
        False,
    ]


def test_alerts_are_kept_apart_from_flows(tmp_path):
    alert = event(
        "alert", alert={"signature_id": 5, "signature": "x", "severity": 2}, flow={"bytes_toserver": 10}
    )
    parsed = read(json_lines(tmp_path / "eve.json", [eve_flow(1), alert]))
    assert {name: sum(f.height for f in frames) for name, frames in parsed.tables.items()} == {
        "flows": 1,
        "alerts": 1,
    }


def test_queries_and_answers_are_read_in_the_old_and_the_new_form(tmp_path):
    rows = [
        event("dns", dest_port=53, dns={"type": "query", "rrname": "a.example.jp"}),
        event(
            "dns",
            dest_port=53,
            dns={"type": "answer", "rrname": "a.example.jp", "answers": [{"rdata": "192.0.2.1"}]},
        ),
        event("dns", dest_port=53, dns={"type": "request", "queries": [{"rrname": "b.example.jp"}]}),
        event(
            "dns",
            src_port=53,
            src_ip="203.0.113.1",
            dest_ip="10.0.0.1",
            dns={"type": "answer", "rrname": "c.jp"},
        ),
    ]
    frame = read(json_lines(tmp_path / "eve.json", rows)).tables["dns"][0]
    assert frame["query"].to_list() == ["a.example.jp", "a.example.jp", "b.example.jp", "c.jp"]
    assert frame["asked"].to_list() == [True, False, True, False]
    assert frame["answers"][1].to_list() == ["192.0.2.1"]
    assert set(frame["src"]) == {"10.0.0.1"}


def test_requests_and_hellos_become_names(tmp_path):
    rows = [
        event("http", http={"hostname": "A.example.jp", "http_user_agent": "agent", "url": "/"}),
        event("http", http={"url": "/"}),
        event("tls", tls={"sni": "b.example.jp", "ja3": {"hash": "0" * 32}}),
        event("quic", quic={"sni": "c.example.jp"}),
    ]
    frames = read(json_lines(tmp_path / "eve.json", rows)).tables["names"]
    found = {
        (row["kind"], row["fqdn"], row["missing_host"]) for f in frames for row in f.iter_rows(named=True)
    }
    assert found == {
        ("http", "a.example.jp", False), ("http", None, True), ("tls", "b.example.jp", False),
        ("quic", "c.example.jp", False),
    }  # fmt: skip


def test_every_line_is_a_record_a_reject_or_explained(tmp_path):
    rows = [
        eve_flow(1), "{cut", event("stats"), event("fileinfo"), "", eve_flow(2, src_ip="nobody"), "[1]",
        eve_flow(3, flow={"start": "yesterday"}), {"no": "type"},
        event("http", src_port="many", http={"url": "/"}),
    ]  # fmt: skip
    parsed = read(json_lines(tmp_path / "eve.json", rows))
    assert parsed.tables["flows"][0].height == 1
    assert [r.line for r in parsed.rejects] == [2, 6, 7, 8, 9, 10]
    assert parsed.explained == {
        "event without traffic: stats": 1,
        "event without traffic: fileinfo": 1,
        "blank line": 1,
    }
    records = sum(f.height for frames in parsed.tables.values() for f in frames)
    assert records + len(parsed.rejects) + sum(parsed.explained.values()) == parsed.lines == len(rows)
