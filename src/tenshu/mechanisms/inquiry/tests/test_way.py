"""A sheet's way from 照会 to 受理, and who may do what on it."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from tenshu.ground.access.roles import Role
from tenshu.ground.audit.models import AuditRow
from tenshu.mechanisms.inquiry.actions import answers, campaigns, steps
from tenshu.mechanisms.inquiry.models import CampaignState, Sheet, SheetState, StepKind, Substitute
from tenshu.mechanisms.inquiry.queries import access_sheet, sheets_for
from tenshu.mechanisms.inquiry.reading import read_sheet
from tenshu.mechanisms.inquiry.tests.building import campaign_of, opened, published
from tenshu.mechanisms.inquiry.unit_following import follow
from tenshu.mechanisms.questionnaire import actions as questionnaires

pytestmark = pytest.mark.django_db


def fill(sheet, user, **more):
    said = {"Q1": {"answer": False}} | more
    for question in sheet.campaign.version.questions.filter(code__in=said):
        answers.do_save_answer(sheet, question, said[question.code], {}, acting_user=user)


def test_opening_freezes_the_subjects_and_asks_each_once(world):
    campaign, sheet = opened(world)

    assert campaign.state == CampaignState.OPEN
    assert sheet.respondent == world.objects["own"]
    assert sheet.attributes["部局"] == "総務部"
    assert campaign.sheets.count() == len({s.subject for s in campaign.sheets.all()})
    assert AuditRow.objects.filter(verb="inquiry.sheet_opened").count() == Sheet.objects.count()
    with pytest.raises(ValidationError, match="既に開始しています"):
        campaigns.do_open_campaign(campaign, acting_user=world.house.machine)


def test_only_the_subjects_that_meet_the_condition_are_asked(world):
    campaign, _ = opened(
        world, selection="対象.部局＝総務部 かつ 対象.種別＝所属", picked=[world.objects["other"].pk]
    )

    assert {s.subject_number for s in campaign.sheets.all()} == {"0101", "0102", "020101"}


def test_what_stands_against_opening_is_told_at_once(world):
    user = world.house.machine
    version = questionnaires.do_copy_version(published(user), 2024, acting_user=user)
    campaign = campaign_of(
        version, world.house.units["0102"], user, due_on=datetime.date(2020, 1, 1), selection="対象.部局＝"
    )

    with pytest.raises(ValidationError) as refused:
        campaigns.do_open_campaign(campaign, acting_user=user)

    assert len(refused.value.messages) == 3
    assert not campaign.sheets.exists()


def test_the_whole_way_with_a_return_and_every_step_dated(world):
    campaign, sheet = opened(world)
    officer, head, secretary = (world.users[r] for r in (Role.OFFICER, Role.HEAD, Role.SECRETARIAT))
    with pytest.raises(ValidationError, match="Q1：回答がまだありません"):
        steps.do_submit(sheet, acting_user=officer)
    fill(sheet, officer)
    steps.do_submit(sheet, acting_user=officer)
    steps.do_confirm(sheet, acting_user=head)
    question = campaign.version.questions.get(code="Q4")
    steps.do_return(sheet, "理由を足してください。", {question: "根拠は？"}, acting_user=secretary)

    assert [str(r.text) for r in read_sheet(Sheet.objects.get(pk=sheet.pk)).items[1].remarks] == ["根拠は？"]
    steps.do_submit(sheet, acting_user=officer)
    steps.do_confirm(sheet, acting_user=head)
    sheet = steps.do_accept(sheet, acting_user=secretary)

    assert sheet.state == SheetState.ACCEPTED
    assert not sheet.remarks.filter(settled_at=None).exists()
    kinds = ["opened", "submitted", "confirmed", "returned", "submitted", "confirmed", "accepted"]
    assert list(sheet.steps.values_list("kind", flat=True)) == kinds
    assert AuditRow.objects.filter(verb="inquiry.step_added", target_key=str(sheet.steps.last().pk)).exists()


def test_nobody_but_the_head_or_the_substitute_confirms(world):
    _, sheet = opened(world)
    fill(sheet, world.users[Role.OFFICER])
    steps.do_submit(sheet, acting_user=world.users[Role.OFFICER])
    with pytest.raises(ValidationError, match="所属長か、その代決者"):
        steps.do_confirm(sheet, acting_user=world.users[Role.OFFICER])
    Substitute.objects.create(
        unit=sheet.respondent, staff=world.users[Role.OFFICER].staff, reason="出張",
        valid_from=datetime.date(2020, 1, 1),
    )  # fmt: skip

    steps.do_confirm(sheet, acting_user=world.users[Role.OFFICER])

    step = sheet.steps.get(kind=StepKind.CONFIRMED)
    assert step.on_behalf_of == world.users[Role.HEAD].staff


def test_a_delegated_sheet_is_answered_by_its_holder_and_comes_back(world):
    _, sheet = opened(world)
    officer, staff = world.users[Role.OFFICER], world.users[Role.STAFF]
    with pytest.raises(Http404):
        access_sheet(staff, sheet.pk)
    steps.do_delegate(sheet, staff.staff, acting_user=officer)

    assert access_sheet(staff, sheet.pk, "answer") == sheet
    with pytest.raises(PermissionDenied):
        access_sheet(officer, sheet.pk, "answer")
    steps.do_hand_back(sheet, acting_user=staff)
    assert access_sheet(officer, sheet.pk, "answer") == sheet
    with pytest.raises(Http404):
        access_sheet(staff, sheet.pk)


def test_two_editors_lose_nothing(world):
    campaign, sheet = opened(world)
    question = campaign.version.questions.get(code="Q4")
    officer, head = world.users[Role.OFFICER], world.users[Role.HEAD]
    answers.do_save_answer(sheet, question, {"answer": "done"}, {}, acting_user=officer)
    both = answers.do_save_answer(sheet, question, {"reason": "規程あり"}, {}, acting_user=head)
    clash = answers.do_save_answer(
        sheet, question, {"answer": "partly", "reason": "規程あり"}, {"reason": "規程あり"}, acting_user=head
    )

    assert both.answer.value == {"answer": "done", "reason": "規程あり"}
    assert both.conflicts == frozenset()
    assert clash.conflicts == {"answer"}
    assert clash.answer.value["answer"] == "done"


def test_a_closed_campaign_takes_no_answers_until_it_is_opened_again(world):
    campaign, sheet = opened(world)
    user = world.house.machine
    campaigns.do_close_campaign(campaign, acting_user=user)
    with pytest.raises(ValidationError, match="締め切られています"):
        fill(sheet, user)
    campaigns.do_reopen_campaign(campaign, "部局の求め", acting_user=user)
    fill(sheet, user)

    assert sheet.answers.count() == 1


def test_last_years_answers_are_shown_but_not_done(world):
    user = world.house.machine
    campaign, sheet = opened(world)
    fill(sheet, user, Q5={"answer": "一行目\n二行目"})
    for step in (steps.do_submit, steps.do_return):
        step(sheet, **({"comment": "確認"} if step is steps.do_return else {}), acting_user=user)
    steps.do_submit(sheet, acting_user=user)
    Sheet.objects.filter(pk=sheet.pk).update(state=SheetState.COLLECTING)
    steps.do_accept(sheet, acting_user=user)
    version = questionnaires.do_copy_version(campaign.version, 2024, acting_user=user)
    questionnaires.do_change_question(
        version.questions.get(code="Q5"), {"text": "ご意見・ご要望"}, acting_user=user
    )
    questionnaires.do_publish_version(version, acting_user=user)

    _, fresh = opened(world, version=version, previous=campaign)
    items = {item.question.code: item for item in read_sheet(fresh).items}

    assert items["Q1"].carried == {"answer": False}
    assert items["Q1"].waits_for_confirmation
    assert not items["Q1"].is_done
    assert items["Q5"].reworded
    with pytest.raises(ValidationError, match="前回の回答が今年も正しいか"):
        steps.do_submit(fresh, acting_user=user)
    answers.do_confirm_carried(
        fresh, {item.question: item.carried for item in items.values() if item.carried}, acting_user=user
    )
    assert read_sheet(fresh).done == 2


def test_a_reorganisation_hands_open_sheets_to_the_successor(world):
    _, sheet = opened(world)
    fill(sheet, world.users[Role.OFFICER])
    successor = world.objects["other"]

    follow(sheet.respondent, successor, datetime.date(2024, 4, 1), world.house.machine)

    sheet.refresh_from_db()
    assert sheet.respondent == successor
    assert sheet.answers.count() == 1


def test_everyone_sees_only_what_is_asked_of_them(world):
    campaign, sheet = opened(world)

    seen = {role: set(sheets_for(user).filter(campaign=campaign)) for role, user in world.users.items()}

    assert seen[Role.SECRETARIAT] == seen[Role.EXECUTIVE] == set(campaign.sheets.all())
    assert seen[Role.OFFICER] == seen[Role.HEAD] == {sheet}
    assert seen[Role.STAFF] == seen[Role.AUDITOR] == set()
