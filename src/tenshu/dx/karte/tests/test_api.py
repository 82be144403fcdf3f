"""Kartes over the API: facts, things, money, payments, editions."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tenshu.dx.karte.models import Karte, NotApplicable, Server
from tenshu.ground.access.roles import Role
from tenshu.ground.api.tests.asking import ROOT, Asker
from tenshu.ground.audit.models import AuditRow


@pytest.fixture
def officer(world):
    return Asker(world.users[Role.OFFICER])


@pytest.fixture
def secretary(world):
    return Asker(world.users[Role.SECRETARIAT])


@pytest.fixture
def one(world):
    return f"/systems/{world.kwargs['system_id']}"


def test_a_karte_is_read_and_single_facts_are_changed(officer, world, one):
    told = officer.get(f"{one}/karte").json()
    assert told["facts"]["uses_mynumber"] is False
    assert told["facts"]["zone"] == "lgwan"
    assert told["facts"]["main_contact"] is None
    change = {"uses_mynumber": True, "main_contact": "1003", "renewal_on": "2027-03-31", "users_staff": None}
    now = officer.ask("PATCH", f"{one}/karte", change).json()["facts"]
    assert (now["uses_mynumber"], now["main_contact"]["number"]) == (True, "1003")
    assert (now["renewal_on"], now["users_staff"]) == ("2027-03-31", None)
    assert now["summary"] == told["facts"]["summary"]
    assert AuditRow.objects.filter(verb="karte.karte_changed", channel__startswith="api:").exists()


def test_a_karte_of_another_division_is_read_but_not_changed(officer):
    from tenshu.ground.systems.models import System

    other = f"/systems/{System.objects.get(number='0042').pk}/karte"
    assert officer.get(other).json()["facts"] is None
    assert officer.ask("PATCH", other, {"summary": "x"}).status_code == 403
    assert not Karte.objects.filter(system__number="0042").exists()


def test_what_does_not_apply_is_said_with_its_reason(officer, one):
    path = f"{one}/karte/not-applicable/backup_cycle"
    told = officer.ask("PUT", path, {"reason": "データを持たない"}).json()
    (rule,) = [rule for rule in told["rules"] if rule["item"] == "backup_cycle"]
    assert rule["state"] == "not_applicable"
    officer.ask("PUT", path, {"reason": ""})
    assert not NotApplicable.objects.exists()
    assert officer.ask("PUT", f"{one}/karte/not-applicable/colour", {"reason": "x"}).status_code == 404


def test_things_are_entered_changed_and_taken_away(officer, one):
    new = {"name": "総務2号機", "cores": 4, "loads": {"cpu": [1, 2, None, 4, 5, 6]}}
    made = officer.ask("POST", f"{one}/servers", new)
    assert made.status_code == 201, made.json()
    told = made.json()
    assert (told["system"]["number"], told["kind"], told["loads"]) == ("0007", "virtual", new["loads"])
    path = f"/servers/{told['id']}"
    changed = officer.ask("PATCH", path, {"cores": 8}, **{"If-Match": made["ETag"]}).json()
    assert (changed["cores"], changed["loads"]) == (8, new["loads"])
    assert officer.ask("PATCH", path, {"cores": 9}, **{"If-Match": made["ETag"]}).status_code == 412
    assert officer.get(f"{one}/servers").json()["count"] == 2
    assert officer.ask("DELETE", f"{path}?reason=誤り").status_code == 204
    assert Server.objects.count() == 1


def test_a_contract_names_its_vendor_and_keeps_the_rules_of_the_page(officer, secretary, world, one):
    new = {"number": "R5-1", "name": "保守", "kind": "maintenance", "vendor": world.kwargs["vendor_id"],
           "starts_on": "2023-04-01", "ends_on": "2024-03-31", "amount": 1_200_000, "renews_itself": False}  # fmt: skip
    told = officer.ask("POST", f"{one}/contracts", new).json()
    assert (told["vendor"]["name"], told["amount"], told["renews_itself"]) == (
        "見本情報サービス株式会社",
        1_200_000,
        False,
    )
    wrong = officer.ask("POST", f"{one}/contracts", new | {"number": "R5-2", "ends_on": "2020-01-01"})
    assert wrong.status_code == 422
    ending = secretary.get("/contracts?ends_from=2024-03-31&ends_until=2024-03-31").json()
    assert [row["number"] for row in ending["items"]] == ["R3-0012", "R5-1"]


def test_data_flows_have_this_system_at_one_end(officer, one):
    other = {"source": "0042", "target": None, "outside": "国", "data": "統計", "method": "file"}
    assert officer.ask("POST", f"{one}/data-flows", other).json()["fields"][0]["name"] == "source"
    own = officer.ask("POST", f"{one}/data-flows", other | {"source": "0007"})
    assert own.json()["source"]["number"] == "0007"


def test_registers_are_the_secretariats(officer, secretary):
    item = {"code": "U09", "name": "通信", "section": "operation", "from_year": "R5"}
    assert officer.ask("POST", "/cost-items", item).status_code == 403
    told = secretary.ask("POST", "/cost-items", item).json()
    assert (told["from_year"], told["until_year"]) == ("R5", None)
    assert (
        secretary.ask("PATCH", f"/cost-items/{told['id']}", {"until_year": "R6"}).json()["until_year"] == "R6"
    )
    assert officer.get("/cost-items").json()["count"] == 3


def test_money_sums_are_those_of_the_page(secretary, one):
    years = {row["year"]["fiscal_year"]: row for row in secretary.get(f"{one}/money").json()["items"]}
    assert (years["R4"]["settled"], years["R5"]["budget"]) == (4_440_000, 4_100_000)
    (row,) = secretary.get("/money?year=R4").json()["items"]
    assert row["money"] == years["R4"]
    lines = secretary.get(f"{one}/cost-lines?limit=200").json()["items"]
    assert sum(line["amount"] for line in lines if line["stage"] == "settled") == 4_440_000


def test_payments_come_in_find_their_system_and_go_again(secretary, world):
    told = secretary.get("/payments?year=R4").json()
    assert told["items"][0]["system"]["number"] == "0007"
    path = f"/payments/{told['items'][0]['id']}"
    assert secretary.ask("PUT", f"{path}/system", {"system": None}).json()["by_hand"] is True
    assert secretary.ask("POST", "/payments/match?year=R4").json() == {"payments": 1, "matched": 0}
    file = SimpleUploadedFile("支払い.csv", "会計年度,支払日\r\nR4,いつか\r\n".encode("utf-8-sig"))
    refused = secretary.client.post(f"{ROOT}/payments/import", {"file": file}, headers=secretary.headers)
    assert refused.status_code == 422
    assert secretary.ask("DELETE", f"{path}/import?reason=入れ直す").status_code == 204
    assert secretary.get("/payments?year=R4").json()["count"] == 0


def test_editions_are_read_as_they_were_confirmed(secretary, world, one):
    rows = secretary.get(f"{one}/karte/editions").json()["items"]
    assert [row["year"]["fiscal_year"] for row in rows] == ["R5", "R4"]
    whole = secretary.get(f"/karte-editions/{rows[0]['id']}").json()
    assert whole["content"]["register"]["number"]["value"] == "0007"
    assert whole["digest"] == rows[0]["digest"]


def test_the_list_of_kartes_asks_a_fixed_number_of_questions(secretary, django_assert_max_num_queries):
    with django_assert_max_num_queries(22):
        told = secretary.get("/kartes?year=R5&zone=lgwan").json()
    assert told["items"][0]["system"]["number"] == "0007"
