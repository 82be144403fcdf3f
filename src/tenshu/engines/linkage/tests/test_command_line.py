"""The command line: 点検A, 点検B, query lists, policies and their errors."""

import csv
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tenshu.engines.linkage import PolicyError, read_policy
from tenshu.engines.linkage.command_line import main, memory
from tenshu.engines.linkage.tests.samples import number, resident, row

pytestmark = pytest.mark.engine

PEOPLE = [resident(at, dob=f"19{50 + at}-01-02", addr=f"八尾市本町{at + 1}-1") for at in range(4)]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Residents and a register whose last row carries the number of the first."""
    rows = [row(f"00{at}", number(at), PEOPLE[at]) for at in range(3)] + [row("003", number(0), PEOPLE[3])]
    pl.DataFrame(PEOPLE).write_parquet(tmp_path / "residents.parquet")
    pl.DataFrame(rows).write_parquet(tmp_path / "register.parquet")
    return tmp_path


def run(folder: Path, command: str, *arguments: str) -> int:
    """Run a command with the files of the folder."""
    return main(
        [command, "--register", str(folder / "register.parquet"), "--out", str(folder / "out"), *arguments]
    )


def test_inspect_prints_counts_and_no_number(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(files, "inspect", "--residents", str(files / "residents.parquet"), "--memory", "500MB") == 0
    captured = capsys.readouterr()
    summary: dict[str, Any] = json.loads(captured.out)
    assert summary["rows"] == 4
    assert summary["classes"]["C"] == 1
    assert "residents.parquet" in captured.err
    assert not any(number(at) in captured.out + captured.err for at in range(4))


def test_an_unusable_input_ends_with_a_japanese_message(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(files, "inspect", "--residents", str(files / "missing.parquet")) == 2
    assert "読めません" in capsys.readouterr().err


def test_query_lists_ask_for_numbers_first_and_for_items_later(files: Path) -> None:
    assert run(files, "query") == 0
    assert len((files / "out").read_text(encoding="utf-8").splitlines()) == 1 + 3
    assert run(files, "inspect", "--residents", str(files / "residents.parquet"), "--quiet") == 0
    (files / "out").rename(files / "result.parquet")
    assert run(files, "query", "--result", str(files / "result.parquet")) == 0
    with (files / "out").open(encoding="utf-8") as lines:
        asked = list(csv.DictReader(lines))
    assert [each["pid"] for each in asked] == ["003"]
    assert "mynumber" not in asked[0]


def test_published_records_are_compared_with_the_ledger(
    files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = [
        ("000", number(0)), ("00１", number(9)), ("002", number(2)), ("002", number(8)), ("777", number(7)),
    ]  # fmt: skip
    pl.DataFrame(shown, schema=["pid", "mynumber"], orient="row").write_parquet(files / "published.parquet")
    assert run(files, "published", "--published", str(files / "published.parquet")) == 0
    assert json.loads(capsys.readouterr().out)["classes"] == {
        "other_number": 1, "doubled": 1, "not_in_ledger": 1, "not_published": 1, "unlinked": 0, "match": 1,
    }  # fmt: skip
    result = pl.read_parquet(files / "out")
    assert result.select("pid", "class", "rank").rows()[0] == ("001", "other_number", 1)


def test_a_policy_changes_items_weights_and_thresholds(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(
        '[items]\nsex = "absent"\n[weights]\nname_equal = 8.5\n[thresholds]\ntie = 1\n', encoding="utf-8"
    )
    policy = read_policy(path)
    assert (policy.items.sex, policy.weights.name_equal, policy.thresholds.tie) == ("absent", 850, 100)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[items]\nage = "required"', "知らない項目 age"),
        ('[items]\nsex = "maybe"', "required・optional・absent"),
        ("[weights]\nname_equal = true", "数値"),
        ("[other]\n", "知らない表"),
        ("[items", "TOML"),
    ],
)
def test_a_wrong_policy_is_refused_with_the_key(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError, match=message):
        read_policy(path)


def test_memory_is_read_with_its_unit() -> None:
    assert (memory("4GB"), memory("500MB"), memory("1.5g")) == (4 * 10**9, 500 * 10**6, 1_500_000_000)


def test_help_is_in_japanese(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "総点検" in capsys.readouterr().out
