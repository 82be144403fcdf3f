import datetime

import pytest
from django.test import Client
from tests.world import World

from tenshu.dx.taskforce import actions
from tenshu.dx.taskforce.models import Issue, Meeting, Membership, RoadmapItem, TaskForce, WorkingGroup
from tenshu.ground.access.models import User
from tenshu.ground.access.roles import Role
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.office.actions import do_rename_unit
from tenshu.mechanisms.gathering.actions import do_remove_gathering, do_reopen_gathering
from tenshu.mechanisms.gathering.models import Gathering, GatheringState
from tenshu.mechanisms.gathering.tests.asking import (
    DAY,
    client_of,
    last_record,
    queries_of,
    refused,
    send,
    session,
    text_of,
    verbs,
)

MEETING = {"number": "2", "title": "第2回会議", "held_on": "R6.1.12", "form": "in_person", "host": "0102"}
ISSUE = {"title": "帳票が違う", "owner_unit": "0101", "opened_on": "R5.9.1"}


@pytest.fixture
def secretary(world: World) -> Client:
    return client_of(world.users[Role.SECRETARIAT])


@pytest.fixture
def officer(world: World) -> Client:
    return client_of(world.users[Role.OFFICER])


@pytest.fixture
def other(world: World) -> User:
    """The system officer of a division that takes no part."""
    return world.house.person("other", "2001", "別見 五郎", "べつみ ごろう", "020101", is_officer=True)


def group_page(world: World) -> str:
    return f"/taskforce/groups/{world.kwargs['group_id']}/"


def test_a_task_force_is_set_up_with_secretariat_and_group(world: World, secretary: Client) -> None:
    before = len(verbs())
    values = {
        "name": "第二タスクフォース",
        "secretariat": "0102\n人事課\n0102",
        "valid_from": "令和５年４月１日",
    }
    send(secretary, "/taskforce/new/", **values)
    force = TaskForce.objects.get(name="第二タスクフォース")
    send(
        secretary,
        f"/taskforce/{force.pk}/groups/new/",
        name="税務",
        order="１",
        migration="Ｒ１２．１",
        valid_from="R5.4.1",
    )
    group = WorkingGroup.objects.get(name="税務")
    here = f"/taskforce/groups/{group.pk}/"
    send(secretary, f"{here}members/new/", unit="020101", part="徴収", valid_from="R5.4.1")
    send(secretary, f"{here}systems/", systems="0042、0007")
    text = text_of(secretary, "/taskforce/")
    for words in ("事務局：行政DX推進課、人事課", "税務", "環境衛生課（徴収）", "R12.1"):
        assert words in text, words
    assert verbs()[before:] == [
        "taskforce.set_up",
        "taskforce.secretariat_set",
        "taskforce.secretariat_set",
        "taskforce.group_set_up",
        "taskforce.member_added",
        "taskforce.target_added",
        "taskforce.target_added",
    ]


def test_a_task_force_is_corrected_and_keeps_what_was_typed_when_refused(
    world: World, secretary: Client
) -> None:
    here = f"/taskforce/{world.kwargs['task_force_id']}/correct/"
    assert "0102 総務部 行政DX推進課" in text_of(secretary, here)
    text = refused(
        secretary, here, name="名称", secretariat="無い課", valid_from="令和5年4月31日", purpose="目的の文"
    )
    for words in ("令和5年4月31日", "無い課", "目的の文"):
        assert words in text
    values = {"name": "見本タスクフォース", "secretariat": "無い課", "valid_from": "R5.4.1"}
    assert "「無い課」という組織は" in refused(secretary, here, **values)
    send(secretary, here, **{**values, "secretariat": "0101", "purpose": "横に並べる"})
    text = text_of(secretary, "/taskforce/")
    assert "事務局：人事課" in text
    assert "横に並べる" in text


def test_a_group_is_corrected_ended_and_keeps_its_migration_date(world: World, secretary: Client) -> None:
    here = f"{group_page(world)}correct/"
    values = {"name": "総務", "valid_from": "R5.4.1"}
    text = refused(secretary, here, **values, migration="来年ごろ", problem="認証が分かれる")
    assert "移行時期として読めません" in text
    assert 'value="来年ごろ"' in text
    send(secretary, here, **values, migration="R8～", valid_until="R6.3.31")
    assert "R8～" in text_of(secretary, group_page(world))
    assert 'value="R8～"' in text_of(secretary, here)
    assert "総務" in text_of(secretary, "/taskforce/", nendo="R5")
    assert (
        "まだWGはありません" in text_of(secretary, "/taskforce/", nendo="R4")
        or TaskForce.objects.count() == 1
    )


def test_after_its_end_members_read_their_group_but_only_the_secretariat_writes(
    world: World, secretary: Client, officer: Client
) -> None:
    assert "課題を登録する" in text_of(officer, group_page(world))
    send(secretary, f"{group_page(world)}correct/", name="総務", valid_from="R5.4.1", valid_until="R6.3.31")
    assert "課題を登録する" not in text_of(officer, group_page(world))
    assert officer.post(f"{group_page(world)}issues/new/", ISSUE).status_code == 403
    send(secretary, f"{group_page(world)}issues/new/", **ISSUE)


def test_a_member_that_leaves_gets_a_last_day_and_writes_no_more(
    world: World, secretary: Client, officer: Client
) -> None:
    here = f"/taskforce/members/{world.kwargs['membership_id']}/correct/"
    assert "参加の終了日" in text_of(secretary, here)
    send(secretary, here, part="給与", valid_from="R5.4.1", valid_until="R5.9.30")
    assert last_record().verb == "taskforce.member_changed"
    assert "人事課（給与）" in text_of(secretary, "/taskforce/", nendo="R5")
    assert officer.get(group_page(world)).status_code == 200
    assert officer.post(f"{group_page(world)}issues/new/", ISSUE).status_code == 403
    again = {"unit": "0101", "valid_from": "R6.4.1"}
    assert "すでに構成所属です" in refused(secretary, f"{group_page(world)}members/new/", **again)


def test_a_group_entered_by_mistake_is_removed_unless_it_has_worked(world: World, secretary: Client) -> None:
    here = f"{group_page(world)}remove/"
    assert "会議か課題があるので消せません" in refused(secretary, here, reason="誤り")
    send(secretary, f"/taskforce/issues/{world.kwargs['issue_id']}/remove/", reason="試し")
    assert (last_record().verb, last_record().reason) == ("taskforce.issue_removed", "試し")
    send(secretary, here, reason="誤り")
    assert secretary.get(group_page(world)).status_code == 404
    removed = AuditRow.objects.filter(reason="誤り").order_by("pk").values_list("verb", flat=True)
    assert list(removed) == [
        "taskforce.member_removed",
        "taskforce.target_removed",
        "taskforce.roadmap_removed",
        "taskforce.group_removed",
    ]


def test_unknown_systems_are_all_named_at_once(world: World, secretary: Client) -> None:
    text = refused(secretary, f"{group_page(world)}systems/", systems="0007\n9998、9999")
    assert "番号 9998、9999 のシステムはありません" in text
    send(secretary, f"{group_page(world)}systems/", systems="００４２")
    assert verbs()[-2:] == ["taskforce.target_removed", "taskforce.target_added"]


def test_a_meeting_is_entered_numbered_by_year_and_corrected(world: World, secretary: Client) -> None:
    add = f"/taskforce/{world.kwargs['task_force_id']}/meetings/new/"
    assert 'name="number" value="2"' in text_of(secretary, add, nendo="R5")
    assert 'name="number" value="1"' in text_of(secretary, add, nendo="R4")
    assert 'name="number" value="1"' in text_of(secretary, add, nendo="R5", group=world.kwargs["group_id"])
    assert "令和5年度第1回は、もう登録されています" in refused(secretary, add, **{**MEETING, "number": "1"})
    assert not Gathering.objects.filter(title="第2回会議").exists()
    send(secretary, add, **MEETING)
    send(secretary, add, **{**MEETING, "number": "1", "held_on": "R6.4.12", "title": "翌年度の会議"})
    meeting = Meeting.objects.get(number=2)
    here = f"/taskforce/meetings/{meeting.pk}/correct/"
    assert "第2回会議" in text_of(secretary, here)
    send(
        secretary,
        here,
        **{**MEETING, "number": "3", "title": "第3回会議", "working_group": world.kwargs["group_id"]},
    )
    meeting.refresh_from_db()
    assert (str(meeting), meeting.gathering.title) == ("総務WG 第3回", "第3回会議")
    assert verbs()[-2:] == ["taskforce.meeting_changed", "gathering.changed"]
    assert secretary.get("/taskforce/meetings/999999/correct/").status_code == 404


def test_the_session_of_a_meeting_links_back_and_leads_to_the_rooms_form(
    world: World, secretary: Client, officer: Client
) -> None:
    gathering = world.objects["meeting"]
    text = text_of(secretary, f"/gatherings/{gathering.pk}/")
    assert "見本タスクフォース 第1回" in text
    assert f"/taskforce/meetings/{world.kwargs['meeting_id']}/correct/" in text
    text = text_of(officer, f"/gatherings/{gathering.pk}/")
    assert "見本タスクフォース 第1回" in text
    assert "開催を直す" not in text


def test_removing_the_session_removes_its_meeting(world: World, secretary: Client) -> None:
    gathering, user = world.objects["meeting"], world.users[Role.SECRETARIAT]
    do_reopen_gathering(gathering, acting_user=user, reason="誤り")
    assert "見本タスクフォース 第1回" in text_of(secretary, f"/gatherings/{gathering.pk}/remove/")
    do_remove_gathering(gathering, acting_user=user, reason="二重")
    assert not Meeting.objects.exists()
    assert verbs()[-2:] == ["taskforce.meeting_removed", "gathering.removed"]


def test_a_hosting_division_does_not_remove_a_meeting_of_the_task_force(
    world: World, officer: Client
) -> None:
    gathering = session(world.objects["own"], "人事課で開く会議")
    force, group = world.objects["force"], world.objects["group"]
    meeting = Meeting(task_force=force, working_group=group, number=1)
    actions.do_plan_meeting(meeting, gathering, acting_user=world.users[Role.SECRETARIAT])
    assert "登録を消す" not in text_of(officer, f"/gatherings/{gathering.pk}/")
    assert officer.post(f"/gatherings/{gathering.pk}/remove/", {"reason": "誤り"}).status_code == 403


def test_a_member_keeps_issues_and_roadmap_of_its_group(world: World, officer: Client) -> None:
    here = group_page(world)
    text = refused(officer, f"{here}issues/new/", **{**ISSUE, "due": "R5.8.1", "detail": "様式が三つある"})
    assert "期限は登録日以後の日にしてください" in text
    assert "様式が三つある" in text
    send(officer, f"{here}issues/new/", **{**ISSUE, "system": "０００７", "owner": "1003", "due": "R6.3.1"})
    issue = Issue.objects.get(title="帳票が違う")
    page = f"/taskforce/issues/{issue.pk}/"
    assert "仮名 次郎" in text_of(officer, page)
    assert "登録日より前の日です" in refused(officer, f"{page}move/", state="done", on="R5.8.31")
    assert "まだ来ていない日です" in refused(officer, f"{page}move/", state="done", on="R81.1.1")
    send(officer, f"{page}move/", state="done", on="R5.12.1")
    issue.refresh_from_db()
    assert issue.done_on == datetime.date(2023, 12, 1)
    send(officer, f"{page}move/", state="in_progress", on="R5.12.2")
    issue.refresh_from_db()
    assert issue.done_on is None
    send(officer, f"{here}roadmap/new/", title="運用開始", starts_on="R10.1.4", ends_on="R10.1.4")
    step = RoadmapItem.objects.get(title="運用開始")
    assert step.is_milestone
    assert "終了日は開始日以後" in refused(
        officer,
        f"/taskforce/roadmap/{step.pk}/correct/",
        title="運用開始",
        starts_on="R10.1.4",
        ends_on="R9.1.4",
    )
    send(officer, f"/taskforce/roadmap/{step.pk}/remove/")
    assert last_record().verb == "taskforce.roadmap_removed"


def test_a_division_outside_the_group_does_not_find_it(world: World, other: User) -> None:
    client = client_of(other)
    text = text_of(client, "/taskforce/")
    assert "総務" in text
    assert group_page(world) not in text
    for path in ("", "issues/new/", "roadmap/new/", "correct/"):
        assert client.get(group_page(world) + path).status_code == (403 if path == "correct/" else 404), path
    assert client.get(f"/taskforce/issues/{world.kwargs['issue_id']}/").status_code == 404
    assert client.get(f"/taskforce/roadmap/{world.kwargs['roadmap_item_id']}/correct/").status_code == 404
    assert client.get(f"/gatherings/{world.objects['meeting'].pk}/").status_code == 404
    for page in ("meetings/", "roadmap/", "issues/"):
        text = text_of(client, f"/taskforce/{page}", nendo="R5")
        for words in ("第1回会議", "要件の整理", "認証が分かれている"):
            assert words not in text


def test_a_division_that_has_to_solve_an_issue_works_on_that_issue_alone(world: World, other: User) -> None:
    secretary = world.users[Role.SECRETARIAT]
    issue = Issue(
        working_group=world.objects["group"],
        title="連携の様式",
        owner_unit=world.objects["other"],
        opened_on=DAY,
    )
    actions.do_open_issue(issue, acting_user=secretary)
    client = client_of(other)
    assert "連携の様式" in text_of(client, "/")
    send(client, f"/taskforce/issues/{issue.pk}/move/", state="in_progress", on="R5.9.1")
    assert client.get(f"/taskforce/issues/{issue.pk}/remove/").status_code == 403
    assert client.get(f"/taskforce/issues/{world.kwargs['issue_id']}/move/").status_code == 403
    assert client.post(f"{group_page(world)}issues/new/", ISSUE).status_code == 403


def test_the_executive_reads_and_does_not_write(world: World) -> None:
    client = client_of(world.users[Role.EXECUTIVE])
    for page in ("/taskforce/", group_page(world), f"/taskforce/issues/{world.kwargs['issue_id']}/"):
        text = text_of(client, page)
        for words in ("登録する", "直す", "消す", "Excelで取り込む"):
            assert words not in text, (page, words)


def test_a_renamed_division_stays_a_member_and_is_shown_under_the_name_of_the_year(
    world: World, officer: Client, secretary: Client
) -> None:
    machine = world.house.machine
    for first in ("0101", "0102"):
        unit = world.house.units[first]
        do_rename_unit(unit, datetime.date(2024, 4, 1), name=f"新{unit.name}", acting_user=machine)
    assert Issue.objects.get().owner_unit.name == "新人事課"
    officer = client_of(User.objects.get(pk=world.users[Role.OFFICER].pk))
    assert "認証が分かれている" in text_of(officer, "/")
    send(officer, f"{group_page(world)}issues/new/", **{**ISSUE, "opened_on": "R6.5.1"})
    secretary = client_of(User.objects.get(pk=world.users[Role.SECRETARIAT].pk))
    then = text_of(secretary, "/taskforce/", nendo="R5")
    assert "人事課（人事）" in then
    assert "事務局：行政DX推進課" in then
    assert "新人事課" not in then
    unit = Membership.objects.get().unit
    assert unit.name == "人事課"


def test_the_hubs_show_groups_and_open_issues(world: World, secretary: Client) -> None:
    Issue.objects.update(system=world.objects["system"])
    text = text_of(secretary, f"/systems/{world.kwargs['system_id']}/", nendo="R5")
    for words in ("総務WG", "移行時期 -", "認証が分かれている"):
        assert words in text, words
    own, other = world.objects["own"], world.objects["other"]
    assert "総務WG" in text_of(secretary, f"/office/units/{own.pk}/", nendo="R5")
    assert "総務WG" not in text_of(secretary, f"/office/units/{other.pk}/", nendo="R5")


def test_the_figures_of_the_overview_open_their_rows_for_those_who_may(
    world: World, officer: Client, secretary: Client
) -> None:
    assert "/figures/taskforce.meetings/" in text_of(secretary, "/taskforce/")
    assert "/figures/taskforce.meetings/" not in text_of(officer, "/taskforce/")


@pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.OFFICER])
def test_the_lists_cost_the_same_for_ten_and_for_sixty_rows(world: World, role: Role) -> None:
    user, client = world.users[Role.SECRETARIAT], client_of(world.users[role])
    pages = (
        "/taskforce/",
        "/taskforce/issues/",
        "/taskforce/meetings/",
        "/taskforce/roadmap/",
        group_page(world),
    )

    def fill(numbers: range) -> None:
        for number in numbers:
            own, force, group = world.objects["own"], world.objects["force"], world.objects["group"]
            issue = Issue(working_group=group, title=f"課題{number}", owner_unit=own, opened_on=DAY)
            actions.do_open_issue(issue, acting_user=user)
            step = RoadmapItem(working_group=group, title=f"工程{number}", starts_on=DAY, ends_on=DAY)
            actions.do_add_roadmap_item(step, acting_user=user)
            gathering = session(world.objects["own"], f"会議{number}", state=GatheringState.HELD)
            meeting = Meeting(task_force=force, number=number, working_group=group if number % 2 else None)
            actions.do_plan_meeting(meeting, gathering, acting_user=user)
            extra = WorkingGroup(task_force=force, name=f"WG{number}", valid_from=DAY)
            actions.do_set_up_group(extra, acting_user=user)
            actions.do_add_member(Membership(working_group=extra, unit=own, valid_from=DAY), acting_user=user)

    fill(range(10, 20))
    ten = {page: queries_of(client, page) for page in pages}
    fill(range(20, 70))
    assert {page: queries_of(client, page) for page in pages} == ten
