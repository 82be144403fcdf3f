"""Check digits: scalar and column forms, and what they cannot catch. All numbers are invented."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenshu.engines.japanese import (
    NumberFormatError,
    corporate_number_check_digit,
    corporate_number_column,
    is_corporate_number,
    is_personal_number,
    is_resident_code,
    personal_number_check_digit,
    personal_number_column,
    resident_code_check_digit,
    resident_code_column,
)

pytestmark = pytest.mark.engine

FORMS = (
    (is_personal_number, personal_number_column),
    (is_corporate_number, corporate_number_column),
    (is_resident_code, resident_code_column),
)


def test_the_number_of_the_tax_agency_is_right() -> None:
    assert is_corporate_number("7000012050002")
    assert not is_corporate_number("6000012050002")


def test_digits_may_be_wide_and_grouped() -> None:
    number = "12345678901" + str(personal_number_check_digit("12345678901"))
    grouped = f"{number[:4]} {number[4:8]}-{number[8:]}".translate({ord("1"): "１"})
    assert is_personal_number(grouped)


@settings(deadline=None)
@given(st.integers(0, 10**11 - 1))
def test_a_number_with_its_check_digit_is_right(value: int) -> None:
    digits = f"{value:011}"
    check = personal_number_check_digit(digits)
    assert [last for last in range(10) if is_personal_number(f"{digits}{last}")] == [check]


@settings(deadline=None)
@given(st.integers(0, 10**10 - 1), st.integers(0, 10**12 - 1))
def test_the_other_numbers_accept_exactly_one_digit(code: int, base: int) -> None:
    assert is_resident_code(f"{code:010}{resident_code_check_digit(f'{code:010}')}")
    check = corporate_number_check_digit(f"{base:012}")
    assert [first for first in range(10) if is_corporate_number(f"{first}{base:012}")] == [check]


@settings(deadline=None)
@given(st.lists(st.none() | st.text("0123456789１- x", min_size=9, max_size=15), max_size=20))
def test_column_forms_agree_with_scalar_forms(texts: list[str | None]) -> None:
    column = pl.Series("n", texts, dtype=pl.String)
    for scalar, whole in FORMS:
        assert whole(column)["valid"].to_list() == [scalar(text or "") for text in texts]


def test_the_column_form_keeps_leading_zeros_as_value() -> None:
    number = "00000000001" + str(personal_number_check_digit("00000000001"))
    assert personal_number_column(pl.Series([number, "1"])).rows() == [(int(number), True), (None, False)]


def test_a_wrong_length_is_told_without_the_number() -> None:
    with pytest.raises(NumberFormatError) as caught:
        personal_number_check_digit("123456")
    assert "123456" not in str(caught.value)
