"""The pages of inquiries, by each persona: prepared, opened, answered, confirmed, returned, accepted."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tenshu.ground.access.roles import Role
from tenshu.ground.notices.models import Notice
from tenshu.mechanisms.inquiry.actions import answers, campaigns, steps
from tenshu.mechanisms.inquiry.models import Campaign, CampaignState, Sheet, SheetState
from tenshu.mechanisms.inquiry.notice_kinds import DUE
from tenshu.mechanisms.inquiry.tests.building import campaign_of, opened

pytestmark = pytest.mark.django_db


class Persona:
    """One person at the screen."""

    def __init__(self, user):
        self.user, self.client = user, Client()
        self.client.force_login(user)

    def get(self, name, *args, expect=200, **query):
        response = self.client.get(reverse(f"inquiry:{name}", args=args), query)
        assert response.status_code == expect, response.content.decode()[-2000:]
        return response.content.decode()

    def send(self, name, *args, expect=302, **values):
        htmx = {"HX-Request": "true"} if values.pop("htmx", False) else {}
        response = self.client.post(
            reverse(f"inquiry:{name}", args=args), {"sent": "1", **values}, headers=htmx
        )
        assert response.status_code == expect, response.content.decode()[-3000:]
        return response.content.decode()


@pytest.fixture
def people(world):
    return {role: Persona(user) for role, user in world.users.items()}


@pytest.fixture
def sheet(world):
    return Sheet.objects.get(pk=world.kwargs["sheet_id"])


@pytest.fixture
def questions(world):
    return {question.code: question for question in world.objects["version"].questions.all()}


def base(value=None):
    return json.dumps(value or {})


def test_a_campaign_is_prepared_checked_opened_closed_and_reopened(world, people):
    secretary, version = people[Role.SECRETARIAT], world.objects["version"]
    told = {
        "title": "追加の照会", "fiscal_year": 2023, "content": f"questionnaire:{version.pk}", "subject_kind": "unit",
        "selection": "対象.部局＝総務部", "numbers": "020101", "due_on": "令和81年6月30日", "host": "0102", "needs_head": "on",
    }  # fmt: skip
    refused = secretary.send(
        "campaign-add", expect=422, **told | {"numbers": "9999", "selection": "対象.部局＝"}
    )
    assert "「9999」という番号の所属はありません。" in refused
    assert "条件が読めません。" in refused
    secretary.send("campaign-add", **told)
    campaign = Campaign.objects.get(title="追加の照会")
    secretary.send("campaign-correct", campaign.pk, **told | {"due_on": "令和2年6月30日"})
    assert "回答期限が過ぎています。" in secretary.get("campaign-open", campaign.pk)
    secretary.send("campaign-open", campaign.pk, expect=422)
    secretary.send("campaign-correct", campaign.pk, **told)
    listed = secretary.get("campaign-open", campaign.pk)
    assert "4件の照会票を作り" in listed
    assert "環境衛生課" in listed

    secretary.send("campaign-open", campaign.pk)
    assert campaign.sheets.count() == 4
    secretary.send("campaign-close", campaign.pk)
    secretary.send("campaign-reopen", campaign.pk, expect=422)
    secretary.send("campaign-reopen", campaign.pk, reason="部局の求め")

    campaign.refresh_from_db()
    assert campaign.state == CampaignState.OPEN


def test_a_large_campaign_is_opened_by_a_job(world, people, monkeypatch):
    monkeypatch.setattr(campaigns, "AT_ONCE", 2)
    monkeypatch.setattr("tenshu.mechanisms.inquiry.actions.opening.AT_ONCE", 2)
    campaign = campaign_of(world.objects["version"], world.house.units["0102"], world.house.machine)
    assert "裏で作ります" in people[Role.SECRETARIAT].get("campaign-open", campaign.pk)

    people[Role.SECRETARIAT].send("campaign-open", campaign.pk)

    campaign.refresh_from_db()
    assert campaign.state == CampaignState.OPEN
    assert campaign.sheets.count() == 6


def test_the_board_counts_by_department_and_everyone_sees_the_own(
    world, people, django_assert_max_num_queries
):
    campaign = world.kwargs["campaign_id"]
    page = people[Role.SECRETARIAT].get("campaign-detail", campaign)
    assert "総務部" in page
    assert "6件のうち0件が提出されました" in page
    narrowed = people[Role.SECRETARIAT].get(
        "campaign-detail", campaign, department=world.house.units["02"].pk, state="answering"
    )
    assert "環境衛生課" in narrowed
    assert "3件" in narrowed
    own = people[Role.OFFICER].get("campaign-detail", campaign)
    assert "人事課" in own
    assert "環境衛生課" not in own
    with django_assert_max_num_queries(60):
        people[Role.SECRETARIAT].get("campaign-detail", campaign)
    response = people[Role.SECRETARIAT].client.get(
        reverse("inquiry:campaign-detail", args=[campaign]), {"out": "xlsx"}
    )
    assert response.content[:2] == b"PK"
    assert "ICT化の照会" in people[Role.OFFICER].get("campaign-list", year=2023, state="open")


def test_the_whole_way_over_the_pages(people, sheet, questions):
    officer, head, secretary = (people[role] for role in (Role.OFFICER, Role.HEAD, Role.SECRETARIAT))
    q1, q4 = questions["Q1"].pk, questions["Q4"].pk
    assert "Q1：回答がまだありません。" in officer.send("sheet-submit", sheet.pk, expect=422)
    officer.send("sheet-answer", sheet.pk, **{f"q{q1}-answer": "no", f"q{q1}-base": base(),
                 f"q{q4}-answer": "not_applicable", f"q{q4}-reason": "対象なし", f"q{q4}-base": base()})  # fmt: skip
    officer.send("sheet-submit", sheet.pk, comment="お願いします")
    assert Notice.objects.filter(person=head.user, title__contains="確認してください").exists()
    assert "確認する" in head.get("sheet-detail", sheet.pk)
    head.send("sheet-confirm", sheet.pk)
    secretary.send("sheet-return", sheet.pk, expect=422)
    secretary.send("sheet-return", sheet.pk, comment="根拠を", **{f"q{q4}": "規程名を書いてください。"})
    assert "規程名を書いてください。" in officer.get("sheet-answer", sheet.pk)
    assert "差戻し" in secretary.get("campaign-detail", sheet.campaign_id)
    officer.send("sheet-submit", sheet.pk)
    head.send("sheet-confirm", sheet.pk)

    secretary.send("sheet-accept", sheet.pk)

    sheet.refresh_from_db()
    assert sheet.state == SheetState.ACCEPTED
    page = officer.get("sheet-detail", sheet.pk)
    assert "受理済" in page
    assert "対象なし" in page
    officer.get("sheet-answer", sheet.pk, expect=302)


def test_each_question_is_saved_as_it_is_typed_and_others_appear(people, sheet, questions):
    officer, q1, q2 = people[Role.OFFICER], questions["Q1"].pk, questions["Q2"].pk
    assert f'id="q-{q2}" hidden' in officer.get("sheet-answer", sheet.pk)

    saved = officer.send("sheet-question", sheet.pk, q1, expect=200, htmx=True,
                         **{f"q{q1}-answer": "yes", f"q{q1}-base": base()})  # fmt: skip

    assert "に保存しました" in saved
    assert f'hx-target="#q-{q2}"' in saved
    assert "どの手段を望みますか。" in saved
    assert sheet.answers.get(question=q1).value == {"answer": True}
    gone = officer.send("sheet-question", sheet.pk, q1, expect=200, htmx=True,
                        **{f"q{q1}-answer": "no", f"q{q1}-base": base({"answer": True})})  # fmt: skip
    assert f'<div id="q-{q2}" hidden></div>' in gone


def test_two_editors_are_shown_both_values_and_choose(people, sheet, questions):
    officer, head, q4 = people[Role.OFFICER], people[Role.HEAD], questions["Q4"]
    typed = {f"q{q4.pk}-answer": "done", f"q{q4.pk}-reason": "規程あり", f"q{q4.pk}-base": base()}
    answers.do_save_answer(sheet, q4, {"answer": "partly"}, {}, acting_user=head.user)

    shown = officer.send("sheet-question", sheet.pk, q4.pk, expect=200, htmx=True, **typed)
    assert "ほかの人が先に変えていました" in shown
    assert "一部実施" in shown
    assert sheet.answers.get(question=q4).value["answer"] == "partly"
    page = officer.send("sheet-answer", sheet.pk, expect=422, **typed)
    assert "規程あり" in page
    officer.send(
        "sheet-question", sheet.pk, q4.pk, expect=200, htmx=True, **typed | {f"q{q4.pk}-choose": "mine"}
    )

    assert sheet.answers.get(question=q4).value == {"answer": "done", "reason": "規程あり"}


def test_what_cannot_be_read_stays_and_nothing_is_saved_of_it(world, people, sheet, questions):
    user = people[Role.OFFICER].user
    steps.do_delegate(sheet, user.staff, acting_user=user)
    q1, q5 = questions["Q1"].pk, questions["Q5"].pk

    page = people[Role.OFFICER].send("sheet-answer", sheet.pk, expect=422, **{
        f"q{q1}-answer": "謎", f"q{q1}-base": base(), f"q{q5}-answer": "一行目\r\n二行目", f"q{q5}-base": base()})  # fmt: skip

    assert "直すところが1つあります" in page
    assert sheet.answers.get().value == {"answer": "一行目\n二行目"}


def test_what_was_typed_comes_back_when_the_sheet_was_closed_in_between(people, sheet, questions):
    q5 = questions["Q5"].pk
    typed = {f"q{q5}-answer": "長い意見", f"q{q5}-base": base()}
    campaigns.do_close_campaign(sheet.campaign, acting_user=people[Role.SECRETARIAT].user)

    page = people[Role.OFFICER].send("sheet-answer", sheet.pk, expect=422, **typed)
    slot = people[Role.OFFICER].send("sheet-question", sheet.pk, q5, expect=409, htmx=True, **typed)

    assert "長い意見</textarea>" in page
    assert "締め切られています" in page
    assert "入力した内容はこの画面に残っています" in slot
    assert not sheet.answers.exists()


def test_last_years_answers_are_confirmed_by_a_button_with_the_rows(world, people, questions):
    machine, first = world.house.machine, Sheet.objects.get(pk=world.kwargs["sheet_id"])
    said = {"Q1": {"answer": True}, "Q2": {"answer": ["rpa"], "note": ""}, "Q5": {"answer": "要望"}}
    for code, value in said.items():
        answers.do_save_answer(first, questions[code], value, {}, acting_user=machine)
    steps.do_submit(first, acting_user=machine)
    Sheet.objects.filter(pk=first.pk).update(state=SheetState.COLLECTING)
    steps.do_accept(first, acting_user=machine)
    _, sheet = opened(world, version=world.objects["version"], previous=first.campaign)
    officer = people[Role.OFFICER]
    assert "前回の回答" in officer.get("sheet-answer", sheet.pk)

    officer.send("sheet-answer", sheet.pk, confirm=questions["Q1"].pk)
    assert sheet.answers.get().value == {"answer": True}
    officer.send("sheet-answer", sheet.pk, confirm="all")

    assert sheet.answers.count() == 3
    assert sheet.rows.get().values == {"task": "旅費の精算", "hours": 240}
    assert sheet.rows.get().key == first.rows.get().key


def test_rows_are_added_pasted_changed_and_removed(people, sheet, questions, world):
    officer, q3 = people[Role.OFFICER], questions["Q3"].pk
    officer.send("row-add", sheet.pk, q3, task="勤怠の集計", hours="１，２００")
    wrong = officer.send("sheet-paste", sheet.pk, q3, expect=422, text="窓口\t多い\n\t12\n照合\t5\tもう一つ")
    assert wrong.count("行目") >= 3
    officer.send("sheet-paste", sheet.pk, q3, text='業務名\t年間時間（時間）\n窓口\t30\n"複数\n行"\t')
    assert sorted(row.values["hours"] or 0 for row in sheet.rows.all()) == [0, 30, 240, 1200]
    row = sheet.rows.get(pk=world.kwargs["answer_row_id"])
    stale = base(row.values)
    answers.do_change_row(row, {"task": "旅費", "hours": 240}, row.values, acting_user=people[Role.HEAD].user)
    clash = officer.send("row-correct", row.pk, expect=422, task="旅費精算", hours="250", base=stale)
    assert "ほかの人が「旅費」に変えていました" in clash
    officer.send("row-remove", row.pk)

    assert sheet.rows.count() == 3
    assert "勤怠の集計" in officer.get("sheet-rows", sheet.pk, q3)


def test_a_file_is_an_answer_that_only_readers_of_the_sheet_take_out(people, sheet, questions):
    q6 = questions["Q6"].pk
    people[Role.OFFICER].send(
        "sheet-files", sheet.pk, q6, file=SimpleUploadedFile("資料.txt", "見本\n".encode())
    )
    answer = sheet.answers.get()
    assert answer.value == {"answer": ["資料.txt"]}
    page = people[Role.HEAD].get("sheet-detail", sheet.pk)
    url = page.split('href="/files/')[1].split('"')[0]
    assert people[Role.HEAD].client.get(f"/files/{url}").status_code == 200
    assert people[Role.STAFF].client.get(f"/files/{url}").status_code == 404
    key = str(answer.pk)
    assert key

    refused = people[Role.OFFICER].send(
        "sheet-files", sheet.pk, q6, expect=422, file=SimpleUploadedFile("a.html", b"<p>")
    )

    assert "資料.txt" in refused


def test_a_sheet_is_delegated_handed_back_reassigned_and_withdrawn(world, people, sheet):
    officer, staff, secretary = (people[role] for role in (Role.OFFICER, Role.STAFF, Role.SECRETARIAT))
    officer.send("sheet-delegate", sheet.pk, expect=422, staff="9999")
    officer.send("sheet-delegate", sheet.pk, staff="1004", comment="頼みます")
    assert "回答する" in staff.get("sheet-detail", sheet.pk)
    staff.get("sheet-answer", sheet.pk)
    staff.send("sheet-hand-back", sheet.pk)
    staff.get("sheet-detail", sheet.pk, expect=404)
    secretary.send("sheet-due", sheet.pk, due_on="令和82年1月31日", comment="繁忙期のため")
    secretary.send("sheet-reassign", sheet.pk, unit="020101", comment="所管替え")
    officer.get("sheet-detail", sheet.pk, expect=404)
    secretary.send("sheet-withdraw", sheet.pk, comment="廃止のため")
    assert "対象外" in secretary.get("sheet-detail", sheet.pk)
    secretary.send("sheet-restore", sheet.pk)

    sheet.refresh_from_db()
    assert (sheet.state, str(sheet.due_on)) == (SheetState.ANSWERING, "2100-01-31")


def test_many_sheets_are_reminded_of_given_time_and_accepted(world, people, sheet, questions):
    secretary, machine, unit = people[Role.SECRETARIAT], world.house.machine, world.objects["own"].pk
    secretary.send("campaign-remind", sheet.campaign_id, units=[unit], text="お早めに")
    assert Notice.objects.filter(person=world.users[Role.OFFICER], kind=DUE).exists()
    secretary.send("campaign-due", sheet.campaign_id, units=[unit], due_on="令和82年1月31日", reason="繁忙期")
    assert Sheet.objects.filter(due_on="2100-01-31").count() == 1
    assert "当てはまる照会票はありません" in secretary.get("campaign-accept", sheet.campaign_id)
    answers.do_save_answer(sheet, questions["Q1"], {"answer": False}, {}, acting_user=machine)
    steps.do_submit(sheet, acting_user=world.users[Role.OFFICER])
    assert not Notice.objects.filter(kind=DUE, fate="pending").exists()
    steps.do_confirm(sheet, acting_user=world.users[Role.HEAD])
    secretary.send("campaign-accept", sheet.campaign_id, units=[unit])

    sheet.refresh_from_db()
    assert sheet.state == SheetState.ACCEPTED


def test_answers_are_compiled_counted_and_taken_out(world, people, sheet, questions):
    machine, secretary = world.house.machine, people[Role.SECRETARIAT]
    for code, value in {
        "Q1": {"answer": True},
        "Q2": {"answer": ["form"]},
        "Q4": {"answer": "partly"},
    }.items():
        answers.do_save_answer(sheet, questions[code], value, {}, acting_user=machine)
    other = sheet.campaign.sheets.get(subject_number="0102")
    answers.do_save_answer(other, questions["Q1"], {"answer": False}, {}, acting_user=machine)
    answers.do_save_answer(other, questions["Q2"], {"answer": ["rpa"]}, {}, acting_user=machine)
    campaign = sheet.campaign_id

    assert "まだ回答はありません" in secretary.get("campaign-answers", campaign)
    page = secretary.get("campaign-answers", campaign, scope="all")
    assert "申請フォーム" in page
    assert "1行" in page
    assert ">RPA<" not in page
    counted = secretary.get("campaign-counts", campaign, scope="all")
    assert "6件の照会票から" in counted
    assert "旅費の精算" in secretary.get("campaign-rows", campaign, questions["Q3"].pk, scope="all")
    own = people[Role.OFFICER].get("campaign-answers", campaign, scope="all")
    assert "行政DX推進課" not in own.split("<main")[1]
    response = secretary.client.get(
        reverse("inquiry:campaign-rows", args=[campaign, questions["Q3"].pk]), {"scope": "all", "out": "xlsx"}
    )
    assert response.content[:2] == b"PK"


def test_answers_that_need_a_hearing_are_found_planned_and_linked(world, people, sheet, questions):
    secretary, campaign = people[Role.SECRETARIAT], sheet.campaign_id
    answers.do_save_answer(sheet, questions["Q1"], {"answer": True}, {}, acting_user=world.house.machine)
    assert "条件が読めません" in secretary.send(
        "hearing-rule-add", campaign, expect=422, condition="Q1", reason="x"
    )
    secretary.send("hearing-rule-add", campaign, condition="Q4＝未実施", reason="対策がない")
    secretary.send("campaign-hearings", campaign)
    secretary.send("campaign-hearings", campaign)
    assert sorted(need.reason for need in sheet.hearing_needs.all()) == [
        "件数を確かめる",
        "困っている業務を聞く",
    ]
    need = sheet.hearing_needs.get(rule__isnull=False)

    secretary.send(
        "need-plan", need.pk, held_on="令和81年2月1日", starts_at="14:00", form="in_person", place="第1会議室"
    )

    gathering = sheet.hearing_needs.first().gathering
    assert gathering.kind == "hearing"
    assert gathering.attendances.get().unit == sheet.respondent
    assert sheet.hearing_needs.filter(gathering=gathering).count() == 2
    assert "ヒアリング" in people[Role.OFFICER].get("sheet-detail", sheet.pk)
    url = reverse("gathering:gathering-detail", args=[gathering.pk])
    assert people[Role.OFFICER].client.get(url).status_code == 200
    secretary.send("sheet-hearing", sheet.pk, reason="費用も聞く")
    secretary.send("need-remove", sheet.hearing_needs.get(gathering=None).pk)
    secretary.send("hearing-rule-remove", world.kwargs["hearing_rule_id"])
    assert sheet.hearing_needs.count() == 2


def test_a_substitute_confirms_while_the_head_is_away(world, people, sheet, questions):
    head, staff = people[Role.HEAD], people[Role.STAFF]
    told = {"staff": "1004", "valid_from": "令和2年4月1日", "reason": "出張"}
    assert "自分が所属長である所属" in head.send("substitute-add", expect=422, unit="020101", **told)
    head.send("substitute-add", unit="0101", **told)
    answers.do_save_answer(sheet, questions["Q1"], {"answer": False}, {}, acting_user=head.user)
    steps.do_submit(sheet, acting_user=people[Role.OFFICER].user)
    staff.send("sheet-confirm", sheet.pk)
    assert "例田 太郎の代決" in head.get("sheet-detail", sheet.pk)
    named = head.user.staff.posts.get().unit.substitutes.get(valid_until=None)
    head.send("substitute-end", named.pk)

    named.refresh_from_db()
    assert named.valid_until is not None
    assert "試山 三郎" in head.get("substitute-list")


def test_what_is_typed_after_the_session_ended_stays_on_the_page(people, sheet, questions):
    officer, q5 = people[Role.OFFICER], questions["Q5"].pk
    officer.client.logout()

    slot = officer.send("sheet-question", sheet.pk, q5, expect=401, htmx=True,
                        **{f"q{q5}-answer": "長い意見", f"q{q5}-base": base()})  # fmt: skip

    assert "サインインが切れました" in slot
    assert "<html" not in slot
