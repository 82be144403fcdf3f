import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tenshu.ground.access.models import User
from tenshu.ground.calendar.actions import do_open_year
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.office.tests.building import House, day
from tenshu.ground.systems.actions import do_add_system, do_change_owner
from tenshu.ground.systems.models import System


@pytest.fixture
def client(house: House) -> Client:
    return signed_in(house, "secretary")


def signed_in(house: House, persona: str) -> Client:
    client = Client()
    client.force_login(house.account(persona), "tenshu.ground.access.backends.LockingBackend")
    return client


def page(client: Client, url: str, **query: str) -> str:
    response = client.get(url, query)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_a_system_is_registered_mended_handed_over_and_ended(house: House, client: Client) -> None:
    add = {
        "number": "S001",
        "name": "給与",
        "owner": "人事課",
        "started_on": "H30.4.1",
        "candidate_from": "R4.4.1",
    }
    assert client.post("/systems/new/", add).status_code == 302
    system = System.objects.get()
    here = f"/systems/{system.pk}/"
    mend = {"number": "S001", "name": "給与システム", "started_on": "H30.4.1", "candidate_from": "R4.4.1"}
    assert client.post(f"{here}correct/", mend).status_code == 302
    assert client.post(f"{here}owner/", {"on": "R5.10.1", "owner": "0102"}).status_code == 302
    assert client.post(f"{here}end/", {"last_day": "R6.3.31"}).status_code == 302
    text = page(client, here)
    for words in ("給与システム", "総務部 行政DX推進課", "総務部 人事課", "令和6年3月31日", "所管の変更"):
        assert words in text


def test_a_refused_system_says_what_to_mend(house: House, client: Client) -> None:
    add = {"number": "S001", "name": "給与", "owner": "0101", "started_on": "R6.4.1", "ended_on": "R5.4.1"}
    response = client.post("/systems/new/", add)
    assert response.status_code == 422
    assert "運用終了日は運用開始日以後の日にしてください" in response.content.decode()


def test_the_saved_views_and_filters_of_the_list(
    house: House, client: Client, payroll: System, secretary: User
) -> None:
    values = {"number": "S002", "name": "台帳", "candidate_from": day("2022-04-01")}
    do_add_system(values, house.units["020101"], acting_user=secretary)
    do_add_system(
        {"number": "S003", "name": "旧式", "ended_on": day("2020-03-31")},
        house.units["0101"],
        acting_user=secretary,
    )
    names = ("給与システム", "台帳", "旧式")

    def listed(**query: str) -> list[str]:
        text = page(client, "/systems/", **query)
        return [name for name in names if f">{name}</a>" in text]

    assert listed() == ["給与システム", "台帳"]
    assert listed(view="candidates") == ["台帳"]
    assert listed(view="ended") == ["旧式"]
    assert listed(view="all") == list(names)
    assert listed(department="02") == ["台帳"]
    assert listed(q="きゅうよ") == ["給与システム"]


def test_an_officer_sees_all_and_finds_the_own_division(
    house: House, payroll: System, secretary: User
) -> None:
    other = do_add_system({"number": "S002", "name": "台帳"}, house.units["020101"], acting_user=secretary)
    client = signed_in(house, "officer")
    assert "台帳" in page(client, "/systems/")
    assert ">台帳</a>" not in page(client, "/systems/", view="own")
    assert client.post(f"/systems/{payroll.pk}/correct/", {"name": "給与"}).status_code == 302
    payroll.refresh_from_db()
    assert (payroll.name, payroll.number) == ("給与", "S001")
    assert client.post(f"/systems/{other.pk}/correct/", {"name": "別"}).status_code == 403
    assert client.get(f"/systems/{payroll.pk}/owner/").status_code == 403


@pytest.mark.parametrize("persona", ["staff", "auditor", "stranger"])
def test_others_do_not_know_of_the_register(house: House, payroll: System, persona: str) -> None:
    client = signed_in(house, persona)
    assert client.get("/systems/").status_code == 404
    assert client.get(f"/systems/{payroll.pk}/").status_code == 404


def test_the_list_shows_the_owner_of_the_chosen_year(
    house: House, client: Client, payroll: System, secretary: User
) -> None:
    do_change_owner(payroll, house.units["0102"], day("2023-04-01"), acting_user=secretary)
    for year in (2022, 2023):
        do_open_year(FiscalYear(year), acting_user=secretary)
    assert "総務部 人事課" in page(client, "/systems/", nendo="R4")
    assert "総務部 行政DX推進課" in page(client, "/systems/", nendo="R5")


def test_a_division_shows_its_systems(house: House, client: Client, payroll: System) -> None:
    assert "給与システム" in page(client, f"/office/units/{house.units['0101'].pk}/")
    assert "給与システム" in page(client, f"/office/units/{house.units['01'].pk}/")
    assert "給与システム" not in page(client, f"/office/units/{house.units['02'].pk}/")
    assert "給与システム" not in page(signed_in(house, "staff"), f"/office/units/{house.units['0101'].pk}/")


def test_the_list_goes_out_as_excel_and_csv(house: House, client: Client, payroll: System) -> None:
    for kind in ("xlsx", "csv"):
        assert client.get("/systems/", {"out": kind}).status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_rows(house: House, client: Client) -> None:
    counts = []
    for size in (10, 100):
        System.objects.bulk_create(
            System(number=f"{size}-{n}", name="台帳", owner=house.units["0101"]) for n in range(size)
        )
        client.get("/systems/")
        with CaptureQueriesContext(connection) as queries:
            page(client, "/systems/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] < 30
