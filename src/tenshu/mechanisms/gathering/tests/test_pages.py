import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.world import World

from tenshu.ground.access.models import User
from tenshu.ground.access.roles import Role
from tenshu.ground.audit.models import AuditRow
from tenshu.mechanisms.gathering.actions import (
    do_add_action_item,
    do_invite,
    do_plan_gathering,
)
from tenshu.mechanisms.gathering.models import ActionItem, Attendance, Gathering, GatheringState
from tenshu.mechanisms.gathering.tests.asking import (
    client_of,
    last_record,
    queries_of,
    refused,
    send,
    session,
    text_of,
    verbs,
)

NEW = {"kind": "meeting", "title": "打合せ", "held_on": "R6.2.14", "form": "online", "host": "0101"}


@pytest.fixture
def officer(world: World) -> Client:
    return client_of(world.users[Role.OFFICER])


@pytest.fixture
def secretary(world: World) -> Client:
    return client_of(world.users[Role.SECRETARIAT])


@pytest.fixture
def other(world: World) -> User:
    """The system officer of another division."""
    return world.house.person("other", "2001", "別見 五郎", "べつみ ごろう", "020101", is_officer=True)


def page_of(gathering: Gathering) -> str:
    return f"/gatherings/{gathering.pk}/"


def planned_today(world: World) -> Gathering:
    today = datetime.date.today()
    gathering = session(world.objects["own"], "本日の会議", today)
    return do_plan_gathering(gathering, acting_user=world.users[Role.OFFICER])


def test_a_session_is_entered_held_and_written_up_by_its_division(world: World, officer: Client) -> None:
    before = len(verbs())
    send(
        officer,
        "/gatherings/new/",
        **{**NEW, "held_on": "令和６年２月１４日", "starts_at": "１４時", "ends_at": "午後4時半"},
    )
    gathering = Gathering.objects.get(title="打合せ")
    here = page_of(gathering)
    send(officer, f"{here}agenda/", lines="進め方｜人事課\n\n次回の日程")
    send(officer, f"{here}attendance/new/", staff="1002")
    send(officer, f"{here}attendance/new/", guest="見本市の担当者")
    head, guest = gathering.attendances.order_by("pk")
    send(officer, f"/gatherings/attendance/{head.pk}/mark/", state="attended")
    send(officer, f"/gatherings/attendance/{guest.pk}/mark/", state="absent")
    send(officer, f"{here}hold/", head_count_count="２０", head_count_quality="approx")
    send(officer, f"{here}minutes/", minutes="日程を決めた。")
    send(officer, f"{here}decisions/new/", text="月に一度開く")
    send(officer, f"{here}actions/new/", text="案を作る", owner_unit="人事課", due="R6.3.1")
    send(officer, f"{here}materials/new/", file=SimpleUploadedFile("案.txt", "見本です。\n".encode()))
    text = text_of(officer, here)
    for words in (
        "14:00～16:30",
        "令和6年2月14日",
        "約20名",
        "進め方",
        "例田 太郎",
        "欠席",
        "日程を決めた。",
        "月に一度開く",
        "案を作る",
        "案.txt",
    ):
        assert words in text, words
    assert verbs()[before:] == [
        "gathering.planned",
        "gathering.agenda_set",
        "gathering.agenda_set",
        "gathering.invited",
        "gathering.invited",
        "gathering.attendance_marked",
        "gathering.attendance_marked",
        "gathering.held",
        "gathering.changed",
        "gathering.decided",
        "gathering.action_added",
        "files.attachment.added",
    ]


def test_times_may_stay_empty_and_an_end_needs_a_start(world: World, officer: Client) -> None:
    send(officer, "/gatherings/new/", **NEW, starts_at="", ends_at="")
    gathering = Gathering.objects.get(title="打合せ")
    assert (gathering.starts_at, gathering.ends_at) == (None, None)
    assert "開始時刻も入れてください" in refused(officer, "/gatherings/new/", **NEW, ends_at="16:00")
    assert "終了時刻は開始時刻より後" in refused(
        officer, "/gatherings/new/", **NEW, starts_at="14:00", ends_at="14:00"
    )


def test_a_refused_form_keeps_what_was_typed(world: World, officer: Client) -> None:
    text = refused(
        officer, "/gatherings/new/", **{**NEW, "title": "", "held_on": "令和5年2月30日", "starts_at": "25時"}
    )
    for words in ("件名を入れてください", "令和5年2月30日", "25時", "時刻はありません"):
        assert words in text
    assert 'value="0101"' in text
    assert Gathering.objects.filter(title="打合せ").count() == 0


def test_an_officer_enters_sessions_of_the_own_division_only(
    world: World, officer: Client, secretary: Client
) -> None:
    assert "自分の所属の会議です" in refused(officer, "/gatherings/new/", **{**NEW, "host": "020101"})
    assert "総務部 人事課" in text_of(officer, "/gatherings/new/")
    mine = world.objects["own_meeting"]
    values = {"title": mine.title, "held_on": "R5.8.24", "form": "online", "host": "020101"}
    assert "自分の所属の会議です" in refused(officer, f"{page_of(mine)}correct/", **values)
    send(secretary, "/gatherings/new/", **{**NEW, "host": "020101"})


def test_a_correction_shows_what_stands_and_records_what_changed(world: World, officer: Client) -> None:
    mine = world.objects["own_meeting"]
    here = f"{page_of(mine)}correct/"
    text = text_of(officer, here)
    assert "人事課の打合せ" in text
    assert "0101 総務部 人事課" in text
    send(officer, here, title="人事課の会議", held_on="2023/8/25", form="online", host="0101", outline="")
    row = last_record()
    assert (row.verb, row.before["title"], row.after["title"]) == (
        "gathering.changed",
        "人事課の打合せ",
        "人事課の会議",
    )
    assert row.after["held_on"] == "2023-08-25"


def test_a_session_of_another_division_does_not_exist_for_an_officer(world: World, other: User) -> None:
    mine = world.objects["own_meeting"]
    client = client_of(other)
    assert "人事課の打合せ" not in text_of(client, "/gatherings/")
    for path in (
        "",
        "calendar.ics",
        "correct/",
        "hold/",
        "cancel/",
        "reopen/",
        "remove/",
        "agenda/",
        "minutes/",
    ):
        assert client.get(page_of(mine) + path).status_code == 404, path
    for name, key in (
        ("attendance", "attendance_id"),
        ("decisions", "decision_id"),
        ("actions", "action_id"),
    ):
        assert client.get(f"/gatherings/{name}/{world.kwargs[key]}/remove/").status_code == 404, name
    assert client.get(f"{page_of(mine)}materials/{world.kwargs['attachment_id']}/remove/").status_code == 404


def test_who_is_invited_reads_but_does_not_write(world: World, other: User) -> None:
    mine = world.objects["own_meeting"]
    do_invite(mine, [Attendance(unit=world.objects["other"])], acting_user=world.users[Role.OFFICER])
    client = client_of(other)
    text = text_of(client, page_of(mine))
    assert "議題を決める" not in text
    assert "ほかの操作" not in text
    for path in ("correct/", "hold/", "cancel/", "reopen/", "remove/", "agenda/", "minutes/"):
        assert client.post(page_of(mine) + path).status_code == 403, path


def test_the_executive_reads_everything_and_writes_nothing(world: World) -> None:
    mine = world.objects["own_meeting"]
    client = client_of(world.users[Role.EXECUTIVE])
    assert "開催を直す" not in text_of(client, page_of(mine))
    assert client.post(f"{page_of(mine)}minutes/", {"minutes": "書き換え"}).status_code == 403


def test_something_to_do_opens_its_session_to_the_division_that_has_to_do_it(
    world: World, other: User
) -> None:
    mine = world.objects["own_meeting"]
    item = do_add_action_item(
        ActionItem(gathering=mine, text="様式を送る", owner_unit=world.objects["other"]),
        acting_user=world.users[Role.OFFICER],
    )
    client = client_of(other)
    assert "様式を送る" in text_of(client, "/")
    assert "完了にする" in text_of(client, page_of(mine))
    send(client, f"/gatherings/actions/{item.pk}/finish/")
    item.refresh_from_db()
    assert item.done_on is not None
    assert last_record().verb == "gathering.action_finished"
    assert "の宿題。担当" not in text_of(client, "/")
    assert client.post(f"/gatherings/actions/{item.pk}/correct/").status_code == 403
    assert client.post(f"/gatherings/actions/{world.kwargs['action_id']}/finish/").status_code == 403
    send(client, f"/gatherings/actions/{item.pk}/finish/")
    assert last_record().verb == "gathering.action_reopened"


def test_a_thing_to_do_is_corrected_and_struck_with_a_reason(world: World, officer: Client) -> None:
    here = f"/gatherings/actions/{world.kwargs['action_id']}/"
    assert "案を作る" in text_of(officer, f"{here}correct/")
    send(officer, f"{here}correct/", text="案を直す", owner_unit="0101", due="R6.1.31")
    assert ActionItem.objects.get().text == "案を直す"
    assert "理由" in refused(officer, f"{here}remove/", reason="")
    send(officer, f"{here}remove/", reason="重なっていた")
    assert (last_record().verb, last_record().reason) == ("gathering.action_removed", "重なっていた")
    assert not ActionItem.objects.exists()


def test_a_session_cannot_be_held_before_its_day(world: World, officer: Client) -> None:
    gathering = do_plan_gathering(
        session(world.objects["own"], "先の会議", datetime.date(2099, 4, 1)),
        acting_user=world.users[Role.OFFICER],
    )
    assert "開催日がまだ来ていません" in refused(officer, f"{page_of(gathering)}hold/", head_count_count="20")
    assert Gathering.objects.get(pk=gathering.pk).state == GatheringState.PLANNED


def test_a_mistaken_state_is_taken_back_with_a_reason(world: World, officer: Client) -> None:
    gathering = planned_today(world)
    here = page_of(gathering)
    send(officer, f"{here}hold/", head_count_count="20", head_count_quality="at_least")
    gathering.refresh_from_db()
    assert str(gathering.head_count) == "20名以上"
    assert "開催済の会議は中止にできません" in refused(officer, f"{here}cancel/", reason="誤り")
    assert "理由を入れてください" in refused(officer, f"{here}reopen/", reason=" ")
    send(officer, f"{here}reopen/", reason="日を間違えた")
    gathering.refresh_from_db()
    assert (gathering.state, gathering.head_count) == (GatheringState.PLANNED, None)
    row = last_record()
    assert (row.verb, row.reason, row.before["attendance_count"]) == (
        "gathering.reopened",
        "日を間違えた",
        20,
    )
    send(officer, f"{here}cancel/", reason="日程が合わない")
    assert "先に予定に戻してください" in refused(officer, f"{here}hold/", head_count_count="3")
    send(officer, f"{here}reopen/", reason="やはり開く")
    assert "すでに予定です" in refused(officer, f"{here}reopen/", reason="二度目")


def test_the_head_count_of_a_held_session_is_corrected(world: World, officer: Client) -> None:
    mine = world.objects["own_meeting"]
    assert 'value="20"' in text_of(officer, f"{page_of(mine)}hold/")
    send(officer, f"{page_of(mine)}hold/", head_count_count="", head_count_quality="exact")
    mine.refresh_from_db()
    assert mine.head_count is None
    assert last_record().verb == "gathering.count_changed"


def test_a_session_entered_twice_is_removed_as_long_as_nothing_hangs_on_it(
    world: World, officer: Client
) -> None:
    gathering = planned_today(world)
    here = page_of(gathering)
    send(officer, f"{here}agenda/", lines="進め方")
    send(officer, f"{here}attendance/new/", unit="0101")
    send(officer, f"{here}decisions/new/", text="決めた")
    assert "決定事項があるので消せません" in refused(officer, f"{here}remove/", reason="重複")
    send(officer, f"/gatherings/decisions/{gathering.decisions.get().pk}/remove/", reason="重複")
    send(officer, f"{here}remove/", reason="重複")
    assert officer.get(here).status_code == 404
    rows = AuditRow.objects.filter(reason="重複").order_by("pk").values_list("verb", flat=True)
    assert list(rows) == [
        "gathering.decision_removed",
        "gathering.agenda_removed",
        "gathering.attendance_removed",
        "gathering.removed",
    ]
    mine = world.objects["own_meeting"]
    assert "消せるのは予定の会議だけです" in refused(officer, f"{page_of(mine)}remove/", reason="誤り")


def test_a_past_session_without_an_outcome_waits_in_the_tasks(world: World, officer: Client) -> None:
    do_plan_gathering(session(world.objects["own"], "忘れた会議"), acting_user=world.users[Role.OFFICER])
    do_plan_gathering(
        session(world.objects["other"], "よその会議"), acting_user=world.users[Role.SECRETARIAT]
    )
    text = text_of(officer, "/")
    assert "「忘れた会議」を開いたか記録する" in text
    assert "よその会議" not in text


def test_the_next_thing_to_do_is_the_one_filled_button(world: World, officer: Client) -> None:
    mine = world.objects["own_meeting"]
    assert 'class="button" href="' + f"{page_of(mine)}minutes/" in text_of(officer, page_of(mine))
    today = planned_today(world)
    assert 'class="button" href="' + f"{page_of(today)}hold/" in text_of(officer, page_of(today))


@pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.OFFICER])
def test_the_list_costs_the_same_for_ten_and_for_sixty_sessions(world: World, role: Role) -> None:
    user, client = world.users[role], client_of(world.users[role])
    for number in range(10):
        do_plan_gathering(session(world.objects["own"], f"会議{number}"), acting_user=user)
    ten = queries_of(client, "/gatherings/")
    for number in range(10, 60):
        do_plan_gathering(session(world.objects["own"], f"会議{number}"), acting_user=user)
    assert queries_of(client, "/gatherings/") == ten


def test_a_full_page_of_one_session_costs_the_same_as_a_short_one(world: World, officer: Client) -> None:
    mine = world.objects["own_meeting"]
    user = world.users[Role.OFFICER]
    do_invite(mine, [Attendance(guest=f"参加者{n}") for n in range(3)], acting_user=user)
    few = queries_of(officer, page_of(mine))
    do_invite(mine, [Attendance(guest=f"続き{n}") for n in range(30)], acting_user=user)
    for number in range(20):
        item = ActionItem(gathering=mine, text=f"宿題{number}", owner_unit=world.objects["own"])
        do_add_action_item(item, acting_user=user)
    # One query more may come from the tasks' counter in the menu, none from a row.
    assert queries_of(officer, page_of(mine)) <= few + 1


def test_only_the_secretariat_sees_the_way_to_excel(world: World, officer: Client, secretary: Client) -> None:
    assert "/imports/gathering-agenda/" in text_of(secretary, "/gatherings/")
    assert "/imports/gathering-agenda/" not in text_of(officer, "/gatherings/")
