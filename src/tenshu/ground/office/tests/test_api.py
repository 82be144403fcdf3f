"""Changes of the organisation, of staff, years and conferences over the API."""

import pytest

from tenshu.ground.access.roles import Role
from tenshu.ground.api.tests.asking import Asker


@pytest.fixture
def secretary(world):
    return Asker(world.users[Role.SECRETARIAT])


def test_a_unit_is_opened_corrected_renamed_and_ended(secretary, world):
    new = {"code": "0177", "kind": "division", "name": "試行課", "parent": "01", "valid_from": "2023-04-01"}
    made = secretary.ask("POST", "/units", new)
    assert made.status_code == 201, made.json()
    path = f"/units/{made.json()['id']}"
    corrected = secretary.ask(
        "PATCH", path, {"kana": "しこうか", "reason": "漏れ"}, **{"If-Match": made["ETag"]}
    )
    assert corrected.json()["kana"] == "しこうか"
    assert (
        secretary.ask("PATCH", path, {"kana": "x", "reason": "y"}, **{"If-Match": made["ETag"]}).status_code
        == 412
    )
    renamed = secretary.ask("POST", f"{path}/rename", {"on": "2024-04-01", "name": "試行推進課"}).json()
    assert (renamed["name"], renamed["code"], renamed["valid_from"]) == ("試行推進課", "0177", "2024-04-01")
    assert secretary.get(path).json()["valid_until"] == "2024-03-31"
    body = {"valid_until": "2025-03-31", "successors": ["0101"]}
    ended = secretary.ask("POST", f"/units/{renamed['id']}/end", body)
    assert ended.json()["valid_until"] == "2025-03-31", ended.json()


def test_duties_begin_and_end(secretary, world):
    path = f"/units/{world.house.units['0101'].pk}/duties"
    made = secretary.ask("POST", path, {"kind": "security", "valid_from": "2023-04-01"})
    assert made.status_code == 201, made.json()
    ended = secretary.ask("POST", f"/duties/{made.json()['id']}/end", {"last_day": "2024-03-31"}).json()
    assert ended["valid_until"] == "2024-03-31"
    assert (
        secretary.ask("POST", f"/duties/{made.json()['id']}/end", {"last_day": "2024-03-31"}).status_code
        == 403
    )


def test_somebody_is_hired_transferred_and_retires(secretary):
    new = {"number": "9001", "name": "見本 新人", "joined_on": "2023-04-01", "unit": "0101"}
    made = secretary.ask("POST", "/staff", new)
    assert made.status_code == 201, made.json()
    told = made.json()
    assert (told["division"]["code"], told["posts"][0]["rank"]) == ("0101", "member")
    path = f"/staff/{told['id']}"
    assert secretary.ask("PATCH", path, {"kana": "みほん しんじん"}).json()["kana"] == "みほん しんじん"
    post = secretary.ask("POST", f"{path}/transfer", {"valid_from": "2024-04-01", "unit": "0102"}).json()
    assert (post["unit"]["code"], post["is_officer"]) == ("0102", False)
    now = secretary.get(path).json()["posts"]
    assert [row["valid_until"] for row in now] == [None, "2024-03-31"]
    assert (
        secretary.ask("POST", f"{path}/retire", {"last_day": "2025-03-31"}).json()["left_on"] == "2025-03-31"
    )
    again = secretary.ask("POST", "/staff", new)
    assert (again.status_code, again.json()["fields"][0]["name"]) == (422, "number")


def test_an_officer_is_named_from_a_day_on(secretary, world):
    path = f"/posts/{world.kwargs['post_id']}/officer"
    told = secretary.ask("POST", path, {"is_officer": False, "on": "2023-10-01"}).json()
    assert told["is_officer"] is False


def test_a_reorganisation_is_planned_foreseen_and_carried_out(secretary, world):
    plan = secretary.ask("POST", "/reorganisations", {"title": "改正", "on": "2030-04-01"}).json()
    path = f"/reorganisations/{plan['id']}"
    step = secretary.ask("POST", f"{path}/steps", {"kind": "rename", "unit": "0101", "name": "人財課"})
    assert step.status_code == 201, step.json()
    lacking = secretary.ask("POST", f"{path}/steps", {"kind": "open", "name": "新課"})
    assert lacking.status_code == 422
    foreseen = secretary.get(f"{path}/outcome").json()
    assert (foreseen["problems"], foreseen["opened"][0]["name"]) == ([], "人財課")
    assert secretary.ask("POST", f"{path}/carry-out").json()["opened"][0]["code"] == "0101"
    assert secretary.ask("DELETE", path).status_code == 422


def test_only_the_secretariat_changes_the_office(world):
    officer = Asker(world.users[Role.OFFICER])
    for method, path in (
        ("POST", "/units"),
        ("POST", "/staff"),
        ("POST", "/years"),
        ("POST", "/conferences"),
    ):
        assert officer.ask(method, path, {}).status_code == 403


def test_years_and_closures_are_opened_and_closed(secretary):
    assert secretary.ask("POST", "/years", {"year": "R6"}).json()["state"] == "open"
    assert secretary.ask("POST", "/years", {"year": "R6"}).status_code == 422
    closure = secretary.ask("POST", "/closures", {"name": "停電", "first_day": "2024-08-13"}).json()
    assert (closure["last_day"], closure["every_year"]) == ("2024-08-13", False)
    assert secretary.ask("DELETE", f"/closures/{closure['id']}").status_code == 204
    passage = secretary.ask("PUT", "/reports/R5/passages/1-1", {"text": "背景"}).json()
    assert (passage["section"], passage["text"]) == ("1(1)", "背景")
    issued = secretary.ask("POST", "/reports/R5/close")
    assert (issued.status_code, issued.json()["number"]) == (201, 1)
    assert secretary.ask("POST", "/reports/R5/close").status_code == 422
    assert secretary.ask("POST", "/reports/R5/editions", {"reason": "誤り"}).json()["number"] == 2


def test_a_conference_is_entered_corrected_and_reported(secretary):
    series = secretary.ask("POST", "/conferences", {"name": "東部連絡会", "scope": "regional"}).json()
    body = {
        "conference": series["id"],
        "season": "秋",
        "title": "秋の会",
        "held_on": "2023-10-05",
        "host": "0102",
    }
    made = secretary.ask("POST", "/conference-sessions", body)
    assert made.status_code == 201, made.json()
    path = f"/conference-sessions/{made.json()['id']}"
    assert secretary.ask("POST", "/conference-sessions", body).json()["fields"][0]["name"] == "season"
    assert secretary.ask("PATCH", path, {"season": "冬"}).json()["season"] == "冬"
    assert (
        secretary.ask("PUT", f"{path}/report-back", {"report_back": "共有した。"}).json()["report_back"]
        == "共有した。"
    )
