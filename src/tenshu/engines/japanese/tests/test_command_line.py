"""The command line, run as a user runs it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.engine


def run(*arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    """Run the module in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "tenshu.engines.japanese", *arguments],
        input=text, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


def test_lines_in_give_lines_out() -> None:
    result = run("normalise", "--kind", "name", text="髙橋\u3000花子\nﾀｶﾊｼ\n")
    assert (result.returncode, result.stdout) == (0, "高橋花子\nタカハシ\n")


def test_an_unreadable_line_is_named_and_keeps_its_place(tmp_path: Path) -> None:
    file = tmp_path / "dates.txt"
    file.write_text("令和7年2月29日\nR6.6.30\n", encoding="utf-8")
    result = run("normalise", "--kind", "date", str(file))
    assert result.returncode == 1
    assert result.stdout == "\n2024-06-30\n"
    assert f"{file}: 1行目" in result.stderr
    assert "令和7年2月29日という日はありません" in result.stderr


@pytest.mark.parametrize(
    ("kind", "raw"), [("address", "中之島1丁目2番"), ("kana", "さとう"), ("number", "▲1,000")]
)
def test_json_carries_the_raw_value_and_the_parts(kind: str, raw: str) -> None:
    fields = json.loads(run("normalise", "--kind", kind, "--format", "json", text=raw + "\n").stdout)
    assert fields["raw"] == raw
    assert fields["key"]


def test_check_digits_are_answered_with_one_and_zero() -> None:
    result = run("check", "--kind", "corporate", text="7000012050002\n1000012050002\n")
    assert result.stdout == "1\n0\n"


def test_a_missing_file_is_an_error_in_japanese() -> None:
    result = run("normalise", "--kind", "name", "no-such-file")
    assert result.returncode == 2
    assert "開けません" in result.stderr


def test_help_is_in_japanese() -> None:
    assert "表記をそろえます" in run("--help").stdout
