"""Kartes over the API: two years side by side, and the ministry's survey."""

import pytest

from tenshu.dx.karte import actions
from tenshu.dx.karte.tests.conftest import Case
from tenshu.ground.api.tests.asking import Asker
from tenshu.ground.calendar.actions import do_open_year
from tenshu.ground.calendar.fiscal_year import FiscalYear

R4, R5 = FiscalYear(2022), FiscalYear(2023)


@pytest.fixture
def secretary(case: Case) -> Asker:
    do_open_year(R5, acting_user=case.user)
    return Asker(case.user)


def test_two_years_of_a_system_stand_side_by_side(case: Case, secretary: Asker) -> None:
    actions.do_freeze_edition(case.system, R4, confirmed_by="例田 太郎", acting_user=case.user)
    actions.do_change_karte(case.system, {"users_staff": 7_100}, acting_user=case.user)
    path = f"/systems/{case.system.pk}/karte/differences?before=R4&after=now&part=カルテ"
    (told,) = secretary.get(path).json()["items"]
    assert (told["system"]["number"], told["sides"], told["part"]) == ("0007", ["R4", "now"], "カルテ")
    assert (told["before"], told["after"]) == ("7,000", "7,100")
    every = secretary.get("/karte-differences?before=2022&after=now").json()["items"]
    assert told in every
    assert {row["system"]["number"] for row in every} == {"0007"}
    assert secretary.get("/karte-differences?before=R4&after=R5").json()["items"] == []
    assert secretary.get("/karte-differences?before=yesterday").status_code == 422
    assert Asker(case.house.account("staff")).get(path).status_code == 404


def test_without_sides_the_api_compares_what_the_page_compares(case: Case, secretary: Asker) -> None:
    actions.do_freeze_edition(case.system, R5, confirmed_by="例田 太郎", acting_user=case.user)
    actions.do_change_karte(case.system, {"users_staff": 7_100}, acting_user=case.user)
    told = secretary.get(f"/systems/{case.system.pk}/karte/differences?year=R5").json()["items"]
    assert {tuple(row["sides"]) for row in told} == {("R5", "now")}


def test_the_survey_is_told_item_by_item_and_system_by_system(case: Case, secretary: Asker) -> None:
    items = {row["label"]: row for row in secretary.get("/karte-survey?year=R5&limit=200").json()["items"]}
    assert (items["庁舎内に置くシステム"]["value"], items["庁舎内に置くシステム"]["open"]) == (1, 1)
    assert (items["CISOの任命"]["value"], items["CISOの任命"]["state"]) == (None, "手で記入")
    assert items["運用等経費（予算現額）"]["value"] == 4_100_000
    systems = secretary.get("/karte-survey/systems?year=R5").json()["items"]
    assert [(row["system"]["number"], row["operation"]) for row in systems] == [
        ("0007", 4_100_000),
        ("0042", None),
    ]
    assert systems[0]["facts"]["hosting"] == "on_premises"
    assert systems[1]["facts"] is None
    assert systems[1]["open"] > systems[0]["open"]
