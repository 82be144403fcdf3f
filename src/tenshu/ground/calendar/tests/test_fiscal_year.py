import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenshu.ground.calendar.fiscal_year import FiscalYear


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("R5", 2023), ("r5", 2023), ("Ｒ５", 2023), ("令和5年度", 2023), ("令和５年", 2023), ("2023", 2023),
        ("２０２３年度", 2023), ("FY2023", 2023), ("H31", 2019), ("平成31年度", 2019), ("令和元年度", 2019),
        ("R1", 2019), ("R01", 2019), ("S63", 1988), ("平成元年度", 1989), ("令5", 2023), (" R5 ", 2023),
    ],
)  # fmt: skip
def test_a_year_is_read_in_every_notation_of_an_office(text: str, year: int) -> None:
    assert FiscalYear.parse(text) == FiscalYear(year)


@pytest.mark.parametrize("text", ["", "R", "R0", "5", "令和", "Q5", "20233", "R5.4", "今年", "1123"])
def test_a_text_that_is_no_year_is_refused_in_japanese(text: str) -> None:
    with pytest.raises(ValueError, match="年度"):
        FiscalYear.parse(text)


@pytest.mark.parametrize(
    ("year", "short", "label"),
    [(2023, "R5", "令和5年度"), (2019, "R1", "令和元年度"), (2018, "H30", "平成30年度"),
     (1988, "S63", "昭和63年度"), (1989, "H1", "平成元年度")],
)  # fmt: skip
def test_a_year_is_named_by_its_era(year: int, short: str, label: str) -> None:
    assert (FiscalYear(year).short, FiscalYear(year).label, str(FiscalYear(year))) == (short, label, short)


def test_a_year_runs_from_april_to_march() -> None:
    year = FiscalYear(2023)
    assert (year.start, year.end) == (datetime.date(2023, 4, 1), datetime.date(2024, 3, 31))
    assert year.previous.end == year.start - datetime.timedelta(days=1)
    assert year.next.start == year.end + datetime.timedelta(days=1)


@settings(deadline=None)
@given(st.dates(min_value=datetime.date(1902, 1, 1), max_value=datetime.date(2199, 12, 31)))
def test_every_day_lies_in_exactly_one_year(day: datetime.date) -> None:
    year = FiscalYear.containing(day)
    assert day in year
    assert year.start <= day <= year.end
    assert day not in year.previous
    assert day not in year.next


@settings(deadline=None)
@given(st.integers(min_value=1901, max_value=2199))
def test_both_ways_of_writing_a_year_are_read_back(year: int) -> None:
    value = FiscalYear(year)
    assert (
        FiscalYear.parse(value.short) == FiscalYear.parse(value.label) == FiscalYear.parse(str(year)) == value
    )
