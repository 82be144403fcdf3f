"""What goes wrong while a sheet is answered: nothing that was typed is lost, and everybody is told clearly."""

import datetime
import json

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tenshu.ground.access.roles import Role
from tenshu.ground.notices.models import Notice
from tenshu.ground.notices.reminders import climb
from tenshu.ground.office.actions import do_transfer
from tenshu.ground.office.actions.reorganisation import do_add_step, do_plan_reorganisation, do_reorganise
from tenshu.ground.office.models import ReorganisationStep, StepKind, Unit
from tenshu.mechanisms.inquiry.actions import steps
from tenshu.mechanisms.inquiry.actions.holders import do_hand_back_left
from tenshu.mechanisms.inquiry.models import Sheet, SheetState
from tenshu.mechanisms.inquiry.notice_kinds import DUE
from tests.browser import browser  # noqa: F401 (a fixture)
from tests.personas import at_work, hire, send_without_script
from tests.serving import served
from tests.world import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OPINION = "窓口の入力を減らしたい。\n二行目。"
STORED = {"answer": OPINION}


@pytest.fixture
def sheet(world):
    return Sheet.objects.get(pk=world.kwargs["sheet_id"])


@pytest.fixture
def questions(world):
    return {question.code: question for question in world.objects["version"].questions.all()}


@pytest.fixture
def people(browser, live_server, world):  # noqa: F811
    users = {"officer": world.users[Role.OFFICER], "head": world.users[Role.HEAD]}
    with at_work(browser, live_server.url, **users) as found:
        yield found


def value(sheet, question):
    return sheet.answers.get(question=question).value


def type_opinion(person, text=OPINION):
    person.row("Q5").get_by_role("textbox").fill(text)
    person.page.keyboard.press("Tab")


def test_two_editors_at_once_see_both_texts_and_lose_none(people, sheet, questions):
    officer, head = people["officer"], people["head"]
    for person in (officer, head):
        person.go("inquiry:sheet-answer", sheet.pk)
    type_opinion(officer)
    officer.saved("Q5")
    head.row("Q4").get_by_label("一部実施").check()
    head.saved("Q4")
    type_opinion(head, "別の意見")

    slot = head.row("Q5").locator("[id^=s-]")
    expect(slot).to_contain_text("ほかの人が先に変えていました")
    expect(slot).to_contain_text("窓口の入力を減らしたい。")
    expect(head.row("Q5").get_by_role("textbox")).to_have_value("別の意見")
    head.shot("f1-conflict")
    assert value(sheet, questions["Q5"]) == STORED
    slot.get_by_label("入力した内容にする").check()
    head.saved("Q5")

    assert value(sheet, questions["Q5"]) == {"answer": "別の意見"}
    assert value(sheet, questions["Q4"])["answer"] == "partly"
    officer.row("Q4").get_by_role("textbox").fill("規程あり")
    officer.page.keyboard.press("Tab")
    officer.saved("Q4")
    assert value(sheet, questions["Q4"]) == {"answer": "partly", "reason": "規程あり"}


def test_a_long_text_is_saved_while_the_cursor_still_stands_in_it(people, sheet, questions):
    officer = people["officer"]
    officer.go("inquiry:sheet-answer", sheet.pk)
    officer.row("Q5").get_by_role("textbox").press_sequentially("まだ書いている")
    officer.saved("Q5")
    assert value(sheet, questions["Q5"]) == {"answer": "まだ書いている"}
    expect(officer.row("Q5").get_by_role("textbox")).to_be_focused()


def test_saving_again_before_the_first_answer_came_is_no_conflict(people, sheet, questions):
    officer = people["officer"]
    page = officer.go("inquiry:sheet-answer", sheet.pk)

    def late(route):
        page.wait_for_timeout(400)
        route.continue_()

    page.route(f"**/answer/{questions['Q5'].pk}/", late)
    type_opinion(officer, "はじめの文")
    type_opinion(officer)
    officer.saved("Q5")
    expect(officer.row("Q5").locator("[id^=b-]")).to_have_value(json.dumps(STORED, ensure_ascii=False))

    assert value(sheet, questions["Q5"]) == STORED
    expect(officer.row("Q5").locator("[id^=s-]")).not_to_contain_text("ほかの人が")


def test_without_a_connection_the_text_waits_on_the_page_and_is_saved_when_it_is_back(
    people, sheet, questions
):
    officer = people["officer"]
    page = officer.go("inquiry:sheet-answer", sheet.pk)
    page.context.set_offline(True)
    type_opinion(officer)

    slot = officer.row("Q5").locator("[id^=s-]")
    expect(slot).to_contain_text("まだ保存していません")
    expect(officer.row("Q5").get_by_role("textbox")).to_have_value(OPINION)
    officer.shot("f2-offline")
    officer.press("保存する")
    expect(page.locator("#messages")).to_contain_text("サーバーにつながりません")
    assert not sheet.answers.exists()
    page.context.set_offline(False)
    officer.saved("Q5")

    assert value(sheet, questions["Q5"]) == STORED
    expect(page.locator("#messages")).not_to_contain_text("サーバーにつながりません")
    officer.forgive("ERR_INTERNET", "Failed to fetch")


def test_a_session_that_ends_while_typing_loses_nothing(people, sheet, questions, live_server):
    officer = people["officer"]
    page = officer.go("inquiry:sheet-answer", sheet.pk)
    page.context.clear_cookies(name="sessionid")
    type_opinion(officer)
    expect(officer.row("Q5").locator("[id^=s-]")).to_contain_text("サインインが切れました")
    officer.shot("f3-signed-out")

    # In another tab the same person signs in: the page goes on as if nothing had been.
    other = page.context.new_page()
    other.goto(f"{live_server.url}/access/login/")
    other.get_by_label("利用者名").fill("officer")
    other.get_by_label("パスワード").fill(PASSWORD)
    other.get_by_role("button", name="サインインする", exact=True).click()
    expect(other.locator("h1")).to_have_text("やること")
    officer.press("保存する")
    officer.sees("保存しました")
    assert value(sheet, questions["Q5"]) == STORED

    # Without script and without the session, the sign-in leads back to the form with everything in it, unsaved.
    page.context.clear_cookies(name="sessionid")
    officer.row("Q5").get_by_role("textbox").fill("書き直した意見")
    send_without_script(page)
    expect(page.locator("h1")).to_have_text("サインイン")
    officer.shot("f4-sign-in-keeps")
    page.get_by_label("利用者名").fill("officer")
    page.get_by_label("パスワード").fill(PASSWORD)
    page.get_by_role("button", name="サインインする", exact=True).click()
    officer.sees("入力した内容を戻しました")
    expect(officer.row("Q5").get_by_role("textbox")).to_have_value("書き直した意見")
    officer.shot("f5-kept")
    assert value(sheet, questions["Q5"]) == STORED
    officer.press("保存する")
    officer.sees("保存しました")
    assert value(sheet, questions["Q5"]) == {"answer": "書き直した意見"}


def test_a_sheet_that_was_handed_over_meanwhile_says_who_has_it(people, sheet, world):
    officer = people["officer"]
    page = officer.go("inquiry:sheet-answer", sheet.pk)
    steps.do_delegate(sheet, world.house.staff["1004"], acting_user=world.users[Role.HEAD])
    type_opinion(officer)

    expect(officer.row("Q5").locator("[id^=s-]")).to_contain_text("いまの担当は、試山 三郎です。")
    expect(officer.row("Q5").get_by_role("textbox")).to_have_value(OPINION)
    officer.shot("f6-moved-slot")
    officer.press("保存する")
    expect(page.locator("h1")).to_have_text("保存できませんでした")
    officer.sees("いまの担当は、試山 三郎です。")
    officer.sees("窓口の入力を減らしたい。")
    officer.shot("f7-moved-page")
    assert not sheet.answers.exists()


def test_a_killed_server_has_kept_what_was_autosaved_and_submits_once(browser, world, sheet, questions):  # noqa: F811
    users = {"officer": world.users[Role.OFFICER]}
    with served() as server, at_work(browser, server.url, **users) as found:
        officer = found["officer"]
        page = officer.go("inquiry:sheet-answer", sheet.pk)
        officer.row("Q1").get_by_label("いいえ").check()
        officer.saved("Q1")
        type_opinion(officer)
        officer.saved("Q5")
        server.kill()
        officer.row("Q4").get_by_label("未実施").check()
        expect(officer.row("Q4").locator("[id^=s-]")).to_contain_text("まだ保存していません")
        assert value(sheet, questions["Q5"]) == STORED

        server.start()
        officer.saved("Q4")
        page.reload()
        expect(officer.row("Q5").get_by_role("textbox")).to_have_value(OPINION)
        officer.press("保存して提出へ進む")
        officer.press("提出する")
        officer.sees("提出しました")
        officer.forgive("ERR_CONNECTION", "Failed to fetch")

    sheet.refresh_from_db()
    assert sheet.state == SheetState.CHECKING
    assert sheet.steps.filter(kind="submitted").count() == 1
    assert value(sheet, questions["Q4"])["answer"] == "not_done"


def test_a_reorganisation_in_the_middle_takes_the_sheet_and_its_answers_along(
    people, sheet, questions, world
):
    officer, clerk = people["officer"], world.users[Role.SECRETARIAT]
    page = officer.go("inquiry:sheet-answer", sheet.pk)
    type_opinion(officer)
    officer.saved("Q5")
    today = timezone.localdate()
    plan = do_plan_reorganisation("年度途中の組織改正", today, acting_user=clerk)
    old = world.house.units["0101"]
    do_add_step(
        ReorganisationStep(
            plan=plan,
            kind=StepKind.OPEN,
            unit_kind="division",
            code="0109",
            name="人事企画課",
            parent_code="01",
        ),
        acting_user=clerk,
    )
    do_add_step(
        ReorganisationStep(plan=plan, kind=StepKind.END, unit=old, successor_codes="0109"), acting_user=clerk
    )
    do_reorganise(plan, acting_user=clerk)

    # The page that was open goes on: the same people, the same answers, under the new name.
    officer.row("Q1").get_by_label("いいえ").check()
    officer.saved("Q1")
    page.reload()
    expect(officer.row("Q5").get_by_role("textbox")).to_have_value(OPINION)
    officer.press("保存して提出へ進む")
    officer.press("提出する")
    officer.sees("提出しました")
    sheet.refresh_from_db()
    assert sheet.respondent == Unit.objects.get(code="0109")
    head = people["head"]
    head.go("inquiry:sheet-detail", sheet.pk)
    head.follow("確認する")
    head.press("確認して提出する")
    head.sees("確認して、事務局に提出しました")


def test_when_the_officer_is_transferred_the_next_one_sees_the_sheet_and_is_reminded(
    browser,  # noqa: F811
    live_server,
    world,
    sheet,
):
    machine, today = world.house.machine, timezone.localdate()
    Sheet.objects.filter(pk=sheet.pk).update(due_on=today)
    follower = hire(world, "follower", "1010", "後任 春子", "こうにん はるこ", "0101", is_officer=True)
    old = world.users[Role.OFFICER]
    do_transfer(old.staff, world.house.units["020101"], today, is_officer=True, acting_user=machine)
    Notice.objects.all().delete()

    with at_work(browser, live_server.url, old=old, follower=follower) as people:
        people["old"].go("inquiry:sheet-detail", sheet.pk)
        people["old"].sees("このページはありません")
        people["old"].home()
        expect(people["old"].page.locator("main")).not_to_contain_text("人事課に回答する")
        people["follower"].take_up("人事課に回答する")
        people["follower"].follow("回答する")
        type_opinion(people["follower"])
        people["follower"].saved("Q5")
        for person in people.values():
            person.forgive("404")

    _climb(today)
    about = Notice.objects.filter(kind=DUE, title__contains="人事課")
    assert {notice.person for notice in about} == {follower}


def test_when_the_person_who_was_given_the_sheet_moves_on_it_goes_back_to_the_division(world, sheet):
    machine, today = world.house.machine, timezone.localdate()
    holder = hire(world, "holder", "1011", "前任 冬樹", "ぜんにん ふゆき", "0101")
    steps.do_delegate(sheet, holder.staff, acting_user=machine)
    assert do_hand_back_left(today, acting_user=machine) == 0
    moved_on = today + datetime.timedelta(days=1)
    do_transfer(holder.staff, world.house.units["020101"], moved_on, acting_user=machine)

    assert do_hand_back_left(today, acting_user=machine) == 0
    assert do_hand_back_left(moved_on, acting_user=machine) == 1

    sheet.refresh_from_db()
    assert sheet.holder is None
    assert "異動・退職のため" in sheet.steps.latest("pk").comment
    told = Notice.objects.filter(person=world.users[Role.OFFICER], title__contains="戻されました")
    assert told.exists()


def _climb(day):
    """The reminders of ``day``, or of the next day on which the house works."""
    for ahead in range(10):
        if climb(day + datetime.timedelta(days=ahead)):
            return
