"""Reading of questionnaires: versions, the questions of each, and a question's line through the years."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from tenshu.ground.access.models import User
from tenshu.ground.access.queries import holds_any
from tenshu.ground.access.roles import EDITORS, READERS
from tenshu.mechanisms.questionnaire.models import (
    Question,
    QuestionAncestry,
    Questionnaire,
    QuestionnaireVersion,
    VersionState,
)

CONTENT = (
    "order",
    "code",
    "section",
    "text",
    "help",
    "evidence",
    "kind",
    "required",
    "condition",
    "settings",
    "references",
)


def questionnaires_for(user: User) -> QuerySet[Questionnaire]:
    """The questionnaires that ``user`` may see in the workshop: all, or none."""
    return Questionnaire.objects.all() if holds_any(user, READERS) else Questionnaire.objects.none()


def access_questionnaire(user: User, pk: int, action: str) -> Questionnaire:
    """The questionnaire for reading or changing; raises ``Http404`` or ``PermissionDenied``."""
    found = questionnaires_for(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    _may(user, action)
    return found


def access_version(user: User, pk: int, action: str) -> QuestionnaireVersion:
    """A version with its questionnaire; raises ``Http404`` or ``PermissionDenied``."""
    if not holds_any(user, READERS):
        raise Http404
    found = QuestionnaireVersion.objects.select_related("questionnaire", "published_by").filter(pk=pk).first()
    if found is None:
        raise Http404
    _may(user, action)
    return found


def access_question(user: User, pk: int, action: str) -> Question:
    """A question with its version; raises ``Http404`` or ``PermissionDenied``."""
    if not holds_any(user, READERS):
        raise Http404
    found = Question.objects.select_related("version__questionnaire").filter(pk=pk).first()
    if found is None:
        raise Http404
    _may(user, action)
    return found


def _may(user: User, action: str) -> None:
    if action != "read" and not holds_any(user, EDITORS):
        raise PermissionDenied


def latest_published(questionnaire: Questionnaire) -> QuestionnaireVersion | None:
    """The newest published version."""
    return questionnaire.versions.filter(state=VersionState.PUBLISHED).order_by("-number").first()


def content_digest(version: QuestionnaireVersion) -> str:
    """SHA-256 (hex) of everything the version says, lineage included."""
    questions: list[dict[str, Any]] = []
    ancestries = QuestionAncestry.objects.filter(question__version=version)
    ancestors: dict[int, list[list[Any]]] = {}
    for row in ancestries.order_by("ancestor_id"):
        ancestors.setdefault(row.question_id, []).append([row.ancestor_id, row.relation])
    for question in version.questions.order_by("order", "pk"):
        told = {name: getattr(question, name) for name in CONTENT}
        questions.append(
            told | {"weight": f"{question.weight:.2f}", "ancestors": ancestors.get(question.pk, [])}
        )
    told = {
        "questionnaire": version.questionnaire.code,
        "fiscal_year": version.fiscal_year,
        "number": version.number,
        "introduction": version.introduction,
        "questions": questions,
    }
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def ancestors_of(questions: Iterable[Question]) -> dict[int, list[QuestionAncestry]]:
    """The direct ancestries by key of question, in one query."""
    found: dict[int, list[QuestionAncestry]] = {question.pk: [] for question in questions}
    for row in QuestionAncestry.objects.filter(question__in=list(found)).select_related("ancestor__version"):
        found[row.question_id].append(row)
    return found


def published_before(version: QuestionnaireVersion) -> QuestionnaireVersion | None:
    """The published version before ``version``."""
    before = version.questionnaire.versions.filter(number__lt=version.number, state=VersionState.PUBLISHED)
    return before.order_by("-number").first()


def retired_since(version: QuestionnaireVersion) -> QuerySet[Question]:
    """Questions of the version before that nothing in ``version`` comes from (廃止された設問)."""
    before = published_before(version)
    if before is None:
        return Question.objects.none()
    return before.questions.exclude(descendants__question__version=version)
