"""Indicators: lists, warning lists, exact matching."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenshu.engines.beacons import RegisterError, import_indicators, load_indicators
from tenshu.engines.beacons.destinations import Destination, DestinationIndex, parse_destination
from tenshu.engines.beacons.tests.logs import CONN, DAY, DNS, SSL, conn, zeek

pytestmark = pytest.mark.engine


def take(store, path, feed_format="text", warning_lists=(), feed="一覧"):
    return import_indicators(
        store,
        [path],
        feed=feed,
        feed_date=date(2026, 4, 1),
        feed_format=feed_format,
        warning_lists=warning_lists,
    )


def listed(tmp_path, kind: str, values: list[str]):
    path = tmp_path / f"{kind}.json"
    path.write_text(json.dumps({"name": f"known {kind}", "type": kind, "list": values}))
    return path


def test_a_text_list_is_read_with_comments_ports_and_defanged_names(store, tmp_path):
    path = tmp_path / "feed.txt"
    path.write_text(
        "# list\n203.0.113.9 # c2\n198.51.100.7:8080\nevil[.]example.net\n192.0.2.0/28\nhttp://a.example.org/x\n"
    )
    result = take(store, path)
    assert (result.taken, sum(result.unusable.values())) == (4, 1)
    assert set(load_indicators(store)["value"]) == {
        "203.0.113.9",
        "198.51.100.7",
        "evil.example.net",
        "192.0.2.0/28",
    }


def test_what_a_warning_list_knows_is_held_back_and_named(store, tmp_path):
    path = tmp_path / "feed.txt"
    path.write_text("8.8.8.8\nwww.example.co.jp\nbad.example.net\n192.0.2.0/28\n")
    lists = [
        listed(tmp_path, "cidr", ["8.8.8.0/24", "192.0.2.0/24"]),
        listed(tmp_path, "hostname", ["example.co.jp"]),
    ]
    result = take(store, path, warning_lists=lists)
    assert result.taken == 1
    assert {row["value"] for row in result.held} == {"8.8.8.8", "www.example.co.jp", "192.0.2.0/28"}


def test_one_bad_entry_of_a_warning_list_holds_nothing_else_back(store, tmp_path):
    path = tmp_path / "feed.txt"
    path.write_text("203.0.113.77\nhost77.example.net\n")
    lists = [listed(tmp_path, "string", ["77", ""]), listed(tmp_path, "substring", ["77"])]
    result = take(store, path, warning_lists=lists)
    assert (result.taken, result.held, result.unused_warning_lists) == (2, [], ["known substring"])


def test_a_line_that_is_no_indicator_is_named_with_file_and_line(store, tmp_path):
    path = tmp_path / "feed.txt"
    path.write_text("203.0.113.9\n77\n")
    with pytest.raises(RegisterError, match=r"feed\.txt: 2行目"):
        take(store, path)


def test_a_feed_replaces_itself_and_leaves_the_others(store, tmp_path):
    path = tmp_path / "feed.txt"
    path.write_text("203.0.113.9\n")
    take(store, path, feed="甲")
    path.write_text("203.0.113.10\n")
    take(store, path, feed="乙")
    path.write_text("203.0.113.11\n")
    take(store, path, feed="甲")
    assert set(load_indicators(store)["value"]) == {"203.0.113.10", "203.0.113.11"}


def test_misp_events_give_detection_attributes_with_their_own_date(store, tmp_path):
    attributes = [
        {"type": "ip-dst|port", "value": "203.0.113.9|443", "to_ids": True, "timestamp": "1774000000"},
        {"type": "domain|ip", "value": "evil.example.net|203.0.113.10", "to_ids": True},
        {"type": "ja3-fingerprint-md5", "value": "a" * 32, "to_ids": True},
        {"type": "domain", "value": "mentioned.example.net", "to_ids": False},
        {"type": "sha256", "value": "b" * 64, "to_ids": True},
    ]
    path = tmp_path / "event.json"
    path.write_text(json.dumps({"Event": {"info": "調査", "date": "2026-03-01", "Attribute": attributes}}))
    result = take(store, path, "misp")
    frame = load_indicators(store)
    assert (result.taken, sum(result.unusable.values())) == (4, 2)
    assert dict(frame.select("value", "feed_date").rows())["203.0.113.9"] == "2026-03-20"
    assert dict(frame.select("value", "kind").rows())["a" * 32] == "ja3"


def test_maltrail_trails_keep_the_name_of_their_file(store, tmp_path):
    path = tmp_path / "badfamily.txt"
    path.write_text("# Reference\nevil.example.net\n203.0.113.9:4444\n/gate.php\n")
    result = take(store, path, "maltrail")
    assert (result.taken, sum(result.unusable.values())) == (2, 1)
    assert set(load_indicators(store)["note"]) == {"badfamily"}


def test_a_single_connection_to_an_indicator_shows_with_feed_and_age(scored, store, tmp_path):
    path = tmp_path / "feed.txt"
    path.write_text("203.0.113.0/28\n")
    take(store, path)
    row = scored([conn(1), conn(2, dst="203.0.113.99")]).row(0, named=True)
    assert json.loads(row["indicators"]) == [
        {"value": "203.0.113.0/28", "feed": "一覧", "feed_date": "2026-04-01", "age_days": 5}
    ]
    assert (row["indicator_evidence"], row["degree"]) == (0.8, "high")


def test_names_asked_for_and_client_signatures_are_matched_too(store, tmp_path):
    from tenshu.engines.beacons import ScoreOptions, import_files, score_frame

    path = tmp_path / "feed.txt"
    path.write_text(f"example.net\n{'c' * 32}\n")
    take(store, path)
    ends = {"ts": conn(5)["ts"], "id.orig_h": "10.1.1.5", "id.resp_h": "203.0.113.9"}
    files = [
        zeek(tmp_path / "conn.log", "conn", CONN, [conn(5, uid="C1"), conn(9)]),
        zeek(tmp_path / "dns.log", "dns", DNS, [ends | {"query": "a.example.net", "rejected": "F"}]),
        zeek(tmp_path / "ssl.log", "ssl", SSL, [ends | {"uid": "C1", "ja3": "c" * 32, "resumed": "F"}]),
    ]
    import_files(store, files, log_format="zeek", network="本庁")
    frame = score_frame(store, ScoreOptions(day=DAY))
    assert set(frame.select("kind", "target").rows()) == {("ip", "203.0.113.9"), ("dns", "example.net")}


addresses = st.integers(0, 2**32 - 1).map(lambda n: ".".join(str(n >> s & 255) for s in (24, 16, 8, 0)))


@given(address=addresses, prefix=st.integers(0, 32), other=addresses)
def test_a_network_covers_exactly_its_addresses(address, prefix, other):
    import ipaddress

    network = ipaddress.ip_network(f"{address}/{prefix}", strict=False)
    index = DestinationIndex()
    index.add(parse_destination(f"{address}/{prefix}"), 3)
    assert index.find(address) == [3]
    assert bool(index.find(other)) == (ipaddress.ip_address(other) in network)


labels = st.lists(st.text("abc", min_size=1, max_size=3), min_size=2, max_size=5).map(".".join)


@given(domain=labels, name=labels)
def test_a_domain_covers_itself_or_what_ends_in_it_after_a_dot(domain, name):
    index = DestinationIndex()
    index.add(Destination("domain", domain, "both"), 1)
    assert bool(index.find(name)) == (name == domain or name.endswith("." + domain))
