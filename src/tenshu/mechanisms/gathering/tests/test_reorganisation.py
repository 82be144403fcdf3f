"""Sessions of a division that is renamed or absorbed."""

import datetime

import pytest
from tests.world import YEAR, World

from tenshu.ground.access.roles import Role
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.consistency import all_checks
from tenshu.ground.office.actions import do_end_unit, do_rename_unit
from tenshu.ground.office.models import Unit
from tenshu.mechanisms.gathering.actions import do_plan_gathering
from tenshu.mechanisms.gathering.models import ActionItem, Gathering
from tenshu.mechanisms.gathering.tests.asking import client_of, send, session, text_of

APRIL = datetime.date(2024, 4, 1)


@pytest.fixture
def renamed(world: World) -> Unit:
    """人事課 has become 人事総務課."""
    machine = world.house.machine
    own = world.objects["own"]
    do_plan_gathering(session(own, "来年の会議", datetime.date(2099, 4, 1)), acting_user=machine)
    return do_rename_unit(own, APRIL, name="人事総務課", acting_user=machine)


def test_the_successor_reads_and_writes_what_the_former_division_held(world: World, renamed: Unit) -> None:
    mine = world.objects["own_meeting"]
    client = client_of(world.users[Role.OFFICER])
    assert "人事課の打合せ" in text_of(client, "/gatherings/")
    assert "議事録を書く" in text_of(client, f"/gatherings/{mine.pk}/")
    send(client, f"/gatherings/{mine.pk}/minutes/", minutes="引き継いで書いた。")
    mine.refresh_from_db()
    assert mine.host == world.objects["own"]


def test_coming_sessions_and_open_things_to_do_follow(world: World, renamed: Unit) -> None:
    assert Gathering.objects.get(title="来年の会議").host == renamed
    assert ActionItem.objects.get().owner_unit == renamed
    verbs = set(AuditRow.objects.values_list("verb", flat=True))
    assert {"gathering.followed", "gathering.action_followed"} <= verbs
    assert "案を作る" in text_of(client_of(world.users[Role.OFFICER]), "/")


def test_the_new_division_may_enter_its_past_sessions(world: World, renamed: Unit) -> None:
    client = client_of(world.users[Role.OFFICER])
    values = {
        "kind": "meeting",
        "title": "過去の会議",
        "held_on": "R5.12.1",
        "form": "online",
        "host": "0101",
    }
    send(client, "/gatherings/new/", **values)
    assert Gathering.objects.get(title="過去の会議").host == world.objects["own"]


def test_a_division_that_absorbs_another_sees_its_sessions(world: World) -> None:
    own, other = world.objects["own"], world.objects["other"]
    officer = world.house.person("other", "2001", "別見 五郎", "べつみ ごろう", "020101", is_officer=True)
    assert client_of(officer).get(f"/gatherings/{world.kwargs['gathering_id']}/").status_code == 404
    last = datetime.date(2024, 3, 31)
    do_end_unit(own, last, successors=[other], acting_user=world.house.machine)
    client = client_of(type(officer).objects.get(pk=officer.pk))
    assert client.get(f"/gatherings/{world.kwargs['gathering_id']}/").status_code == 200


def test_a_planned_session_whose_day_is_over_is_found(world: World) -> None:
    check = next(check for check in all_checks() if check.id == "gathering.past_but_planned")
    machine = world.house.machine
    do_plan_gathering(session(world.objects["own"], "忘れた会議"), acting_user=machine)
    do_plan_gathering(session(world.objects["own"], "翌年度", datetime.date(2024, 4, 1)), acting_user=machine)
    assert [finding.label for finding in check.find(YEAR)] == ["忘れた会議"]
