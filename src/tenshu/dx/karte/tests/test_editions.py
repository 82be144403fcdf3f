import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from tenshu.dx.karte import actions
from tenshu.dx.karte.comparing import NOW, Side, default_sides
from tenshu.dx.karte.completeness import MISSING, judge, score, scores
from tenshu.dx.karte.consistency import altered_editions
from tenshu.dx.karte.differing import differences
from tenshu.dx.karte.figures import FIGURES
from tenshu.dx.karte.guards import install_statements, remove_statements
from tenshu.dx.karte.models import CompletenessRule, Contract, Edition, Karte
from tenshu.dx.karte.report_blocks import BLOCKS
from tenshu.dx.karte.subject_kinds import SystemSubjects
from tenshu.dx.karte.tests.conftest import Case
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.calendar.actions import do_open_year
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.systems.models import System
from tenshu.mechanisms.gathering.tests.asking import client_of, text_of
from tenshu.mechanisms.inquiry.actions.campaigns import do_add_campaign, do_open_campaign
from tenshu.mechanisms.inquiry.actions.steps import do_accept, do_confirm, do_reopen, do_submit
from tenshu.mechanisms.inquiry.models import Campaign
from tenshu.mechanisms.questionnaire.subjects import texts_of

R4, R5 = FiscalYear(2022), FiscalYear(2023)
FILLING = {"business": "other", "importance": "high", "uses_global_ip": False, "holds_personal": True}


def freeze(case: Case, year: FiscalYear) -> Edition:
    return actions.do_freeze_edition(case.system, year, confirmed_by="例田 太郎", acting_user=case.user)


def test_an_edition_holds_every_part_and_is_chained_to_the_one_before(case: Case) -> None:
    first, second = freeze(case, R4), freeze(case, R5)
    assert first.previous is None
    assert second.previous == first
    content = Edition.objects.get(pk=second.pk).content
    assert content["karte"]["zone"] == {"label": "ネットワーク", "value": "lgwan", "text": "LGWAN接続系"}
    assert content["servers"]["総務1号機"]["host"]["text"] == "ホスト1号"
    assert content["servers"]["総務1号機"]["loads"]["text"].startswith("CPU使用率 5、5、60、70、20、5／")
    assert content["money"]["R4 運用・保守 決算 1"]["amount"]["value"] == 3_960_000
    assert "R3-0012 総務事務システム運用保守" in content["contracts"]
    assert AuditRow.objects.latest("pk").verb == "karte.edition_frozen"
    assert list(altered_editions(R5)) == []


def test_the_database_refuses_to_change_or_remove_an_edition(case: Case) -> None:
    edition = freeze(case, R4)
    with connection.cursor() as cursor:
        for statement in [*remove_statements(connection.vendor), *install_statements(connection.vendor)]:
            cursor.execute(statement)
    for change in (
        lambda: Edition.objects.filter(pk=edition.pk).update(score=100),
        lambda: Edition.objects.filter(pk=edition.pk).delete(),
    ):
        with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            change()


def test_an_edition_that_was_rewritten_from_outside_is_found(case: Case) -> None:
    first = freeze(case, R4)
    freeze(case, R5)
    with connection.cursor() as cursor:
        for statement in remove_statements(connection.vendor):
            cursor.execute(statement)
    content = Edition.objects.get(pk=first.pk).content
    content["karte"]["zone"]["value"] = "internet"
    Edition.objects.filter(pk=first.pk).update(content=content)
    assert [finding.label for finding in altered_editions(R4)] == ["総務事務システム R4版"]
    page = reverse("karte:edition-detail", args=[first.pk])
    assert "確定したときと内容が違います" in text_of(client_of(case.user), page)
    with connection.cursor() as cursor:
        for statement in install_statements(connection.vendor):
            cursor.execute(statement)


def test_two_years_differ_field_by_field(case: Case) -> None:
    first = freeze(case, R4)
    actions.do_change_karte(case.system, {"users_staff": 62, "zone": "internet"}, acting_user=case.user)
    actions.do_change_thing(
        case.made["contract"], {"ends_on": datetime.date(2025, 3, 31)}, acting_user=case.user
    )
    actions.do_remove_thing(case.made["software"], acting_user=case.user, reason="誤り")
    found = {
        (one.part, one.label): (one.before, one.after)
        for one in differences(first.content, freeze(case, R5).content)
        if one.part != "費用"
    }
    assert found == {
        ("カルテ", "利用する職員"): ("7,000", "62"),
        ("カルテ", "ネットワーク"): ("LGWAN接続系", "インターネット接続系"),
        ("契約", "終了日"): ("令和6年3月31日", "令和7年3月31日"),
        ("ソフトウェア", "登録"): ("あり", ""),
    }
    page = reverse("karte:edition-compare", args=[case.system.pk])
    text = text_of(client_of(case.user), page, **{"from": "R4", "to": "R5"})
    assert "インターネット接続系" in text
    assert "利用する職員" in text_of(client_of(case.user), reverse("karte:difference-list"), **{"from": "R4"})


def test_an_edition_of_an_earlier_year_is_brought_in_once(case: Case) -> None:
    karte = Karte(system=case.system, zone="internet", users_staff=50)
    actions.do_bring_editions([karte], R4, confirmed_by="所属長", acting_user=case.user)
    edition = Edition.objects.get()
    assert edition.content["parts"] == ["register", "karte", "contracts", "money"]
    with pytest.raises(ValidationError, match="変えられません"):
        actions.do_bring_editions([karte], R4, acting_user=case.user)


def test_editions_of_two_years_come_in_with_owner_contracts_and_money_of_then(case: Case) -> None:
    old = actions.do_add_thing(
        Contract(system=case.system, number="H30-0001", name="総務事務システム機器賃貸借", kind="lease",
                 vendor=case.made["vendor"], starts_on=datetime.date(2018, 4, 1),
                 ends_on=datetime.date(2023, 3, 31)),
        acting_user=case.user,
    )  # fmt: skip
    for year, zone, owner in ((R4, "internet", "0102"), (R5, "lgwan", "0101")):
        actions.do_bring_editions(
            [Karte(system=case.system, zone=zone)],
            year,
            owners={case.system.pk: case.house.units[owner]},
            confirmed_by="所属長",
            acting_user=case.user,
        )
    first, second = Edition.objects.order_by("pk")
    assert second.previous == first
    assert first.content["register"]["owner"]["value"] == "0102"
    assert {key.split()[0] for key in first.content["contracts"]} == {old.number, "R3-0012"}
    assert "R4 運用・保守 決算 1" not in first.content["money"]
    found = {
        (one.part, one.record, one.label): (one.before, one.after)
        for one in differences(first.content, second.content, (R4, R5))
    }
    assert found[("台帳", "", "所管")] == (
        case.house.units["0102"].full_name,
        case.house.units["0101"].full_name,
    )
    assert found[("カルテ", "", "ネットワーク")] == ("インターネット接続系", "LGWAN接続系")
    assert found[("契約", f"{old.number} {old}", "登録")] == ("あり", "")
    assert found[("費用", "今年度 運用・保守 当初", "金額（円）")] == ("4,000,000", "4,200,000")
    assert found[("費用", "前年度 運用・保守 決算", "金額（円）")] == ("", "3,960,000")


def test_a_page_compares_the_edition_of_its_year_with_the_one_before(case: Case) -> None:
    sides = [Side("R3"), Side("R4"), Side("R5"), Side(NOW)]
    assert default_sides(sides, R5) == (Side("R4"), Side("R5"))
    assert default_sides(sides, FiscalYear(2024)) == (Side("R5"), Side(NOW))
    assert default_sides([Side(NOW)], R5) == (Side(NOW), Side(NOW))
    assert default_sides([Side("R5"), Side(NOW)], R5) == (Side("R5"), Side(NOW))


def test_the_differences_are_shown_by_part_with_their_count(case: Case) -> None:
    for year in (R4, R5):
        do_open_year(year, acting_user=case.user)
        freeze(case, year)
        actions.do_change_karte(case.system, {"zone": "internet"}, acting_user=case.user)
    client, page = client_of(case.user), reverse("karte:difference-list")
    text = text_of(client, page, nendo="R5")
    assert "R4版" in text
    assert "インターネット接続系" in text
    only = text_of(client, page, nendo="R5", part="カルテ")
    assert "インターネット接続系" in only
    assert "今年度 運用・保守 当初" not in only
    assert "今年度 運用・保守 当初" in text


def test_an_ended_contract_is_not_in_the_edition_of_a_later_year(case: Case) -> None:
    assert freeze(case, R5).content["contracts"]
    assert not freeze(case, FiscalYear(2024)).content["contracts"]


def test_the_score_counts_weights_and_can_be_worked_out_again(case: Case) -> None:
    CompletenessRule.objects.all().delete()
    for item, weight, may_not_apply in (("zone", 3, False), ("renewal_on", 1, True), ("servers", 2, False)):
        CompletenessRule.objects.create(item=item, weight=weight, may_not_apply=may_not_apply, from_year=2023)
    CompletenessRule.objects.create(item="phone", weight=50, from_year=2020, until_year=2022)
    assert score(judge(case.system.pk, R5)) == 83
    actions.do_set_not_applicable(case.system, "renewal_on", "廃止が決まった", acting_user=case.user)
    assert scores([case.system.pk, case.other.pk], R5) == {case.system.pk: 100, case.other.pk: 0}
    assert score(judge(case.system.pk, R4)) == 0
    edition = freeze(case, R5)
    CompletenessRule.objects.all().delete()
    kept = edition.content["rules"]
    counted = [rule for rule in kept if rule["state"] != "not_applicable"]
    met = sum(rule["weight"] for rule in counted if rule["state"] == "filled")
    assert edition.score == 100 * met // sum(rule["weight"] for rule in counted) == 100


def opened(case: Case) -> Campaign:
    campaign = Campaign(
        title="カルテの時点修正", fiscal_year=2023, content="karte", subject_kind="system",
        selection="対象.ネットワーク＝LGWAN接続系", host=case.house.units["0102"],
        due_on=datetime.date(2099, 6, 30),
    )  # fmt: skip
    do_add_campaign(campaign, acting_user=case.user)
    assert do_open_campaign(campaign, acting_user=case.user) == 1
    campaign.refresh_from_db()
    return campaign


def test_accepting_the_sheet_writes_the_edition_and_reopening_leaves_it(case: Case) -> None:
    sheet = opened(case).sheets.get()
    officer, head = case.house.account("officer"), case.house.account("head")
    page = text_of(client_of(officer), reverse("karte:completeness-detail", args=[case.system.pk]))
    assert "カルテの時点修正" in page
    assert reverse("inquiry:sheet-detail", args=[sheet.pk]) in page
    with pytest.raises(ValidationError) as refused:
        do_submit(sheet, acting_user=officer)
    assert "標準化業務：まだ書いていません。" in refused.value.messages
    main = {"main_contact": case.house.staff["1003"]}
    actions.do_change_karte(case.system, FILLING | main, acting_user=officer)
    assert all(one.state != MISSING for one in judge(case.system.pk, R5) if one.level == 1)
    do_submit(sheet, acting_user=officer)
    do_confirm(sheet, acting_user=head)
    do_accept(sheet, acting_user=case.user)
    edition = Edition.objects.get()
    assert (edition.fiscal_year, edition.number, edition.confirmed_by) == (
        2023,
        1,
        "例田 太郎（所属長の確認）",
    )
    sheet.refresh_from_db()
    do_reopen(sheet, "誤り", acting_user=case.user)
    for step, user in ((do_submit, officer), (do_confirm, head), (do_accept, case.user)):
        step(sheet, acting_user=user)
    assert list(Edition.objects.values_list("number", flat=True)) == [1, 2]


def test_questionnaires_may_ask_about_systems(case: Case) -> None:
    kind = SystemSubjects()
    today = datetime.date(2023, 6, 1)
    subjects = kind.subjects(today)
    assert [subject.number for subject in subjects] == ["0007", "0042"]
    told = kind.attributes_of([subject.key for subject in subjects], today)
    assert {attribute.label for attribute in kind.attributes} == set(told[case.system.pk])
    assert told[case.system.pk]["マイナンバー利用"] == "いいえ"
    assert texts_of(told[case.other.pk]["ネットワーク"]) == frozenset()


def test_figures_and_the_report_tell_of_edition_settlement_and_budget(case: Case) -> None:
    do_open_year(R5, acting_user=case.user)
    System.objects.filter(pk=case.system.pk).update(candidate_from=R4.start)
    freeze(case, R4)
    counted = {figure.key: figure.measure(figure.rows(R5)).value for figure in FIGURES if figure.rows}
    assert counted == {"karte.editions": 1, "karte.settled_systems": 1, "karte.budgeted_systems": 1}
    (table,) = BLOCKS["karte.edition"](R5)
    assert table.rows == [
        ["R4版の時点修正", "1", "", "", ""],
        ["R4決算の確認", "1", "3,960", "480", "4,440"],
        ["R5予算の確認", "1", "4,100", "", "4,100"],
    ]
    assert BLOCKS["karte.edition"](FiscalYear(2019)) == []


def test_the_table_for_the_survey_has_the_dashboards_columns(case: Case) -> None:
    do_open_year(R5, acting_user=case.user)
    text = text_of(client_of(case.user), reverse("karte:dashboard-list"), nendo="R5")
    for words in ("情報システムID", "運用等経費", "整備等経費", "4,100,000"):
        assert words in text, words
