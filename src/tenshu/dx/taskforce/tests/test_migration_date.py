import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenshu.dx.taskforce.migration_date import MigrationDate

YEARS = st.integers(1927, 2200)


@given(
    st.one_of(
        st.just(MigrationDate()),
        st.builds(MigrationDate, YEARS, st.one_of(st.none(), st.integers(1, 12)), st.booleans()),
    )
)
def test_a_written_migration_date_reads_back_as_itself(date: MigrationDate) -> None:
    assert MigrationDate.parse(str(date)) == date


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("R10.1", MigrationDate(2028, 1)),
        ("Ｒ１０．１", MigrationDate(2028, 1)),
        ("令和10年1月", MigrationDate(2028, 1)),
        ("R8～", MigrationDate(2026, None, True)),
        ("令和8年度以降", MigrationDate(2026, None, True)),
        ("R10/1〜", MigrationDate(2028, 1, True)),
        ("R元", MigrationDate(2019)),
        ("H31", MigrationDate(2019)),
        ("H31.4", MigrationDate(2019, 4)),
        ("-", MigrationDate()),
        ("－", MigrationDate()),
        ("未定", MigrationDate()),
        ("", MigrationDate()),
    ],
)
def test_migration_dates_are_read_as_offices_write_them(text: str, date: MigrationDate) -> None:
    assert MigrationDate.parse(text) == date


@pytest.mark.parametrize("text", ["R10.13", "そのうち", "R0", "2028", "R10.1.5", "H31.12", "R1.4"])
def test_what_is_no_migration_date_is_refused_in_japanese(text: str) -> None:
    with pytest.raises(ValueError, match=r"[ぁ-ん]"):
        MigrationDate.parse(text)


def test_the_first_day_orders_migrations() -> None:
    assert MigrationDate(2028, 4).first_day == datetime.date(2028, 4, 1)
    assert MigrationDate(2028).first_day == datetime.date(2028, 1, 1)
    assert MigrationDate().first_day is None
