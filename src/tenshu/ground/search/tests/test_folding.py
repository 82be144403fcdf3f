"""Text as it is compared, and the way back to the original."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenshu.ground.search.folding import clusters, find_spans, fold
from tenshu.ground.search.grams import grams, grams_of_word
from tenshu.ground.search.snippets import marked, snippet
from tenshu.ground.search.tests.asking import SPELLINGS
from tenshu.ground.search.wording import read_wording

LETTERS = "会議室情報シスｼｽﾃﾑﾊﾞガぱがカ髙高﨑邉ＡａB1２①㈱㎡ーー～〜-－ 　\nゟΣςßİé"
TEXTS = st.text(
    st.sampled_from(LETTERS) | st.characters(codec="utf-8", exclude_categories=["Cs", "Mn", "Mc"]),
    max_size=900,
)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("ｼｽﾃﾑ", "しすてむ"),
        ("ガイド", "ｶﾞｲﾄﾞ"),
        ("髙橋", "高橋"),
        ("ＡＢＣ", "abc"),
        ("見本　花子", "見本花子"),
        ("㈱見本", "(株)見本"),
        ("5～6月", "5〜6月"),
        ("A−1", "A-1"),
        ("葛󠄀城", "葛城"),
    ],
)
def test_spellings_of_one_word_are_one(first, second):
    assert fold(first) == fold(second)


@given(TEXTS, st.data())
def test_a_part_of_a_text_is_a_part_of_the_folded_text(text, data):
    letters = clusters(text)
    start = data.draw(st.integers(0, len(letters)))
    end = data.draw(st.integers(start, len(letters)))
    assert fold("".join(letters[start:end])) in fold(text)


@given(TEXTS, st.data())
def test_the_marked_places_are_the_words_in_the_original_spelling(text, data):
    folded = fold(text)
    start = data.draw(st.integers(0, len(folded)))
    word = folded[start : start + 3]
    spans = find_spans(text, [word])
    assert bool(spans) == bool(word)
    for span in spans:
        assert word in fold(text[span.start : span.end])


@given(TEXTS, st.integers(0, 900), st.integers(2, 12))
def test_every_row_that_holds_a_word_holds_its_pairs_and_triples(text, start, size):
    word = fold(text)[start : start + size]
    assert grams_of_word(word) <= grams(fold(text))


@pytest.mark.parametrize("spell", SPELLINGS)
def test_a_word_is_marked_however_it_was_typed(spell):
    words = read_wording(spell("ガイド")).words
    assert marked("操作ｶﾞｲﾄﾞ（がいど）", words) == "操作<mark>ｶﾞｲﾄﾞ</mark>（<mark>がいど</mark>）"


def test_what_is_shown_is_escaped():
    assert marked("<b>会議</b>", ["会議"]) == "&lt;b&gt;<mark>会議</mark>&lt;/b&gt;"


def test_a_snippet_shows_the_place_and_not_the_beginning():
    text = "前置き。" * 60 + "システムの切替は三月。" + "後書き。" * 60
    shown = snippet(text, [fold("切替")])
    assert "<mark>切替</mark>は三月" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("会議　資料", ("会議", "資料")),
        ('"年度末 報告" 会議', ("年度末報告", "会議")),
        ("“年度末 報告”", ("年度末報告",)),
        ("会議 会議", ("会議",)),
        ("会 議", ("会議",)),
        ("会議 室", ("会議", "室")),
        ("  ", ()),
        ('"', ()),
        ("\0", ()),
        ("会", ("会",)),
    ],
)
def test_typed_words(typed, words):
    assert read_wording(typed).words == words


def test_a_query_without_end_is_cut():
    wording = read_wording(" ".join(f"語{n}" for n in range(500)))
    assert len(wording.words) == 8
