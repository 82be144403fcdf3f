"""The command line: help, single checks, runs, a killed prober, and its complaints."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tenshu.engines.probe.command_line import main
from tenshu.engines.probe.results import read_results
from tenshu.engines.probe.series import journal_of
from tenshu.engines.probe.tests.conftest import Town

pytestmark = [pytest.mark.engine, pytest.mark.servers]

COMMAND = [sys.executable, "-m", "tenshu.engines.probe"]


def write_plan(town: Town, folder: Path, count: int = 20, **parts: object) -> Path:
    plan = folder / "plan.json"
    content: dict[str, object] = {
        "network": town.network(),
        "politeness": {"host_gap_s": 0, "per_address": 100},
        "pace": {"core_share": 1.0},
        "targets": [{"id": f"t{n}", "url": f"http://s{n}.site.test:{town.http}/"} for n in range(count)],
    }
    plan.write_text(json.dumps(content | parts), encoding="utf-8")
    return plan


def test_help_is_in_japanese(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as leaving:
        main(["--help"])
    assert leaving.value.code == 0
    assert "観測" in capsys.readouterr().out


def test_one_check_prints_json(town: Town, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    url = f"https://www.site.test:{town.https}/"
    options = ["--allow-private", "--dns-server", f"127.0.0.1:{town.names.port}", "--family", "4"]
    trusted = [*options, "--ca-file", str(town.authority.file), "--body", str(tmp_path / "body.html")]
    assert main(["once", url, *trusted]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["status"] == 200
    assert shown["chain"][0]["not_after"].endswith("+00:00")
    assert "市民" in (tmp_path / "body.html").read_text(encoding="utf-8")
    assert main(["once", url, *options]) == 1
    shown = json.loads(capsys.readouterr().out)
    assert shown["outcome"] == "tls_untrusted"
    assert shown["first_byte_ms"] is None
    assert "証明書" in shown["outcome_ja"]


def test_a_run_writes_parquet_and_a_summary(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "results.parquet"
    for expected in (20, 40):
        assert main(["run", "--plan", str(write_plan(town, tmp_path)), "--out", str(out), "--at-once"]) == 0
        summary = json.loads(capsys.readouterr().out)
        assert (summary["done"], summary["coverage"]) == (20, 1.0)
        assert read_results(out).num_rows == expected
    assert sorted(path.name for path in tmp_path.glob("results*")) == [
        "results.0002.parquet",
        "results.parquet",
    ]


def test_a_killed_prober_loses_nothing_that_it_had_finished(town: Town, tmp_path: Path) -> None:
    out = tmp_path / "results.parquet"
    plan = write_plan(town, tmp_path, count=2000)
    process = subprocess.Popen(
        [*COMMAND, "run", "--plan", str(plan), "--out", str(out), "--at-once", "--rate", "300", "--quiet"]
    )
    journal = journal_of(out)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and (not journal.exists() or journal.stat().st_size < 50_000):
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    lines = journal.read_bytes().count(b"\n") - 1
    assert lines > 20
    assert read_results(out).num_rows == lines
    assert main(["seal", "--quiet", str(journal)]) == 0
    assert read_results(out).num_rows == lines
    assert not journal.exists()


def test_a_run_seals_what_a_killed_one_left(town: Town, tmp_path: Path) -> None:
    out = tmp_path / "results.parquet"
    plan = write_plan(town, tmp_path, count=5)
    assert main(["run", "--plan", str(plan), "--out", str(out), "--at-once", "--quiet"]) == 0
    content = read_results(out).num_rows
    journal_of(tmp_path / "results.0002.parquet").write_bytes(b"0000")
    assert main(["run", "--plan", str(plan), "--out", str(out), "--at-once", "--quiet"]) == 0
    assert read_results(out).num_rows == content + 5


def test_a_signal_ends_a_run_in_order(town: Town, tmp_path: Path) -> None:
    out = tmp_path / "results.parquet"
    plan = write_plan(town, tmp_path, interval_s=1)
    process = subprocess.Popen(
        [*COMMAND, "run", "--plan", str(plan), "--out", str(out)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and (
        not journal_of(out).exists() or journal_of(out).stat().st_size < 9_000
    ):
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    printed, _ = process.communicate(timeout=30)
    summary = json.loads(printed)
    assert process.returncode == 0
    assert read_results(out).num_rows == summary["done"] > 0


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("{", "1行 2列"),
        ("[]", "全体"),
        ('{"targets": []}', "targets: 対象が1件もありません"),
        ('{"targets": [{"id": "a"}]}', "targets[0].url: 必須"),
        ('{"targets": [{"id": "a", "url": "ftp://a/"}]}', "targets[0].url: 「ftp://a/」"),
        (
            '{"targets": [{"id": "a", "url": "https://a.test/", "famliy": "4"}]}',
            "targets[0].famliy: この項目名",
        ),
        ('{"targets": [{"id": "a", "url": "https://a.test/", "family": "5"}]}', "targets[0].family"),
        (
            '{"targets": [{"id": "a", "url": "https://a.test/"}, {"id": "a", "url": "https://b.test/"}]}',
            "targets[1].id",
        ),
        ('{"interval_s": "5", "targets": []}', "interval_s: 数値ではありません"),
        ('{"interval_s": NaN, "targets": [{"id": "a", "url": "https://a.test/"}]}', "interval_s"),
        ('{"timeouts": {"dns_s": -1}, "targets": [{"id": "a", "url": "https://a.test/"}]}', "timeouts.dns_s"),
        (
            '{"network": {"allowed": ["x"]}, "targets": [{"id": "a", "url": "https://a.test/"}]}',
            "network.allowed",
        ),
        (
            '{"network": {"references": ["udp://a"]}, "targets": [{"id": "a", "url": "https://a.test/"}]}',
            "network.references[0]",
        ),
    ],
)
def test_a_bad_plan_is_refused_with_its_place(
    content: str, place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text(content, encoding="utf-8")
    assert main(["check-plan", str(plan)]) == 2
    complaint = capsys.readouterr().err
    assert str(plan) in complaint
    assert place in complaint


def test_a_good_plan_is_counted(town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-plan", str(write_plan(town, tmp_path, interval_s=10))]) == 0
    assert json.loads(capsys.readouterr().out) == {"targets": 20, "checks_per_second": 2.0}


def test_missing_files_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-plan", str(tmp_path / "none.json")]) == 2
    assert "none.json" in capsys.readouterr().err
