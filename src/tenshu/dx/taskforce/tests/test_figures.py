"""What the year counts and tells: held meetings of the task force itself, groups, candidates."""

import datetime

import pytest
from tests.world import YEAR, World

from tenshu.dx.taskforce.actions import do_plan_meeting, do_set_up_group
from tenshu.dx.taskforce.models import Meeting, WorkingGroup
from tenshu.dx.taskforce.report_blocks import BLOCKS
from tenshu.ground.access.roles import Role
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.systems.actions import do_add_system, do_change_owner
from tenshu.ground.systems.models import System
from tenshu.mechanisms.figures.queries import compute, counted_rows
from tenshu.mechanisms.figures.registry import figure
from tenshu.mechanisms.gathering.actions import do_cancel_gathering, do_hold_gathering, do_reopen_gathering
from tenshu.mechanisms.gathering.models import GatheringState
from tenshu.mechanisms.gathering.tests.asking import client_of, session, text_of


def value(key: str, year: FiscalYear = YEAR) -> int:
    return int(compute(figure(key), year).value or 0)


def meet(
    world: World, number: int, day: str, state: str = GatheringState.HELD, group: WorkingGroup | None = None
) -> Meeting:
    gathering = session(
        world.house.units["0102"],
        f"会議{number} {day}",
        datetime.date.fromisoformat(day),
        state=state,
        outline=f"概要{number}",
    )
    meeting = Meeting(task_force=world.objects["force"], working_group=group, number=number)
    return do_plan_meeting(meeting, gathering, acting_user=world.users[Role.SECRETARIAT])


def test_meetings_of_groups_and_those_not_held_are_not_counted(world: World) -> None:
    assert value("taskforce.meetings") == 1
    meet(world, 2, "2023-10-01")
    meet(world, 3, "2023-11-01", GatheringState.PLANNED)
    meet(world, 4, "2023-12-01", GatheringState.CANCELLED)
    meet(world, 5, "2024-01-01", group=world.objects["group"])
    assert value("taskforce.meetings") == 2


def test_the_count_follows_the_state_of_the_session(world: World) -> None:
    user = world.users[Role.SECRETARIAT]
    gathering = meet(world, 2, "2023-10-01", GatheringState.PLANNED).gathering
    do_hold_gathering(gathering, None, acting_user=user)
    assert value("taskforce.meetings") == 2
    do_reopen_gathering(gathering, acting_user=user, reason="誤り")
    do_cancel_gathering(gathering, acting_user=user, reason="中止")
    assert value("taskforce.meetings") == 1


@pytest.mark.parametrize(
    ("day", "year"), [("2023-04-01", 2023), ("2024-03-31", 2023), ("2024-04-01", 2024), ("2023-03-31", 2022)]
)
def test_a_meeting_counts_in_the_year_of_its_day(world: World, day: str, year: int) -> None:
    before = {number: value("taskforce.meetings", FiscalYear(number)) for number in (2022, 2023, 2024)}
    meet(world, 9, day)
    after = {number: value("taskforce.meetings", FiscalYear(number)) for number in (2022, 2023, 2024)}
    assert after == before | {year: before[year] + 1}


@pytest.mark.parametrize(
    ("first", "last", "counted"),
    [
        ("2022-04-01", "2023-03-31", 0),
        ("2022-04-01", "2023-04-01", 1),
        ("2024-03-31", None, 1),
        ("2024-04-01", None, 0),
    ],
)
def test_a_group_counts_in_every_year_in_which_it_stood(
    world: World, first: str, last: str | None, counted: int
) -> None:
    before = value("taskforce.working_groups")
    group = WorkingGroup(
        task_force=world.objects["force"],
        name="別",
        valid_from=datetime.date.fromisoformat(first),
        valid_until=datetime.date.fromisoformat(last) if last else None,
    )
    do_set_up_group(group, acting_user=world.users[Role.SECRETARIAT])
    assert value("taskforce.working_groups") == before + counted


def test_candidates_are_those_of_the_last_day_under_the_owner_of_that_day(world: World) -> None:
    assert value("taskforce.systems") == 2
    user, other = world.users[Role.SECRETARIAT], world.objects["other"]
    values = {
        "number": "0050",
        "name": "届出システム",
        "started_on": YEAR.start,
        "candidate_from": YEAR.start,
    }
    system = do_add_system(values, other, acting_user=user)
    do_change_owner(system, world.objects["own"], datetime.date(2024, 4, 1), acting_user=user)
    System.objects.exclude(pk=system.pk).update(candidate_until=datetime.date(2024, 3, 30))
    rows = list(counted_rows(figure("taskforce.systems"), YEAR))
    shown = [[column.value(row) for column in figure("taskforce.systems").columns] for row in rows]
    assert shown == [["0050", "届出システム", "健康部 環境衛生課"]]


def test_the_figures_page_leads_to_the_counted_rows(world: World) -> None:
    client = client_of(world.users[Role.EXECUTIVE])
    text = text_of(client, "/figures/taskforce.meetings/", nendo="R5")
    assert f"/gatherings/{world.objects['meeting'].pk}/" in text


def test_the_report_tells_meetings_groups_and_secretariat(world: World) -> None:
    (meetings,) = BLOCKS["taskforce.meetings"](YEAR)
    assert meetings.rows == [["第1回", "令和5年8月24日（木）", "各WGの日程を示した。"]]
    (groups,) = BLOCKS["taskforce.working_groups"](YEAR)
    assert groups.rows == [["総務", "人事課（人事）", "-"]]
    (secretariat,) = BLOCKS["taskforce.secretariat"](YEAR)
    assert "".join(span.text for span in secretariat.spans) == "行政DX推進課が務めた。"


def test_a_year_without_records_tells_nothing(world: World) -> None:
    assert [block for tell in BLOCKS.values() for block in tell(FiscalYear(2010))] == []
