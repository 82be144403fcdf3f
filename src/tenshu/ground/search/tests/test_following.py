"""The index follows the records, in the transaction of their change."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tenshu.dx.liaison.actions import do_change_conference
from tenshu.dx.taskforce import actions as taskforce
from tenshu.ground.access.roles import Role
from tenshu.ground.office.actions import do_correct_staff, do_open_unit
from tenshu.ground.search.models import IndexRow
from tenshu.ground.search.rebuilding import wrong_rows
from tenshu.ground.search.tests.asking import found
from tenshu.mechanisms.gathering import actions as gathering
from tenshu.mechanisms.gathering.models import Attendance, AttendanceState, Gathering


@pytest.fixture
def machine(indexed):
    return indexed.house.machine


@pytest.fixture
def secretary(indexed):
    return indexed.users[Role.SECRETARIAT]


@pytest.fixture
def own(indexed):
    return Gathering.objects.get(pk=indexed.objects["own_meeting"].pk)


@pytest.fixture(autouse=True)
def _true_at_the_end(indexed):
    """Whatever a test did, every row is as it ought to be."""
    yield
    assert [(source.key, key) for source, key in wrong_rows()] == []


def test_a_new_record_is_found_at_once(indexed, secretary, machine):
    assert found(secretary, "新設の課") == []
    first = indexed.house.units["0101"].valid_from
    do_open_unit(
        code="0199",
        kind="division",
        name="新設の課",
        parent=indexed.house.units["01"],
        valid_from=first,
        acting_user=machine,
    )
    assert found(secretary, "新設の課") == ["unit 新設の課"]


def test_a_changed_record_is_found_by_its_new_words_alone(indexed, secretary, machine):
    person = indexed.house.staff["1003"]
    do_correct_staff(person, {"name": "改名 四郎", "kana": "かいめい しろう"}, acting_user=machine)
    assert found(secretary, "改名四郎") == ["staff 改名 四郎"]
    assert found(secretary, "仮名次郎") == []


def test_a_removed_record_is_gone(indexed, secretary, machine):
    issue = indexed.objects["issue"]
    assert found(secretary, "認証が分かれ") == ["issue 認証が分かれている"]
    taskforce.do_remove_issue(issue, acting_user=machine, reason="重複")
    assert found(secretary, "認証が分かれ") == []
    assert not IndexRow.objects.filter(source="issue", object_key=issue.pk or 0).exists()


def test_what_is_taken_back_was_never_there(indexed, secretary, machine, own):
    with transaction.atomic():
        gathering.do_change_gathering(own, {"minutes": "秘密の予定"}, acting_user=machine)
        assert found(secretary, "秘密の予定") != []
        transaction.set_rollback(True)
    assert found(secretary, "秘密の予定") == []


def test_rows_that_belong_to_a_session_are_found_through_it(secretary, machine, own):
    gathering.do_set_agenda(own, [("標準準拠への移り方", "行政DX推進課")], acting_user=machine)
    decision = gathering.do_add_decision(own, "二月に切り替える", acting_user=machine)
    assert found(secretary, "標準準拠") == found(secretary, "切り替える") == [f"gathering {own.title}"]
    gathering.do_set_agenda(own, [("別の議題", "")], acting_user=machine)
    gathering.do_remove_decision(decision, acting_user=machine, reason="誤り")
    assert found(secretary, "標準準拠") == found(secretary, "切り替える") == []


def test_who_is_asked_to_come_finds_the_session_and_no_longer_when_taken_off(indexed, machine, own):
    other = indexed.house.account("head")
    foreign = gathering.do_plan_gathering(
        Gathering(kind="meeting", title="衛生の内々の会", host=indexed.objects["other"], held_on=own.held_on),
        acting_user=machine,
    )
    assert found(other, "内々の会") == []
    (asked,) = gathering.do_invite(foreign, [Attendance(unit=indexed.objects["own"])], acting_user=machine)
    assert found(other, "内々の会") == ["gathering 衛生の内々の会"]
    gathering.do_mark_attendance(asked, AttendanceState.ABSENT, acting_user=machine)
    gathering.do_remove_attendance(asked, acting_user=machine)
    assert found(other, "内々の会") == []


def test_a_conference_is_told_by_its_series_and_its_session(indexed, secretary, machine):
    session = indexed.objects["session"]
    do_change_conference(session.conference, {"name": "改まった会議体"}, acting_user=machine)
    assert "conference-session 改まった会議体 春" in found(secretary, "改まった会議体")
    event = Gathering.objects.get(pk=session.gathering_id)
    gathering.do_change_gathering(event, {"outline": "来年度の幹事県を決めた。"}, acting_user=machine)
    assert "conference-session 改まった会議体 春" in found(secretary, "幹事県")


def test_removing_a_session_removes_its_row_and_those_of_its_files(indexed, machine, own, secretary):
    from tenshu.ground.files.actions import detach
    from tenshu.ground.files.queries import attachments_of

    for attachment in attachments_of(own):
        detach(attachment, acting_user=machine, reason="誤り")
    assert found(secretary, "資料.txt") == []


def test_many_rows_that_go_together_are_followed_once(secretary, machine, own):
    def asked_for(count):
        gathering.do_set_agenda(own, [(f"議題{n}", "") for n in range(count)], acting_user=machine)
        with CaptureQueriesContext(connection) as queries:
            own.agenda.all().delete()
        return sum("search_indexrow" in query["sql"] for query in queries.captured_queries)

    assert asked_for(30) == asked_for(2)
    assert found(secretary, "議題1") == []


def test_a_deletion_that_was_taken_back_is_followed_when_it_is_tried_again(secretary, machine, own):
    gathering.do_set_agenda(own, [("取りやめる議題", "")], acting_user=machine)
    rows = own.agenda.all()
    with transaction.atomic():
        rows.delete()
        transaction.set_rollback(True)
    assert found(secretary, "取りやめる議題") != []
    rows.delete()
    assert found(secretary, "取りやめる議題") == []
