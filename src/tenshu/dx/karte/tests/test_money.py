import datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import File
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenshu.dx.karte import actions
from tenshu.dx.karte.models import CostLine, MatchingRule, Payment
from tenshu.dx.karte.models.choices import BUDGET_STAGES, Stage
from tenshu.dx.karte.money import money_by_system, money_of, money_of_system
from tenshu.dx.karte.payment_reading import payments_in
from tenshu.dx.karte.tests.building import payment
from tenshu.dx.karte.tests.conftest import Case
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.exchange.reading import LARGEST
from tenshu.ground.files.refusals import FileRefused
from tenshu.ground.systems.models import System

R4, R5 = FiscalYear(2022), FiscalYear(2023)


def test_budget_in_force_is_the_first_budget_and_its_changes(case: Case) -> None:
    r4, r5 = money_of_system(case.system)
    assert (r4.year, r4.budget, r4.settled) == (R4, 4_500_000, 4_440_000)
    assert (r5.budget, r5.settled) == (4_100_000, None)
    assert r4.sections["settled"] == {"operation": 3_960_000, "development": 480_000}


LINES = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from([2022, 2023]),
        st.sampled_from(list(Stage)),
        st.integers(0, 1),
        st.integers(-(10**13), 10**13),
    ),
    max_size=30,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(LINES)
def test_every_total_is_the_sum_of_its_rows(case: Case, rows: list[tuple[int, int, Stage, int, int]]) -> None:
    CostLine.objects.all().delete()
    systems, items = [case.system, case.other], [case.made["build"], case.made["run"]]
    CostLine.objects.bulk_create(
        CostLine(system=systems[s], fiscal_year=year, stage=stage, item=items[i], amount=amount, number=n)
        for n, (s, year, stage, i, amount) in enumerate(rows, start=1)
    )
    for money in money_of(CostLine.objects.all(), Payment.objects.all()):
        of_year = [row for row in rows if row[1] == money.year.year]
        for stage in Stage:
            amounts = [row[4] for row in of_year if row[2] == stage]
            assert money.stages.get(stage) == (sum(amounts) if amounts else None)
            assert sum(money.sections.get(stage, {}).values()) == sum(amounts)
        budget = [row[4] for row in of_year if row[2] in BUDGET_STAGES]
        assert money.budget == (sum(budget) if budget else None)
        by_system = money_by_system(System.objects.all(), money.year)
        assert sum(one.budget or 0 for one in by_system.values()) == sum(budget)


def test_payments_find_their_system_by_the_offices_rules(case: Case) -> None:
    rows = [payment("総務事務システム", 2), payment("別のもの", 3, amount=1_000)]
    assert actions.do_import_payments(rows, acting_user=case.user) == 1
    found, lost = Payment.objects.order_by("source_row")
    assert (found.system, found.rule) == (case.system, case.made["rule"])
    assert lost.system is None
    with pytest.raises(ValidationError, match="取込済み"):
        actions.do_import_payments([payment("総務事務システム", 9)], acting_user=case.user)


def test_what_a_person_decided_no_rule_changes(case: Case) -> None:
    actions.do_import_payments([payment("総務事務システム")], acting_user=case.user)
    row = Payment.objects.get()
    actions.do_assign_payment(row, case.other, acting_user=case.user)
    actions.do_match_payments(Payment.objects.all(), acting_user=case.user)
    row.refresh_from_db()
    assert (row.system, row.rule, row.by_hand) == (case.other, None, True)


def test_a_rule_needs_a_word_and_holds_in_its_years(case: Case) -> None:
    with pytest.raises(ValidationError):
        actions.do_add_thing(MatchingRule(system=case.system), acting_user=case.user)
    rule = MatchingRule(system=case.system, project="人事", section="委託", from_year=2022, until_year=2022)
    assert rule.takes(payment("何か"))
    assert not rule.takes(payment("何か", fiscal_year=2023))
    assert not rule.takes(payment("何か", section="需用費"))


def test_payments_stay_apart_from_the_settlement_and_the_difference_shows(case: Case) -> None:
    assert money_of_system(case.system)[0].difference is None
    actions.do_import_payments(
        [payment("総務事務システム", n, paid_on=datetime.date(2022, 5, n)) for n in range(2, 14)],
        acting_user=case.user,
    )
    r4 = money_of_system(case.system)[0]
    assert (r4.settled, r4.paid, r4.difference) == (4_440_000, 3_960_000, -480_000)
    taken = actions.do_remove_payments("支払い_R4.xlsx", acting_user=case.user, reason="訂正版に替える")
    assert taken == 12
    assert money_of_system(case.system)[0].paid is None


def test_an_export_that_is_too_large_is_refused_before_it_is_read() -> None:
    class Unread(File):  # type: ignore[type-arg]
        size = LARGEST + 1

        def read(self, *_: object) -> bytes:
            raise AssertionError

    with pytest.raises(FileRefused, match="MBまで"):
        payments_in(Unread(None, "支払い.xlsx"))
