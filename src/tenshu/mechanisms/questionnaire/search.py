"""What of the questionnaires can be found: each with the questions of its newest version."""

from collections.abc import Sequence

from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from tenshu.ground.search.sources import Following, SearchSource, SearchText, follow
from tenshu.mechanisms.questionnaire.models import Question, Questionnaire, QuestionnaireVersion
from tenshu.mechanisms.questionnaire.queries import questionnaires_for


def _rows() -> QuerySet[Questionnaire]:
    newest_first = QuestionnaireVersion.objects.order_by("-number").prefetch_related("questions")
    return Questionnaire.objects.prefetch_related(Prefetch("versions", queryset=newest_first))


def _text(questionnaire: Questionnaire) -> SearchText:
    newest = next(iter(questionnaire.versions.all()), None)
    asked = newest.questions.all() if newest else ()
    lines = [questionnaire.purpose, *(f"{question.section} {question.text}" for question in asked)]
    return SearchText(questionnaire.title, "\n".join(lines), (questionnaire.code,))


def _of_questions(questions: Sequence[Question]) -> "QuerySet[QuestionnaireVersion, int]":
    versions = {question.version_id for question in questions}
    return QuestionnaireVersion.objects.filter(pk__in=versions).values_list("questionnaire", flat=True)


SOURCES = [
    SearchSource(
        key="questionnaire",
        label="質問票",
        model=Questionnaire,
        rows=_rows,
        text=_text,
        url=lambda questionnaire: reverse("questionnaire:questionnaire-detail", args=[questionnaire.pk]),
        under=lambda questionnaire: questionnaire.code,
        opens="questionnaire:questionnaire-detail",
        visible=questionnaires_for,
        follows=(follow(QuestionnaireVersion, "questionnaire_id"), Following(Question, _of_questions)),
        order=31,
    )
]
