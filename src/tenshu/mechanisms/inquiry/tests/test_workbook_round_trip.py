"""What goes out in a sheet's workbook comes back the same, whatever was answered."""

import datetime
import io
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenshu.ground.exchange.reading import read_book
from tenshu.ground.exchange.tests.test_round_trip import INNER, LINE
from tenshu.ground.office.models import Unit
from tenshu.mechanisms.inquiry.models import Answer, AnswerRow, Campaign, LineKind, Sheet
from tenshu.mechanisms.inquiry.reading import Item
from tenshu.mechanisms.inquiry.workbook_in import read_workbook
from tenshu.mechanisms.inquiry.workbook_layout import Base, read_base
from tenshu.mechanisms.inquiry.workbook_out import written
from tenshu.mechanisms.inquiry.workbook_planning import plan_returned
from tenshu.mechanisms.questionnaire.models import Practice, Question, QuestionKind, QuestionnaireVersion

OPTIONS = [
    {"value": value, "label": label}
    for value, label in (
        *(("a", "RPA"), ("b", "RPA、申請フォーム"), ("c", "申請フォーム"), ("d", "その他,いろいろ")),
        *(("e", "=SUM(A1)"), ("f", "－"), ("g", "長い名前" * 30), ("h", "😀")),
    )
]
VALUES = [option["value"] for option in OPTIONS]
COLUMNS = [
    {"name": "name", "header": "名前", "kind": "text"},
    {"name": "long", "header": "文章", "kind": "long_text"},
    {"name": "count", "header": "数", "kind": "integer", "unit": "件"},
    {"name": "yen", "header": "金額", "kind": "yen", "negative": True},
    {"name": "day", "header": "日", "kind": "date"},
    {"name": "one", "header": "一つ", "kind": "single", "options": OPTIONS},
    {"name": "some", "header": "いくつか", "kind": "multiple", "options": OPTIONS},
    {"name": "yes", "header": "はいか", "kind": "yes_no"},
]
QUESTIONS = [
    Question(pk=pk, code=f"Q{pk}", text=f"{kind.label}の設問", kind=kind, settings={"note": True, **more})
    for pk, (kind, more) in enumerate(
        [
            (QuestionKind.TEXT, {}),
            (QuestionKind.LONG_TEXT, {}),
            (QuestionKind.INTEGER, {}),
            (QuestionKind.YEN, {"negative": True}),
            (QuestionKind.DATE, {}),
            (QuestionKind.SINGLE, {"options": OPTIONS}),
            (QuestionKind.MULTIPLE, {"options": OPTIONS}),
            (QuestionKind.YES_NO, {}),
            (QuestionKind.PRACTICE, {}),
            (QuestionKind.FILE, {}),
            (QuestionKind.TABLE, {"columns": COLUMNS, "note": False}),
        ],
        start=1,
    )
]
TABLE = QUESTIONS[-1]
ANSWERS: dict[QuestionKind, st.SearchStrategy[Any]] = {
    QuestionKind.TEXT: LINE.map(str.strip),
    QuestionKind.LONG_TEXT: INNER.map(lambda text: text.replace("\r", " ").strip()),
    QuestionKind.INTEGER: st.integers(-(10**20), 10**20),
    QuestionKind.YEN: st.integers(-(10**17), 10**17),
    QuestionKind.DATE: st.dates(datetime.date(1868, 10, 23), datetime.date(2199, 12, 31)).map(str),
    QuestionKind.SINGLE: st.sampled_from(VALUES),
    QuestionKind.MULTIPLE: st.sets(st.sampled_from(VALUES), min_size=1).map(sorted),
    QuestionKind.YES_NO: st.booleans(),
}
LONG = ANSWERS[QuestionKind.LONG_TEXT]
ROW = st.fixed_dictionaries(
    {column["name"]: ANSWERS[QuestionKind(column["kind"])] for column in COLUMNS}
).filter(lambda row: any(row.values()))


def answer_of(question: Question) -> st.SearchStrategy[dict[str, Any]]:
    """An answer as a page saves it; nothing said is left out."""
    match question.kind:
        case QuestionKind.PRACTICE:
            said = {"answer": st.sampled_from(Practice.values), "reason": LONG, "note": LONG}
        case QuestionKind.FILE:
            said = {"note": LONG}
        case QuestionKind.TABLE:
            return st.sampled_from([{}, {"none": True}])
        case kind:
            said = {"answer": ANSWERS[QuestionKind(kind)], "note": LONG}
    found = st.fixed_dictionaries({}, optional=said)
    return found.map(lambda value: {part: one for part, one in value.items() if one != ""})


SAID = st.tuples(*(answer_of(question) for question in QUESTIONS), st.lists(ROW, max_size=3))


def a_sheet() -> Sheet:
    """A sheet that is nowhere saved."""
    campaign = Campaign(pk=7, title="業務の照会", fiscal_year=2023)
    campaign.version = QuestionnaireVersion(pk=5)
    return Sheet(
        pk=3,
        campaign=campaign,
        subject_name="人事課",
        respondent=Unit(pk=1, name="人事課"),
        due_on=datetime.date(2024, 3, 31),
    )


def items_of(said: tuple[Any, ...]) -> dict[int, Item]:
    """The questions with these answers; no answer where nothing was said."""
    *answers, rows = said
    items = {
        question.pk: Item(question, Answer(question=question, value=value) if value else None)
        for question, value in zip(QUESTIONS, answers, strict=True)
    }
    if rows:
        items[TABLE.pk].answer = None
        items[TABLE.pk].rows = [
            AnswerRow(question=TABLE, key=f"row{place}", values=values) for place, values in enumerate(rows)
        ]
    return items


def came_back(content: bytes, items: dict[int, Item], *, alone: bool) -> Any:
    """The plan of a workbook; ``alone``: as if nobody knew what was sent, into an empty sheet."""
    book = read_book(content, "回答.xlsx")
    found = read_base(book)
    assert found is not None
    stamp, base = found
    returned = read_workbook(book, QUESTIONS)
    empty = {question.pk: Item(question) for question in QUESTIONS}
    return plan_returned(a_sheet(), stamp, Base() if alone else base, empty if alone else items, returned)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(said=SAID)
def test_every_answer_comes_back_as_it_was(said):
    items = items_of(said)
    plan = came_back(written(a_sheet(), list(items.values())), items, alone=True)

    assert plan.errors == []
    assert {question.pk: planned.value for question, planned in plan.answers.items()} == {
        pk: item.value for pk, item in items.items() if item.value
    }
    rows = [dict(values) for table in plan.tables.values() for _, values in table.added]
    assert rows == [row.values for row in items[TABLE.pk].rows]


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(said=SAID)
def test_a_workbook_that_comes_back_untouched_changes_nothing(said):
    items = items_of(said)
    plan = came_back(written(a_sheet(), list(items.values())), items, alone=False)

    assert plan.errors == []
    assert {line.kind for line in plan.lines} <= {LineKind.SAME}
    assert not plan.answers
    assert not plan.tables


TRICKY = (
    {"answer": "0042"},
    {"answer": "一行目\n=二行目\n\n\t四行目　全角 👨‍👩‍👧", "note": "@メモ"},
    {"answer": 12345678901234567890},
    {"answer": -1_234_567},
    {"answer": "2024-03-31"},
    {"answer": "d"},
    {"answer": ["a", "c"]},
    {"answer": False},
    {"answer": "not_applicable", "reason": "+81-3 には無い\n-と言う"},
    {"note": "'引用"},
    {},
    [
        {"name": "00123456789012345678", "long": "=1+1\n二行", "count": 0, "yen": 10**12,
         "day": "1990-01-08", "one": "b", "some": ["b", "d"], "yes": True},
    ],
)  # fmt: skip


def saved_by_another_program(content: bytes) -> bytes:
    """As a program that writes the file anew in its own way, with worksheets, columns and rows moved by somebody."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    book["_tenshu"].sheet_state = "hidden"
    book.move_sheet("Q11の表", -1)
    page = book["回答"]
    page.insert_cols(1)
    page.insert_rows(8)
    page.insert_rows(1, 2)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_answers_stay_whole_when_another_program_has_saved_the_workbook():
    items = items_of(TRICKY)
    content = saved_by_another_program(written(a_sheet(), list(items.values())))

    untouched = came_back(content, items, alone=False)
    assert (untouched.errors, untouched.answers, untouched.tables) == ([], {}, {})
    plan = came_back(content, items, alone=True)
    assert plan.errors == []
    assert [dict(planned.value) for planned in plan.answers.values()] == [v for v in TRICKY[:-1] if v]
    (table,) = plan.tables.values()
    assert [values for _, values in table.added] == TRICKY[-1]


@pytest.mark.parametrize(
    ("text", "value"),
    [("令和6年6月30日", "2024-06-30"), ("R6.6.30", "2024-06-30"), ("２０２４／６／３０", "2024-06-30")],
)
def test_days_may_be_typed_in_japanese_years(text, value):
    from tenshu.mechanisms.inquiry.workbook_cells import read
    from tenshu.mechanisms.questionnaire.parts import parts_of

    assert read(parts_of(QUESTIONS[4])[0], text) == value
