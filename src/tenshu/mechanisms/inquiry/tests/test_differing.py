"""Answers beside those of last year: in what they differ, through the lineage of questions."""

import pytest
from django.test import Client
from django.urls import reverse

from tenshu.ground.access.roles import Role
from tenshu.mechanisms.inquiry.actions import answers
from tenshu.mechanisms.inquiry.actions.answers import RowChanges, do_change_rows
from tenshu.mechanisms.inquiry.differing import Change, differences
from tenshu.mechanisms.inquiry.models import Sheet, SheetState
from tenshu.mechanisms.inquiry.tests.building import opened
from tenshu.mechanisms.questionnaire import actions as questionnaires
from tenshu.mechanisms.questionnaire.models import QuestionnaireVersion

pytestmark = pytest.mark.django_db


def say(sheet, user, **said):
    for question in sheet.campaign.version.questions.filter(code__in=said):
        answers.do_save_answer(sheet, question, said[question.code], {}, acting_user=user)


@pytest.fixture
def years(world):
    """Last year's accepted sheet of 人事課 and this year's open one; Q5 is reworded, Q4 asked as before."""
    machine, first = world.house.machine, Sheet.objects.get(pk=world.kwargs["sheet_id"])
    say(first, machine, Q1={"answer": True}, Q2={"answer": ["rpa", "form"], "note": ""},
        Q4={"answer": "done", "reason": ""}, Q5={"answer": "要望あり"})  # fmt: skip
    Sheet.objects.filter(pk=first.pk).update(state=SheetState.ACCEPTED, accepted_at="2024-03-01T00:00:00Z")
    version = QuestionnaireVersion.objects.get(pk=world.kwargs["version_id"])
    questionnaires.do_change_question(
        version.questions.get(code="Q5"), {"text": "ご意見・ご要望"}, acting_user=machine
    )
    questionnaires.do_publish_version(version, acting_user=machine)
    _, sheet = opened(world, version=version, previous=first.campaign)
    return first, sheet


def found(sheet, user, scope="all"):
    told = differences(sheet.campaign, user, scope)
    return {one.question.code: one.change for one in told.found}, told


def test_each_kind_of_difference_is_told_by_its_question(world, years):
    first, sheet = years
    machine, reader = world.house.machine, world.users[Role.SECRETARIAT]
    say(sheet, machine, Q1={"answer": True}, Q2={"answer": ["form", "rpa"]}, Q4={"answer": "partly", "reason": ""},
        Q5={"answer": "要望なし"})  # fmt: skip
    row = first.rows.get()
    table = sheet.campaign.version.questions.get(code="Q3")
    do_change_rows(
        sheet,
        table,
        RowChanges(
            added=[(row.key, {"task": "旅費の精算", "hours": 300}), ("", {"task": "照合", "hours": 5})]
        ),
        acting_user=machine,
    )

    changes, told = found(sheet, reader)

    assert changes == {"Q3": Change.CHANGED, "Q4": Change.CHANGED, "Q5": Change.REWORDED}
    assert (told.compared, told.without) == (1, 5)
    assert told.by_department() == [("総務部", {Change.CHANGED: 2, Change.REWORDED: 1})]
    assert [(question.code, counts.total()) for question, counts in told.by_question()] == [
        ("Q3", 1),
        ("Q4", 1),
        ("Q5", 1),
    ]


def test_an_answer_that_is_no_longer_asked_is_gone_and_a_first_one_is_new(world, years):
    _, sheet = years
    say(sheet, world.house.machine, Q1={"answer": False}, Q4={"answer": "done", "reason": ""},
        Q5={"answer": "要望あり"})  # fmt: skip

    changes, _ = found(sheet, world.users[Role.SECRETARIAT])

    assert changes == {"Q1": Change.CHANGED, "Q2": Change.GONE, "Q3": Change.GONE}


def test_the_same_rows_typed_anew_are_no_difference(world, years):
    first, sheet = years
    table = sheet.campaign.version.questions.get(code="Q3")
    say(sheet, world.house.machine, Q1={"answer": True})
    do_change_rows(
        sheet,
        table,
        RowChanges(added=[("", dict(first.rows.get().values))]),
        acting_user=world.house.machine,
    )

    assert "Q3" not in found(sheet, world.users[Role.SECRETARIAT])[0]


def test_the_page_filters_searches_and_goes_to_excel(world, years):
    _, sheet = years
    say(sheet, world.house.machine, Q1={"answer": False}, Q5={"answer": "要望なし"})
    client = Client()
    client.force_login(world.users[Role.SECRETARIAT])
    url = reverse("inquiry:campaign-differences", args=[sheet.campaign_id])

    page = client.get(url, {"scope": "all"}).content.decode()
    assert "1件を比べました。" in page
    assert "5件は、前回受理した照会票がないため比べていません。" in page
    assert "変わった（設問も言い換え）" in page
    searched = client.get(url, {"scope": "all", "q": "要望なし"}).context["table"]
    assert [one.code for one in searched.page.object_list] == ["Q5"]
    narrowed = client.get(url, {"scope": "all", "change": "gone", "department": "総務部"}).context["table"]
    assert {one.code for one in narrowed.page.object_list} == {"Q2", "Q3", "Q4"}
    assert client.get(url, {"scope": "all", "sort": "-question"}).status_code == 200
    assert client.get(url, {"scope": "all", "out": "xlsx"}).content[:2] == b"PK"
    assert client.get(url, {"scope": "accepted"}).context["table"].page.paginator.count == 0


def test_a_campaign_without_a_predecessor_says_so(world):
    client = Client()
    client.force_login(world.users[Role.SECRETARIAT])
    url = reverse("inquiry:campaign-differences", args=[world.kwargs["campaign_id"]])
    assert "前回の照会がありません" in client.get(url).content.decode()


def test_a_division_sees_the_differences_of_its_own_sheets_only(world, years):
    _, sheet = years
    say(sheet, world.house.machine, Q1={"answer": False})
    _, own = found(sheet, world.users[Role.OFFICER])
    assert (own.compared, own.without) == (1, 0)
    assert {one.line.sheet.pk for one in own.found} == {sheet.pk}


def test_comparing_costs_a_fixed_number_of_queries(world, years, django_assert_max_num_queries):
    _, sheet = years
    user = world.users[Role.SECRETARIAT]
    say(sheet, world.house.machine, Q1={"answer": False}, Q5={"answer": "要望なし"})
    with django_assert_max_num_queries(16):
        differences(sheet.campaign, user, "all")
