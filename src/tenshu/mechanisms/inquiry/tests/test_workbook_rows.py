"""Tables and last year's answers in a sheet's workbook: rows added, changed, removed, confirmed."""

import pytest

from tenshu.ground.access.roles import Role
from tenshu.mechanisms.inquiry.actions import answers, steps
from tenshu.mechanisms.inquiry.actions.answers import RowChanges
from tenshu.mechanisms.inquiry.actions.workbooks import do_take_workbook
from tenshu.mechanisms.inquiry.models import LineKind, Sheet, SheetState
from tenshu.mechanisms.inquiry.reading import read_sheet
from tenshu.mechanisms.inquiry.tests.building import opened
from tenshu.mechanisms.inquiry.tests.workbook_editing import checked, filled, values_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def user(world):
    return world.users[Role.OFFICER]


@pytest.fixture
def questions(world):
    return {question.code: question for question in world.objects["version"].questions.all()}


@pytest.fixture
def sheet(world, questions):
    """A sheet with three rows."""
    found = Sheet.objects.get(pk=world.kwargs["sheet_id"])
    added = [("", {"task": name, "hours": 10}) for name in ("給与の計算", "備品の照合")]
    answers.do_save_answer(found, questions["Q1"], {"answer": True}, {}, acting_user=world.house.machine)
    answers.do_change_rows(found, questions["Q3"], RowChanges(added=added), acting_user=world.house.machine)
    return found


@pytest.fixture
def fresh(world, sheet):
    """This year's sheet, with last year's accepted one behind it."""
    machine = world.house.machine
    version = sheet.campaign.version
    answers.do_save_answer(
        sheet, version.questions.get(code="Q2"), {"answer": ["rpa"], "note": "昨年"}, {}, acting_user=machine
    )
    answers.do_save_answer(
        sheet, version.questions.get(code="Q5"), {"answer": "昨年の意見"}, {}, acting_user=machine
    )
    steps.do_submit(sheet, acting_user=machine)
    Sheet.objects.filter(pk=sheet.pk).update(state=SheetState.COLLECTING)
    steps.do_accept(sheet, acting_user=machine)
    return opened(world, version=version, previous=sheet.campaign, fiscal_year=2024)[1]


def rows(sheet):
    return [(row.values["task"], row.values["hours"]) for row in sheet.rows.order_by("order", "pk")]


def row_of(book, name):
    return next(row for row in book.rows("Q3") if row["業務名"].value == name)


def take(sheet, content, user, chosen=()):
    return do_take_workbook(checked(sheet, content, user), chosen, acting_user=user)


def test_rows_are_added_changed_and_removed_by_mark_or_by_emptying(sheet, user):
    def fill(book):
        row_of(book, "旅費の精算")["年間時間"].value = "１，２００"
        row_of(book, "給与の計算")["削除"].value = "○"
        emptied = row_of(book, "備品の照合")
        emptied["業務名"].value = emptied["年間時間"].value = None
        book.add("Q3", 業務名="窓口の受付", 年間時間=30)

    content = filled(sheet, fill)
    upload = checked(sheet, content, user)
    assert (upload.counts["change"], upload.counts["remove"], upload.counts["new"]) == (1, 2, 1)
    do_take_workbook(upload, acting_user=user)
    assert rows(sheet) == [("旅費の精算", 1200), ("窓口の受付", 30)]

    again = checked(sheet, content, user)
    assert not any(again.counts[kind] for kind in ("new", "change", "remove", "conflict", "error"))


def test_rows_that_are_not_in_the_file_stay(sheet, user):
    def fill(book):
        page = book.book["Q3の表"]
        page.delete_rows(row_of(book, "給与の計算")["業務名"].row)

    upload = checked(sheet, filled(sheet, fill), user)

    assert "1行がファイルにありません" in upload.notes[0]
    do_take_workbook(upload, acting_user=user)
    assert len(rows(sheet)) == 3


def test_a_row_that_somebody_else_changed_or_removed_meanwhile_is_a_conflict(world, sheet, user, questions):
    def fill(book):
        row_of(book, "旅費の精算")["年間時間"].value = 999
        row_of(book, "給与の計算")["削除"].value = "○"
        row_of(book, "備品の照合")["年間時間"].value = 77

    content = filled(sheet, fill)
    held = {row.values["task"]: row for row in sheet.rows.all()}
    changes = RowChanges(
        changed=[
            (held["旅費の精算"], {"task": "旅費の精算（出張）", "hours": 5}),
            (held["給与の計算"], {"task": "給与の計算", "hours": 6}),
        ],
        removed=[held["備品の照合"]],
    )
    answers.do_change_rows(sheet, questions["Q3"], changes, acting_user=world.house.machine)

    upload = checked(sheet, content, user)
    keys = {line.label: line.key for line in upload.lines.filter(kind=LineKind.CONFLICT)}
    assert len(keys) == 3
    do_take_workbook(upload, acting_user=user)
    assert rows(sheet) == [("旅費の精算（出張）", 5), ("給与の計算", 6)]
    take(sheet, content, user, set(keys.values()))
    assert rows(sheet) == [("旅費の精算（出張）", 999), ("備品の照合", 77)]


def test_nothing_to_list_and_rows_do_not_go_together(sheet, user):
    upload = checked(sheet, filled(sheet, lambda book: book.answer("Q3", "回答", "該当なし")), user)

    (error,) = upload.lines.filter(kind=LineKind.ERROR)
    assert "「該当なし」と、表の3行の両方があります" in error.message
    assert error.where.startswith("回答!")


def test_a_required_column_and_a_broken_mark_are_told_with_their_cells(sheet, user):
    def fill(book):
        row_of(book, "旅費の精算")["業務名"].value = None
        row_of(book, "給与の計算")["削除"].value = "たぶん"
        book.add("Q3", 業務名="小数", 年間時間=1.5)

    upload = checked(sheet, filled(sheet, fill), user)
    found = {line.where: line.message for line in upload.lines.filter(kind=LineKind.ERROR)}

    assert found == {
        "Q3の表!A4": "「業務名」が空です",
        "Q3の表!C5": "「削除」の印として読めません",
        "Q3の表!B7": "小数が入っています",
    }


def test_last_years_answers_left_alone_stay_unconfirmed(fresh, user):
    take(fresh, filled(fresh, lambda book: book.answer("Q4", "回答", "実施")), user)

    assert values_of(fresh) == {"Q4": {"answer": "done"}}
    assert rows(fresh) == []
    waiting = {item.question.code for item in read_sheet(fresh).items if item.waits_for_confirmation}
    assert "Q1" in waiting


def test_a_mark_confirms_last_years_answers_and_rows_with_what_was_edited(fresh, user):
    def fill(book):
        for code in ("Q1", "Q2", "Q3"):
            book.answer(code, "今年も同じ", "○")
        row_of(book, "旅費の精算")["年間時間"].value = 300
        row_of(book, "備品の照合")["削除"].value = "○"
        book.add("Q3", 業務名="新しい業務")

    previous = {row.values["task"]: row.key for row in fresh.previous.rows.all()}
    take(fresh, filled(fresh, fill), user)

    assert values_of(fresh) == {"Q1": {"answer": True}, "Q2": {"answer": ["rpa"], "note": "昨年"}}
    assert rows(fresh) == [("旅費の精算", 300), ("給与の計算", 10), ("新しい業務", None)]
    assert fresh.rows.get(values__task="給与の計算").key == previous["給与の計算"]


def test_a_table_of_last_year_that_was_only_edited_asks_what_becomes_of_the_rest(fresh, user):
    def edit(book):
        row_of(book, "旅費の精算")["年間時間"].value = 300

    upload = checked(fresh, filled(fresh, edit), user)
    (error,) = upload.lines.filter(kind=LineKind.ERROR)
    assert "前回の2行を残すかどうかが決まっていません" in error.message

    def decide(book):
        edit(book)
        for name in ("給与の計算", "備品の照合"):
            row_of(book, name)["削除"].value = "○"

    take(fresh, filled(fresh, decide), user)
    assert rows(fresh) == [("旅費の精算", 300)]


def test_the_mark_and_another_answer_together_are_refused(fresh, user):
    def fill(book):
        book.answer("Q5", "今年も同じ", "○")
        book.answer("Q5", "回答", "今年の意見")
        book.answer("Q4", "今年も同じ", "○")

    upload = checked(fresh, filled(fresh, fill), user)
    messages = [line.message for line in upload.lines.filter(kind=LineKind.ERROR)]

    assert messages == [
        "前回の回答が無い設問に印があります",
        "「今年も同じ」の印と、前回と違う回答の両方があります",
    ]


def test_what_is_typed_to_a_question_that_is_not_asked_is_kept_and_told(world, user):
    _, sheet = opened(world, version=world.objects["version"])
    content = filled(
        sheet, lambda book: (book.answer("Q1", "回答", "いいえ"), book.answer("Q2", "回答", "RPA"))
    )

    upload = checked(sheet, content, user)

    assert upload.notes == [
        "Q2は、ほかの回答から、いまは尋ねない設問です。入れた内容は残しますが、集計には入りません。"
    ]
    do_take_workbook(upload, acting_user=user)
    assert values_of(sheet)["Q2"] == {"answer": ["rpa"]}
