import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404

from tenshu.dx.karte import actions
from tenshu.dx.karte.models import Contract, CostLine, Dependency, Host, Karte, NotApplicable, Server
from tenshu.dx.karte.queries import access_part, access_register, kartes_for, support_endings
from tenshu.dx.karte.tests.conftest import Case
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.systems.models import System


def test_a_karte_is_begun_and_changed_with_a_row_in_the_record(case: Case) -> None:
    actions.do_change_karte(case.other, {"zone": "internet"}, acting_user=case.user)
    actions.do_change_karte(case.other, {"zone": "lgwan"}, acting_user=case.user)
    assert Karte.objects.get(system=case.other).zone == "lgwan"
    verbs = list(AuditRow.objects.order_by("-pk").values_list("verb", flat=True)[:2])
    assert verbs == ["karte.karte_changed", "karte.karte_added"]
    with pytest.raises(KeyError):
        actions.do_change_karte(case.other, {"number": "0001"}, acting_user=case.user)


def test_kartes_are_begun_only_where_there_is_none(case: Case) -> None:
    systems = list(System.objects.all())
    assert actions.do_begin_kartes(systems, acting_user=case.user) == 1
    assert actions.do_begin_kartes(systems, acting_user=case.user) == 0


def test_what_does_not_apply_needs_a_reason_and_goes_when_it_is_filled(case: Case) -> None:
    actions.do_set_not_applicable(case.system, "renewal_on", "廃止の予定", acting_user=case.user)
    actions.do_set_not_applicable(case.system, "renewal_on", "廃止が決まった", acting_user=case.user)
    assert NotApplicable.objects.get().reason == "廃止が決まった"
    actions.do_change_karte(case.system, {"renewal_on": datetime.date(2027, 4, 1)}, acting_user=case.user)
    assert not NotApplicable.objects.exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"loads": {"cpu": [1, 2, 3]}}, "loads"),
        ({"loads": {"cpu": [1, 2, 3, 4, 5, 101]}}, "loads"),
        ({"name": "総務1号機"}, "name"),
    ],
)
def test_a_server_that_cannot_be_is_refused(case: Case, values: dict[str, object], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        actions.do_add_thing(
            Server(**({"system": case.system, "name": "new"} | values)), acting_user=case.user
        )
    assert field in refused.value.message_dict


def test_a_contract_ends_after_it_begins(case: Case) -> None:
    contract: Contract = case.made["contract"]
    with pytest.raises(ValidationError, match="終了日"):
        actions.do_change_thing(contract, {"ends_on": datetime.date(2020, 1, 1)}, acting_user=case.user)


def test_data_flows_between_two_ends(case: Case) -> None:
    for values in (
        {"data": "x", "method": "file"},
        {"data": "x", "method": "file", "source": case.system},
        {"data": "x", "method": "file", "source": case.system, "target": case.system},
        {"data": "x", "method": "file", "source": case.system, "target": case.other, "outside": "国"},
    ):
        with pytest.raises(ValidationError):
            actions.do_add_thing(Dependency(**values), acting_user=case.user)
    outside = Dependency(target=case.system, outside="国", data="通知", method="file")
    assert actions.do_add_thing(outside, acting_user=case.user).giver == "国"
    again = Dependency(target=case.system, outside="国", data="通知", method="file")
    with pytest.raises(ValidationError):
        actions.do_add_thing(again, acting_user=case.user)


def test_a_host_with_servers_cannot_be_removed_by_mistake(case: Case) -> None:
    with pytest.raises(ValidationError, match="1件"):
        actions.do_remove_thing(case.made["host"], acting_user=case.user, reason="誤り")
    actions.do_remove_thing(case.made["server"], acting_user=case.user, reason="誤り")
    actions.do_remove_thing(case.made["host"], acting_user=case.user, reason="誤り")
    assert not Host.objects.exists()


def test_only_changes_of_a_budget_may_be_negative(case: Case) -> None:
    line: CostLine = case.made["lines"][0]
    with pytest.raises(ValidationError) as refused:
        actions.do_change_thing(line, {"amount": -1}, acting_user=case.user)
    assert "amount" in refused.value.message_dict
    early = CostLine(system=case.system, fiscal_year=2015, item=case.made["run"], stage="initial", amount=1)
    with pytest.raises(ValidationError, match="この年度では使えません"):
        actions.do_add_thing(early, acting_user=case.user)


def test_the_gate_follows_the_owner_of_the_system(case: Case) -> None:
    house, server = case.house, case.made["server"]
    assert access_part(house.account("officer"), Server, server.pk, "change") == server
    other = house.person("other", "2001", "別見 五郎", "べつみ ごろう", "020101", is_officer=True)
    assert access_part(other, Server, server.pk) == server
    with pytest.raises(PermissionDenied):
        access_part(other, Server, server.pk, "change")
    # Both ends of a data flow may keep it.
    assert access_part(other, Dependency, case.made["flow"].pk, "change")
    with pytest.raises(Http404):
        access_part(house.account("staff"), Server, server.pk)
    with pytest.raises(PermissionDenied):
        access_register(house.account("officer"), Host, case.made["host"].pk)
    with pytest.raises(Http404):
        access_register(house.account("stranger"), Host, case.made["host"].pk)
    assert not kartes_for(house.account("staff")).exists()


def test_every_end_of_support_is_listed_once_and_in_order(case: Case) -> None:
    found = support_endings(System.objects.all())
    assert [(ending.kind, str(ending.ends_on)) for ending in found] == [
        ("データベース", "2024-06-30"),
        ("サーバのOS", "2024-07-31"),
        ("収容ホスト", "2027-03-31"),
    ]
    actions.do_change_thing(
        case.made["server"], {"removed_on": datetime.date(2023, 1, 1)}, acting_user=case.user
    )
    assert [ending.kind for ending in support_endings(System.objects.all())] == ["データベース"]
