"""The command line: JSON out, errors in Japanese on standard error."""

import json
import subprocess
import sys

import polars as pl
import pytest

from tenshu.engines.beacons.__main__ import main
from tenshu.engines.beacons.tests.logs import CONN, DAY, conn, every, zeek

pytestmark = pytest.mark.engine
OFFICE = every(300, 9 * 3600, 18 * 3600)


def run(capsys, *arguments: object) -> tuple[int, object, str]:
    code = main([str(a) for a in arguments])
    streams = capsys.readouterr()
    return code, json.loads(streams.out) if streams.out else None, streams.err


def test_the_whole_way_from_log_to_expected_scores(capsys, tmp_path):
    log = zeek(tmp_path / "conn.log", "conn", CONN, [conn(s) for s in OFFICE])
    store, out = tmp_path / "store", tmp_path / "scores.parquet"
    taking = (
        "import",
        "--format",
        "zeek",
        "--network",
        "本庁",
        "--store",
        store,
        "--store-timezone",
        "UTC",
        log,
    )
    code, imported, progress = run(capsys, *taking)
    assert (code, imported[0]["records"], imported[0]["rejects"]) == (0, {"flows": len(OFFICE)}, 0)
    assert "conn.log 0/1" in progress
    assert run(capsys, *taking)[1][0]["already_imported"] is True
    code, summary, _ = run(capsys, "score", "--store", store, "--day", DAY, "--out", out, "--memory", "1GB")
    assert (code, summary["rows"]) == (0, 1)
    code, entry, _ = run(
        capsys, "expect", "add", "--store", store, "--destination", "203.0.113.9", "--reason", "監視装置",
        "--approver", "佐藤 太郎", "--expires", "2027-03-31",
    )  # fmt: skip
    assert entry["id"] == "E0001"
    assert run(capsys, "expect", "apply", "--store", store, "--scores", out, "--day", DAY)[1] == {
        "expected": 1
    }
    assert pl.read_parquet(out)["expected_by"].to_list() == ["E0001"]
    assert len(run(capsys, "expect", "list", "--store", store)[1]) == 1
    assert run(capsys, "expect", "revoke", "--store", store, "E0001")[1]["revoked_at"]
    covered = run(capsys, "coverage", "--store", store, "--since", DAY, "--until", DAY, "--hours", "9-18")[1]
    assert (covered[0]["network"], covered[0]["verdict"]) == ("本庁", "whole")


def test_indicators_are_taken_and_listed(capsys, tmp_path):
    feed = tmp_path / "feed.txt"
    feed.write_text("203.0.113.9\n")
    taking = (
        "indicators",
        "--store",
        tmp_path / "s",
        "--format",
        "text",
        "--feed",
        "一覧",
        "--date",
        DAY,
        feed,
    )
    assert run(capsys, *taking)[1]["taken"] == 1
    assert run(capsys, "indicators", "--store", tmp_path / "s")[1][0]["value"] == "203.0.113.9"
    assert run(capsys, "indicators", "--store", tmp_path / "s", feed)[0] == 1


def test_an_error_is_one_line_that_says_what_to_mend(capsys, tmp_path):
    code, out, err = run(capsys, "score", "--store", tmp_path / "none", "--day", DAY, "--out", tmp_path / "x")
    assert (code, out) == (1, None)
    assert err.startswith("エラー: ")
    assert "保管庫がありません" in err


@pytest.mark.parametrize("arguments", [["--day", "昨日"], ["--memory", "lots"]])
def test_a_wrong_value_is_explained(capsys, tmp_path, arguments):
    with pytest.raises(SystemExit):
        main(["score", "--store", str(tmp_path), "--out", "x", "--day", DAY, *arguments])
    assert "ではありません" in capsys.readouterr().err


def test_the_module_shows_its_help():
    result = subprocess.run(
        [sys.executable, "-m", "tenshu.engines.beacons", "--help"], capture_output=True, text=True, check=True
    )
    for command in ("import", "score", "indicators", "expect", "coverage"):
        assert command in result.stdout
