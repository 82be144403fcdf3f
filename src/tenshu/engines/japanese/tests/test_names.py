"""Names: variant characters, aliases, unprintable characters."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenshu.engines.japanese import fold_variants, name_key, names_agree, read_name
from tenshu.engines.japanese.tests.variant_pairs import APART, SAME, pairs
from tenshu.engines.japanese.variants import EXTRA_VARIANTS, variant_table

pytestmark = pytest.mark.engine


@pytest.mark.parametrize(("left", "right"), pairs(SAME))
def test_variant_characters_share_a_key(left: str, right: str) -> None:
    assert name_key(left) == name_key(right)


@pytest.mark.parametrize(("left", "right"), pairs(APART))
def test_different_characters_stay_apart(left: str, right: str) -> None:
    assert name_key(left) != name_key(right)


def test_spaces_selectors_and_width_do_not_matter() -> None:
    assert name_key("渡邉\U000e0102\u3000太郎") == name_key("渡辺太郎")
    assert name_key("José García") == name_key("ＪＯＳＥ ＧＡＲＣＩＡ")


def test_a_bracketed_alias_is_split_off() -> None:
    name = read_name("NGUYEN VAN AN（通称：安田 健）")
    assert (name.main, name.alias, name.kind) == ("NGUYEN VAN AN", "安田 健", "通称")
    assert (name.surname, name.given) == ("NGUYEN", "VAN AN")
    assert name_key("NGUYEN VAN AN（通称：安田 健）") == name_key("Nguyen Van An")


def test_a_name_without_a_space_has_no_surname() -> None:
    assert read_name("高橋花子").surname == ""


def test_a_placeholder_agrees_with_any_one_character() -> None:
    assert names_agree("●橋花子", "髙橋花子") is True
    assert names_agree("●花子", "髙橋花子") is False
    assert names_agree("\ue000田太郎", "𠮷田太郎") is True


def test_latin_names_agree_in_any_order() -> None:
    assert names_agree("JOHN SMITH", "Smith, John") is True
    assert names_agree("JOHN SMITH", "JOHN SMYTH") is False


def test_an_empty_name_neither_agrees_nor_differs() -> None:
    assert names_agree("", "高橋") is None


def test_every_folded_character_is_settled() -> None:
    table = variant_table()
    assert not [kanji for kanji, target in table.items() if target in table]
    assert set(EXTRA_VARIANTS) <= set(table)


@settings(deadline=None)
@given(st.text("髙邉齋濱凜靍渕淵龍竜眞真神\U000e0102", max_size=10))
def test_folding_variants_twice_changes_nothing_more(text: str) -> None:
    assert fold_variants(fold_variants(text)) == fold_variants(text)
