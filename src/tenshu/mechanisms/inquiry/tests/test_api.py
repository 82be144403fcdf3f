"""Inquiries over the API: the whole way of a sheet by the same steps, gates and rules as on the pages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tenshu.ground.access.roles import Role
from tenshu.ground.api.tests.asking import ROOT, Asker
from tenshu.mechanisms.inquiry.models import Answer, AnswerRow


@pytest.fixture
def officer(world):
    return Asker(world.users[Role.OFFICER])


@pytest.fixture
def head(world):
    return Asker(world.users[Role.HEAD])


@pytest.fixture
def secretary(world):
    return Asker(world.users[Role.SECRETARIAT])


@pytest.fixture
def sheet(world):
    return f"/sheets/{world.kwargs['sheet_id']}"


def answers(asker, sheet):
    return {row["code"]: row for row in asker.get(f"{sheet}/answers").json()["items"]}


def test_a_sheet_goes_its_whole_way(officer, head, secretary, sheet, world):
    first = answers(officer, sheet)
    assert list(first) == ["Q1", "Q4", "Q5", "Q6"]
    assert first["Q1"]["missing"] == "回答がまだありません。"
    early = officer.ask("POST", f"{sheet}/submit", {})
    assert early.status_code == 422
    assert "Q1" in early.json()["message"]
    q1, q4 = (first[code]["question_id"] for code in ("Q1", "Q4"))
    saved = officer.ask("PUT", f"{sheet}/answers/{q1}", {"answer": {"answer": False}})
    assert (saved.status_code, saved.json()["value"]) == (200, {"answer": False})
    unreasoned = officer.ask("PUT", f"{sheet}/answers/{q4}", {"answer": {"answer": "not_applicable"}})
    assert unreasoned.status_code == 200
    assert officer.ask("POST", f"{sheet}/submit", {}).status_code == 422
    officer.ask("PUT", f"{sheet}/answers/{q4}", {"answer": {"reason": "機器がない"}})
    assert officer.ask("POST", f"{sheet}/submit", {"comment": "お願いします"}).json()["state"] == "checking"
    assert officer.ask("POST", f"{sheet}/confirm", {}).status_code == 403
    returned = head.ask("POST", f"{sheet}/return", {"remarks": [{"question_id": q4, "text": "台数を"}]})
    assert returned.json()["state"] == "answering"
    assert answers(officer, sheet)["Q4"]["remarks"] == [{"text": "台数を", "settled": False}]
    officer.ask("POST", f"{sheet}/submit", {})
    assert head.ask("POST", f"{sheet}/confirm", {}).json()["state"] == "collecting"
    assert officer.ask("POST", f"{sheet}/accept", {}).status_code == 403
    assert secretary.ask("POST", f"{sheet}/accept", {}).json()["state"] == "accepted"
    kinds = [row["kind"] for row in officer.get(f"{sheet}/steps").json()["items"]]
    assert kinds == ["opened", "submitted", "returned_by_head", "submitted", "confirmed", "accepted"]
    line = next(
        row
        for row in secretary.get(f"/campaigns/{world.kwargs['campaign_id']}/answers").json()["items"]
        if row["sheet_id"] == world.kwargs["sheet_id"]
    )
    assert line["answers"]["Q4"] == {"answer": "not_applicable", "reason": "機器がない", "note": ""} or (
        line["answers"]["Q4"] == {"answer": "not_applicable", "reason": "機器がない"}
    )


def test_what_two_people_typed_is_merged_and_a_conflict_is_told(officer, secretary, sheet, world):
    q5 = f"{sheet}/answers/{answers(officer, sheet)['Q5']['question_id']}"
    officer.ask("PUT", q5, {"answer": {"answer": "一つ目"}, "base": {}})
    told = secretary.ask("PUT", q5, {"answer": {"answer": "二つ目"}, "base": {}}).json()
    assert (told["value"]["answer"], told["conflicts"]) == ("一つ目", ["answer"])
    assert secretary.ask("PUT", q5, {"answer": {"answer": "二つ目"}}).json()["conflicts"] == []


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("Q1", {"answer": "はい"}),
        ("Q1", {"answer": 1}),
        ("Q4", {"answer": "perhaps"}),
        ("Q5", {"answer": ["a"]}),
        ("Q5", {"colour": "red"}),
    ],
)
def test_an_answer_of_another_kind_is_refused(code, answer, officer, sheet):
    key = answers(officer, sheet)[code]["question_id"]
    refused = officer.ask("PUT", f"{sheet}/answers/{key}", {"answer": answer})
    assert (refused.status_code, refused.json()["code"]) == (422, "refused")
    assert refused.json()["fields"]
    assert not Answer.objects.filter(question=key).exists()


def test_rows_are_added_changed_and_removed(officer, sheet, world):
    rows = f"{sheet}/rows/{world.kwargs['table_question_id']}"
    assert officer.get(rows).json()["items"][0]["values"]["task"] == "旅費の精算"
    wrong = officer.ask("POST", rows, {"rows": [{"task": "給与"}, {"task": "手当", "hours": "多い"}]})
    assert [field["name"] for field in wrong.json()["fields"]] == ["rows.1.hours"]
    made = officer.ask("POST", rows, {"rows": [{"task": "給与", "hours": 10}, {"task": "手当"}]})
    assert [row["values"]["task"] for row in made.json()["items"]] == ["給与", "手当"]
    path = f"/answer-rows/{made.json()['items'][0]['id']}"
    changed = officer.ask("PATCH", path, {"values": {"hours": 12}, "base": {"hours": 10}}).json()
    assert (changed["row"]["values"], changed["conflicts"]) == ({"task": "給与", "hours": 12}, [])
    assert officer.ask("DELETE", path).status_code == 204
    assert AnswerRow.objects.count() == 2


def test_a_file_is_an_answer(officer, sheet, world):
    path = f"{sheet}/files/{world.kwargs['file_question_id']}"
    upload = {"file": SimpleUploadedFile("資料.txt", "資料\n".encode())}
    made = officer.client.post(f"{ROOT}{path}", upload, headers=officer.headers)
    assert made.status_code == 201, made.content
    assert answers(officer, sheet)["Q6"]["value"] == {"answer": ["資料.txt"]}
    assert officer.ask("DELETE", f"{path}/{made.json()['id']}").status_code == 204
    assert officer.get(path).json()["count"] == 0


def test_a_campaign_is_prepared_opened_reminded_closed_and_reopened(secretary, world):
    version = world.objects["version"]
    body = {
        "title": "試しの照会", "year": "R5", "content": f"questionnaire:{version.pk}", "subject_kind": "unit",
        "due_on": "2099-06-30", "host": "0102", "numbers": ["0101"],
    }  # fmt: skip
    made = secretary.ask("POST", "/campaigns", body)
    assert made.status_code == 201, made.json()
    path = f"/campaigns/{made.json()['id']}"
    renamed = secretary.ask("PATCH", path, {"letter": "よろしく"}, **{"If-Match": made["ETag"]}).json()
    assert (renamed["letter"], renamed["title"], len(renamed["picked"])) == ("よろしく", "試しの照会", 1)
    assert secretary.ask("POST", f"{path}/open").json()["sheets"] == 1
    assert secretary.ask("PATCH", path, {"needs_head": False}).json()["fields"][0]["name"] == "needs_head"
    assert secretary.get(f"{path}/progress").json()["whole"]["asked"] == 1
    assert secretary.ask("POST", f"{path}/due", {"due_on": "2099-07-31", "reason": "多忙"}).json() == {
        "count": 1
    }
    assert secretary.ask("POST", f"{path}/remind", {"units": ["0101"]}).json()["count"] >= 1
    assert secretary.ask("POST", f"{path}/remind", {"units": ["9999"]}).status_code == 422
    assert secretary.ask("POST", f"{path}/close").json()["state"] == "closed"
    assert secretary.ask("POST", f"{path}/reopen", {"reason": "遅れた所属がある"}).json()["state"] == "open"
    assert secretary.ask("DELETE", path).status_code == 422


def test_a_division_sees_its_own_sheets_alone(officer, secretary, world):
    path = f"/campaigns/{world.kwargs['campaign_id']}/sheets"
    own = officer.get(path).json()["items"]
    assert {row["respondent"]["code"] for row in own} == {"0101"}
    assert secretary.get(path).json()["count"] > len(own)
    assert secretary.get("/sheets?respondent=0101&state=answering").json()["count"] >= 1


def test_hearings_are_flagged_by_rule_and_planned(secretary, sheet, world):
    campaign = f"/campaigns/{world.kwargs['campaign_id']}"
    rule = {"condition": "Q5＝空欄", "reason": "意見を聞く"}
    assert secretary.ask("POST", f"{campaign}/hearing-rules", rule | {"condition": "Q5＝"}).status_code == 422
    need = secretary.ask("POST", f"{sheet}/hearing-needs", {"reason": "内訳"}).json()
    planned = secretary.ask("POST", f"/hearing-needs/{need['id']}/session", {"held_on": "2023-10-02"})
    assert planned.status_code == 201, planned.json()
    assert secretary.get(f"/gatherings/{planned.json()['gathering_id']}").json()["kind"] == "hearing"
    assert secretary.ask("DELETE", f"/hearing-needs/{need['id']}").status_code == 422


def test_a_head_names_a_substitute_for_the_own_unit(head, officer, world):
    body = {"unit": "0101", "staff": "1003", "valid_from": "2023-09-01", "reason": "出張"}
    assert head.ask("POST", "/substitutes", body).status_code == 201
    assert head.ask("POST", "/substitutes", body | {"unit": "020101"}).status_code == 422
    assert officer.ask("POST", "/substitutes", body).status_code == 403
