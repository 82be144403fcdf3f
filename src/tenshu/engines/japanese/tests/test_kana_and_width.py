"""Width, kana skeletons, sort keys and numbers."""

from decimal import Decimal

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tenshu.engines.japanese import (
    NumberError,
    fold_kana,
    fold_kana_column,
    fold_width,
    fold_width_column,
    kana_key,
    kana_key_column,
    kana_skeleton,
    kana_skeleton_column,
    kana_sort_key,
    name_key,
    name_key_column,
    parse_number,
    spaced_name_columns,
)

pytestmark = pytest.mark.engine

KANA = "ｶﾞﾟﾞカオウーユケがっョヴヲﾜﾊ々佐●髙 \u3000ＡbÉß・-\u3099\u309aｳｦ(通称)（）\U000e0102𠮷\n"
TEXTS = st.lists(st.none() | st.text(KANA, max_size=12) | st.text(max_size=6), max_size=20)


def test_folding_width_touches_only_width() -> None:
    assert fold_width("ＡＢＣ\u3000１２３（ｶﾞｷﾞ）") == "ABC 123(ガギ)"
    assert fold_width("①㈱㎡髙神") == "①㈱㎡髙神"


def test_kana_become_full_width_katakana() -> None:
    assert fold_kana("さとうｶﾞか\u3099") == "サトウガガ"


@pytest.mark.parametrize(
    "spellings",
    [
        ("ｼﾞｮｰｼﾞ", "じょうじ", "シヨウシ"),
        ("ユーコ", "ゆうこ"),
        ("ケーコ", "けいこ"),
        ("オオノ", "おーの", "オウノ"),
        ("ヴァン・ダイク", "ウァンタイク"),
        ("ﾅｶｼﾞﾏ", "ナカシマ"),
    ],
)
def test_spelling_habits_share_a_skeleton(spellings: tuple[str, ...]) -> None:
    assert len({kana_skeleton(spelling) for spelling in spellings}) == 1


def test_different_readings_keep_different_skeletons() -> None:
    assert kana_skeleton("ユキ") != kana_skeleton("ユウキ")
    assert kana_skeleton("サトウ") != kana_skeleton("サイトウ")


def test_readings_sort_in_dictionary_order() -> None:
    words = ["はは", "ばば", "パパ", "はーと", "ハアト", "かつこ", "カッコ", "阿部", "Abe"]
    assert sorted(words, key=kana_sort_key) == [
        "Abe", "カッコ", "かつこ", "はーと", "ハアト", "はは", "ばば", "パパ", "阿部",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("▲1,234", -1234),
        ("△５", -5),
        ("１，２３４．５０", Decimal("1234.50")),
        ("−3", -3),
        ("¥1,000", 1000),
        ("1000円", 1000),
        ("0", 0),
    ],
)
def test_numbers_are_read_as_offices_type_them(written: str, value: int | Decimal) -> None:
    found = parse_number(written)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("written", ["", "12,34", "5千円", "1.2.3", "一", "1 2", "--1"])
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(NumberError):
        parse_number(written)


@settings(deadline=None)
@given(st.integers(-(10**15), 10**15))
def test_an_integer_written_with_commas_is_read_back(value: int) -> None:
    assert parse_number(f"{value:,}".replace("-", "▲")) == value


@settings(deadline=None)
@given(TEXTS)
def test_column_forms_agree_with_scalar_forms(texts: list[str | None]) -> None:
    column = pl.Series("x", texts, dtype=pl.String)
    for scalar, whole in (
        (fold_width, fold_width_column),
        (fold_kana, fold_kana_column),
        (kana_key, kana_key_column),
        (kana_skeleton, kana_skeleton_column),
        (name_key, name_key_column),
    ):
        assert whole(column).to_list() == [None if text is None else scalar(text) for text in texts]


@settings(deadline=None)
@given(st.text(KANA, max_size=12))
def test_folding_width_twice_changes_nothing_more(text: str) -> None:
    settled = fold_width(fold_width(text))
    assert fold_width(settled) == settled


@settings(deadline=None)
@given(TEXTS)
@example([" 々", "佐 々木", "々 々"])
def test_names_with_kept_spaces_give_the_same_key(texts: list[str | None]) -> None:
    words, keys = spaced_name_columns(pl.Series("x", texts, dtype=pl.String))
    assert keys.to_list() == [name_key(text or "") for text in texts]
    assert words.str.replace_all(" ", "", literal=True).to_list() == keys.to_list()
