"""Conditions, what is asked, what an answer holds, and scores."""

import datetime
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenshu.mechanisms.questionnaire.asking import Asking
from tenshu.mechanisms.questionnaire.conditions import ConditionError, parse_condition
from tenshu.mechanisms.questionnaire.models import Practice, Question, QuestionKind
from tenshu.mechanisms.questionnaire.parts import is_answered, missing_in, parts_of
from tenshu.mechanisms.questionnaire.scoring import answer_score, sheet_score

OPTIONS = {
    "options": [
        {"value": "a", "label": "甲", "score": 4},
        {"value": "b", "label": "乙", "score": 2},
        {"value": "c", "label": "丙", "score": -1},
    ]
}


def holds(text: str, **held: str | set[str]) -> bool:
    sets = {key: {value} if isinstance(value, str) else value for key, value in held.items()}
    return parse_condition(text).holds(
        lambda left: frozenset(sets.get(left.replace("対象.", "subject_"), ()))
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Q1＝はい", True),
        ("Q1=いいえ", False),
        ("Q1=いいえ、はい", True),
        ("Q1≠はい", False),
        ("Q1 != いいえ", True),
        ("Q2＝空欄", True),
        ("Q1＝空欄", False),
        ("Q2≠空欄", False),
        ("Q3≧１０", True),
        ("Q3<=9", False),
        ("Q1＝いいえ または Q3≧10 かつ 対象.区分＝甲", True),
        ("(Q1＝いいえ または Q3≧10) かつ 対象.区分＝乙", False),
        ("対象.開始≧R9.7.1", True),
        ("対象.開始≧令和10年1月1日", False),
        ("対象.区分＝「甲」", True),
    ],
)
def test_a_condition_reads_as_a_person_would(text, expected):
    assert holds(text, Q1="はい", Q3="12", subject_区分="甲", subject_開始="2027-07-01") is expected


@pytest.mark.parametrize(
    "text", ["", "Q1", "Q1＝", "＝はい", "(Q1＝はい", "Q1＝はい Q2＝はい", "かつ", "Q1＝はい かつ"]
)
def test_what_cannot_be_read_is_refused_with_a_reason(text):
    with pytest.raises(ConditionError, match="。"):
        parse_condition(text)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.recursive(
        st.sampled_from(["Q1＝はい", "Q2≠甲、乙", "対象.区分≧3"]),
        lambda inner: st.builds(
            lambda parts, word: "(" + f" {word} ".join(parts) + ")",
            st.lists(inner, min_size=2, max_size=3),
            st.sampled_from(["かつ", "または"]),
        ),
        max_leaves=8,
    )
)
def test_a_condition_written_out_reads_back_the_same(text):
    condition = parse_condition(text)

    assert parse_condition(str(condition)) == parse_condition(str(parse_condition(str(condition))))


def question(pk: int, kind: QuestionKind, **values) -> Question:
    return Question(pk=pk, order=pk, code=f"Q{pk}", kind=kind, **values)


def test_an_answer_to_a_question_that_is_not_asked_counts_as_none():
    asking = Asking(
        [
            question(1, QuestionKind.YES_NO),
            question(2, QuestionKind.SINGLE, settings=OPTIONS, condition="Q1＝はい"),
            question(3, QuestionKind.TEXT, condition="Q2＝甲"),
            question(4, QuestionKind.TEXT, condition="対象.開始≧R9.7.1"),
        ]
    )
    answers = {1: {"answer": True}, 2: {"answer": "a"}}
    day = {"開始": datetime.date(2027, 7, 1)}

    assert [q.code for q in asking.asked(answers, day)] == ["Q1", "Q2", "Q3", "Q4"]
    assert [q.code for q in asking.asked(answers | {1: {"answer": False}}, {})] == ["Q1"]


def test_not_applicable_needs_a_reason():
    asked = question(1, QuestionKind.PRACTICE, required=True)

    assert missing_in(asked, {}) == "回答がまだありません。"
    assert (
        missing_in(asked, {"answer": Practice.NOT_APPLICABLE, "reason": " "})
        == "該当なしの理由を書いてください。"
    )
    assert missing_in(asked, {"answer": Practice.NOT_APPLICABLE, "reason": "庁外にないため"}) == ""
    assert missing_in(asked, {"answer": Practice.UNKNOWN}) == ""


def test_a_table_says_that_there_is_nothing_to_list():
    asked = question(
        1,
        QuestionKind.TABLE,
        required=True,
        settings={"columns": [{"name": "task", "header": "業務", "kind": "text"}]},
    )

    assert [column.header for column in parts_of(asked)] == ["業務"]
    assert not is_answered(asked, {})
    assert is_answered(asked, {"none": True})
    assert is_answered(asked, {}, rows=1)


def test_a_gap_never_scores_better_than_an_honest_no():
    asked = question(1, QuestionKind.PRACTICE)

    assert answer_score(asked, {}) == answer_score(asked, {"answer": Practice.NOT_DONE}) == 0
    assert answer_score(asked, {"answer": Practice.UNKNOWN}) == 0
    assert answer_score(asked, {"answer": Practice.PARTLY}) == Decimal("0.5")
    assert answer_score(asked, {"answer": Practice.NOT_APPLICABLE}) is None


def test_a_sheet_scores_the_weighted_share_of_what_counts():
    asked = [
        (question(1, QuestionKind.PRACTICE, weight=Decimal(3)), {"answer": Practice.DONE}),
        (question(2, QuestionKind.PRACTICE, weight=Decimal(5)), {"answer": Practice.NOT_APPLICABLE}),
        (question(3, QuestionKind.SINGLE, weight=Decimal(1), settings=OPTIONS), {"answer": "b"}),
        (question(4, QuestionKind.TEXT, weight=Decimal(9)), {"answer": "文"}),
    ]

    score = sheet_score(asked)

    assert (score.reached, score.reachable) == (Decimal("3.5"), Decimal(4))
    assert sheet_score([]).share is None
