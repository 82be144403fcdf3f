import datetime

import pytest
from tests.world import World

from tenshu.ground.access.models import User
from tenshu.ground.access.roles import Role
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.exchange import TableSpec
from tenshu.ground.office.actions import do_rename_unit
from tenshu.mechanisms.gathering.actions import do_invite, do_plan_gathering
from tenshu.mechanisms.gathering.models import ActionItem, AgendaItem, Attendance, Gathering
from tenshu.mechanisms.gathering.sheets import (
    ACTION_ITEM_TABLE,
    AGENDA_TABLE,
    ATTENDANCE_TABLE,
    DECISION_TABLE,
    TABLES,
)
from tenshu.mechanisms.gathering.tests.asking import (
    bring_in,
    by_hand,
    changes_nothing,
    edited,
    problems,
    session,
)


@pytest.fixture
def secretary(world: World) -> User:
    return world.users[Role.SECRETARIAT]


@pytest.mark.parametrize("spec", TABLES, ids=lambda spec: spec.name)
def test_what_goes_out_comes_back_without_a_change(world: World, secretary: User, spec: TableSpec) -> None:
    assert changes_nothing(spec, secretary)


def test_a_row_is_changed_and_another_added(world: World, secretary: User) -> None:
    cells = {"C2": "新しい進め方", "A3": "人事課の打合せ", "B3": 2, "C3": "日程"}
    bring_in(AGENDA_TABLE, edited(AGENDA_TABLE, secretary, cells), secretary)
    assert list(AgendaItem.objects.values_list("order", "title")) == [(1, "新しい進め方"), (2, "日程")]
    assert list(AuditRow.objects.order_by("-pk").values_list("verb", flat=True)[:2]) == [
        "gathering.agenda_changed",
        "gathering.agenda_added",
    ]


def test_every_wrong_cell_is_listed(world: World, secretary: User) -> None:
    found = problems(
        ACTION_ITEM_TABLE,
        by_hand(
            ACTION_ITEM_TABLE,
            [
                {"gathering": "無い会議", "text": "する", "owner_unit": "0101", "due": "R6.3.1"},
                {"gathering": "人事課の打合せ", "text": "", "owner_unit": "9999", "due": "令和6年2月30日"},
            ],
        ),
        secretary,
    )
    assert [line.partition(" ")[0].rpartition("!")[2] for line in found] == ["A2", "B3", "C3", "D3"] or {
        line.partition(" ")[0].rpartition("!")[2] for line in found
    } == {"A2", "B3", "C3", "D3"}


def test_sessions_of_one_title_are_told_apart_by_their_day(world: World, secretary: User) -> None:
    own = world.objects["own"]
    for month in (5, 6):
        do_plan_gathering(session(own, "定例会", datetime.date(2023, month, 1)), acting_user=secretary)
    row = {"gathering": "定例会", "order": 1, "title": "報告", "presenter": ""}
    assert "2件の会議・研修に当たります" in problems(AGENDA_TABLE, by_hand(AGENDA_TABLE, [row]), secretary)[0]
    bring_in(AGENDA_TABLE, by_hand(AGENDA_TABLE, [row | {"gathering": "定例会（R5.6.1）"}]), secretary)
    assert AgendaItem.objects.get(title="報告").gathering == Gathering.objects.get(held_on="2023-06-01")
    assert changes_nothing(AGENDA_TABLE, secretary)


def test_attendance_names_the_unit_of_its_day_after_a_reorganisation(world: World, secretary: User) -> None:
    do_rename_unit(world.objects["own"], datetime.date(2024, 4, 1), name="人事総務課", acting_user=secretary)
    assert changes_nothing(ATTENDANCE_TABLE, secretary)
    row = {"gathering": "人事課の打合せ", "held_on": "R5.8.24", "staff": "1002", "unit": "0101", "guest": ""}
    bring_in(ATTENDANCE_TABLE, by_hand(ATTENDANCE_TABLE, [row]), secretary)
    assert Attendance.objects.get(staff__number="1002").unit == world.objects["own"]
    wrong = problems(
        ATTENDANCE_TABLE,
        by_hand(ATTENDANCE_TABLE, [row | {"staff": "1003", "held_on": "R5.8.25"}]),
        secretary,
    )
    assert "この会議・研修の開催日ではありません" in wrong[0]
    nobody = by_hand(ATTENDANCE_TABLE, [row | {"staff": "", "unit": ""}])
    assert "だれの出席か書かれていません" in problems(ATTENDANCE_TABLE, nobody, secretary)[0]


def test_attendance_of_staff_units_and_guests_comes_back_alike(world: World, secretary: User) -> None:
    mine = world.objects["own_meeting"]
    people = [Attendance(staff=world.house.staff["1002"]), Attendance(guest="見本市")]
    do_invite(mine, people, acting_user=secretary)
    assert changes_nothing(ATTENDANCE_TABLE, secretary)
    assert changes_nothing(DECISION_TABLE, secretary)


def test_a_thing_done_keeps_the_unit_that_did_it(world: World, secretary: User) -> None:
    ActionItem.objects.update(done_on=datetime.date(2023, 9, 1))
    do_rename_unit(world.objects["own"], datetime.date(2024, 4, 1), name="人事総務課", acting_user=secretary)
    assert ActionItem.objects.get().owner_unit == world.objects["own"]
    assert changes_nothing(ACTION_ITEM_TABLE, secretary)
