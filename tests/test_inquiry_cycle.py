"""One whole cycle of an inquiry in Chromium, by five people: from the questionnaire to the hearing."""

import datetime

import pytest
from django.utils import timezone

from tenshu.ground.access.roles import Role
from tenshu.ground.notices.models import Notice
from tenshu.mechanisms.inquiry.actions import answers, campaigns, steps
from tenshu.mechanisms.inquiry.models import Campaign, CampaignState, Sheet, SheetState, StepKind
from tenshu.mechanisms.inquiry.tests.workbook_editing import Filling
from tests.browser import browser  # noqa: F401 (a fixture)
from tests.personas import at_work, hire

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def last_year(world):
    """The sheet of 人事課 of the year before, answered and accepted: what this year's is prefilled from."""
    machine, sheet = world.house.machine, Sheet.objects.get(pk=world.kwargs["sheet_id"])
    questions = {question.code: question for question in world.objects["version"].questions.all()}
    said = {
        "Q1": {"answer": True},
        "Q2": {"answer": ["rpa"], "note": ""},
        "Q4": {"answer": "partly", "reason": "手順書を作っている"},
        "Q5": {"answer": "去年の意見"},
    }
    for code, value in said.items():
        answers.do_save_answer(sheet, questions[code], value, {}, acting_user=machine)
    steps.do_submit(sheet, acting_user=machine)
    steps.do_confirm(sheet, acting_user=world.users[Role.HEAD])
    steps.do_accept(sheet, acting_user=machine)
    campaigns.do_close_campaign(sheet.campaign, acting_user=machine)
    return sheet.campaign


@pytest.fixture
def people(browser, live_server, world):  # noqa: F811
    colleague = hire(world, "colleague", "1007", "見沢 夏美", "みさわ なつみ", "0101")
    second = hire(world, "second", "1008", "例川 秋人", "れいかわ あきと", "020101", is_officer=True)
    with at_work(
        browser,
        live_server.url,
        clerk=world.users[Role.SECRETARIAT],
        officer=world.users[Role.OFFICER],
        colleague=colleague,
        head=world.users[Role.HEAD],
        second=second,
    ) as found:
        yield found


def in_wareki(day):
    return f"R{day.year - 2018}.{day.month}.{day.day}"


def test_from_the_questionnaire_to_the_hearing(people, world, last_year, tmp_path):
    clerk, officer, colleague, head, second = people.values()
    write_questions(clerk, world)
    campaign = ask(clerk, last_year)
    sheet = campaign.sheets.get(subject_number="0101")
    confirm_and_hand_on(officer, sheet)
    answer_and_hand_back(colleague, sheet)
    out_and_in_again(officer, sheet, tmp_path / "回答.xlsx")
    submit_through_the_head(officer, head, sheet)
    returned_by_the_secretariat(clerk, officer, head, sheet)
    accepted(clerk, sheet)
    stand_in(clerk, second, campaign)
    compile_and_hear(clerk, officer, campaign, sheet)


def write_questions(clerk, world):
    """Last year's questions are copied already: one is added, then the version is published."""
    clerk.home().get_by_role("navigation", name="部屋").get_by_role("link", name="質問票").click()
    clerk.follow("業務のICT化")
    clerk.shot("01-questionnaire")
    clerk.follow("作成中の版を開く")
    clerk.follow("設問を加える")
    clerk.fill("設問番号", "Q7")
    clerk.fill("設問", "担当者の人数を教えてください。")
    clerk.field("回答の種類").select_option(label="整数")
    clerk.shot("02-question")
    clerk.press("加える")
    clerk.sees("設問を加えました")
    clerk.shot("03-version")
    clerk.follow("回答画面で見る")
    clerk.shot("04-preview")
    clerk.page.go_back()
    clerk.follow("確定へ進む")
    clerk.press("確定する")
    clerk.sees("この版で照会を始められます")


def ask(clerk, last_year):
    """A campaign to two divisions, carried forward from last year, is opened."""
    due = timezone.localdate() + datetime.timedelta(days=10)
    clerk.home().get_by_role("navigation", name="部屋").get_by_role("link", name="照会").click()
    clerk.follow("照会を作る")
    clerk.fill("照会名", "ICT化の照会（翌年度）")
    clerk.field("内容").select_option(label="業務のICT化 第2版（令和6年度）")
    clerk.field("前回の照会").select_option(label=str(last_year))
    clerk.field("対象").select_option(label="所属")
    clerk.fill("個別に加える対象", "0101、020101")
    clerk.fill("回答期限", in_wareki(due))
    clerk.fill("依頼文", "お忙しいところ恐れ入ります。\n前回の回答が今も正しいかを確かめてください。")
    clerk.shot("05-campaign-form")
    clerk.press("作る")
    clerk.sees("照会を作りました")
    clerk.follow("開始へ進む")
    clerk.sees("2件の照会票を作り")
    clerk.shot("06-open")
    clerk.press("開始する")
    clerk.sees("2件の照会票を作り、所属に知らせました")
    clerk.shot("07-board")
    campaign = Campaign.objects.latest("pk")
    assert (campaign.state, campaign.sheets.count()) == (CampaignState.OPEN, 2)
    return campaign


def confirm_and_hand_on(officer, sheet):
    """The officer finds it among the things to do, says of two answers that they still hold, and hands it on."""
    officer.home()
    officer.sees("人事課に回答する")
    officer.shot("08-officer-home")
    officer.take_up("人事課に回答する")
    officer.follow("回答する")
    officer.sees("前回の回答")
    officer.shot("09-answer-prefilled")
    assert not sheet.answers.exists()
    officer.row("Q1").get_by_role("button", name="今年も同じ").click()
    officer.sees("1問を「今年も同じ」にしました")
    officer.row("Q4").get_by_role("button", name="今年も同じ").click()
    officer.follow("割り振る")
    officer.fill("職員番号", "1007")
    officer.fill("コメント", "業務の一覧をお願いします")
    officer.shot("10-delegate")
    officer.press("割り振る")
    officer.sees("見沢 夏美の番です")
    officer.shot("11-delegated")


def answer_and_hand_back(colleague, sheet):
    """Each answer is saved as it is typed; a row is added to the table; then the sheet goes back."""
    colleague.take_up("人事課に回答する")
    colleague.sees("業務の一覧をお願いします")
    colleague.follow("回答する")
    colleague.row("Q2").get_by_label("RPA").uncheck()
    colleague.row("Q2").get_by_label("申請フォーム").check()
    colleague.saved("Q2")
    colleague.row("Q5").get_by_role("textbox").fill("入力の手間を減らしたい。\n二行目。")
    colleague.row("Q7").get_by_role("textbox").fill("１２")
    colleague.saved("Q5")
    colleague.page.keyboard.press("Tab")
    colleague.saved("Q7")
    colleague.shot("12-autosaved")
    colleague.row("Q3").get_by_role("link").click()
    colleague.follow("行を加える")
    colleague.fill("業務名", "勤怠の集計")
    colleague.page.get_by_label("年間時間").fill("１，２００")
    colleague.shot("13-row")
    colleague.press("加える")
    colleague.sees("1,200")
    colleague.shot("14-rows")
    colleague.go("inquiry:sheet-detail", sheet.pk)
    colleague.follow("所属に戻す")
    colleague.fill("コメント", "業務は一つだけでした")
    colleague.press("戻す")
    colleague.sees("所属に戻しました")
    told = {answer.question.code: answer.value for answer in sheet.answers.all()}
    assert told["Q5"] == {"answer": "入力の手間を減らしたい。\n二行目。"}
    assert told["Q7"] == {"answer": 12}


def out_and_in_again(officer, sheet, path):
    """The sheet goes out as a workbook, is filled in as Excel users do, and is looked through before it is saved."""
    officer.go("inquiry:sheet-workbook-in", sheet.pk)
    with officer.page.expect_download() as download:
        officer.follow("Excelに取り出す")
    download.value.save_as(path)
    filling = Filling(path.read_bytes())
    filling.answer("Q5", "回答", "Excelで書き足した意見。\n二行目。")
    path.write_bytes(filling.saved())
    officer.page.locator("input[type=file]").set_input_files(path)
    officer.press("何が変わるか確かめる")
    officer.sees("Excelで書き足した意見。")
    officer.shot("14b-workbook-check")
    officer.page.locator(".action-bar").get_by_role("button", name="保存する").click()
    officer.sees("Excelの内容を保存しました")
    assert sheet.answers.get(question__code="Q5").value == {"answer": "Excelで書き足した意見。\n二行目。"}


def submit_through_the_head(officer, head, sheet):
    """Submitted, returned by the head with a word at a question, corrected, submitted, confirmed."""
    officer.go("inquiry:sheet-answer", sheet.pk)
    officer.shot("15-before-submit")
    officer.press("保存して提出へ進む")
    officer.fill("コメント", "確認をお願いします")
    officer.press("提出する")
    officer.sees("提出しました")
    officer.shot("16-submitted")
    head.take_up("人事課の回答を確認する")
    head.shot("17-head")
    head.follow("差し戻す")
    head.page.get_by_label("Q4", exact=False).fill("規程の名前を書いてください。")
    head.shot("18-head-returns")
    head.press("差し戻す")
    head.sees("差し戻しました")
    officer.take_up("人事課に回答する")
    officer.shot("19-returned")
    officer.follow("回答する")
    officer.sees("規程の名前を書いてください。")
    officer.row("Q4").get_by_role("textbox").fill("情報化推進規程で定めている")
    officer.page.keyboard.press("Tab")
    officer.saved("Q4")
    officer.shot("20-corrected")
    officer.press("保存して提出へ進む")
    officer.press("提出する")
    head.take_up("人事課の回答を確認する")
    head.follow("確認する")
    head.shot("21-confirm")
    head.press("確認して提出する")
    head.sees("確認して、事務局に提出しました")


def returned_by_the_secretariat(clerk, officer, head, sheet):
    """The secretariat returns it too, with a word at one question; what is mended is confirmed once more."""
    clerk.take_up("人事課の回答を受理する")
    clerk.shot("22-clerk-sheet")
    clerk.follow("差し戻す")
    clerk.fill("差し戻す理由", "1か所だけお願いします")
    clerk.page.get_by_label("Q7", exact=False).fill("会計年度任用職員も含めてください。")
    clerk.press("差し戻す")
    clerk.sees("差し戻しました")
    officer.go("inquiry:sheet-answer", sheet.pk)
    officer.sees("会計年度任用職員も含めてください。")
    officer.shot("23-returned-by-secretariat")
    officer.row("Q7").get_by_role("textbox").fill("15")
    officer.page.keyboard.press("Tab")
    officer.saved("Q7")
    officer.press("保存して提出へ進む")
    officer.press("提出する")
    head.go("inquiry:sheet-confirm", sheet.pk)
    head.press("確認して提出する")


def accepted(clerk, sheet):
    clerk.go("inquiry:sheet-detail", sheet.pk)
    clerk.follow("受理する")
    clerk.press("受理する")
    clerk.sees("受理しました")
    clerk.shot("24-accepted")
    sheet.refresh_from_db()
    assert sheet.state == SheetState.ACCEPTED
    kinds = list(sheet.steps.order_by("at", "pk").values_list("kind", flat=True))
    begun = [StepKind.OPENED, StepKind.DELEGATED, StepKind.HANDED_BACK, StepKind.IMPORTED]
    assert kinds[:5] == [*begun, StepKind.SUBMITTED]
    assert kinds.count(StepKind.RETURNED_BY_HEAD) == kinds.count(StepKind.RETURNED) == 1
    assert not sheet.remarks.filter(settled_at=None).exists()


def stand_in(clerk, second, campaign):
    """The other division has no head for now: reminded, it answers, and a substitute confirms."""
    sheet = campaign.sheets.get(subject_number="020101")
    clerk.go("inquiry:substitute-add")
    clerk.fill("所属", "020101")
    clerk.fill("代決者の職員番号", "1008")
    clerk.fill("理由", "所属長の出張")
    clerk.shot("25-substitute")
    clerk.press("決める")
    clerk.sees("代決者を決めました")
    clerk.go("inquiry:campaign-remind", campaign.pk)
    clerk.shot("26-remind")
    clerk.fill("添える文", "あと少しです")
    clerk.press("催促を知らせる")
    clerk.sees("人に知らせました")
    assert Notice.objects.filter(person__login_name="second", body__contains="あと少しです").exists()
    second.home().get_by_role("link", name="お知らせ").first.click()
    second.shot("27-notices")
    second.go("inquiry:sheet-answer", sheet.pk)
    second.row("Q1").get_by_label("いいえ").check()
    second.saved("Q1")
    second.press("保存して提出へ進む")
    second.press("提出する")
    second.follow("確認する")
    second.press("確認して提出する")
    second.sees("事務局の番です")
    second.shot("28-substitute-confirmed")
    clerk.go("inquiry:sheet-accept", sheet.pk)
    clerk.press("受理する")


def compile_and_hear(clerk, officer, campaign, sheet):
    """Closed, compiled, counted; what needs a hearing is found by rule, planned, and seen by the division."""
    clerk.go("inquiry:campaign-detail", campaign.pk)
    clerk.sees("6 / 7")
    clerk.shot("29-board-done")
    clerk.follow("締め切る")
    clerk.press("締め切る")
    clerk.sees("締め切りました")
    clerk.follow("回答の一覧")
    clerk.sees("申請フォーム")
    clerk.shot("30-answers")
    clerk.go("inquiry:campaign-counts", campaign.pk)
    clerk.sees("2件の照会票から")
    clerk.shot("31-counts")
    clerk.go("inquiry:campaign-hearings", campaign.pk)
    clerk.follow("目安を加える")
    clerk.fill("条件", "Q1＝はい")
    clerk.fill("理由", "困っている業務を聞く")
    clerk.press("加える")
    clerk.press("目安を当てはめる")
    clerk.sees("目安に当てはまる1件を加えました")
    clerk.shot("32-hearings")
    clerk.page.get_by_role("link", name="日程を決める").click()
    clerk.fill("開催日", in_wareki(timezone.localdate() + datetime.timedelta(days=20)))
    clerk.fill("開始時刻", "14:00")
    clerk.fill("場所", "第1会議室")
    clerk.shot("33-plan")
    clerk.press("日程を決める")
    clerk.sees("ヒアリングを会議に加えました")
    officer.go("inquiry:sheet-detail", sheet.pk)
    officer.sees("困っている業務を聞く")
    officer.shot("34-hearing-seen")
    officer.page.locator("aside.rail").get_by_role("link", name="のヒアリング").click()
    officer.sees("第1会議室")
    officer.shot("35-gathering")
    assert sheet.hearing_needs.get().gathering.attendances.get().unit == sheet.respondent
