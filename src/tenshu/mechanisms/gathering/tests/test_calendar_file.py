"""The calendar file, read back by an own small reader of RFC 5545."""

import datetime
import re

from tests.world import World

from tenshu.ground.access.roles import Role
from tenshu.mechanisms.gathering.calendar_file import icalendar
from tenshu.mechanisms.gathering.models import GatheringState
from tenshu.mechanisms.gathering.tests.asking import client_of, session


def read(text: str) -> dict[str, str]:
    """Property by name (parameters stay in the name), unfolded and unescaped."""
    assert text.endswith("END:VCALENDAR\r\n")
    lines = text.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert "\n" not in "".join(lines)
    whole = text.replace("\r\n ", "").split("\r\n")
    pairs = (line.partition(":") for line in whole if line)
    marks = {"\\n": "\n", "\\,": ",", "\\;": ";", "\\\\": "\\"}
    return {name: re.sub(r"\\[n,;\\]", lambda m: marks[m[0]], value) for name, _, value in pairs}


def test_the_file_of_a_session_with_times_says_when_in_utc(world: World) -> None:
    gathering = session(
        world.objects["own"],
        "連絡会；第1回",
        datetime.date(2024, 2, 14),
        starts_at=datetime.time(9, 0),
        ends_at=datetime.time(11, 30),
        place="本館, 2階; 会議室\\A",
        outline="一行目\r\n二行目\r三行目",
        pk=7,
    )
    found = read(icalendar(gathering, host="example.jp"))
    assert found["DTSTART"] == "20240214T000000Z"
    assert found["DTEND"] == "20240214T023000Z"
    assert found["SUMMARY"] == "連絡会；第1回"
    assert found["LOCATION"] == "本館, 2階; 会議室\\A"
    assert found["DESCRIPTION"] == "一行目\n二行目\n三行目"
    assert found["UID"] == "gathering-7@example.jp"
    assert found["STATUS"] == "TENTATIVE"
    assert re.fullmatch(r"\d{8}T\d{6}Z", found["DTSTAMP"])


def test_a_session_without_times_takes_the_whole_day(world: World) -> None:
    gathering = session(
        world.objects["own"], "会議", datetime.date(2024, 2, 29), state=GatheringState.CANCELLED
    )
    found = read(icalendar(gathering, host="example.jp"))
    assert found["DTSTART;VALUE=DATE"] == "20240229"
    assert found["DTEND;VALUE=DATE"] == "20240301"
    assert found["STATUS"] == "CANCELLED"


def test_long_japanese_lines_fold_between_characters(world: World) -> None:
    title = "情報システム最適化の検討" * 20
    found = read(icalendar(session(world.objects["own"], title[:200]), host="example.jp"))
    assert found["SUMMARY"] == title[:200]


def test_the_file_is_offered_under_the_name_of_the_session(world: World) -> None:
    mine = world.objects["own_meeting"]
    response = client_of(world.users[Role.OFFICER]).get(f"/gatherings/{mine.pk}/calendar.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert read(response.content.decode())["SUMMARY"] == "人事課の打合せ"
