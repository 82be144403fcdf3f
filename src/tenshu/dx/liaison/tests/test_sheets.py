import pytest
from tests.world import World

from tenshu.dx.liaison.models import Conference, ConferenceSession
from tenshu.dx.liaison.sheets import CONFERENCE_TABLE, SESSION_TABLE, TABLES
from tenshu.ground.access.models import User
from tenshu.ground.access.roles import Role
from tenshu.ground.exchange import TableSpec
from tenshu.mechanisms.gathering.tests.asking import bring_in, by_hand, changes_nothing, edited, problems

ROW = {
    "conference": "全国見本会議",
    "year": "令和5年度",
    "season": "秋",
    "title": "全国見本会議 秋",
    "host": "0102",
    "held_on": "R5.11.10",
    "form": "オンライン",
    "attendance": "163以上",
    "report_back": "共同調達の話があった。",
}


@pytest.fixture
def secretary(world: World) -> User:
    return world.users[Role.SECRETARIAT]


@pytest.mark.parametrize("spec", TABLES, ids=lambda spec: spec.name)
def test_what_goes_out_comes_back_without_a_change(world: World, secretary: User, spec: TableSpec) -> None:
    assert changes_nothing(spec, secretary)


def test_conferences_come_in_with_their_sessions(world: World, secretary: User) -> None:
    bring_in(SESSION_TABLE, by_hand(SESSION_TABLE, [ROW]), secretary)
    found = ConferenceSession.objects.get(season="秋")
    assert str(found.gathering.head_count) == "163名以上"
    assert found.report_back == "共同調達の話があった。"
    assert changes_nothing(SESSION_TABLE, secretary)


def test_a_series_is_changed_and_another_added(world: World, secretary: User) -> None:
    cells = {"C2": "見本県", "A3": "ブロック会議", "B3": "ブロック"}
    bring_in(CONFERENCE_TABLE, edited(CONFERENCE_TABLE, secretary, cells), secretary)
    found = dict(Conference.objects.values_list("name", "organiser"))
    assert found == {"全国見本会議": "見本県", "ブロック会議": ""}


def test_every_wrong_cell_is_listed(world: World, secretary: User) -> None:
    rows = [ROW | {"conference": "無い会議", "form": "電話"}, ROW | {"held_on": "R6.4.1"}]
    found = "\n".join(problems(SESSION_TABLE, by_hand(SESSION_TABLE, rows), secretary))
    for place in ("A2", "G2", "F3 開催日がこの年度の日ではありません"):
        assert place in found, found
