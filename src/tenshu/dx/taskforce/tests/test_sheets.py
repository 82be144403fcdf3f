import datetime

import pytest
from tests.world import World

from tenshu.dx.taskforce.models import Issue, Meeting, Membership, WorkingGroup
from tenshu.dx.taskforce.sheets import (
    GROUP_TABLE,
    ISSUE_TABLE,
    MEETING_TABLE,
    MEMBERSHIP_TABLE,
    SECRETARIAT_TABLE,
    TABLES,
    TARGET_TABLE,
)
from tenshu.ground.access.models import User
from tenshu.ground.access.roles import Role
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.exchange import TableSpec
from tenshu.ground.office.actions import do_rename_unit
from tenshu.mechanisms.gathering.models import Gathering
from tenshu.mechanisms.gathering.tests.asking import bring_in, by_hand, changes_nothing, edited, problems

MEETING = {
    "task_force": "見本タスクフォース",
    "group": "",
    "year": "R5",
    "number": 2,
    "title": "第2回会議",
    "host": "0102",
    "held_on": "R6.1.12",
    "starts_at": "10時",
    "ends_at": "11:30",
    "state": "開催済",
    "attendance": "約20",
}


@pytest.fixture
def secretary(world: World) -> User:
    return world.users[Role.SECRETARIAT]


@pytest.mark.parametrize("spec", TABLES, ids=lambda spec: spec.name)
def test_what_goes_out_comes_back_without_a_change(world: World, secretary: User, spec: TableSpec) -> None:
    assert changes_nothing(spec, secretary)


@pytest.mark.parametrize("spec", TABLES, ids=lambda spec: spec.name)
def test_a_reorganisation_does_not_change_what_comes_back(
    world: World, secretary: User, spec: TableSpec
) -> None:
    for code in ("0101", "0102"):
        unit = world.house.units[code]
        do_rename_unit(unit, datetime.date(2024, 4, 1), name=f"新{unit.name}", acting_user=secretary)
    assert changes_nothing(spec, secretary)


def test_meetings_come_in_with_their_sessions(world: World, secretary: User) -> None:
    bring_in(MEETING_TABLE, by_hand(MEETING_TABLE, [MEETING]), secretary)
    gathering = Meeting.objects.get(number=2).gathering
    assert (gathering.starts_at, gathering.ends_at) == (datetime.time(10), datetime.time(11, 30))
    assert str(gathering.head_count) == "約20名"
    assert list(AuditRow.objects.order_by("-pk").values_list("verb", flat=True)[:2]) == [
        "taskforce.meeting_added",
        "gathering.planned",
    ]
    assert changes_nothing(MEETING_TABLE, secretary)


def test_a_changed_meeting_changes_its_session(world: World, secretary: User) -> None:
    titles = [column.heading for column in MEETING_TABLE.columns]
    cells = {
        f"{chr(65 + titles.index('場所'))}2": "本館",
        f"{chr(65 + titles.index('出席者数（名）'))}2": "20以上",
    }
    bring_in(MEETING_TABLE, edited(MEETING_TABLE, secretary, cells), secretary)
    gathering = Gathering.objects.get(pk=world.objects["meeting"].pk)
    assert (gathering.place, str(gathering.head_count)) == ("本館", "20名以上")


def test_what_does_not_fit_together_in_a_meeting_is_named_by_its_cell(world: World, secretary: User) -> None:
    rows = [
        MEETING | {"held_on": "R6.4.1"},
        MEETING | {"number": 3, "ends_at": "9:00"},
        MEETING | {"number": 4, "held_on": "R81.4.1", "year": "R81"},
        MEETING | {"number": 5, "starts_at": "昼", "attendance": "たくさん"},
    ]
    found = "\n".join(problems(MEETING_TABLE, by_hand(MEETING_TABLE, rows), secretary))
    for words in (
        "G2 開催日がこの年度の日ではありません",
        "I3 終了時刻が開始時刻より後",
        "J4 開催日がまだ来ていません",
        "H5 時刻として読めません",
        "K5",
    ):
        assert words in found, found


def test_groups_read_migration_dates_and_refuse_others(world: World, secretary: User) -> None:
    row = {
        "task_force": "見本タスクフォース",
        "name": "税務",
        "order": 2,
        "migration": "Ｒ１２．１",
        "valid_from": "R5.4.1",
    }
    bring_in(GROUP_TABLE, by_hand(GROUP_TABLE, [row]), secretary)
    assert str(WorkingGroup.objects.get(name="税務").migration) == "R12.1"
    wrong = row | {"name": "別", "migration": "いつか", "valid_until": "R4.3.31"}
    found = "\n".join(problems(GROUP_TABLE, by_hand(GROUP_TABLE, [wrong]), secretary))
    assert "D2" in found
    assert changes_nothing(GROUP_TABLE, secretary)


def test_members_name_the_unit_of_their_first_day(world: World, secretary: User) -> None:
    unit = world.house.units["020101"]
    do_rename_unit(unit, datetime.date(2024, 4, 1), name="環境衛生推進課", acting_user=secretary)
    row = {"group": "総務", "unit": "020101", "part": "", "order": 2, "valid_from": "R5.4.1"}
    bring_in(MEMBERSHIP_TABLE, by_hand(MEMBERSHIP_TABLE, [row]), secretary)
    assert Membership.objects.get(order=2).unit == unit


def test_the_state_of_an_issue_agrees_with_its_day(world: World, secretary: User) -> None:
    row = {
        "group": "総務",
        "title": "様式",
        "owner_unit": "0101",
        "opened_on": "R5.9.1",
        "state": "完了",
        "done_on": "",
    }
    assert "解決日が要ります" in problems(ISSUE_TABLE, by_hand(ISSUE_TABLE, [row]), secretary)[0]
    early = row | {"done_on": "R5.8.1"}
    assert "解決日が登録日より前" in problems(ISSUE_TABLE, by_hand(ISSUE_TABLE, [early]), secretary)[0]
    bring_in(ISSUE_TABLE, by_hand(ISSUE_TABLE, [row | {"done_on": "R5.10.1"}]), secretary)
    assert Issue.objects.get(title="様式").done_on == datetime.date(2023, 10, 1)


def test_every_unknown_name_is_listed(world: World, secretary: User) -> None:
    rows = [{"group": "無いWG", "system": "0007"}, {"group": "総務", "system": "9999"}]
    found = problems(TARGET_TABLE, by_hand(TARGET_TABLE, rows), secretary)
    assert len(found) == 2
    rows = [{"task_force": "見本タスクフォース", "order": "", "unit": "0101"}]
    assert "「順番」が空です" in problems(SECRETARIAT_TABLE, by_hand(SECRETARIAT_TABLE, rows), secretary)[0]
