"""Every written amendment case: pairings, labels, reference findings, completeness, amending sentences."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tenshu.engines.comparison_table import (
    apply_amendments,
    build_table,
    built_in_styles,
    compare_documents,
    from_law_xml,
    parse_text,
    to_law_xml,
    verify,
)

pytestmark = pytest.mark.engine

SHEET = tomllib.loads((Path(__file__).parent / "amendment_cases.toml").read_text(encoding="utf-8"))
CASES: list[dict[str, Any]] = SHEET["case"]


def texts(case: dict[str, Any]) -> tuple[str, str]:
    old = new = SHEET["bases"][case["base"]].lstrip("\n")
    for before, after in case["edits"]:
        assert new.count(before) == 1, before
        new = new.replace(before, after)
    return old, new


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_every_pairing_label_and_reference_is_right(case: dict[str, Any]) -> None:
    old, new = texts(case)
    comparison = compare_documents(parse_text(old), parse_text(new))
    found = []
    for row in comparison.number_map():
        if row["status"] != "same":
            words = f"{row['old'] or '-'} > {row['new'] or '-'} {row['status']}"
            found.append(words + (f" {row['relation']} {row['partner']}" if "relation" in row else ""))
    assert sorted(found) == sorted(case["expect"])
    errors = [f"{f.problem} {f.place} {f.text}" for f in comparison.findings if f.severity == "error"]
    assert errors == case.get("references", [])


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_amending_sentences_applied_to_the_old_text_give_the_new_text(case: dict[str, Any]) -> None:
    old, new = texts(case)
    comparison = compare_documents(parse_text(old), parse_text(new), amendments=True)
    assert apply_amendments(comparison.alignment.old, comparison.amendments) == parse_text(new).text()
    assert not any(a.sentence.startswith("全部を") for a in comparison.amendments)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_both_texts_can_be_rebuilt_from_the_table_in_every_house_style(case: dict[str, Any]) -> None:
    old, new = texts(case)
    alignment = compare_documents(parse_text(old), parse_text(new)).alignment
    for style in built_in_styles().values():
        assert verify(alignment, build_table(alignment, style)) == []


@pytest.mark.parametrize("base", SHEET["bases"])
def test_a_parsed_text_prints_itself_and_survives_law_xml(base: str) -> None:
    text = SHEET["bases"][base].lstrip("\n")
    document = parse_text(text)
    assert document.text() == text
    assert from_law_xml(to_law_xml(document)).text() == text


def test_there_are_at_least_forty_cases_with_different_names() -> None:
    assert len({case["name"] for case in CASES}) == len(CASES) >= 40
