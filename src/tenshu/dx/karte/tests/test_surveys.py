from django.test import Client

from tenshu.dx.karte import actions
from tenshu.dx.karte.fields import FIELDS
from tenshu.dx.karte.models import CompletenessRule, CostItem, MatchingRule
from tenshu.dx.karte.money import money_by_system
from tenshu.dx.karte.shipped import ITEMS as SHIPPED_ITEMS
from tenshu.dx.karte.shipped import missing
from tenshu.dx.karte.surveys import BY_HAND, FROM_KARTE, INCOMPLETE, answer, facts_of
from tenshu.dx.karte.surveys import ITEMS as ASKED
from tenshu.dx.karte.tests.conftest import Case
from tenshu.dx.karte.tests.test_pages import secretary, url
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.systems.models import System
from tenshu.mechanisms.gathering.tests.asking import client_of, send, text_of

__all__ = ["secretary"]
R5 = FiscalYear(2023)


def answers(case: Case) -> dict[str, tuple[int | None, int, str]]:
    systems = System.objects.select_related("karte")
    facts = facts_of(systems, money_by_system(systems, R5))
    return {one.item.label: (one.value, one.open, one.word) for one in answer(facts)}


def test_the_survey_is_filled_as_far_as_the_kartes_tell_and_marks_the_rest(case: Case) -> None:
    found = answers(case)
    assert found["情報システム"] == (2, 0, FROM_KARTE)
    assert found["庁舎内に置くシステム"] == (1, 1, INCOMPLETE)
    assert found["マイナンバーを使うシステム"] == (0, 1, INCOMPLETE)
    assert found["運用等経費（予算現額）"] == (4_100_000, 1, INCOMPLETE)
    assert found["CISOの任命"] == (None, 0, BY_HAND)
    actions.do_change_karte(case.other, {"hosting": "cloud", "uses_mynumber": True}, acting_user=case.user)
    found = answers(case)
    assert found["クラウドを使うシステム"] == (1, 0, FROM_KARTE)
    assert found["マイナンバーを使うシステム"] == (1, 0, FROM_KARTE)


def test_every_item_rests_on_fields_of_the_karte_or_says_where_to_look() -> None:
    for item in ASKED:
        assert set(item.names) <= set(FIELDS)
        assert item.counts or item.sums or item.elsewhere, item.label
    assert len({item.label for item in ASKED}) == len(ASKED)


def test_the_page_of_the_survey_can_be_copied_and_taken_out(case: Case, secretary: Client) -> None:
    page = text_of(secretary, url("survey-list"), nendo="R5")
    for words in ("手で記入", "未記入あり", "庁舎内に置くシステム", "カルテ：設置形態"):
        assert words in page, words
    assert (
        "業務・システムの効率化\t庁舎内に置くシステム\t1\tシステム\t未記入あり\t1\tカルテ：設置形態" in page
    )
    systems = text_of(secretary, url("survey-list"), nendo="R5", view="systems")
    assert "0007\t総務事務システム\t" in systems
    assert "未記入" in systems
    book = secretary.get(url("survey-list"), {"nendo": "R5", "out": "csv"}).content.decode("utf-8-sig")
    assert "庁舎内に置くシステム,1,システム" in book
    dashboard = text_of(secretary, url("dashboard-list"), nendo="R5")
    assert "0007\t総務事務システム" in dashboard


def test_the_settings_to_begin_with_are_shown_chosen_and_put_in_once(case: Case, secretary: Client) -> None:
    CostItem.objects.filter(code="U01").update(code="X9", name="運用")
    for model in (MatchingRule, CompletenessRule):
        model.objects.all().delete()
    here = url("shipped-add")
    page = text_of(secretary, here, nendo="R5")
    assert "経費区分（7件）" in page
    assert "人事課の「総務事務」を含む支払い → 0007 総務事務システム" in page
    send(secretary, f"{here}?nendo=R5", kinds=["cost-item", "completeness-rule"])
    assert CostItem.objects.count() == len(SHIPPED_ITEMS) - 1  # one under a code, one under a name of its own
    assert not MatchingRule.objects.exists()
    send(secretary, f"{here}?nendo=R5", kinds=["matching-rule"])
    assert MatchingRule.objects.count() == 2
    assert missing(R5).kinds == {}
    assert actions.do_add_shipped(R5, ["cost-item", "matching-rule"], acting_user=case.user) == 0
    assert "標準の設定はすべて登録してあります" in text_of(secretary, here, nendo="R5")
    assert "標準の設定を入れる" in text_of(secretary, url("register-list", "cost-item"))
    officer = client_of(case.house.account("officer"))
    assert officer.get(here).status_code == 403


def test_registers_are_searched(case: Case, secretary: Client) -> None:
    assert "見本情報サービス株式会社" in text_of(secretary, url("register-list", "vendor"), q="見本情報")
    assert "見本情報サービス株式会社</td>" not in text_of(
        secretary, url("register-list", "vendor"), q="ほかの会社"
    )
