"""Versions of a questionnaire: written, checked, published, copied, and never altered afterwards."""

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from tenshu.ground.audit.models import AuditRow
from tenshu.mechanisms.questionnaire import actions
from tenshu.mechanisms.questionnaire.consistency import altered_versions
from tenshu.mechanisms.questionnaire.models import (
    Question,
    QuestionKind,
    Questionnaire,
    QuestionnaireVersion,
    Relation,
)
from tenshu.mechanisms.questionnaire.queries import ancestors_of, content_digest, retired_since

pytestmark = pytest.mark.django_db

SETTINGS = {"options": [{"value": "a", "label": "甲"}, {"value": "b", "label": "乙"}]}


@pytest.fixture
def user(world):
    return world.house.machine


@pytest.fixture
def draft(user):
    questionnaire = actions.do_add_questionnaire(
        Questionnaire(code="TEST", title="業務のICT化の照会", subject_kind="unit"), acting_user=user
    )
    version = actions.do_add_version(questionnaire, 2023, acting_user=user)
    add(version, user, "Q1", "困っている業務はありますか。", QuestionKind.YES_NO, required=True)
    add(
        version,
        user,
        "Q2",
        "どの手段を望みますか。",
        QuestionKind.SINGLE,
        settings=SETTINGS,
        condition="Q1＝はい",
    )
    add(version, user, "Q3", "対策をしていますか。", QuestionKind.PRACTICE)
    return version


def add(version, user, code, text, kind, **values) -> Question:
    return actions.do_add_question(
        version, {"code": code, "text": text, "kind": kind, **values}, acting_user=user
    )


def test_a_published_version_keeps_a_fingerprint_of_what_it_says(draft, user):
    version = actions.do_publish_version(draft, acting_user=user)

    assert version.is_published
    assert version.digest == content_digest(version)
    assert AuditRow.objects.filter(
        verb="questionnaire.version_published", target_key=str(version.pk)
    ).exists()


def test_every_fault_is_told_at_once(draft, user):
    add(draft, user, "Q4", "選ぶ", QuestionKind.SINGLE)
    add(draft, user, "Q5", "表", QuestionKind.TABLE)
    add(draft, user, "Q6", "条件", QuestionKind.TEXT, condition="Q9＝はい かつ 対象.ない属性＝x")
    add(draft, user, "Q7", "条件", QuestionKind.TEXT, condition="Q2＝丙")

    with pytest.raises(ValidationError) as refused:
        actions.do_publish_version(draft, acting_user=user)

    assert [message.split("：")[0] for message in refused.value.messages] == ["Q4", "Q5", "Q6", "Q6", "Q7"]


CHANGES = {
    "question": lambda v, user: actions.do_change_question(
        v.questions.get(code="Q1"), {"text": "別の文"}, acting_user=user
    ),
    "version": lambda v, user: actions.do_change_version(v, {"introduction": "別"}, acting_user=user),
    "removal": lambda v, user: actions.do_remove_question(v.questions.get(code="Q1"), acting_user=user),
    "addition": lambda v, user: add(v, user, "Q9", "後から", QuestionKind.TEXT),
    "order": lambda v, user: actions.do_order_questions(v, [], acting_user=user),
}


@pytest.mark.parametrize("change", CHANGES)
def test_actions_refuse_to_touch_a_published_version(draft, user, change):
    version = actions.do_publish_version(draft, acting_user=user)
    before = content_digest(version)

    with pytest.raises(ValidationError, match="確定した版は変えられません"):
        CHANGES[change](version, user)

    assert content_digest(version) == before


@pytest.mark.parametrize(
    "write",
    [
        lambda v: Question.objects.filter(version=v).update(text="書き換え"),
        lambda v: Question.objects.filter(version=v).delete(),
        lambda v: QuestionnaireVersion.objects.filter(pk=v.pk).update(introduction="書き換え"),
        lambda v: QuestionnaireVersion.objects.filter(pk=v.pk).update(state="draft"),
    ],
)
def test_the_database_refuses_it_too(draft, user, write):
    version = actions.do_publish_version(draft, acting_user=user)

    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        write(version)


def test_a_question_slipped_in_from_outside_is_found(draft, user, world):
    version = actions.do_publish_version(draft, acting_user=user)
    assert list(altered_versions(_year())) == []

    Question.objects.create(version=version, order=99, code="Q99", text="?", kind=QuestionKind.TEXT)

    assert len(list(altered_versions(_year()))) == 1


def _year():
    from tenshu.ground.calendar.fiscal_year import FiscalYear

    return FiscalYear(2023)


def test_a_copy_knows_where_each_question_comes_from(draft, user):
    old = actions.do_publish_version(draft, acting_user=user)
    new = actions.do_copy_version(old, 2024, acting_user=user)
    reworded = new.questions.get(code="Q1")
    actions.do_change_question(reworded, {"text": "今年、困っている業務はありますか。"}, acting_user=user)
    actions.do_remove_question(new.questions.get(code="Q3"), acting_user=user)
    fresh = add(new, user, "Q4", "新しい問い", QuestionKind.TEXT)

    relations = {
        question.code: [row.relation for row in rows]
        for question, rows in ((q, ancestors_of([q])[q.pk]) for q in new.questions.all())
    }

    assert relations == {"Q1": [Relation.REWORDED], "Q2": [Relation.SAME], "Q4": []}
    assert [question.code for question in retired_since(new)] == ["Q3"]
    assert fresh.order > reworded.order
    assert old.digest == content_digest(old)


def test_wording_put_back_is_the_same_question_again(draft, user):
    old = actions.do_publish_version(draft, acting_user=user)
    question = actions.do_copy_version(old, 2024, acting_user=user).questions.get(code="Q1")
    words = question.text
    actions.do_change_question(question, {"text": "別の文"}, acting_user=user)
    actions.do_change_question(question, {"text": words}, acting_user=user)

    assert question.ancestries.get().relation == Relation.SAME


def test_one_question_may_come_from_two(draft, user):
    old = actions.do_publish_version(draft, acting_user=user)
    new = actions.do_copy_version(old, 2024, acting_user=user)
    merged = new.questions.get(code="Q2")
    actions.do_set_ancestors(
        merged,
        {old.questions.get(code="Q2"): Relation.MERGED, old.questions.get(code="Q3"): Relation.MERGED},
        acting_user=user,
    )
    actions.do_change_question(merged, {"text": "まとめた問い"}, acting_user=user)

    assert {row.relation for row in merged.ancestries.all()} == {Relation.MERGED}


def test_only_one_draft_stands_at_a_time(draft, user):
    with pytest.raises(ValidationError, match="作成中の版が既にあります"):
        actions.do_add_version(draft.questionnaire, 2024, acting_user=user)
    actions.do_discard_version(draft, acting_user=user)

    assert actions.do_add_version(draft.questionnaire, 2024, acting_user=user).number == 1
