"""Inquiries over the API: files of letters and answers, workbooks, what differs from last year, two writers at once."""

import io
import threading

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from tenshu.ground.access.roles import Role
from tenshu.ground.api.tests.asking import ROOT, Asker
from tenshu.mechanisms.inquiry.models import AnswerRow, Sheet
from tenshu.mechanisms.inquiry.tests.test_differing import say, years

__all__ = ["years"]


@pytest.fixture
def officer(world):
    return Asker(world.users[Role.OFFICER])


@pytest.fixture
def secretary(world):
    return Asker(world.users[Role.SECRETARIAT])


def upload(asker, path, name="依頼.txt"):
    file = SimpleUploadedFile(name, "依頼の詳細\n".encode())
    return asker.client.post(f"{ROOT}{path}", {"file": file}, headers=asker.headers)


def test_the_secretariat_attaches_to_the_letter_and_whoever_is_asked_takes_it_out(officer, secretary, world):
    path = f"/campaigns/{world.kwargs['campaign_id']}/attachments"
    assert upload(officer, path).status_code == 404
    assert upload(Asker(world.users[Role.EXECUTIVE]), path).status_code == 403
    made = upload(secretary, path)
    assert (made.status_code, made.json()["name"]) == (201, "依頼.txt"), made.content
    key = made.json()["id"]
    for asker in (officer, secretary):
        assert [row["id"] for row in asker.get(path).json()["items"]] == [key]
        content = asker.get(f"/attachments/{key}/content")
        assert b"".join(content.streaming_content).decode() == "依頼の詳細\n"
    assert officer.ask("DELETE", f"{path}/{key}").status_code == 404
    assert (
        secretary.ask("DELETE", f"/campaigns/{world.kwargs['campaign_id']}/attachments/{key + 1}").status_code
        == 404
    )
    assert secretary.ask("DELETE", f"{path}/{key}").status_code == 204
    assert officer.get(path).json()["count"] == 0
    assert secretary.get(f"/attachments/{key}/content").status_code == 404


def test_the_files_of_a_sheet_are_told_with_their_question_to_those_who_see_the_sheet(officer, world):
    sheet = f"/sheets/{world.kwargs['sheet_id']}"
    question = world.kwargs["file_question_id"]
    assert officer.get(f"{sheet}/attachments").json()["items"] == []
    upload(officer, f"{sheet}/files/{question}", "回答.txt")
    (told,) = officer.get(f"{sheet}/attachments").json()["items"]
    assert (told["name"], told["question_id"]) == ("回答.txt", question)
    stranger = Asker(world.users[Role.STAFF])
    assert stranger.get(f"{sheet}/attachments").status_code == 404
    assert stranger.get(f"/attachments/{told['id']}/content").status_code == 404


def test_a_sheet_goes_out_as_the_workbook_of_its_page(officer, world):
    path = f"/sheets/{world.kwargs['sheet_id']}/workbook"
    told = officer.get(path)
    assert told.status_code == 200
    assert told["Content-Disposition"].startswith("attachment")
    assert "no-store" in told["Cache-Control"]
    assert openpyxl.load_workbook(io.BytesIO(told.content)).sheetnames
    assert Asker(world.users[Role.STAFF]).get(path).status_code == 404


def test_what_differs_from_last_year_is_told_as_on_the_page(years, officer, secretary, world):
    _, sheet = years
    say(sheet, world.house.machine, Q1={"answer": False}, Q5={"answer": "要望なし"})
    path = f"/campaigns/{sheet.campaign_id}/differences?scope=all"
    told = {row["code"]: row for row in secretary.get(path).json()["items"]}
    assert (told["Q1"]["change"], told["Q1"]["before"], told["Q1"]["now"]) == (
        "changed",
        {"answer": True},
        {"answer": False},
    )
    assert told["Q5"]["change"] == "reworded"
    assert told["Q3"]["rows_before"] == 1
    assert {row["sheet_id"] for row in officer.get(path).json()["items"]} == {sheet.pk}
    assert Asker(world.users[Role.STAFF]).get(path).status_code == 404


def test_a_reason_of_spaces_and_a_text_that_no_database_keeps_are_refused(secretary, world):
    path = f"/campaigns/{world.kwargs['campaign_id']}"
    blank = secretary.ask("POST", f"{path}/due", {"due_on": "2099-07-31", "reason": " 　"})
    gone = secretary.ask("DELETE", f"/gatherings/{world.kwargs['gathering_id']}?reason=%20")
    unkept = secretary.ask("POST", f"{path}/remind", {"text": "至急\0"})
    table = f"/sheets/{world.kwargs['sheet_id']}/rows/{world.kwargs['table_question_id']}"
    unclear = secretary.ask("PUT", f"{table}/none", {"none": "はい"})
    mixed = secretary.ask("POST", table, {"rows": [{"hours": 1.5}]})
    assert {field["name"] for field in mixed.json()["fields"]} == {"rows.0.hours"}
    for answer, name in ((blank, "reason"), (gone, "reason"), (unkept, "text"), (unclear, "none")):
        assert (answer.status_code, answer.json()["fields"][0]["name"]) == (422, name), answer.json()


@pytest.mark.django_db(transaction=True)
def test_a_row_that_changes_while_it_is_waited_for_is_not_overwritten_unseen(world):
    officer, key = Asker(world.users[Role.OFFICER]), world.kwargs["answer_row_id"]
    rows = f"/sheets/{world.kwargs['sheet_id']}/rows/{world.kwargs['table_question_id']}"
    tag = officer.ask("PATCH", f"/answer-rows/{key}", {"values": {}}).json()["row"]
    read = officer.get(rows).json()["items"][0]
    assert read == tag
    from tenshu.ground.api.conditions import etag_of
    from tenshu.mechanisms.inquiry.api.rows import RowOut

    known = etag_of(RowOut(**read).model_dump_json().encode())
    answers = []

    def write():
        try:
            path = f"/answer-rows/{key}"
            answers.append(officer.ask("PATCH", path, {"values": {"hours": 1}}, **{"If-Match": known}))
        finally:
            connection.close()

    with transaction.atomic():
        Sheet.objects.select_for_update().get(pk=world.kwargs["sheet_id"])
        AnswerRow.objects.filter(pk=key).update(values={"task": "旅費の精算", "hours": 9}, revision=99)
        writer = threading.Thread(target=write)
        writer.start()
        writer.join(timeout=0.5)
    writer.join()
    assert [answer.status_code for answer in answers] == [412]
    assert AnswerRow.objects.get(pk=key).values["hours"] == 9
