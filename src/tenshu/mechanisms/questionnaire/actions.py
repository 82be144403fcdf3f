"""The only writers of questionnaires. A published version is never written to again."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.audit.writing import change, change_many, create, create_many, remove, remove_many
from tenshu.mechanisms.questionnaire.checking import faults_of
from tenshu.mechanisms.questionnaire.models import (
    Question,
    QuestionAncestry,
    Questionnaire,
    QuestionnaireVersion,
    Relation,
    VersionState,
)
from tenshu.mechanisms.questionnaire.queries import content_digest
from tenshu.mechanisms.questionnaire.subjects import subject_kinds

STEP = 10
"""Distance of orders, so that a question can be put between two others by Excel."""
COPIED = (
    "order",
    "code",
    "section",
    "text",
    "help",
    "evidence",
    "kind",
    "required",
    "condition",
    "weight",
    "settings",
    "references",
)
MEANING = frozenset({"text", "kind", "settings", "condition"})
"""What makes a question another one than its ancestor when it differs."""


def do_add_questionnaire(questionnaire: Questionnaire, *, acting_user: User) -> Questionnaire:
    """Enter a questionnaire. Its first version is made by ``do_add_version``."""
    if questionnaire.subject_kind not in subject_kinds():
        raise ValidationError({"subject_kind": "対象の種類を選んでください。"})
    return create(questionnaire, "questionnaire.added", acting_user=acting_user)


def do_change_questionnaire(
    questionnaire: Questionnaire, values: Mapping[str, Any], *, acting_user: User
) -> bool:
    """Change title or purpose. Published versions keep their own words."""
    return change(questionnaire, values, "questionnaire.changed", acting_user=acting_user)


@transaction.atomic
def do_add_version(
    questionnaire: Questionnaire, fiscal_year: int, *, acting_user: User
) -> QuestionnaireVersion:
    """Begin a version without questions; refused while another draft stands."""
    Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    if questionnaire.versions.filter(state=VersionState.DRAFT).exists():
        raise ValidationError("作成中の版が既にあります。先にそれを確定するか、取りやめてください。")
    last = questionnaire.versions.aggregate(last=Max("number"))["last"] or 0
    version = QuestionnaireVersion(questionnaire=questionnaire, fiscal_year=fiscal_year, number=last + 1)
    return create(version, "questionnaire.version_added", acting_user=acting_user)


@transaction.atomic
def do_copy_version(
    source: QuestionnaireVersion, fiscal_year: int, *, acting_user: User
) -> QuestionnaireVersion:
    """Begin a version with the questions of ``source``, each the same as its ancestor until it is changed."""
    if not source.is_published:
        raise ValidationError("確定した版からだけ写せます。")
    version = do_add_version(source.questionnaire, fiscal_year, acting_user=acting_user)
    change(
        version,
        {"introduction": source.introduction},
        "questionnaire.version_changed",
        acting_user=acting_user,
    )
    old = list(source.questions.order_by("order", "pk"))
    new = [Question(version=version, **{name: getattr(item, name) for name in COPIED}) for item in old]
    create_many(new, "questionnaire.question_added", acting_user=acting_user)
    create_many(
        [
            QuestionAncestry(question=question, ancestor=ancestor, relation=Relation.SAME)
            for question, ancestor in zip(new, old, strict=True)
        ],
        "questionnaire.ancestry_set",
        acting_user=acting_user,
    )
    return version


def do_change_version(version: QuestionnaireVersion, values: Mapping[str, Any], *, acting_user: User) -> bool:
    """Change the year or the introduction of a draft."""
    with transaction.atomic():
        return change(_draft(version), values, "questionnaire.version_changed", acting_user=acting_user)


@transaction.atomic
def do_discard_version(version: QuestionnaireVersion, *, acting_user: User) -> None:
    """Take a draft back with all its questions (取りやめ)."""
    version = _draft(version)
    questions = list(version.questions.all())
    remove_many(
        list(QuestionAncestry.objects.filter(question__version=version)),
        "questionnaire.ancestry_removed",
        acting_user=acting_user,
    )
    remove_many(questions, "questionnaire.question_removed", acting_user=acting_user)
    remove(version, "questionnaire.version_discarded", acting_user=acting_user)


@transaction.atomic
def do_add_question(
    version: QuestionnaireVersion, values: Mapping[str, Any], *, acting_user: User
) -> Question:
    """Add a question at the end, or at ``values["order"]``."""
    version = _draft(version)
    last = version.questions.aggregate(last=Max("order"))["last"] or 0
    question = Question(**{"order": last + STEP, **values, "version": version})
    return create(question, "questionnaire.question_added", acting_user=acting_user)


@transaction.atomic
def do_change_question(question: Question, values: Mapping[str, Any], *, acting_user: User) -> bool:
    """Change a question of a draft; whether it is still the same as its ancestor follows by itself."""
    _draft(question.version)
    changed = change(question, values, "questionnaire.question_changed", acting_user=acting_user)
    if changed:
        _follow_meaning([question], acting_user=acting_user)
    return changed


@transaction.atomic
def do_change_questions(
    version: QuestionnaireVersion,
    changes: Sequence[tuple[Question, Mapping[str, Any]]],
    added: Sequence[Question],
    *,
    acting_user: User,
) -> None:
    """Change and add many questions of a draft, as a workbook brings them."""
    _draft(version)
    for question in [*added, *(question for question, _ in changes)]:
        if question.version_id != version.pk:
            raise ValidationError("ほかの版の設問は変えられません。")
    change_many(changes, "questionnaire.question_changed", acting_user=acting_user)
    create_many(added, "questionnaire.question_added", acting_user=acting_user)
    _follow_meaning([question for question, _ in changes], acting_user=acting_user)


@transaction.atomic
def do_remove_question(question: Question, *, acting_user: User) -> None:
    """Take a question out of a draft; its ancestor counts as retired."""
    _draft(question.version)
    remove_many(list(question.ancestries.all()), "questionnaire.ancestry_removed", acting_user=acting_user)
    remove(question, "questionnaire.question_removed", acting_user=acting_user)


@transaction.atomic
def do_order_questions(version: QuestionnaireVersion, keys: Sequence[int], *, acting_user: User) -> int:
    """Put the questions of a draft into the order of ``keys``; returns how many moved."""
    version = _draft(version)
    questions = version.questions.in_bulk()
    if sorted(keys) != sorted(questions):
        raise ValidationError("設問がその間に変わりました。画面を開き直してください。")
    moves = [(questions[key], {"order": (place + 1) * STEP}) for place, key in enumerate(keys)]
    return change_many(moves, "questionnaire.question_moved", acting_user=acting_user)


@transaction.atomic
def do_set_ancestors(
    question: Question, ancestors: Mapping[Question, Relation], *, acting_user: User
) -> None:
    """Say from which published questions a question of a draft comes."""
    _draft(question.version)
    for ancestor in ancestors:
        if ancestor.version.questionnaire_id != question.version.questionnaire_id:
            raise ValidationError("ほかの質問票の設問は、元の設問にできません。")
        if not ancestor.version.is_published:
            raise ValidationError("確定した版の設問だけを、元の設問にできます。")
    held = {row.ancestor_id: row for row in question.ancestries.all()}
    wanted = {ancestor.pk: relation for ancestor, relation in ancestors.items()}
    remove_many(
        [row for key, row in held.items() if key not in wanted],
        "questionnaire.ancestry_removed",
        acting_user=acting_user,
    )
    change_many(
        [(row, {"relation": wanted[key]}) for key, row in held.items() if key in wanted],
        "questionnaire.ancestry_set",
        acting_user=acting_user,
    )
    create_many(
        [
            QuestionAncestry(question=question, ancestor_id=key, relation=relation)
            for key, relation in wanted.items()
            if key not in held
        ],
        "questionnaire.ancestry_set",
        acting_user=acting_user,
    )


@transaction.atomic
def do_publish_version(version: QuestionnaireVersion, *, acting_user: User) -> QuestionnaireVersion:
    """Publish a draft once and for all. Raises ``ValidationError`` with every fault at once."""
    version = _draft(version)
    kind = subject_kinds().get(version.questionnaire.subject_kind)
    questions = list(version.questions.order_by("order", "pk"))
    if faults := faults_of(questions, kind.attributes if kind else ()):
        raise ValidationError([str(fault) for fault in faults])
    change(
        version,
        {
            "state": VersionState.PUBLISHED,
            "published_at": timezone.now(),
            "published_by": acting_user,
            "digest": content_digest(version),
        },
        "questionnaire.version_published",
        acting_user=acting_user,
    )
    return version


def _draft(version: QuestionnaireVersion) -> QuestionnaireVersion:
    """The version, locked; raises ``ValidationError`` when it is published."""
    found = (
        QuestionnaireVersion.objects.select_for_update(of=("self",))
        .select_related("questionnaire")
        .get(pk=version.pk)
    )
    if found.is_published:
        raise ValidationError("確定した版は変えられません。写して新しい版を作ってください。")
    return found


def _follow_meaning(questions: Sequence[Question], *, acting_user: User) -> None:
    """Tell the same from the reworded; splits and merges stay as they were said."""
    rows = QuestionAncestry.objects.filter(
        question__in=questions, relation__in=[Relation.SAME, Relation.REWORDED]
    ).select_related("ancestor", "question")
    change_many(
        [
            (
                row,
                {
                    "relation": Relation.SAME
                    if all(getattr(row.question, n) == getattr(row.ancestor, n) for n in MEANING)
                    else Relation.REWORDED
                },
            )
            for row in rows
        ],
        "questionnaire.ancestry_set",
        acting_user=acting_user,
    )
