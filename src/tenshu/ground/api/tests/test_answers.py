"""What the API answers: lists in pages, ETags, errors in Japanese, headers, writes in the record."""

import json
import threading
from collections import Counter

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from tenshu.dx.ict_needs.models import Need
from tenshu.ground.access.roles import Role
from tenshu.ground.api.assembly import document
from tenshu.ground.api.models import ApiToken
from tenshu.ground.api.tests.asking import ROOT, Asker
from tenshu.ground.api.values import Body, Out
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.systems.models import System

NEW = {"number": "0100", "name": "見本予約システム", "owner": "0101", "started_on": "2023-04-01"}


@pytest.fixture
def secretary(world):
    return Asker(world.users[Role.SECRETARIAT])


@pytest.fixture
def officer(world):
    return Asker(world.users[Role.OFFICER])


def test_a_list_comes_in_pages_that_lead_to_each_other(secretary):
    first = secretary.get("/systems?limit=1&view=all&sort=number")
    told = first.json()
    assert [item["number"] for item in told["items"]] == ["0007"]
    assert told["count"] == 2
    assert told["previous"] is None
    assert first["Link"] == f'<{told["next"]}>; rel="next"'
    second = secretary.get(told["next"].removeprefix(ROOT)).json()
    assert [item["number"] for item in second["items"]] == ["0042"]
    assert second["next"] is None
    assert secretary.get(second["previous"].removeprefix(ROOT)).json() == told


def test_lists_are_cut_and_sorted_as_on_the_pages(secretary):
    def numbers(question):
        return [item["number"] for item in secretary.get(f"/systems?{question}").json()["items"]]

    assert numbers("q=許認可") == ["0042"]
    assert numbers("department=01") == ["0007"]
    assert numbers("owner=none") == []
    assert numbers("sort=-number&view=all&year=R5") == ["0042", "0007"]
    assert numbers("view=candidates&day=2023-03-31") == []


def test_the_number_of_questions_to_the_database_does_not_grow_with_the_list(
    secretary, world, django_assert_max_num_queries
):
    System.objects.bulk_create(
        System(number=f"9{i:03}", name=f"見本{i}", owner=world.house.units["0101"]) for i in range(60)
    )
    with django_assert_max_num_queries(12):
        assert len(secretary.get("/systems?limit=60&view=all").json()["items"]) == 60
    with django_assert_max_num_queries(12):
        assert secretary.get("/staff?limit=50").json()["count"] >= 6
    with django_assert_max_num_queries(12):
        assert secretary.get("/issues").json()["count"] == 1


def test_what_has_not_changed_is_not_sent_again(secretary, world):
    path = f"/systems/{world.kwargs['system_id']}"
    tag = secretary.get(path)["ETag"]
    kept = secretary.get(path, **{"If-None-Match": tag})
    assert (kept.status_code, kept.content, kept["ETag"]) == (304, b"", tag)
    System.objects.filter(pk=world.kwargs["system_id"]).update(name="別の名前")
    assert secretary.get(path, **{"If-None-Match": tag}).status_code == 200


def test_what_somebody_else_changed_is_not_overwritten_unseen(secretary, world):
    path = f"/systems/{world.kwargs['system_id']}"
    tag = secretary.get(path)["ETag"]
    changed = secretary.ask("PATCH", path, {"name": "一つ目"}, **{"If-Match": tag})
    assert changed.status_code == 200
    assert changed["ETag"] == secretary.get(path)["ETag"]
    refused = secretary.ask("PATCH", path, {"name": "二つ目"}, **{"If-Match": tag})
    assert (refused.status_code, refused.json()["code"]) == (412, "changed")
    assert secretary.get(path).json()["name"] == "一つ目"


def test_a_condition_that_an_operation_does_not_look_at_is_not_passed_over(secretary, world):
    path = f"/systems/{world.kwargs['system_id']}"
    tag = {"If-Match": '"what-was-read-long-ago"'}
    refused = secretary.ask(
        "PUT", f"{path}/karte/not-applicable/backup_cycle", {"reason": "自前で動かす"}, **tag
    )
    added = secretary.ask("POST", "/systems", NEW, **tag)
    for answer in (refused, added):
        assert (answer.status_code, answer.json()["code"]) == (412, "changed")
    assert not System.objects.filter(number=NEW["number"]).exists()
    assert secretary.ask("POST", "/systems", NEW, **{"If-Match": "*"}).status_code == 201


def test_what_may_be_said_is_told_in_japanese(secretary):
    told = secretary.get("/systems?view=nothing&sort=colour").json()["fields"]
    words = " ".join(field["message"] for field in told)
    assert "'in_use'、'candidates'、'own'、'ended'、'all'" in words
    assert " or " not in words
    for asked, name in (
        ("/sheets?campaign=1.0", "campaign"),
        ("/systems?day=R5.4.1", "day"),
        ("/systems?year=R0", "year"),
    ):
        assert [field["name"] for field in secretary.get(asked).json()["fields"]] == [name]


def test_a_write_stands_in_the_record_with_its_token(secretary, world):
    made = secretary.ask("POST", "/systems", NEW)
    assert made.status_code == 201
    told = made.json()
    assert told["owner"] == {"id": world.house.units["0101"].pk, "code": "0101", "name": "人事課"}
    row = AuditRow.objects.get(verb="systems.system.added", target_key=str(told["id"]))
    token = ApiToken.objects.latest("pk")
    assert row.channel == f"api:{token.pk}"
    assert row.actor == world.users[Role.SECRETARIAT]
    rows = secretary.get("/audit-rows?channel=api").json()["items"]
    assert {row["verb"] for row in rows} == {"systems.system.added", "systems.ownership.begun"}


def test_the_record_s_page_names_the_token_and_finds_what_came_by_the_api(secretary, world, client):
    secretary.ask("POST", "/systems", NEW)
    client.force_login(world.users[Role.SECRETARIAT])
    page = client.get("/audit/", {"channel": "api"}).content.decode()
    assert f"API（トークン{ApiToken.objects.latest('pk').pk}）" in page
    assert "見本予約システム" in page


def test_a_refused_write_tells_the_fields_and_leaves_nothing(secretary):
    before = System.objects.count()
    for body, code, name in (
        (NEW | {"owner": "none"}, "refused", "owner"),
        (NEW | {"number": "0007"}, "refused", "number"),
        (NEW | {"ended_on": "2020-01-01"}, "refused", None),
        (NEW | {"colour": "red"}, "invalid", "colour"),
        (NEW | {"started_on": "R5.4.1"}, "invalid", "started_on"),
        (NEW | {"name": 5}, "invalid", "name"),
    ):
        answer = secretary.ask("POST", "/systems", body)
        told = answer.json()
        assert (answer.status_code, told["code"]) == (422, code), body
        assert told["message"]
        if name:
            assert name in [field["name"] for field in told["fields"]]
    assert System.objects.count() == before


def test_an_officer_corrects_the_own_system_and_no_more_than_on_the_page(officer, world):
    path = f"/systems/{world.kwargs['system_id']}"
    assert officer.ask("PATCH", path, {"name": "総務事務統合システム"}).status_code == 200
    closed = officer.ask("PATCH", path, {"number": "0008"})
    assert (closed.status_code, closed.json()["fields"][0]["name"]) == (403, "number")
    other = System.objects.get(number="0042")
    assert officer.ask("PATCH", f"/systems/{other.pk}", {"name": "x"}).status_code == 403


def test_a_session_is_planned_held_and_minuted(officer, world):
    body = {
        "kind": "meeting",
        "title": "打合せ",
        "held_on": "2023-09-01",
        "host": "0101",
        "starts_at": "14:00",
    }
    made = officer.ask("POST", "/gatherings", body)
    assert made.status_code == 201, made.json()
    path = f"/gatherings/{made.json()['id']}"
    held = officer.ask("POST", f"{path}/hold", {"attendance": {"count": 12, "quality": "approx"}}).json()
    assert (held["state"], held["attendance"]) == ("held", {"count": 12, "quality": "approx"})
    assert officer.ask("PUT", f"{path}/minutes", {"minutes": "決めた。"}).json()["minutes"] == "決めた。"
    agenda = officer.ask(
        "PUT", f"{path}/agenda", {"items": [{"title": "進め方", "presenter": "人事課"}]}
    ).json()
    assert [item["title"] for item in agenda["items"]] == ["進め方"]
    item = officer.ask("POST", f"{path}/action-items", {"text": "案を作る", "owner_unit": "0101"}).json()
    done = officer.ask("POST", f"/action-items/{item['id']}/finish", {"done_on": "2023-09-02"}).json()
    assert done["done_on"] == "2023-09-02"
    assert officer.ask("POST", f"{path}/attendances", {"staff": "1003"}).status_code == 201
    assert officer.ask("POST", f"{path}/attendances", {}).status_code == 422
    foreign = officer.ask("POST", "/gatherings", body | {"host": "020101"})
    assert (foreign.status_code, foreign.json()["fields"][0]["name"]) == (422, "host")


def test_an_issue_is_opened_and_moved_by_a_member(officer, world):
    body = {"title": "様式が違う", "owner_unit": "0101", "opened_on": "2023-09-01", "system": "0007"}
    made = officer.ask("POST", f"/working-groups/{world.kwargs['group_id']}/issues", body)
    assert made.status_code == 201, made.json()
    path = f"/issues/{made.json()['id']}"
    assert officer.ask("PATCH", path, {"due": "2023-08-01"}).json()["fields"][0]["name"] == "due"
    assert officer.ask("PATCH", path, {"due": "2023-10-01"}).json()["due"] == "2023-10-01"
    moved = officer.ask("POST", f"{path}/move", {"state": "done", "on": "2023-09-20"}).json()
    assert (moved["state"], moved["done_on"]) == ("done", "2023-09-20")


def test_a_file_goes_up_and_comes_down(officer, world):
    path = f"/gatherings/{world.kwargs['gathering_id']}/attachments"
    file = SimpleUploadedFile("議事次第.txt", "一つ目\n".encode())
    made = officer.client.post(f"{ROOT}{path}", {"file": file}, headers=officer.headers)
    assert made.status_code == 201, made.content
    content = officer.get(f"/attachments/{made.json()['id']}/content")
    assert b"".join(content.streaming_content) == "一つ目\n".encode()
    assert content["Content-Disposition"].startswith("attachment")
    macro = SimpleUploadedFile("x.txt", b"MZ\x90\x00" + b"\x00" * 64)
    refused = officer.client.post(f"{ROOT}{path}", {"file": macro}, headers=officer.headers)
    assert (refused.status_code, refused.json()["code"]) == (422, "refused")
    assert officer.ask("DELETE", f"{path}/{made.json()['id']}").status_code == 422
    gone = officer.ask("DELETE", f"{path}/{made.json()['id']}?reason=誤って付けた")
    assert (gone.status_code, gone.content) == (204, b"")


def test_the_details_of_staff_are_told_to_those_whom_they_concern(officer, secretary, world):
    path = f"/staff/{world.house.staff['1004'].pk}"
    assert officer.get(path).json()["employment"] is None
    assert secretary.get(path).json()["employment"] == "regular"


def test_figures_tell_value_quality_and_rows(secretary):
    told = secretary.get("/figures/taskforce.systems?year=R5").json()
    assert told["year"] == 2023
    assert told["rows"] == told["value"]
    rows = secretary.get(told["rows_url"].removeprefix(ROOT)).json()
    assert rows["count"] == told["value"]
    report = secretary.get("/reports/R5").json()
    assert {figure["key"] for figure in report["figures"]} >= {"taskforce.systems"}
    assert secretary.get("/figures?year=R4").json()["items"][0]["frozen"] is True


def test_the_tree_counts_people_below(secretary):
    tree = secretary.get("/units/tree").json()["units"]
    top = next(unit for unit in tree if unit["code"] == "01")
    assert top["head_count"] == sum(unit["head_count"] for unit in top["children"]) > 0


@pytest.mark.parametrize(
    ("method", "path", "body", "kind", "status", "code"),
    [
        ("get", "", None, "", 404, "not-found"),
        ("get", "/nowhere", None, "", 404, "not-found"),
        ("get", "/systems/abc", None, "", 404, "not-found"),
        ("get", "/systems/99999999999999999999", None, "", 404, "not-found"),
        ("delete", "/systems", None, "", 405, "method"),
        ("post", "/openapi.json", b"", "application/json", 405, "method"),
        ("get", "/systems?limit=0", None, "", 422, "invalid"),
        ("get", "/systems?limit=1_0", None, "", 422, "invalid"),
        ("get", "/systems?sort=colour", None, "", 422, "invalid"),
        ("get", "/systems?colour=red", None, "", 422, "invalid"),
        ("get", "/systems?q=%00", None, "", 422, "invalid"),
        ("get", "/systems?day=2023-02-30", None, "", 422, "invalid"),
        ("get", "/reports/R0", None, "", 422, "invalid"),
        ("get", "/systems/1/karte?year=1900", None, "", 422, "invalid"),
        ("post", "/systems", b"{", "application/json", 400, "malformed"),
        ("post", "/systems", b"[" * 100_000, "application/json", 400, "malformed"),
        ("post", "/systems", b"\xff", "application/json", 400, "malformed"),
        ("post", "/systems", b"", "application/json", 422, "invalid"),
        ("post", "/systems", b"[]", "application/json", 422, "invalid"),
        (
            "post",
            "/systems",
            b'{"number":"1","owner":"0101","name":"\\ud800"}',
            "application/json",
            422,
            "invalid",
        ),
        (
            "post",
            "/systems",
            b'{"number":"1","owner":"0101","name":"a\\u0000"}',
            "application/json",
            422,
            "invalid",
        ),
        ("post", "/systems", b"<a/>", "application/xml", 415, "media-type"),
        ("post", "/systems", b'"' + b"x" * 21_000_000 + b'"', "application/json", 413, "too-large"),
    ],
)
def test_errors_are_json_with_a_code_and_japanese_words(method, path, body, kind, status, code, secretary):
    given = {"data": body, "content_type": kind} if kind else {}
    answer = getattr(secretary.client, method)(f"{ROOT}{path}", headers=secretary.headers, **given)
    told = json.loads(answer.content)
    assert (answer.status_code, told["code"]) == (status, code), told
    assert answer["Content-Type"].startswith("application/json")
    assert any("ぁ" <= letter <= "ん" for letter in told["message"])
    assert set(told) == {"code", "message", "fields"}
    if status == 405:
        assert "GET" in answer["Allow"]


def test_what_nobody_foresaw_is_told_without_its_inside(secretary, monkeypatch):
    def broken(*_):
        raise RuntimeError("秘密の内側")

    monkeypatch.setattr("tenshu.ground.systems.api.systems_for", broken)
    answer = secretary.get("/systems")
    assert (answer.status_code, answer.json()["code"]) == (500, "failed")
    assert "秘密" not in answer.content.decode()


@pytest.mark.parametrize(
    "path", ["/whoami", "/systems", "/staff", "/nowhere", "/openapi.json", "/audit-rows"]
)
def test_no_answer_sets_a_cookie_or_may_be_framed_run_or_shared(path, secretary):
    from tests.test_headers import wrong_headers

    secretary.client.cookies["sessionid"] = "x"
    answer = secretary.get(path)
    assert not answer.cookies
    assert wrong_headers(answer) == []
    assert answer["Cache-Control"].startswith("private")
    assert answer["Vary"] == "Authorization"
    if path in ("/whoami", "/staff", "/audit-rows"):
        assert "no-store" in answer["Cache-Control"]


def test_head_answers_what_get_answers_without_the_content(secretary, world):
    attachment = f"/attachments/{world.kwargs['attachment_id']}/content"
    for path in ("/systems", "/whoami", "/nowhere", "/openapi.json", "/systems?limit=0", attachment):
        asked, told = secretary.ask("HEAD", path), secretary.get(path)
        content = b"".join(told.streaming_content) if told.streaming else told.content
        assert (asked.status_code, asked.content) == (told.status_code, b""), path
        assert asked["Content-Length"] == str(len(content))
        for name in ("Content-Type", "ETag", "Cache-Control"):
            assert asked.get(name) == told.get(name)
    known = secretary.get("/systems")["ETag"]
    assert secretary.ask("HEAD", "/systems", **{"If-None-Match": known}).status_code == 304
    refused = secretary.ask("HEAD", f"/systems/{world.kwargs['system_id']}/owner")
    assert (refused.status_code, refused["Allow"]) == (405, "POST")
    assert "HEAD" in secretary.ask("DELETE", "/systems")["Allow"]


def test_no_two_shapes_of_the_document_share_a_name():
    document()

    def below(kind):
        return {kind}.union(*(below(child) for child in kind.__subclasses__()))

    names = Counter(shape.__name__ for shape in below(Out) | below(Body) if "[" not in shape.__name__)
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("year", ["1901", "2199", "R99", "H1"])
def test_every_year_that_may_be_asked_for_is_answered(year, secretary, world):
    path = f"/systems/{world.kwargs['system_id']}/karte"
    for asked in (path, f"{path}/completeness", "/kartes", "/figures", "/karte-differences", "/karte-survey"):
        assert secretary.get(f"{asked}?year={year}").status_code == 200


def test_a_session_alone_opens_nothing(world, client):
    client.force_login(world.users[Role.SECRETARIAT])
    assert client.get(f"{ROOT}/systems").status_code == 401


@pytest.mark.django_db(transaction=True)
def test_what_somebody_removes_while_it_is_waited_for_is_not_found(world):
    officer, key = Asker(world.users[Role.OFFICER]), world.kwargs["need_id"]
    answers = []

    def write():
        try:
            answers.append(officer.ask("PATCH", f"/ict-needs/{key}", {"task": "別の業務"}))
        finally:
            connection.close()

    with transaction.atomic():
        Need.objects.select_for_update().get(pk=key).delete()
        writer = threading.Thread(target=write)
        writer.start()
        writer.join(timeout=0.5)
    writer.join()
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(404, "not-found")]
