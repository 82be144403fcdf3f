import pytest
from django.core.exceptions import ValidationError

from tenshu.ground.access.models import User
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.office.actions import (
    do_add_step,
    do_plan_reorganisation,
    do_remove_step,
    do_reorganise,
    do_withdraw_plan,
    preview_reorganisation,
)
from tenshu.ground.office.models import ReorganisationPlan, ReorganisationStep, StepKind, Unit, UnitKind
from tenshu.ground.office.queries import Organisation
from tenshu.ground.office.tests.building import House, day

APRIL = day("2024-04-01")
MARCH_31 = day("2024-03-31")


@pytest.fixture
def plan(house: House, secretary: User) -> ReorganisationPlan:
    """総務部 is renamed, a new デジタル局 takes 行政DX推進課, 環境衛生課 is merged into 生活衛生室."""
    plan = do_plan_reorganisation("令和6年4月の組織改正", APRIL, acting_user=secretary)
    for values in (
        {"kind": StepKind.END, "unit": house.units["020101"], "successor_codes": "0201"},
        {"kind": StepKind.MOVE, "unit": house.units["0102"], "parent_code": "03"},
        {"kind": StepKind.RENAME, "unit": house.units["0102"], "name": "デジタル推進課"},
        {"kind": StepKind.RENAME, "unit": house.units["01"], "name": "総務企画部"},
        {"kind": StepKind.OPEN, "unit_kind": UnitKind.DEPARTMENT, "code": "03", "name": "デジタル局"},
    ):
        do_add_step(ReorganisationStep(plan=plan, **values), acting_user=secretary)
    return plan


def names_on(day_text: str) -> list[str]:
    organisation = Organisation.on(day(day_text))
    nodes = (node for top in organisation.tree() for node in top.walk())
    return [" ".join(unit.name for unit in organisation.path(node.unit.pk)) for node in nodes]


def test_a_whole_reorganisation_takes_effect_on_its_day(plan: ReorganisationPlan, secretary: User) -> None:
    before = names_on("2024-03-31")
    do_reorganise(plan, acting_user=secretary)
    assert names_on("2024-03-31") == before
    assert names_on("2024-04-01") == [
        "総務企画部",
        "総務企画部 人事課",
        "健康部",
        "健康部 生活衛生室",
        "デジタル局",
        "デジタル局 デジタル推進課",
        "デジタル局 デジタル推進課 推進グループ",
    ]


def test_everybody_keeps_exactly_one_main_post(
    house: House, plan: ReorganisationPlan, secretary: User
) -> None:
    do_reorganise(plan, acting_user=secretary)
    for staff in house.staff.values():
        assert staff.posts.as_of(APRIL).count() == 1
        assert staff.posts.as_of(MARCH_31).count() == 1
    assert house.post("1004").unit.name == "生活衛生室"
    assert house.post("1001").unit.full_name == "デジタル局 デジタル推進課 推進グループ"


def test_the_preview_tells_what_will_happen_and_keeps_nothing(
    plan: ReorganisationPlan, secretary: User
) -> None:
    units, rows = Unit.objects.count(), AuditRow.objects.count()
    outcome = preview_reorganisation(plan, acting_user=secretary)
    assert {unit.name for unit in outcome.ended} >= {"総務部", "人事課", "行政DX推進課", "環境衛生課"}
    assert {unit.name for unit in outcome.opened} >= {"総務企画部", "デジタル局", "デジタル推進課"}
    assert outcome.posts == 4
    assert not outcome.problems
    assert (Unit.objects.count(), AuditRow.objects.count()) == (units, rows)
    assert ReorganisationPlan.objects.get().applied_at is None


def test_one_impossible_step_stops_the_whole_reorganisation(
    house: House, plan: ReorganisationPlan, secretary: User
) -> None:
    units = Unit.objects.count()
    step = ReorganisationStep(plan=plan, kind=StepKind.MOVE, unit=house.units["0101"], parent_code="99")
    do_add_step(step, acting_user=secretary)
    assert preview_reorganisation(plan, acting_user=secretary).problems == [
        "移管 人事課：組織コード99の組織がありません。"
    ]
    with pytest.raises(ValidationError, match="組織コード99"):
        do_reorganise(plan, acting_user=secretary)
    assert Unit.objects.count() == units
    do_remove_step(step, acting_user=secretary)
    do_reorganise(plan, acting_user=secretary)
    assert Unit.objects.count() > units


def test_a_reorganisation_is_carried_out_once(plan: ReorganisationPlan, secretary: User) -> None:
    do_reorganise(plan, acting_user=secretary)
    with pytest.raises(ValidationError, match="すでに実施"):
        do_reorganise(plan, acting_user=secretary)


def test_a_plan_can_be_given_up(plan: ReorganisationPlan, secretary: User) -> None:
    do_withdraw_plan(plan, acting_user=secretary)
    assert not ReorganisationPlan.objects.exists()


def test_a_step_says_what_it_lacks(plan: ReorganisationPlan, secretary: User) -> None:
    step = ReorganisationStep(plan=plan, kind=StepKind.OPEN, unit_kind=UnitKind.DIVISION)
    with pytest.raises(ValidationError) as caught:
        do_add_step(step, acting_user=secretary)
    assert set(caught.value.message_dict) == {"code", "name", "parent_code"}


def test_a_unit_ends_although_everything_above_it_is_renamed(house: House, secretary: User) -> None:
    plan = do_plan_reorganisation("改正", APRIL, acting_user=secretary)
    for values in (
        {"kind": StepKind.RENAME, "unit": house.units["02"], "name": "健康医療部"},
        {"kind": StepKind.RENAME, "unit": house.units["0201"], "name": "衛生室", "code": "0209"},
        {"kind": StepKind.END, "unit": house.units["020101"], "successor_codes": "0209"},
    ):
        do_add_step(ReorganisationStep(plan=plan, **values), acting_user=secretary)
    outcome = do_reorganise(plan, acting_user=secretary)
    assert {(s.predecessor.name, s.successor.full_name) for s in outcome.real_successions} == {
        ("健康部", "健康医療部"),
        ("生活衛生室", "健康医療部 衛生室"),
        ("環境衛生課", "健康医療部 衛生室"),
    }
    assert house.post("1004").unit.full_name == "健康医療部 衛生室"
    assert house.staff["1004"].posts.count() == 2


def test_what_moves_out_of_an_ending_unit_does_not_end_with_it(house: House, secretary: User) -> None:
    plan = do_plan_reorganisation("改正", APRIL, acting_user=secretary)
    for values in (
        {"kind": StepKind.END, "unit": house.units["0201"], "successor_codes": "0102"},
        {"kind": StepKind.MOVE, "unit": house.units["020101"], "parent_code": "02"},
    ):
        do_add_step(ReorganisationStep(plan=plan, **values), acting_user=secretary)
    do_reorganise(plan, acting_user=secretary)
    assert "健康部 環境衛生課" in names_on("2024-04-01")
    assert not any("生活衛生室" in name for name in names_on("2024-04-01"))
