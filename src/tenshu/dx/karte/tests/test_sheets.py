import pytest

from tenshu.dx.karte import actions
from tenshu.dx.karte.edition_sheets import EDITION_TABLE
from tenshu.dx.karte.models import CostLine, Edition, Karte, Payment, Server
from tenshu.dx.karte.money_sheets import COST_TABLE, PAYMENT_TABLE
from tenshu.dx.karte.record_sheets import DEPENDENCY_TABLE, KARTE_TABLE, SERVER_TABLE
from tenshu.dx.karte.sheets import TABLES
from tenshu.dx.karte.tests.building import payment
from tenshu.dx.karte.tests.conftest import Case
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.exchange import TableSpec
from tenshu.mechanisms.gathering.tests.asking import bring_in, by_hand, changes_nothing, edited, problems


@pytest.mark.parametrize("spec", TABLES, ids=lambda spec: spec.name)
def test_what_goes_out_comes_back_without_a_change(case: Case, spec: TableSpec) -> None:
    actions.do_import_payments([payment("総務事務システム")], acting_user=case.user)
    actions.do_set_not_applicable(case.system, "renewal_on", "廃止の予定", acting_user=case.user)
    actions.do_freeze_edition(case.system, FiscalYear(2022), confirmed_by="例田 太郎", acting_user=case.user)
    assert changes_nothing(spec, case.user)


def test_the_register_has_two_hundred_fields(case: Case) -> None:
    assert sum(len(spec.columns) for spec in TABLES) >= 200


def test_a_karte_comes_in_with_labels_and_dates_as_offices_write_them(case: Case) -> None:
    row = {
        "system": "0042", "zone": "インターネット接続系", "info_class": "３Ａ", "uses_mynumber": "○",
        "renewal_on": "令和９年４月１日", "users_staff": "１，２００", "main_contact": "1004", "summary": "許可\n届出",
    }  # fmt: skip
    bring_in(KARTE_TABLE, by_hand(KARTE_TABLE, [row]), case.user)
    karte = Karte.objects.select_related("main_contact").get(system=case.other)
    assert (karte.zone, karte.info_class, karte.uses_mynumber) == ("internet", "3A", True)
    assert (str(karte.renewal_on), karte.users_staff, str(karte.main_contact)) == (
        "2027-04-01", 1_200, "試山 三郎",
    )  # fmt: skip
    assert changes_nothing(KARTE_TABLE, case.user)


def test_every_fault_is_named_at_once_with_its_cell(case: Case) -> None:
    row = {"system": "9999", "zone": "どこか", "users_staff": "多数", "renewal_on": "来年"}
    found = "\n".join(problems(KARTE_TABLE, by_hand(KARTE_TABLE, [row]), case.user))
    for words in ("A2 登録にないシステムです", "B2 区分の一覧にありません", "C2", "D2"):
        assert words in found, found


def test_loads_of_six_time_bands_come_in(case: Case) -> None:
    row = {"name": "kyoka-ap1", "system": "0042", "kind": "仮想", "host": "ホスト1号",
           **{f"cpu_{band}": band * 10 for band in range(6)}}  # fmt: skip
    bring_in(SERVER_TABLE, by_hand(SERVER_TABLE, [row]), case.user)
    assert Server.objects.get(name="kyoka-ap1").loads == {"cpu": [0, 10, 20, 30, 40, 50]}
    assert "100より大きい" in "".join(
        problems(SERVER_TABLE, by_hand(SERVER_TABLE, [row | {"cpu_0": 120}]), case.user)
    )


def test_money_keeps_its_source_and_reads_thousands(case: Case) -> None:
    heading = COST_TABLE.column("amount").heading
    assert heading == "金額（円）"
    rows = [{"system": "0042", "fiscal_year": "令和5年度", "item": "U01", "stage": "補正", "number": 1,
             "amount": "▲1,200,000", "source_file": "予算書R5.xlsx", "source_row": 48}]  # fmt: skip
    bring_in(COST_TABLE, by_hand(COST_TABLE, rows), case.user)
    line = CostLine.objects.get(system=case.other)
    assert (line.amount, line.source_file, line.source_row) == (-1_200_000, "予算書R5.xlsx", 48)


def test_a_division_writes_the_rows_of_its_own_systems_only(case: Case) -> None:
    officer = case.house.account("officer")
    own = {"system": "0007", "users_staff": 10}
    bring_in(KARTE_TABLE, by_hand(KARTE_TABLE, [own]), officer)
    assert problems(KARTE_TABLE, by_hand(KARTE_TABLE, [{"system": "0042", "users_staff": 10}]), officer)
    flow = {"source": "0042", "target": "0007", "outside": None, "data": "結果", "method": "API"}
    bring_in(DEPENDENCY_TABLE, by_hand(DEPENDENCY_TABLE, [flow]), officer)


def test_an_edited_cell_changes_one_field(case: Case) -> None:
    headings = [column.heading for column in KARTE_TABLE.columns]
    letter = _letters(headings.index("利用する職員（名）"))
    plan = bring_in(KARTE_TABLE, edited(KARTE_TABLE, case.user, {f"{letter}2": 62}), case.user)
    (change,) = plan.changes({})
    assert change.changed == {"users_staff"}


def _letters(index: int) -> str:
    first, second = divmod(index, 26)
    return (chr(64 + first) if first else "") + chr(65 + second)


def test_new_payments_of_a_sheet_find_their_system_by_the_rules(case: Case) -> None:
    told = {"source_file": "支払い_R4.csv", "fiscal_year": "R4", "paid_on": "R4.10.31", "amount": 1_000}
    rows = [
        {**told, "source_row": 2, "description": "総務事務システム保守", "by_hand": "いいえ"},
        {**told, "source_row": 3, "description": "総務事務システム保守", "by_hand": "はい"},
        {**told, "source_row": 4, "description": "消耗品", "by_hand": "いいえ"},
    ]
    bring_in(PAYMENT_TABLE, by_hand(PAYMENT_TABLE, rows), case.user)
    found = Payment.objects.order_by("source_row").values_list("system", "rule")
    assert list(found) == [(case.system.pk, case.made["rule"].pk), (None, None), (None, None)]
    assert changes_nothing(PAYMENT_TABLE, case.user)


def test_editions_come_in_with_the_owner_of_then(case: Case) -> None:
    rows = [
        {"system": "0007", "fiscal_year": "R4", "owner": "0102", "zone": "インターネット接続系"},
        {"system": "0042", "fiscal_year": "R4", "owner": "", "zone": "LGWAN接続系"},
    ]
    book = by_hand(EDITION_TABLE, rows)
    bring_in(EDITION_TABLE, book, case.user)
    owners = [edition.content["register"]["owner"]["value"] for edition in Edition.objects.order_by("pk")]
    assert owners == ["0102", case.other.owner.code]
    bring_in(EDITION_TABLE, book, case.user)
    assert Edition.objects.count() == 2
    assert changes_nothing(EDITION_TABLE, case.user)
