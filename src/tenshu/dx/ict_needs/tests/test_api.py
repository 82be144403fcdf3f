"""ICT needs over the API: the same gates, the same score, the same rules as on the pages."""

import pytest

from tenshu.dx.ict_needs.models import Need
from tenshu.ground.access.roles import Role
from tenshu.ground.api.tests.asking import Asker

NEW = {
    "unit": "0101",
    "task": "旅費の精算",
    "hours": 100,
    "frequency": "daily",
    "procedure": "fixed",
    "medium": "paper",
}


@pytest.fixture
def officer(world):
    return Asker(world.users[Role.OFFICER])


@pytest.fixture
def secretary(world):
    return Asker(world.users[Role.SECRETARIAT])


def test_an_officer_enters_a_need_and_the_score_is_told_with_it(officer):
    made = officer.ask("POST", "/ict-needs?year=R5", NEW)
    assert made.status_code == 201, made.json()
    told = made.json()
    assert told["year"]["fiscal_year"] == "R5"
    assert told["assessment"] == {
        "tool_class": "ai_ocr", "repeatability": 1.0, "fit": 1.0, "barred": False, "score": 100.0,
    }  # fmt: skip
    first = officer.get("/ict-needs?year=R5&sort=-score").json()["items"][0]
    assert first == officer.get(f"/ict-needs/{told['id']}").json()


def test_a_need_of_another_division_or_of_a_year_that_is_not_open_is_refused(officer):
    foreign = officer.ask("POST", "/ict-needs?year=R5", NEW | {"unit": "020101"})
    assert (foreign.status_code, foreign.json()["fields"][0]["name"]) == (422, "unit")
    early = officer.ask("POST", "/ict-needs?year=R1", NEW)
    assert (early.status_code, early.json()["fields"][0]["name"]) == (422, "year")


def test_the_secretariat_decides_and_a_refusal_needs_its_reason(secretary, officer, world):
    path = f"/ict-needs/{world.kwargs['need_id']}"
    assert officer.ask("PATCH", f"{path}/decision", {"state": "supporting"}).status_code == 403
    assert (
        secretary.ask("PATCH", f"{path}/decision", {"state": "declined"}).json()["fields"][0]["name"]
        == "decision"
    )
    done = {"state": "done", "done_on": "2024-02-01", "hours_after": 20, "after_basis": "measured"}
    told = secretary.ask("PATCH", f"{path}/decision", done).json()
    assert (told["state"], told["hours_saved"]) == ("done", 100)
    assert officer.ask("PATCH", path, {"task": "別の業務"}).status_code == 403
    kept = secretary.ask("PATCH", path, {"volume": 12}).json()
    assert (kept["volume"], kept["task"]) == (12, "見本の業務")


def test_what_was_changed_meanwhile_is_not_overwritten_and_a_need_goes_with_its_reason(secretary, world):
    path = f"/ict-needs/{world.kwargs['need_id']}"
    tag = secretary.get(path)["ETag"]
    Need.objects.update(wish="別の希望")
    assert secretary.ask("PATCH", path, {"volume": 1}, **{"If-Match": tag}).status_code == 412
    assert secretary.ask("DELETE", path).status_code == 422
    assert secretary.ask("DELETE", f"{path}?reason=誤って登録").status_code == 204
    assert secretary.get(path).status_code == 404
