import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.exchange import ChangeKind, RowChange, RowRefused
from tenshu.ground.office.actions import do_end_unit, do_rename_unit
from tenshu.ground.office.tests.building import START, House, day
from tenshu.ground.systems.actions import do_add_system, do_change_owner, do_correct_system, do_end_system
from tenshu.ground.systems.consistency import CHECKS
from tenshu.ground.systems.gates import access_system
from tenshu.ground.systems.models import Ownership, System
from tenshu.ground.systems.queries import owned_on, owner_on
from tenshu.ground.systems.sheets import SYSTEM_TABLE

APRIL = day("2024-04-01")
MARCH_31 = day("2024-03-31")


def test_the_owner_of_an_earlier_day_stays_true(house: House, payroll: System, secretary: User) -> None:
    do_change_owner(payroll, house.units["0102"], APRIL, acting_user=secretary)
    assert owner_on(payroll, MARCH_31) == house.units["0101"]
    assert owner_on(payroll, APRIL) == house.units["0102"]
    names = [
        (s.owner_name, s.department_name, s.owner_code)
        for on in (MARCH_31, APRIL)
        for s in owned_on(System.objects.all(), on)
    ]
    assert names == [("人事課", "総務部", "0101"), ("行政DX推進課", "総務部", "0102")]


def test_a_system_whose_ownerships_overlap_by_a_slip_stands_in_a_list_once(
    house: House, payroll: System
) -> None:
    Ownership.objects.create(system=payroll, unit=house.units["020101"], valid_from=MARCH_31)
    (found,) = owned_on(System.objects.all(), APRIL)
    assert (found.owner_name, found.owner_then) == ("環境衛生課", house.units["020101"].pk)


def test_the_department_of_a_day_is_the_one_of_that_days_owner(
    house: House, payroll: System, secretary: User
) -> None:
    do_change_owner(payroll, house.units["020101"], APRIL, acting_user=secretary)
    departments = [owned_on(System.objects.all(), on).get().department_name for on in (MARCH_31, APRIL)]
    assert departments == ["総務部", "健康部"]


def test_where_no_ownership_is_recorded_the_present_owner_stands_in(house: House, payroll: System) -> None:
    Ownership.objects.all().delete()
    found = owned_on(System.objects.all(), APRIL).get()
    assert (found.owner_name, found.owner_code, found.department_name) == ("人事課", "0101", "総務部")


def test_systems_follow_a_renamed_division(house: House, payroll: System, secretary: User) -> None:
    new = do_rename_unit(house.units["0101"], APRIL, name="人財課", acting_user=secretary)
    payroll.refresh_from_db()
    assert payroll.owner == new
    assert owner_on(payroll, MARCH_31) == house.units["0101"]


def test_systems_that_had_ended_stay_where_they_were(house: House, payroll: System, secretary: User) -> None:
    do_end_system(payroll, day("2023-03-31"), acting_user=secretary)
    do_rename_unit(house.units["0101"], APRIL, name="人財課", acting_user=secretary)
    payroll.refresh_from_db()
    assert payroll.owner == house.units["0101"]


def test_a_change_of_owner_before_a_later_one_is_refused(
    house: House, payroll: System, secretary: User
) -> None:
    do_change_owner(payroll, house.units["0102"], APRIL, acting_user=secretary)
    with pytest.raises(ValidationError, match="令和6年4月1日"):
        do_change_owner(payroll, house.units["0201"], day("2023-10-01"), acting_user=secretary)


def test_an_ended_system_is_no_candidate_any_more(payroll: System, secretary: User) -> None:
    do_correct_system(payroll, {"candidate_from": START}, acting_user=secretary)
    assert list(System.objects.candidates_on(APRIL)) == [payroll]
    do_end_system(payroll, MARCH_31, acting_user=secretary)
    assert not System.objects.candidates_on(APRIL).exists()
    assert not System.objects.in_use_on(APRIL).exists()
    assert System.objects.in_use_on(MARCH_31).exists()


def test_a_number_is_used_once(house: House, payroll: System, secretary: User) -> None:
    with pytest.raises(ValidationError, match="システム番号"):
        do_add_system({"number": "S001", "name": "別"}, house.units["0101"], acting_user=secretary)


@pytest.mark.parametrize(("persona", "view", "change"), [
    ("secretary", None, None), ("head", None, None), ("officer", None, None),
    ("staff", Http404, Http404), ("stranger", Http404, Http404), ("auditor", Http404, Http404),
])  # fmt: skip
def test_who_reaches_a_system(
    house: House, payroll: System, persona: str, view: type[Exception] | None, change: type[Exception] | None
) -> None:
    for action, error in (("view", view), ("change", change)):
        if error is None:
            assert access_system(house.account(persona), payroll.pk, action) == payroll  # type: ignore[arg-type]
        else:
            with pytest.raises(error):
                access_system(house.account(persona), payroll.pk, action)  # type: ignore[arg-type]


def test_an_officer_may_not_change_another_divisions_system(house: House, secretary: User) -> None:
    other = do_add_system({"number": "S002", "name": "衛生"}, house.units["020101"], acting_user=secretary)
    assert access_system(house.account("officer"), other.pk) == other
    with pytest.raises(PermissionDenied):
        access_system(house.account("officer"), other.pk, "change")


def change(number: str, values: dict[str, object], pk: int | None = None) -> RowChange:
    empty = dict.fromkeys((column.name for column in SYSTEM_TABLE.columns), None)
    whole = {**empty, "number": number, "kana": "", "purpose": "", **values}
    return RowChange(ChangeKind.CHANGE if pk else ChangeKind.ADD, (number,), pk, whole)


def test_an_import_adds_and_changes_systems(house: House, payroll: System, secretary: User) -> None:
    owner, other = house.units["0101"].pk, house.units["0201"].pk
    SYSTEM_TABLE.save(
        [
            change("S001", {"name": "給与システム", "owner": other}, payroll.pk),
            change("S002", {"name": "新システム", "owner": owner, "started_on": APRIL}),
        ],
        acting_user=secretary,
    )
    payroll.refresh_from_db()
    assert payroll.owner_id == other
    assert owner_on(payroll, timezone.localdate()).pk == other
    assert owner_on(payroll, MARCH_31) == house.units["0101"]
    added = System.objects.get(number="S002")
    assert [(o.unit_id, o.valid_from) for o in added.ownerships.all()] == [(owner, APRIL)]


def test_an_import_without_a_difference_changes_nothing(
    house: House, payroll: System, secretary: User
) -> None:
    rows = AuditRow.objects.count()
    values = dict(next(iter(SYSTEM_TABLE.rows(secretary))).values)
    SYSTEM_TABLE.save([change("S001", values, payroll.pk)], acting_user=secretary)
    assert AuditRow.objects.count() == rows


def test_an_import_names_the_row_that_is_refused(house: House, secretary: User) -> None:
    wrong = change(
        "S003", {"name": "逆", "owner": house.units["0101"].pk, "started_on": APRIL, "ended_on": START}
    )
    with pytest.raises(RowRefused, match="運用終了日") as caught:
        SYSTEM_TABLE.save([wrong], acting_user=secretary)
    assert caught.value.change is wrong
    assert caught.value.problem.column == "ended_on"
    assert list(SYSTEM_TABLE.validate(wrong))


def test_the_checks_find_what_is_wrong(house: House, payroll: System, secretary: User) -> None:
    do_end_unit(house.units["0101"], day("2023-09-30"), acting_user=secretary)
    do_add_system(
        {"number": "S002", "name": "旧", "ended_on": day("2023-06-30"), "candidate_from": START},
        house.units["0102"],
        acting_user=secretary,
    )
    found = {check.id: [finding.label for finding in check.find(FiscalYear(2023))] for check in CHECKS}
    assert found == {
        "systems.owner.ended": ["S001 給与システム"],
        "systems.candidate.after_end": ["S002 旧"],
        "systems.officer.missing": ["S001 給与システム"],
    }
