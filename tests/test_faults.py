"""SIGKILL at any moment of a load or of a report build leaves nothing half-done, and running again completes."""

import json
import random
import signal
import subprocess
import sys

from tests.commands import ROOT, tenshu
from tests.test_reference_year import FOLDER, PUBLISHED, small_copy_of

KILLS = 3


def killed(env: dict[str, str], marker: str, after: float, *arguments: str) -> bool:
    """Run a command and kill it ``after`` seconds after it has said ``marker``; whether it was still running."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tenshu.config.command_line", *arguments],
        env=env,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    with process.stderr as said:
        for line in said:
            if marker in line:
                break
        else:
            raise AssertionError(f"{arguments[0]} never said {marker}")
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            return True
    return False


def values(env: dict[str, str]) -> dict[str, int | None]:
    printed = json.loads(tenshu(env, "figures", "--year", "R5", "--format", "json"))
    return {figure["key"]: figure["value"] for figure in printed["figures"] if figure["key"] in PUBLISHED}


NOTHING = dict.fromkeys(PUBLISHED)
EVERYTHING = {key: value for key, (value, _, _) in PUBLISHED.items()}


def test_a_killed_load_leaves_nothing_and_the_next_one_completes(environment, tmp_path):
    folder = small_copy_of(FOLDER, tmp_path / "year")
    tenshu(environment, "migrate")
    clock = random.Random(7)
    hit = 0
    for _ in range(KILLS):
        hit += killed(environment, "読み込んでいます", clock.uniform(0.02, 0.6), "load-year", str(folder))
        assert values(environment) in (NOTHING, EVERYTHING)
    assert hit
    tenshu(environment, "load-year", str(folder))
    assert values(environment) == EVERYTHING
    checks = json.loads(tenshu(environment, "check", "--year", "R5", "--audit", "--format", "json"))
    assert not [check for check in checks if check["findings"] and check["severity"] == "error"]


def test_a_killed_report_leaves_whole_files_or_none(environment, tmp_path):
    tenshu(environment, "load-year", str(small_copy_of(FOLDER, tmp_path / "year")))
    out = tmp_path / "out"
    tenshu(environment, "report", "--year", "R5", "--out", str(out))
    sizes = {path.name: path.stat().st_size for path in out.iterdir()}
    clock = random.Random(11)
    for _ in range(KILLS):
        killed(
            environment, "作っています", clock.uniform(0, 0.5), "report", "--year", "R5", "--out", str(out)
        )
        for name, size in sizes.items():
            # The time of the build is inside, so a rebuilt file differs by a few bytes at most.
            assert abs((out / name).stat().st_size - size) < 400
        json.loads((out / "年次報告_R5.json").read_text())
    tenshu(environment, "report", "--year", "R5", "--out", str(out))
    assert {path.name for path in out.iterdir() if not path.name.startswith(".")} == set(sizes)
