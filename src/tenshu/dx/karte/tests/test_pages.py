import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tenshu.dx.karte import actions
from tenshu.dx.karte.models import (
    Contract,
    CostLine,
    Dependency,
    Karte,
    NotApplicable,
    Payment,
    Server,
    Vendor,
)
from tenshu.dx.karte.tests.building import payment
from tenshu.dx.karte.tests.conftest import Case
from tenshu.ground.calendar.actions import do_open_year
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.mechanisms.gathering.tests.asking import client_of, queries_of, refused, send, text_of

R5 = {"nendo": "R5"}


@pytest.fixture
def secretary(case: Case) -> Client:
    for year in (2022, 2023):
        do_open_year(FiscalYear(year), acting_user=case.user)
    return client_of(case.user)


@pytest.fixture
def officer(case: Case) -> Client:
    return client_of(case.house.account("officer"))


def url(name: str, *args: object) -> str:
    return reverse(f"karte:{name}", args=args)


def test_the_list_shows_facts_score_and_money(case: Case, secretary: Client) -> None:
    text = text_of(secretary, url("karte-list"), **R5)
    for words in ("総務事務システム", "LGWAN接続系", "3B", "R4決算", "4,440", "R5予算", "4,100"):
        assert words in text, words
    assert "許認可システム" not in text_of(secretary, url("karte-list"), zone="lgwan", **R5)
    before = queries_of(secretary, url("karte-list"))
    from tenshu.ground.systems.actions import do_add_system

    for number in range(100, 110):
        do_add_system(
            {"number": f"{number}", "name": f"見本{number}"}, case.house.units["0101"], acting_user=case.user
        )
    assert queries_of(secretary, url("karte-list")) == before


def test_the_karte_of_a_system_shows_every_field_and_thing(case: Case, secretary: Client) -> None:
    text = text_of(secretary, url("karte-detail", case.system.pk), **R5)
    for words in (
        "ライフサイクル", "運用中", "7,000名", "総務1号機", "見本データベース 12", "R3-0012", "届出データ",
        "総務事務システムが受け取るデータは0件、渡すデータは1件。", "契約・サポート・更改の時期",
    ):  # fmt: skip
        assert words in text, words


def test_a_system_without_a_karte_says_how_to_begin(case: Case, secretary: Client) -> None:
    text = text_of(secretary, url("karte-detail", case.other.pk))
    assert "未記入" in text
    assert "まだ登録がありません" in text


def test_the_page_of_the_system_carries_the_karte(case: Case, secretary: Client) -> None:
    text = text_of(secretary, reverse("systems:system-detail", args=[case.system.pk]), **R5)
    for words in (
        "R4決算（千円）",
        "4,440",
        "年度ごとの費用",
        "つながり",
        "カルテの充足度",
        "カルテの全項目を見る",
    ):
        assert words in text, words


def test_a_division_writes_its_own_karte_and_no_other(case: Case, officer: Client) -> None:
    send(
        officer, url("karte-correct", case.system.pk, "users"),
        users_staff="６２", service_hours="8時～20時", runs_on_holidays="false",
    )  # fmt: skip
    karte = Karte.objects.get(system=case.system)
    assert (karte.users_staff, karte.runs_on_holidays) == (62, False)
    assert karte.summary
    assert "利用する職員（名）" in refused(
        officer, url("karte-correct", case.system.pk, "users"), users_staff="多数"
    )
    assert officer.get(url("karte-correct", case.other.pk, "users")).status_code == 403
    assert officer.get(url("karte-correct", case.system.pk, "nonsense")).status_code == 404


def test_contacts_are_typed_by_number(case: Case, officer: Client) -> None:
    here = url("karte-correct", case.system.pk, "contacts")
    assert "9999" in refused(officer, here, main_contact="9999")
    send(officer, here, main_contact="1003", second_contact="")
    assert str(Karte.objects.get(system=case.system).main_contact) == "仮名 次郎"
    assert "1003 仮名 次郎" in text_of(officer, here)


def test_things_are_entered_corrected_and_removed(case: Case, officer: Client) -> None:
    add = url("thing-add", case.system.pk, "server")
    assert "6つ" in refused(officer, add, name="soumu-db1", kind="virtual", load_cpu="1、2")
    send(officer, add, name="soumu-db1", kind="virtual", load_cpu="1、2、3、4、5、-", cores="４")
    server = Server.objects.get(name="soumu-db1")
    assert server.loads == {"cpu": [1, 2, 3, 4, 5, None]}
    here = url("thing-correct", "server", server.pk)
    assert "1、2、3、4、5、-" in text_of(officer, here)
    send(officer, here, name="soumu-db1", kind="physical", load_cpu="1、2、3、4、5、6")
    server.refresh_from_db()
    assert (server.kind, server.loads["cpu"][-1], server.cores) == ("physical", 6, None)
    send(officer, url("thing-remove", "server", server.pk), reason="二重に登録した")
    assert not Server.objects.filter(name="soumu-db1").exists()


def test_a_contract_and_an_amount_are_entered(case: Case, officer: Client) -> None:
    values = {
        "number": "R5-0001", "name": "機器リース", "kind": "lease", "vendor": case.made["vendor"].pk,
        "starts_on": "R5.4.1", "ends_on": "R10.3.31", "amount": "12,000,000", "long_term": "true",
    }  # fmt: skip
    add = url("thing-add", case.system.pk, "contract")
    assert "終了日は開始日以後" in refused(officer, add, **(values | {"ends_on": "R4.3.31"}))
    send(officer, add, **values)
    contract = Contract.objects.get(number="R5-0001")
    assert (contract.amount, contract.long_term) == (12_000_000, True)
    cost = url("thing-add", case.system.pk, "cost")
    told = {"fiscal_year": "R6", "item": case.made["run"].pk, "stage": "requested", "number": "1"}
    assert "負の額" in refused(officer, cost, amount="▲5", **told)
    send(officer, cost, amount="4,500,000", **told)
    assert CostLine.objects.get(stage="requested").fiscal_year == 2024
    assert "4,500,000" in text_of(officer, url("money-detail", case.system.pk))


def test_a_data_flow_names_this_system_at_one_end(case: Case, officer: Client) -> None:
    add = url("thing-add", case.system.pk, "dependency")
    values = {"data": "通知", "method": "file", "cycle": "daily"}
    assert "0007" in refused(officer, add, source="0042", outside="国", **values)
    send(officer, add, source="", target="0007", outside="国", **values)
    assert Dependency.objects.get(outside="国").target == case.system


def test_what_does_not_apply_leaves_the_score(case: Case, officer: Client) -> None:
    page = url("completeness-detail", case.system.pk)
    assert "未回答" in text_of(officer, page, **R5)
    send(officer, url("not-applicable-set", case.system.pk, "renewal_on"), reason="廃止が決まった")
    assert NotApplicable.objects.get().reason == "廃止が決まった"
    assert "廃止が決まった" in text_of(officer, page, **R5)


def test_ends_of_contracts_and_support_are_listed_for_the_budget(case: Case, secretary: Client) -> None:
    text = text_of(secretary, url("contract-list"), **R5)
    assert "総務事務システム運用保守" in text
    assert "R6に終わる（来年度の予算に載せる）" in text
    assert "見本データベース 12" in text_of(secretary, url("support-list"), view="next", **R5)
    assert "見本データベース 12" not in text_of(secretary, url("support-list"), **R5)
    book = secretary.get(url("support-list"), {"view": "all", "out": "xlsx", **R5}).content
    assert openpyxl.load_workbook(io.BytesIO(book)).worksheets[0].max_row == 4


def test_money_of_the_year_sums_its_rows(case: Case, secretary: Client) -> None:
    text = text_of(secretary, url("money-list"), nendo="R4")
    assert "4,500" in text
    assert "1システムの合計" in text


@pytest.mark.parametrize("register", ["vendor", "host", "cost-item", "matching-rule", "completeness-rule"])
def test_the_secretariat_keeps_the_registers(
    case: Case, secretary: Client, officer: Client, register: str
) -> None:
    assert "登録する" in text_of(secretary, url("register-list", register))
    assert "登録する</a>" not in text_of(officer, url("register-list", register))
    assert text_of(secretary, url("register-add", register))
    assert officer.get(url("register-add", register)).status_code == 403


def test_an_entry_of_a_register_is_added_corrected_and_removed(case: Case, secretary: Client) -> None:
    send(secretary, url("register-add", "vendor"), name="試行商事")
    vendor = Vendor.objects.get(name="試行商事")
    send(secretary, url("register-correct", "vendor", vendor.pk), name="試行商事株式会社")
    vendor.refresh_from_db()
    assert vendor.name == "試行商事株式会社"
    assert "付いているので消せません" in refused(
        secretary, url("register-remove", "vendor", case.made["vendor"].pk), reason="誤り"
    )
    send(secretary, url("register-remove", "vendor", vendor.pk), reason="誤り")


HEAD = "会計年度,部局名,室課名,支払日,会計区分,節(細節名),支払内容,支払額,事業名\r\n"


def test_an_accounting_export_is_taken_in_matched_and_decided_by_hand(case: Case, secretary: Client) -> None:
    rows = (
        '2022,総務部,人事課,2022/10/31,一般会計,委託料,総務事務システム保守,"330,000",人事管理費\r\n'
        "令和4年度,総務部,人事課,R4.11.30,一般会計,需用費,用紙,1200,人事管理費\r\n"
    )
    file = SimpleUploadedFile("支払いR4.csv", (HEAD + rows).encode("cp932"))
    send(secretary, url("payment-import"), file=file)
    matched, lost = Payment.objects.order_by("source_row")
    assert (matched.system, matched.source_row, lost.system) == (case.system, 2, None)
    text = text_of(secretary, url("payment-list"), nendo="R4")
    assert "システム未定" in text
    assert "用紙" in text_of(secretary, url("payment-list"), nendo="R4", unmatched="1")
    send(secretary, url("payment-assign", lost.pk), system="0042")
    assert secretary.post(url("payment-match"), {"-": "-"}).status_code == 302
    lost.refresh_from_db()
    assert lost.system == case.other
    again = SimpleUploadedFile("支払いR4.csv", (HEAD + rows).encode("cp932"))
    assert "取込済み" in refused(secretary, url("payment-import"), file=again)
    send(secretary, url("payment-remove", matched.pk), reason="訂正版に替える")
    assert not Payment.objects.exists()


def test_every_fault_of_an_export_is_told_with_its_cell(case: Case, secretary: Client) -> None:
    rows = "2022,総務部,人事課,昨日,一般会計,委託料,保守,多数,人事管理費\r\n"
    file = SimpleUploadedFile("支払い.csv", (HEAD + rows).encode("utf-8-sig"))
    text = refused(secretary, url("payment-import"), file=file)
    assert "D2" in text
    assert "H2" in text
    assert not Payment.objects.exists()


def test_payments_and_settlement_stand_apart_with_their_difference(case: Case, secretary: Client) -> None:
    actions.do_import_payments([payment("総務事務システム")], acting_user=case.user)
    text = text_of(secretary, url("money-detail", case.system.pk))
    assert "330,000" in text
    assert "▲4,110,000" in text


def test_money_and_payments_of_an_earlier_year_are_one_click_away(case: Case, secretary: Client) -> None:
    actions.do_import_payments([payment("総務事務システム")], acting_user=case.user)
    page = text_of(secretary, url("money-list"), **R5)
    assert f'href="{url("money-list")}?of=R4"' in page
    of_r4 = text_of(secretary, url("money-list"), of="R4", **R5)
    for words in ("令和4年度の予算、決算と支払い", "4,440", "330", "▲4,110"):
        assert words in of_r4, words
    assert "令和5年度の予算" in text_of(secretary, url("money-list"), of="nonsense", **R5)
    payments = text_of(secretary, url("payment-list"), of="R4", **R5)
    assert "総務事務システム運用保守（9月分）" in payments
    assert f'action="{url("payment-match")}?of=R4"' in payments
    assert "総務事務システム運用保守（9月分）" not in text_of(secretary, url("payment-list"), **R5)
