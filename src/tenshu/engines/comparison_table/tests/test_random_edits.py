"""Random edits of random regulations are recovered."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenshu.engines.comparison_table import (
    apply_amendments,
    build_table,
    compare_documents,
    parse_text,
    verify,
)
from tenshu.engines.comparison_table.wording import compare, words

from .random_regulations import printed, random_edits, random_model

pytestmark = pytest.mark.engine

RELAXED = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


@RELAXED
@given(seed=st.integers(0, 10**9), count=st.integers(3, 40), style=st.sampled_from(["mixed", "full", "half"]))
def test_the_true_pairing_of_articles_is_recovered(seed: int, count: int, style: str) -> None:
    source = random.Random(seed)
    edited = random_edits(source, random_model(source, count))
    comparison = compare_documents(
        parse_text(printed(edited.old, style)), parse_text(printed(edited.new, style))
    )
    places = {a.identity: at for at, a in enumerate(edited.new, 1)}
    truth = {at: places.get(a.identity) for at, a in enumerate(edited.old, 1)}
    found = {
        pair.old.number[0]: pair.new.number[0] if pair.new else None
        for pair in comparison.alignment.pairs
        if pair.old is not None and pair.old.kind == "article"
    }
    assert found == truth


@RELAXED
@given(seed=st.integers(0, 10**9), count=st.integers(3, 25), style=st.sampled_from(["mixed", "full", "half"]))
def test_amending_sentences_always_yield_the_new_text(seed: int, count: int, style: str) -> None:
    source = random.Random(seed)
    edited = random_edits(source, random_model(source, count))
    old, new = parse_text(printed(edited.old, style)), parse_text(printed(edited.new, style))
    comparison = compare_documents(old, new, amendments=True)
    assert apply_amendments(old, comparison.amendments) == new.text()


@RELAXED
@given(first=st.integers(0, 10**9), second=st.integers(0, 10**9))
def test_the_table_of_two_unrelated_regulations_hides_nothing(first: int, second: int) -> None:
    old = parse_text(printed(random_model(random.Random(first), 8)))
    new = parse_text(printed(random_model(random.Random(second), 9)))
    alignment = compare_documents(old, new).alignment
    assert verify(alignment, build_table(alignment)) == []


TEXT = st.text(alphabet="情報資産を管理する第３条の前項、及び「。」ａA1１ \u3000", max_size=40)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(old=TEXT, new=TEXT)
def test_segments_joined_are_the_texts_themselves(old: str, new: str) -> None:
    left, right = compare(old, new)
    assert "".join(s.text for s in left) == old
    assert "".join(s.text for s in right) == new
    assert "".join(words(old)) == old


@settings(max_examples=200, deadline=None, derandomize=True)
@given(text=TEXT)
def test_a_text_compared_with_itself_has_no_change(text: str) -> None:
    left, right = compare(text, text)
    assert not any(s.changed for s in (*left, *right))


MARKED = [
    "第１条　文",
    "第２条の２　文",
    "（見出し）",
    "２　文",
    "(1)　文",
    "ア　文",
    "(ア)　文",
    "イ　文",
    "一　文",
    "附　則",
    "別表第１",
    "甲\t乙",
    "　字下げ",
    "第１章　総則",
    "目次",
    "様式第１号",
    "①　文",
    "ａ　文",
    "第３条から第５条まで　削除",
]
LINES = st.lists(st.one_of(st.sampled_from(MARKED), TEXT), max_size=15)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(lines=LINES)
def test_any_text_parses_and_prints_itself_again(lines: list[str]) -> None:
    text = "\n".join(["題名", *lines, "附則", "文"])
    document = parse_text(text)
    kept = [line.rstrip(" \u3000").rstrip("\t") for line in text.split("\n")]
    assert document.text().split("\n")[:-1] == [line for line in kept if line.strip()]
    assert parse_text(document.text()).text() == document.text()
