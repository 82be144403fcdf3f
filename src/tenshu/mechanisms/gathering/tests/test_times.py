import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenshu.mechanisms.gathering.times import parse_time, span_text, time_text


@given(st.times().map(lambda time: time.replace(second=0, microsecond=0)))
def test_a_written_time_reads_back_as_itself(time: datetime.time) -> None:
    assert parse_time(time_text(time)) == time


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("14:00", "14:00"),
        ("１４：００", "14:00"),
        ("14時", "14:00"),
        ("午後2時半", "14:30"),
        ("午前0時5分", "00:05"),
        ("午後12時", "12:00"),
        (" 9:05 ", "09:05"),
    ],
)
def test_times_are_read_as_offices_write_them(text: str, time: str) -> None:
    assert parse_time(text) == datetime.time.fromisoformat(time)


@pytest.mark.parametrize("text", ["14", "25:00", "9:60", "午後13時", "昼ごろ", "14:00～16:00"])
def test_what_is_no_time_is_refused_by_name(text: str) -> None:
    with pytest.raises(ValueError, match=f"「{text}」"):
        parse_time(text)


def test_an_empty_time_is_none() -> None:
    assert parse_time("　") is None
    assert span_text(None, None) == ""
    assert span_text(datetime.time(9, 5), None) == "9:05～"
