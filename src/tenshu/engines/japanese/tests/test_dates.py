"""Dates: every notation read, impossible days named, eras written back."""

import datetime
import itertools

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenshu.engines.japanese import (
    ERAS,
    DateError,
    JapaneseDate,
    era_of,
    format_wareki,
    parse_date,
    parse_date_column,
)

pytestmark = pytest.mark.engine

READABLE = {
    "令和6年6月30日": "2024-06-30",
    "令和元年5月1日": "2019-05-01",
    "R6.6.30": "2024-06-30",
    "r6/6/30": "2024-06-30",
    "S64.01.07": "1989-01-07",
    "3450107": "1970-01-07",
    "2024/6/30": "2024-06-30",
    "20240630": "2024-06-30",
    "R060630": "2024-06-30",
    "Ｒ６．６．３０": "2024-06-30",
    "令和６年６月３０日（日）": "2024-06-30",
    "2024-06-30(日曜日)": "2024-06-30",
    "2024年6月30日 日曜日": "2024-06-30",
    "2024-06-30T10:00:00": "2024-06-30",
    "昭和 6年 3月 9日": "1931-03-09",
    "昭和六十三年十二月三十一日": "1988-12-31",
    "㍻31年4月30日": "2019-04-30",
    "西暦2024年6月30日": "2024-06-30",
    "昭和20年月日不詳": "1945-00-00",
    "昭和20年不詳月不詳日": "1945-00-00",
    "昭和20年5月日不詳": "1945-05-00",
    "S20.00.00": "1945-00-00",
    "3200000": "1945-00-00",
    "S20/--/--": "1945-00-00",
    "昭和20年頃": "1945-00-00",
    "2024年6月": "2024-06-00",
    "不詳": "0000-00-00",
    "00000000": "0000-00-00",
    "0000-00-00": "0000-00-00",
}


@pytest.mark.parametrize(("written", "iso"), READABLE.items())
def test_every_notation_gives_the_same_date(written: str, iso: str) -> None:
    assert str(parse_date(written)) == iso


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("令和7年2月29日", "令和7年2月29日という日はありません"),
        ("R7.2.29", "「R7.2.29」という日はありません"),
        ("2024/13/1", "13月という月はありません"),
        ("6/30", "元号も4桁の西暦年もない"),
        ("令和6年度", "日付として読めません"),
        ("", "日付が空です"),
        ("高橋", "日付として読めません"),
    ],
)
def test_an_impossible_date_is_named(written: str, message: str) -> None:
    with pytest.raises(DateError, match=message):
        parse_date(written)


def test_a_date_with_unknown_parts_has_no_day() -> None:
    assert parse_date("昭和20年月日不詳").date is None
    assert parse_date("昭和20年1月2日").date == datetime.date(1945, 1, 2)


def test_a_date_outside_its_era_is_read_with_a_notice() -> None:
    assert parse_date("平成31年5月1日").notice == "平成は31年4月30日までです"
    assert parse_date("平成元年1月7日").notice == "平成は1月8日に始まりました"
    assert parse_date("大正15年12月25日").notice == ""
    assert parse_date("平成31年5月1日") == JapaneseDate(2019, 5, 1)


def test_the_first_year_is_gannen_in_long_style_only() -> None:
    day = datetime.date(2019, 5, 1)
    assert format_wareki(day) == "令和元年5月1日"
    assert format_wareki(day, style="short") == "R1.5.1"
    assert era_of(day).year == 1


def test_a_day_before_meiji_has_no_era() -> None:
    with pytest.raises(DateError, match="明治より前"):
        era_of(datetime.date(1868, 1, 24))


def test_eras_follow_one_another_without_a_gap() -> None:
    for earlier, later in itertools.pairwise(ERAS):
        assert earlier.last is not None
        assert later.first - earlier.last <= datetime.timedelta(days=1)


@settings(deadline=None)
@given(st.dates(datetime.date(1868, 1, 25), datetime.date(2099, 12, 31)), st.sampled_from(["long", "short"]))
def test_writing_and_reading_an_era_date_gives_the_day_back(day: datetime.date, style: str) -> None:
    found = parse_date(format_wareki(day, style=style))  # type: ignore[arg-type]
    assert found.date == day
    assert found.notice == ""


_PIECES = (
    "令和,昭和,平成,大,R,S.,m,1,2,0,9,29,30,31,2024,1900,19891231,3450107,年,月,日,/,.,-,元,不詳,00,(日),２,二,三十,"
    " ,\u3000,13月,年2月29日"
)


def _scalar(text: str | None) -> tuple[int | None, int | None, int | None, bool]:
    try:
        found = parse_date(text or "")
    except DateError:
        return None, None, None, False
    return found.year, found.month, found.day, True


@settings(deadline=None)
@given(
    st.lists(
        st.none()
        | st.lists(st.sampled_from(_PIECES.split(",")), max_size=7).map("".join)
        | st.text(max_size=8),
        max_size=30,
    )
)
def test_the_column_form_agrees_with_the_scalar_form(texts: list[str | None]) -> None:
    column = pl.Series("dob", texts, dtype=pl.String)
    assert parse_date_column(column).rows() == [_scalar(text) for text in texts]


@settings(deadline=None)
@given(
    st.sampled_from(["令和", "昭和", "R", "s", "大正", ""]),
    st.integers(0, 2100),
    st.sampled_from("年/.-"),
    st.integers(0, 14),
    st.integers(0, 33),
)
def test_near_dates_agree_in_both_forms(era: str, year: int, mark: str, month: int, day: int) -> None:
    text = f"{era}{year}年{month}月{day}日" if mark == "年" else f"{era}{year}{mark}{month}{mark}{day}"
    assert parse_date_column(pl.Series([text])).rows() == [_scalar(text)]
