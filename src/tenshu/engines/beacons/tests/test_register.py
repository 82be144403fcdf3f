"""The register of expected destinations, applied to what is already scored."""

import dataclasses

import polars as pl
import pytest

from tenshu.engines.beacons import (
    Expectation,
    RegisterError,
    ScoreOptions,
    add_expectation,
    apply_to_file,
    import_indicators,
    load_expectations,
    revoke_expectation,
    score_to_file,
)
from tenshu.engines.beacons.expected import Expectations
from tenshu.engines.beacons.tests.logs import DAY, conn, every

pytestmark = pytest.mark.engine
OFFICE = every(300, 9 * 3600, 18 * 3600)


def entry(destination: str = "203.0.113.9", **more) -> Expectation:
    given = {
        "id": "",
        "destination": destination,
        "reason": "更新の確認",
        "approver": "山田 花子",
        "expires": DAY,
    }
    return Expectation(**given | more)


def rows(**more) -> pl.DataFrame:
    base = {"network": "本庁", "inside": "10.1.1.5", "external": "update.example.jp",
            "address": "203.0.113.9",
            "beacon_evidence": 0.7, "long_evidence": 0.0, "strobe_evidence": 0.0, "indicator_evidence": 0.0,
            "dns_evidence": 0.0}  # fmt: skip
    return pl.DataFrame([base | more])


def expected(entry_: Expectation, day: str = DAY, **more) -> bool:
    frame = Expectations([dataclasses.replace(entry_, id="E0001")], day).apply(rows(**more))
    return frame["expected_by"][0] == "E0001"


def test_an_entry_is_applied_to_stored_scores_at_once_and_revoked_again(scored, store, tmp_path):
    out = tmp_path / "scores.parquet"
    scored([conn(s) for s in OFFICE])
    score_to_file(store, ScoreOptions(day=DAY), out)
    before = pl.read_parquet(out)
    added = add_expectation(store, entry())
    assert apply_to_file(store, out, DAY) == 1
    after = pl.read_parquet(out)
    assert after["expected_reason"].to_list() == ["更新の確認"]
    assert after.drop("expected_by", "expected_reason").equals(before.drop("expected_by", "expected_reason"))
    revoke_expectation(store, added.id)
    assert apply_to_file(store, out, DAY) == 0
    assert load_expectations(store)[0].revoked_at


def test_a_domain_and_what_lies_below_it_are_stated_apart():
    for cover, bare, below in [("bare", True, False), ("subdomains", False, True), ("both", True, True)]:
        rule = entry("example.jp", cover=cover)
        assert expected(rule, external="example.jp", address=None) is bare
        assert expected(rule, external="a.b.example.jp", address=None) is below
        assert not expected(rule, external="badexample.jp", address=None)


def test_an_entry_holds_for_its_network_host_and_time_only():
    assert expected(entry("203.0.113.0/24"))
    assert not expected(entry(network="支所"))
    assert expected(entry(host="10.1.1.0/24"))
    assert not expected(entry(host="10.1.2.9"))
    assert not expected(entry(), day="2026-04-07")


def test_an_entry_does_not_hide_evidence_it_does_not_name():
    assert not expected(entry(evidence=("beacon",)), long_evidence=0.4)
    assert not expected(entry(), indicator_evidence=0.8)
    assert expected(entry(evidence=("beacon", "indicator")), indicator_evidence=0.8)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"reason": " "}, "理由と承認者"),
        ({"expires": "来年"}, "YYYY-MM-DD"),
        ({"destination": "77"}, "どれでもありません"),
        ({"destination": "10.0.0.0/99"}, "CIDR"),
        ({"evidence": ("mood",)}, "根拠の種類"),
    ],
)
def test_a_wrong_entry_is_refused_with_its_reason(store, wrong, message):
    with pytest.raises(RegisterError, match=message):
        add_expectation(store, entry(**wrong))
    assert load_expectations(store) == []


def test_an_unknown_entry_cannot_be_revoked(store):
    with pytest.raises(RegisterError, match="E0009"):
        revoke_expectation(store, "E0009")


def test_an_expected_destination_on_a_threat_list_still_shows(scored, store, tmp_path):
    from datetime import date

    feed = tmp_path / "feed.txt"
    feed.write_text("203.0.113.9\n")
    import_indicators(store, [feed], feed="一覧", feed_date=date(2026, 4, 1), feed_format="text")
    add_expectation(store, entry())
    frame = scored([conn(s) for s in OFFICE])
    assert frame["expected_by"].to_list() == [None]
