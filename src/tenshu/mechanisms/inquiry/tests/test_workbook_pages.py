"""A sheet as a workbook on the pages: taken out, filled in, looked through, saved; and what stands against it."""

import datetime
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from tests.hostile_files import imported

from tenshu.ground.access.roles import Role
from tenshu.ground.audit.models import AuditRow
from tenshu.ground.files.models import StoredFile
from tenshu.mechanisms.inquiry.actions import answers, steps
from tenshu.mechanisms.inquiry.models import Campaign, Sheet, SheetUpload, StepKind, UploadState
from tenshu.mechanisms.inquiry.tests.building import opened
from tenshu.mechanisms.inquiry.tests.test_pages import Persona
from tenshu.mechanisms.inquiry.tests.workbook_editing import checked, filled, values_of
from tenshu.mechanisms.inquiry.workbook_layout import MAIN, Stamp
from tenshu.mechanisms.inquiry.workbook_out import sheet_workbook

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(world):
    return Persona(world.users[Role.OFFICER])


@pytest.fixture
def sheet(world):
    return Sheet.objects.get(pk=world.kwargs["sheet_id"])


@pytest.fixture
def questions(world):
    return {question.code: question for question in world.objects["version"].questions.all()}


def hand_in(persona, sheet, content, *, expect=302, name="回答.xlsx"):
    """Choose the workbook on the page."""
    upload = SimpleUploadedFile(name, content)
    return persona.send("sheet-workbook-in", sheet.pk, expect=expect, file=upload)


def waiting(sheet, persona):
    return SheetUpload.objects.get(sheet=sheet, created_by=persona.user, state=UploadState.CHECKED)


def test_a_workbook_goes_out_is_filled_in_looked_through_and_saved(officer, sheet):
    assert reverse("inquiry:sheet-workbook-in", args=[sheet.pk]) in officer.get("sheet-answer", sheet.pk)
    officer.get("sheet-workbook-in", sheet.pk)
    response = officer.client.get(reverse("inquiry:sheet-workbook", args=[sheet.pk]))
    assert response["Content-Disposition"].startswith("attachment")
    content = filled(sheet, lambda book: (
        book.answer("Q1", "回答", "はい"), book.answer("Q2", "回答", "申請フォーム\nRPA"),
        book.answer("Q2", "補足", "両方"), book.answer("Q4", "回答", "該当なし"),
        book.answer("Q4", "理由", "対象が無い"), book.answer("Q5", "回答", "=一行目\n二行目"),
    ))  # fmt: skip

    hand_in(officer, sheet, content)
    upload = waiting(sheet, officer)
    page = officer.get("sheet-workbook-check", sheet.pk, upload.pk)

    assert "新しい回答6か所を保存する" in page
    assert "対象が無い" in page
    assert values_of(sheet) == {}
    officer.send("sheet-workbook-check", sheet.pk, upload.pk)
    assert values_of(sheet) == {
        "Q1": {"answer": True},
        "Q2": {"answer": ["rpa", "form"], "note": "両方"},
        "Q4": {"answer": "not_applicable", "reason": "対象が無い"},
        "Q5": {"answer": "=一行目\n二行目"},
    }
    assert sheet.steps.filter(kind=StepKind.IMPORTED, by=officer.user).count() == 1
    taken = AuditRow.objects.get(verb="inquiry.workbook_taken")
    assert AuditRow.objects.filter(verb="inquiry.answer_saved", request_id=taken.request_id).count() == 4
    assert officer.client.get(reverse("inquiry:sheet-workbook-check", args=[sheet.pk, upload.pk])).url == (
        reverse("inquiry:sheet-detail", args=[sheet.pk])
    )


def test_only_cells_to_fill_in_are_unlocked_and_choices_come_from_lists(sheet):
    book = openpyxl.load_workbook(io.BytesIO(sheet_workbook(sheet)))
    page = book[MAIN]

    assert page.protection.sheet
    assert book["Q3の表"].protection.sheet
    assert book["_tenshu"].sheet_state == "veryHidden"
    open_cells = {c.coordinate for row in page.iter_rows() for c in row if not c.protection.locked}
    headings = {cell.value: cell.column_letter for cell in page[5]}
    assert {c[0] for c in open_cells} == {headings["回答"], headings["理由"], headings["補足"]}
    assert len([c for c in open_cells if c[0] == headings["回答"]]) == 5
    assert len([c for c in open_cells if c[0] == headings["理由"]]) == 1
    kinds = {rule.type for rule in page.data_validations.dataValidation}
    assert {"list", "textLength"} <= kinds
    texts = {cell.value for row in page.iter_rows() for cell in row if isinstance(cell.value, str)}
    assert "Q1が「はい」のとき" in texts
    assert any("画面で添付してください" in text for text in texts)


def test_every_wrong_cell_is_told_at_once_and_nothing_is_saved(officer, sheet):
    content = filled(sheet, lambda book: [
        book.answer("Q1", "回答", "たぶん"),
        *(book.add("Q3", 業務名=f"業務{n}", 年間時間="約20") for n in range(299)),
    ])  # fmt: skip

    hand_in(officer, sheet, content)
    upload = waiting(sheet, officer)
    page = officer.get("sheet-workbook-check", sheet.pk, upload.pk)

    assert "誤りが 300か所あります" in page
    assert page.count('class="cell-ref"') == 300
    assert "Q3の表!B303" in page
    assert "数ではない文字が入っています" in page
    refused = officer.send("sheet-workbook-check", sheet.pk, upload.pk, expect=422)
    assert "誤りが300か所あります" in refused
    assert values_of(sheet) == {}
    assert sheet.rows.count() == 1
    url = reverse("inquiry:sheet-workbook-marked", args=[sheet.pk, upload.pk])
    marked = openpyxl.load_workbook(io.BytesIO(officer.client.get(url).content))
    assert marked["誤りの一覧"].max_row == 301
    assert marked["Q3の表"]["B303"].comment is not None


def test_workbooks_of_something_else_are_refused_by_name(world, officer, sheet, monkeypatch):
    user = world.house.machine
    _, foreign = opened(world, version=world.objects["version"], title="去年の照会")
    neighbour = sheet.campaign.sheets.exclude(pk=sheet.pk).first()
    blank = openpyxl.Workbook()
    out = io.BytesIO()
    blank.save(out)

    assert "別の照会（令和5年度の「去年の照会」）のExcelです" in hand_in(
        officer, sheet, sheet_workbook(foreign), expect=422
    )
    assert "別の対象のExcelです" in hand_in(officer, sheet, sheet_workbook(neighbour), expect=422)
    assert "取り出したExcelではない" in hand_in(officer, sheet, out.getvalue(), expect=422)
    assert "Excelブック（.xlsx）" in hand_in(officer, sheet, b"a,b", expect=422, name="回答.csv")
    formula = filled(sheet, lambda book: book.add("Q3", 業務名="=1+1"))
    assert "数式が入っています" in hand_in(officer, sheet, formula, expect=422)
    altered = filled(sheet, lambda book: book.book["_tenshu"].cell(1, 2, "999"))
    assert "控えが失われています" in hand_in(officer, sheet, altered, expect=422)
    hidden = filled(sheet, lambda book: setattr(book.book[MAIN], "sheet_state", "hidden"))
    assert "見出しが見つかりません" in hand_in(officer, sheet, hidden, expect=422)
    monkeypatch.setattr(
        "tenshu.mechanisms.inquiry.workbook_out.Stamp",
        lambda sheet, campaign, version, at, revision: Stamp(sheet, campaign, version + 1, at, revision),
    )
    assert "質問票の版が、いまの照会と違うExcelです" in hand_in(
        officer, sheet, sheet_workbook(sheet), expect=422
    )
    assert not SheetUpload.objects.filter(sheet=sheet, created_by=user).exists()


def test_hostile_workbooks_are_refused_and_nothing_of_them_stays(officer, sheet):
    before = (SheetUpload.objects.count(), StoredFile.objects.count(), AuditRow.objects.count())

    taken = [
        hostile.title
        for hostile in imported()
        if 'class="error-text"' not in hand_in(officer, sheet, hostile.make(), expect=422, name=hostile.name)
    ]

    assert taken == []
    assert (SheetUpload.objects.count(), StoredFile.objects.count(), AuditRow.objects.count()) == before


def test_what_somebody_else_said_meanwhile_stays_unless_the_respondent_chooses(
    world, officer, sheet, questions
):
    machine = world.house.machine
    content = filled(sheet, lambda book: (
        book.answer("Q4", "回答", "実施"), book.answer("Q4", "理由", "Excelの理由"), book.answer("Q5", "回答", "Excelの意見"),
    ))  # fmt: skip
    answers.do_save_answer(sheet, questions["Q5"], {"answer": "画面の意見"}, {}, acting_user=machine)
    answers.do_save_answer(sheet, questions["Q4"], {"reason": "画面の理由"}, {}, acting_user=machine)

    hand_in(officer, sheet, content)
    upload = waiting(sheet, officer)
    page = officer.get("sheet-workbook-check", sheet.pk, upload.pk)
    assert "ほかの人も変えた回答があります" in page
    assert "画面の意見" in page
    assert "Excelの意見" in page
    line = upload.lines.get(kind="conflict", label__startswith="Q5")
    officer.send("sheet-workbook-check", sheet.pk, upload.pk, **{f"conflict-{line.pk}": "theirs"})

    assert values_of(sheet) == {
        "Q4": {"answer": "done", "reason": "画面の理由"},
        "Q5": {"answer": "Excelの意見"},
    }


def test_an_answer_that_changes_after_the_look_is_looked_at_again(world, officer, sheet, questions):
    hand_in(officer, sheet, filled(sheet, lambda book: book.answer("Q5", "回答", "Excelの意見")))
    upload = waiting(sheet, officer)
    answers.do_save_answer(
        sheet, questions["Q5"], {"answer": "画面の意見"}, {}, acting_user=world.house.machine
    )

    officer.send("sheet-workbook-check", sheet.pk, upload.pk)
    assert values_of(sheet) == {"Q5": {"answer": "画面の意見"}}
    page = officer.get("sheet-workbook-check", sheet.pk, upload.pk)
    assert "確かめた後に、この照会票の回答が変わりました" in page
    assert "どちらの回答にするか" in page
    officer.send("sheet-workbook-check", sheet.pk, upload.pk)
    assert values_of(sheet) == {"Q5": {"answer": "画面の意見"}}


def test_a_sheet_that_went_on_takes_no_workbook(world, officer, sheet, questions):
    machine = world.house.machine
    content = filled(sheet, lambda book: book.answer("Q5", "回答", "Excelの意見"))
    upload = checked(sheet, content, officer.user)
    answers.do_save_answer(sheet, questions["Q1"], {"answer": False}, {}, acting_user=machine)
    steps.do_submit(sheet, acting_user=machine)

    refused = officer.send("sheet-workbook-check", sheet.pk, upload.pk, expect=422)
    assert "「所属長確認中」のため、回答を変えられません" in refused
    assert "「所属長確認中」のため" in hand_in(officer, sheet, content, expect=422)
    assert "いまは取り込めません" in officer.get("sheet-workbook-in", sheet.pk)
    assert "Q5" not in values_of(sheet)


def test_a_sheet_handed_to_somebody_else_meanwhile_says_who_has_it(world, officer, sheet):
    content = filled(sheet, lambda book: book.answer("Q5", "回答", "Excelの意見"))
    upload = checked(sheet, content, officer.user)
    steps.do_delegate(sheet, world.house.staff["1002"], acting_user=world.house.machine)

    name = world.house.staff["1002"].name
    refused = officer.send("sheet-workbook-check", sheet.pk, upload.pk, expect=403)
    assert f"いま{name}が担当しています" in refused
    assert f"いま{name}が担当しています" in hand_in(officer, sheet, content, expect=403)
    assert values_of(sheet) == {}


def test_a_second_file_replaces_the_one_that_waits(officer, sheet):
    hand_in(officer, sheet, filled(sheet, lambda book: book.answer("Q5", "回答", "初め")))
    first = waiting(sheet, officer)
    assert first.name in officer.get("sheet-workbook-in", sheet.pk)
    hand_in(officer, sheet, filled(sheet, lambda book: book.answer("Q5", "回答", "次")))

    assert waiting(sheet, officer).pk != first.pk
    assert first.lines.count() == 0
    officer.send("sheet-workbook-check", sheet.pk, first.pk)
    assert values_of(sheet) == {}


def test_a_rooms_own_questionnaire_is_answered_on_the_page_and_as_a_workbook(world, officer):
    _, sheet = opened(world, version=world.objects["version"], content="ict_needs")

    assert "ご意見" in officer.get("sheet-answer", sheet.pk)
    hand_in(officer, sheet, filled(sheet, lambda book: book.add("Q3", 業務名="窓口の受付", 年間時間=30)))
    officer.send("sheet-workbook-check", sheet.pk, waiting(sheet, officer).pk)
    assert [row.values for row in sheet.rows.all()] == [{"task": "窓口の受付", "hours": 30}]


def test_what_a_room_keeps_itself_goes_out_on_the_rooms_own_page(world):
    secretary = Persona(world.users[Role.SECRETARIAT])
    campaign = Campaign.objects.create(
        title="時点修正", fiscal_year=2023, content="karte", subject_kind="system", state="open",
        host=world.house.units["0102"], due_on=datetime.date(2099, 3, 31), opened_at=timezone.now(),
    )  # fmt: skip
    sheet = Sheet.objects.create(
        campaign=campaign, subject=world.objects["system"].pk, subject_name="見本",
        respondent=world.house.units["0102"], due_on=campaign.due_on,
    )  # fmt: skip
    there = reverse("exchange:table-import", args=["kartes"])

    for name in ("sheet-workbook", "sheet-workbook-in"):
        assert secretary.client.get(reverse(f"inquiry:{name}", args=[sheet.pk])).url == there
    assert there in secretary.get("sheet-detail", sheet.pk)
