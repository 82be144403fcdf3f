import datetime

import pytest
from tests.world import YEAR, World

from tenshu.dx.liaison.actions import do_add_conference, do_plan_session
from tenshu.dx.liaison.models import Conference, ConferenceSession, Scope
from tenshu.dx.liaison.report_blocks import BLOCKS
from tenshu.ground.access.roles import Role
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.mechanisms.figures.queries import compute
from tenshu.mechanisms.figures.registry import figure
from tenshu.mechanisms.gathering.models import GatheringKind, GatheringState
from tenshu.mechanisms.gathering.tests.asking import client_of, session, text_of


def value(key: str, year: FiscalYear = YEAR) -> int:
    return int(compute(figure(key), year).value or 0)


def attend(
    world: World, conference: Conference, season: str, day: str, state: str = GatheringState.HELD
) -> None:
    user = world.users[Role.SECRETARIAT]
    gathering = session(
        world.house.units["0102"], f"{conference} {season}", datetime.date.fromisoformat(day),
        kind=GatheringKind.CONFERENCE, state=state,
    )  # fmt: skip
    do_plan_session(ConferenceSession(conference=conference, season=season), gathering, acting_user=user)


@pytest.fixture
def regional(world: World) -> Conference:
    conference = Conference(name="ブロック会議", scope=Scope.REGIONAL)
    return do_add_conference(conference, acting_user=world.users[Role.SECRETARIAT])


def test_held_conferences_are_counted_by_scope(world: World, regional: Conference) -> None:
    attend(world, regional, "前期", "2023-06-01")
    attend(world, regional, "後期", "2023-12-01", GatheringState.PLANNED)
    attend(world, regional, "臨時", "2024-01-10", GatheringState.CANCELLED)
    assert (value("liaison.national_meetings"), value("liaison.regional_meetings")) == (1, 1)


@pytest.mark.parametrize(
    ("day", "year"), [("2023-04-01", 2023), ("2024-03-31", 2023), ("2024-04-01", 2024), ("2023-03-31", 2022)]
)
def test_a_conference_counts_in_the_year_of_its_day(
    world: World, regional: Conference, day: str, year: int
) -> None:
    attend(world, regional, "前期", day)
    years = (2022, 2023, 2024)
    assert {n: value("liaison.regional_meetings", FiscalYear(n)) for n in years} == dict.fromkeys(
        years, 0
    ) | {year: 1}


def test_the_report_tells_the_held_conferences_in_order(world: World, regional: Conference) -> None:
    attend(world, regional, "前期", "2023-06-01")
    attend(world, regional, "後期", "2023-12-01", GatheringState.CANCELLED)
    (table,) = BLOCKS["liaison.sessions"](YEAR)
    assert table.rows == [
        ["ブロック会議", "前期", "令和5年6月1日", "対面"],
        ["全国見本会議", "春", "令和5年8月24日", "対面"],
    ]
    assert BLOCKS["liaison.sessions"](FiscalYear(2010)) == []


def test_the_facts_of_the_page_are_the_figures(world: World, regional: Conference) -> None:
    text = text_of(client_of(world.users[Role.EXECUTIVE]), "/liaison/", nendo="R5")
    assert "/figures/liaison.national_meetings/" in text
    assert "/figures/" not in text_of(client_of(world.users[Role.HEAD]), "/liaison/", nendo="R5")
