"""Homes of earlier releases come into today's without the loss of a value (tests/upgrade/README.md)."""

import json
from pathlib import Path

import pytest

from tests.test_backup import CHECK, contents, faults, several, with_settings

HOMES = sorted((Path(__file__).parent / "upgrade").glob("home-*.zip"))
#: Tables and columns that a later release has given up on purpose, and where their content is now.
GIVEN_UP: dict[str, str] = {}


@pytest.mark.parametrize("home", HOMES, ids=lambda path: path.stem)
def test_a_home_of_an_earlier_release_loses_nothing(home, environment, tmp_path):
    env = with_settings(environment)
    wanted = json.loads(home.with_suffix(".json").read_text(encoding="utf-8"))
    now_path = tmp_path / "now.zip"
    asked = [["figures", "--year", year, "--format", "json"] for year in wanted["figures"]]
    _, check, *told, _ = several(env, ["restore", home], CHECK, *asked, ["backup", now_path])
    assert faults(check) == []
    for figures, said in zip(wanted["figures"].values(), told, strict=True):
        by_key = {figure["key"]: figure for figure in json.loads(said.out)["figures"]}
        assert [by_key[figure["key"]] for figure in figures] == figures
    then, manifest_then = contents(home)
    now, manifest_now = contents(now_path)
    assert manifest_now["audit"] == manifest_then["audit"]
    assert [loss for table in then for loss in lost(table, then[table], now.get(table))] == []


def lost(table, then, now):
    """Every value of ``then`` that is not in ``now`` any more."""
    if now is None:
        return [] if table in GIVEN_UP else [table]
    key = "id" if then and "id" in then[0] else next(iter(then[0])) if then else ""
    rows = {row[key]: row for row in now} if then else {}
    return [
        f"{table}.{name} of {row[key]}: {value!r}"
        for row in then
        for name, value in row.items()
        if f"{table}.{name}" not in GIVEN_UP and rows.get(row[key], {}).get(name, ...) != value
    ]
