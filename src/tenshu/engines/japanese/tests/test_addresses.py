"""Addresses: one key for every notation."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenshu.engines.japanese import address_key, read_address, read_address_column
from tenshu.engines.japanese.addresses import kanji_number

pytestmark = pytest.mark.engine

SAME_PLACE = [
    (
        "大阪府大阪市北区中之島１丁目２番３号\u3000メゾン１０１",
        "大阪市北区中の島一丁目2-3",
        "大阪市北区中之島1-2-3-101号室",
        "大阪市北区中ノ島1ー2ー3",
    ),
    ("札幌市中央区北1条西2丁目3番地", "北海道札幌市中央区北一条西二丁目3"),
    ("仙台市青葉区一番町三丁目7番1号", "仙台市青葉区1番町3-7-1"),
    ("大阪府泉南郡岬町大字深日字東１２３番地の４", "岬町深日東123-4"),
    ("東京都千代田区霞が関3-1-1", "千代田区霞ヶ関三丁目１番１号"),
    ("岐阜県不破郡関ケ原町大字関ケ原894-58", "関ヶ原町関ヶ原894番地58"),
    ("大阪市北区中之島二十三番地", "大阪市北区中之島23"),
    ("大阪市北区中之島０１丁目０２番", "大阪市北区中之島1-2"),
]


@pytest.mark.parametrize("notations", SAME_PLACE)
def test_every_notation_of_a_place_has_one_key(notations: tuple[str, ...]) -> None:
    assert len({address_key(notation) for notation in notations}) == 1


def test_town_numbers_and_rest_are_told_apart() -> None:
    address = read_address("大阪府大阪市北区中之島１丁目２番３号\u3000メゾン１０１")
    assert (address.town, address.numbers, address.rest) == ("大阪市北区中ノ島", "1-2-3", "メゾン101")


def test_neighbouring_numbers_have_different_keys() -> None:
    assert address_key("八尾市本町1-1-1") != address_key("八尾市本町1-1-2")
    assert address_key("八尾市本町1-11") != address_key("八尾市本町1-1-1")


def test_a_city_with_the_character_for_county_keeps_its_name() -> None:
    assert read_address("奈良県大和郡山市北郡山町248-4").town == "大和郡山市北郡山町"


def test_an_empty_address_has_empty_parts() -> None:
    assert read_address("").key == "|"


def test_kanji_numbers_are_written_as_in_addresses() -> None:
    assert [kanji_number(value) for value in (1, 10, 11, 23, 100, 110, 199)] == [
        "一", "十", "十一", "二十三", "百", "百十", "百九十九",
    ]  # fmt: skip


_PIECES = (
    "大阪府,北海道,奈良県,泉南郡,岬町,大阪市,北区,大字,字,中之島,一,二十三,1,２,0,丁目,番地,番,号,の,ー,-,一番町,"
    "条,西,が,ヶ,髙,室,メゾン,百,線,町, "
)


@settings(deadline=None)
@given(
    st.lists(
        st.none()
        | st.lists(st.sampled_from(_PIECES.split(",")), max_size=14).map("".join)
        | st.text(max_size=8),
        max_size=20,
    )
)
def test_the_column_form_agrees_with_the_scalar_form(texts: list[str | None]) -> None:
    expected = [(key.town, key.numbers, key.rest) for key in (read_address(text or "") for text in texts)]
    assert read_address_column(pl.Series("addr", texts, dtype=pl.String)).rows() == expected
