"""Questionnaires over the API."""

import pytest

from tenshu.ground.access.roles import Role
from tenshu.ground.api.tests.asking import Asker


@pytest.fixture
def secretary(world):
    return Asker(world.users[Role.SECRETARIAT])


def test_a_questionnaire_is_written_published_and_copied_with_its_lineage(secretary):
    made = secretary.ask(
        "POST", "/questionnaires", {"code": "API", "title": "試し", "subject_kind": "unit"}
    ).json()
    one = f"/questionnaires/{made['id']}"
    version = secretary.ask("POST", f"{one}/versions", {"year": "R5"}).json()
    path = f"/questionnaire-versions/{version['id']}"
    assert secretary.ask("POST", f"{path}/publish").status_code == 422
    choice = {
        "code": "Q1", "text": "頻度は。", "kind": "single", "required": True, "note": True,
        "options": [{"label": "毎日", "score": 4}, {"label": "毎週"}],
    }  # fmt: skip
    first = secretary.ask("POST", f"{path}/questions", choice)
    assert first.status_code == 201, first.json()
    assert [(o["value"], o["label"], o["score"]) for o in first.json()["options"]] == [
        ("o1", "毎日", 4.0),
        ("o2", "毎週", None),
    ]
    table = {
        "code": "Q2", "text": "業務は。", "kind": "table", "condition": "Q1=毎日",
        "columns": [{"header": "業務名", "kind": "text", "required": True},
                    {"header": "量", "kind": "single", "options": ["多い", "少ない"]}],
    }  # fmt: skip
    second = secretary.ask("POST", f"{path}/questions", table).json()
    assert second["condition"] == "Q1＝毎日"
    assert [column["name"] for column in second["columns"]] == ["c1", "c2"]
    question = f"/questions/{first.json()['id']}"
    changed = secretary.ask("PATCH", question, {"help": "平均で"}, **{"If-Match": first["ETag"]}).json()
    assert (changed["help"], changed["options"]) == ("平均で", first.json()["options"])
    published = secretary.ask("POST", f"{path}/publish").json()
    assert (published["state"], len(published["digest"])) == ("published", 64)
    assert secretary.ask("PATCH", question, {"help": "x"}).status_code == 422
    following = secretary.ask("POST", f"{one}/versions", {"year": "R6"}).json()
    rows = secretary.get(f"/questionnaire-versions/{following['id']}/questions").json()["items"]
    assert [row["ancestors"][0]["relation"] for row in rows] == ["same", "same"]
    reworded = secretary.ask("PATCH", f"/questions/{rows[0]['id']}", {"text": "どのくらい。"}).json()
    assert reworded["ancestors"][0] == {"question_id": first.json()["id"], "relation": "reworded"}
    order = {"questions": [rows[1]["id"], rows[0]["id"]]}
    moved = secretary.ask("PUT", f"/questionnaire-versions/{following['id']}/questions/order", order)
    assert [row["code"] for row in moved.json()["items"]] == ["Q2", "Q1"]
    assert secretary.ask("DELETE", f"/questionnaire-versions/{following['id']}").status_code == 204


def test_a_condition_that_cannot_be_read_is_told_at_its_field(secretary, world):
    path = f"/questionnaire-versions/{world.kwargs['version_id']}/questions"
    refused = secretary.ask(
        "POST", path, {"code": "Q9", "text": "x", "kind": "text", "condition": "Q1＝（"}
    ).json()
    assert refused["fields"][0]["name"] == "condition"


def test_readers_read_and_do_not_write(world):
    reader = Asker(world.users[Role.SECURITY])
    assert reader.get("/questionnaires").json()["count"] >= 1
    assert reader.ask("POST", "/questionnaires", {}).status_code == 403
