"""The command line and the two file formats."""

import json
import subprocess
import sys

import pytest

from tenshu.engines.packing import PackingError, estate_from, read_vbp
from tenshu.engines.packing.commands import main

pytestmark = pytest.mark.engine

VBP = "2\n10 10\n3\n6 1 2\n4 4 1\n1 9 1\n"


def test_a_vbp_instance_is_read_with_its_counts():
    estate = read_vbp(VBP, "a.vbp")
    assert len(estate.servers) == 4
    assert estate.servers[1].demand == (6, 1)


@pytest.mark.parametrize(
    ("text", "place"),
    [("2\n10 x\n", "2 行 2 列"), ("2\n10 10\n1\n1 1", "途中"), (VBP + "5\n", "余分"), ("", "途中")],
)
def test_a_faulty_vbp_names_row_and_column(text, place):
    with pytest.raises(PackingError, match=place):
        read_vbp(text, "a.vbp")


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ([], "名前と値"),
        ({"dimensions": ["a"], "colour": 1}, "colour"),
        ({"dimensions": ["a"], "servers": [{"id": "x", "demand": {"b": 1}}]}, "servers の 1 番目 の demand"),
        ({"dimensions": ["a"], "servers": [{"id": "x", "demand": [-1]}]}, "demand.a"),
        ({"dimensions": ["a"], "servers": [{"id": "x", "demand": [1]}] * 2}, "同じ id"),
        ({"dimensions": ["a"], "servers": [{"id": "x", "demand": [1], "fixed_host": "h"}]}, "ホスト h"),
        ({"dimensions": ["a"], "servers": [{"id": "x", "demand": [1], "licences": ["db"]}]}, "db の価格"),
        ({"dimensions": ["a"], "apart": [["p", "q"]]}, "サーバー p"),
    ],
)
def test_a_faulty_estate_names_the_place(document, place):
    with pytest.raises(PackingError, match=place):
        estate_from(document)


def test_solving_writes_a_plan_that_checks(tmp_path, capsys):
    estate, plan = tmp_path / "a.vbp", tmp_path / "plan.json"
    estate.write_text(VBP)
    assert main(["solve", str(estate), "--seconds", "1", "--patience", "20", "--out", str(plan)]) == 0
    assert main(["check", str(estate), str(plan)]) == 0
    document = json.loads(plan.read_text())
    assert document["proven"] is True
    document["hosts"][0]["servers"] = []
    plan.write_text(json.dumps(document))
    capsys.readouterr()
    assert main(["check", str(estate), str(plan)]) == 3
    assert json.loads(capsys.readouterr().out)["sound"] is False


def test_an_impossible_estate_ends_with_three(tmp_path, capsys):
    estate = tmp_path / "a.vbp"
    estate.write_text("1\n10\n1\n11 1\n")
    assert main(["solve", str(estate)]) == 3
    assert "i1 は d1" in capsys.readouterr().err


def test_the_module_explains_itself():
    answer = subprocess.run(
        [sys.executable, "-m", "tenshu.engines.packing", "--help"], capture_output=True, text=True, check=True
    )
    assert "集約" in answer.stdout
