"""ICT needs: from an accepted sheet, from Excel and by hand; score, decision, effect, figures."""

import itertools
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from tests.world import YEAR, World

from tenshu.dx.ict_needs import actions
from tenshu.dx.ict_needs.models import (
    Basis,
    Frequency,
    Medium,
    Need,
    NeedState,
    Procedure,
    Sensitivity,
    SupportKind,
    ToolClass,
)
from tenshu.dx.ict_needs.queries import access_need, needs_for
from tenshu.dx.ict_needs.report_blocks import BLOCKS
from tenshu.dx.ict_needs.score_query import with_score
from tenshu.dx.ict_needs.sheet_contents import COLUMNS
from tenshu.dx.ict_needs.sheets import NEED_TABLE
from tenshu.dx.ict_needs.triage import assess, assessment_of, ranking
from tenshu.ground.access.roles import Role
from tenshu.ground.quantities import Quality
from tenshu.mechanisms.figures.queries import compute
from tenshu.mechanisms.figures.registry import figure
from tenshu.mechanisms.gathering.tests.asking import (
    bring_in,
    by_hand,
    changes_nothing,
    client_of,
    refused,
    send,
    text_of,
)
from tenshu.mechanisms.inquiry.actions.answers import RowChanges, do_change_rows
from tenshu.mechanisms.inquiry.actions.campaigns import do_open_campaign
from tenshu.mechanisms.inquiry.actions.steps import do_accept, do_reopen, do_submit
from tenshu.mechanisms.inquiry.tests.building import campaign_of
from tenshu.mechanisms.questionnaire import actions as questionnaires
from tenshu.mechanisms.questionnaire.models import QuestionKind, Questionnaire

pytestmark = pytest.mark.django_db


def need(world: World, unit: str = "0101", **values) -> Need:
    told = {"fiscal_year": YEAR.year, "unit": world.house.units[unit], "task": "通知の発送"} | values
    return actions.do_add_need(Need(**told), acting_user=world.house.machine)


def outcome(key: str):
    return compute(figure(key), YEAR)


def test_accepting_a_sheet_takes_its_tasks_over_and_accepting_it_again_doubles_none(world):
    user = world.house.machine
    questionnaire = questionnaires.do_add_questionnaire(
        Questionnaire(code="N", title="ICT化したい業務", subject_kind="unit"), acting_user=user
    )
    version = questionnaires.do_add_version(questionnaire, YEAR.year, acting_user=user)
    table = {"code": "Q1", "text": "業務", "kind": QuestionKind.TABLE, "settings": {"columns": COLUMNS}}
    question = questionnaires.do_add_question(version, table, acting_user=user)
    version = questionnaires.do_publish_version(version, acting_user=user)
    campaign = campaign_of(version, world.house.units["0102"], user, content="ict_needs", needs_head=False)
    do_open_campaign(campaign, acting_user=user)
    sheet = campaign.sheets.get(subject_number="0101")
    rows = [("a", {"task": "勤怠の集計", "hours": 120, "frequency": "monthly"}), ("b", {"task": "封入"})]
    first, _ = do_change_rows(sheet, question, RowChanges(added=rows), acting_user=user)
    do_submit(sheet, acting_user=user)
    do_accept(sheet, acting_user=user)
    assert [(n.number, n.task, n.hours) for n in Need.objects.filter(sheet=sheet)] == [
        (2, "勤怠の集計", 120), (3, "封入", None),
    ]  # fmt: skip

    do_reopen(sheet, "時間の訂正", acting_user=user)
    more = RowChanges(added=[("c", {"task": "照合"})], changed=[(first, first.values | {"hours": 100})])
    do_change_rows(sheet, question, more, acting_user=user)
    do_submit(sheet, acting_user=user)
    do_accept(sheet, acting_user=user)

    assert [(n.number, n.task, n.hours) for n in Need.objects.filter(sheet=sheet)] == [
        (2, "勤怠の集計", 100), (3, "封入", None), (4, "照合", None),
    ]  # fmt: skip


def test_a_questionnaire_without_the_table_of_tasks_cannot_be_opened(world):
    campaign = campaign_of(
        world.objects["version"], world.house.units["0102"], world.house.machine, content="ict_needs"
    )
    assert campaign.version.questions.filter(kind=QuestionKind.TABLE).exists()
    do_open_campaign(campaign, acting_user=world.house.machine)
    version = questionnaires.do_add_questionnaire(
        Questionnaire(code="M", title="別", subject_kind="unit"), acting_user=world.house.machine
    )
    version = questionnaires.do_add_version(version, YEAR.year, acting_user=world.house.machine)
    ask = {"code": "Q1", "text": "?", "kind": QuestionKind.TEXT}
    questionnaires.do_add_question(version, ask, acting_user=world.house.machine)
    version = questionnaires.do_publish_version(version, acting_user=world.house.machine)
    other = campaign_of(version, world.house.units["0102"], world.house.machine, content="ict_needs")

    with pytest.raises(ValidationError, match="業務名と年間時間の列がある表"):
        do_open_campaign(other, acting_user=world.house.machine)


def test_the_list_sorts_by_the_score_that_the_page_explains(world):
    Need.objects.all().delete()
    kinds = itertools.product(
        ["", *Frequency.values[::2]],
        ["", *Procedure.values],
        ["", *Medium.values],
        Sensitivity.values[1:],
        ["", *ToolClass.values[::3]],
    )
    unit = world.objects["own"]
    Need.objects.bulk_create(
        Need(fiscal_year=2023, number=n, unit=unit, task="業務", hours=100 + n, frequency=f, procedure=p,
             medium=m, sensitivity=s, tool_class=t)
        for n, (f, p, m, s, t) in enumerate(kinds, 1)
    )  # fmt: skip

    wrong = [
        row for row in with_score(Need.objects.all())
        if abs(row.score - (assessment_of(row).score or 0)) > 1e-6
    ]  # fmt: skip

    assert Need.objects.count() > 500
    assert wrong == []


def test_unknown_hours_have_no_score_and_come_last(world):
    Need.objects.all().delete()
    known = need(world, hours=1, frequency=Frequency.YEARLY)
    unknown = need(world, task="分からない業務")
    table = text_of(client_of(world.users[Role.SECRETARIAT]), "/ict-needs/", nendo="R5")

    assert assessment_of(unknown).score is None
    assert table.index(known.task) < table.index(unknown.task)


def test_where_information_may_not_go_the_fit_is_nothing():
    asked = SimpleNamespace(
        hours=10, frequency="daily", procedure="fixed", medium="document", sensitivity="personal"
    )

    assert assess(asked, ToolClass.GENERATIVE_AI).barred
    assert assess(asked, ToolClass.GENERATIVE_AI).fit == 0
    assert ranking(asked)[0].tool != ToolClass.GENERATIVE_AI


def test_departments_are_counted_once_and_tasks_all(world):
    Need.objects.all().delete()
    for unit in ("0101", "0102", "010201", "020101"):
        need(world, unit, task=unit)
    Need.objects.create(fiscal_year=2022, number=1, unit=world.objects["own"], task="前の年")

    assert outcome("ict_needs.departments").value == 2
    assert outcome("ict_needs.tasks").value == 4


def test_the_effect_is_told_with_how_sure_it_is(world):
    Need.objects.all().delete()
    done = {"state": NeedState.DONE, "done_on": YEAR.start, "support": SupportKind.TECHNICAL}
    need(world, hours=100, hours_after=30, hours_basis=Basis.MEASURED, after_basis=Basis.MEASURED, **done)
    need(world, hours=50, hours_after=60, hours_basis=Basis.LOGGED, after_basis=Basis.MEASURED, **done)
    need(world, hours=999)
    assert (outcome("ict_needs.hours_saved").value, outcome("ict_needs.hours_saved").qualifier) == (
        Decimal(60), Quality.EXACT,
    )  # fmt: skip
    need(world, hours=10, hours_after=0, hours_basis=Basis.REPORTED, after_basis=Basis.MEASURED, **done)

    assert outcome("ict_needs.hours_saved").value == Decimal(70)
    assert outcome("ict_needs.hours_saved").qualifier == Quality.APPROXIMATE
    (table,) = BLOCKS["ict_needs.outcomes"](YEAR)
    assert ["技術的な支援", "3", "3"] in table.rows


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"state": NeedState.DONE}, "完了日"),
        ({"hours_after": 5}, "根拠"),
        ({"state": NeedState.DECLINED, "decision": " "}, "見送りの理由"),
    ],
)
def test_a_decision_that_says_too_little_is_refused(world, values, message):
    held = need(world, hours=10)

    with pytest.raises(ValidationError, match=message):
        actions.do_decide_need(held, values, acting_user=world.house.machine)


def test_divisions_see_and_correct_their_own_needs_while_they_are_received(world):
    officer, staff, executive = (world.users[r] for r in (Role.OFFICER, Role.STAFF, Role.EXECUTIVE))
    own, other = need(world), need(world, "020101")
    assert set(needs_for(officer).filter(pk__in=[own.pk, other.pk])) == {own}
    assert not needs_for(staff).exists()
    assert access_need(officer, own.pk, "correct") == own
    with pytest.raises(Http404):
        access_need(officer, other.pk)
    with pytest.raises(PermissionDenied):
        access_need(executive, own.pk, "decide")
    actions.do_decide_need(own, {"state": NeedState.SUPPORTING}, acting_user=world.house.machine)
    with pytest.raises(PermissionDenied):
        access_need(officer, own.pk, "correct")


def test_the_register_goes_through_excel_and_comes_back_whole(world):
    user = world.users[Role.SECRETARIAT]
    need(world, hours=10, detail="一行目\n二行目", frequency=Frequency.DAILY)
    assert changes_nothing(NEED_TABLE, user)
    rows = [{"year": "R5", "number": 900, "unit": "020101", "task": "許可証の発行", "hours": "１，２００",
             "state": "支援中", "frequency": "毎日"}]  # fmt: skip
    bring_in(NEED_TABLE, by_hand(NEED_TABLE, rows), user)

    held = Need.objects.get(number=900)
    assert (held.hours, held.state, held.unit.code) == (1200, NeedState.SUPPORTING, "020101")


def test_a_need_is_entered_decided_and_shown_with_its_score(world):
    secretary, officer = client_of(world.users[Role.SECRETARIAT]), client_of(world.users[Role.OFFICER])
    asked = {"task": "申請の受付", "hours": "240", "frequency": "daily", "procedure": "fixed", "medium": "mail",
             "sensitivity": "internal"}  # fmt: skip
    assert "自分の所属の業務だけ" in refused(officer, "/ict-needs/new/", unit="020101", **asked)
    send(officer, "/ict-needs/new/", unit="0101", **asked)
    held = Need.objects.get(task="申請の受付")
    page = text_of(officer, f"/ict-needs/{held.pk}/")
    assert "240時間 × 繰返し 1.00 × 適合 0.90 ＝ 216" in page
    decided = {"tool_class": "form", "support": "build", "state": "done", "hours_basis": "measured",
               "hours_after": "40", "after_basis": "measured", "done_on": "R6.3.1"}  # fmt: skip
    send(secretary, f"/ict-needs/{held.pk}/decide/", **decided)

    assert "200時間" in text_of(officer, f"/ict-needs/{held.pk}/")
    assert "申請の受付" in text_of(secretary, "/ict-needs/board/", nendo=held_year(held))


def held_year(held: Need) -> str:
    return f"R{held.fiscal_year - 2018}"
