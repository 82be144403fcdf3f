"""Reading questionnaires: the list, one questionnaire, one version, and the version as its respondent sees it."""

from itertools import groupby

from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tenshu.ground.access.gates import signed_in
from tenshu.ground.access.queries import holds_any
from tenshu.ground.access.roles import EDITORS
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.exchange.ui.links import import_session
from tenshu.mechanisms.questionnaire.checking import faults_of
from tenshu.mechanisms.questionnaire.models import VersionState
from tenshu.mechanisms.questionnaire.queries import (
    access_questionnaire,
    access_version,
    ancestors_of,
    questionnaires_for,
    retired_since,
)
from tenshu.mechanisms.questionnaire.sheets import QuestionSheet
from tenshu.mechanisms.questionnaire.subjects import subject_kinds
from tenshu.mechanisms.questionnaire.ui.preview import previews
from tenshu.mechanisms.questionnaire.ui.tables import QuestionnaireTable, VersionTable, question_table


def questionnaire_list(request: HttpRequest) -> HttpResponse:
    """All questionnaires."""
    user = signed_in(request)
    published = Q(versions__state=VersionState.PUBLISHED)
    rows = questionnaires_for(user).annotate(
        version_count=Count("versions"), latest_year=Max("versions__fiscal_year", filter=published)
    )
    context = {"may_write": holds_any(user, EDITORS)}
    return QuestionnaireTable(request, rows).respond("questionnaire/questionnaire_list.html", context)


def questionnaire_detail(request: HttpRequest, questionnaire_id: int) -> HttpResponse:
    """One questionnaire with its versions."""
    user = signed_in(request)
    questionnaire = access_questionnaire(user, questionnaire_id, "read")
    versions = list(
        questionnaire.versions.select_related("published_by").annotate(question_count=Count("questions"))
    )
    kind = subject_kinds().get(questionnaire.subject_kind)
    context = {
        "questionnaire": questionnaire,
        "subject": kind.label if kind else questionnaire.subject_kind,
        "attributes": [attribute.label for attribute in kind.attributes] if kind else [],
        "versions": VersionTable(request, versions, id="versions"),
        "draft": next((version for version in versions if not version.is_published), None),
        "latest": next((version for version in versions if version.is_published), None),
        "may_write": holds_any(user, EDITORS),
    }
    return render(request, "questionnaire/questionnaire_detail.html", context)


def version_detail(request: HttpRequest, version_id: int) -> HttpResponse:
    """One version: its questions, what stands against publishing, what became of the questions before."""
    user = signed_in(request)
    version = access_version(user, version_id, "read")
    editable = not version.is_published and holds_any(user, EDITORS)
    questions = list(version.questions.order_by("order", "pk"))
    compares = version.questionnaire.versions.filter(
        number__lt=version.number, state=VersionState.PUBLISHED
    ).exists()
    kind = subject_kinds().get(version.questionnaire.subject_kind)
    context = {
        "version": version,
        "questionnaire": version.questionnaire,
        "year": FiscalYear(version.fiscal_year),
        "questions": question_table(
            request,
            questions,
            ancestors_of(questions) if compares else {},
            editable=editable,
            compares=compares,
        ),
        "count": len(questions),
        "editable": editable,
        "faults": faults_of(questions, kind.attributes if kind else ()) if editable else [],
        "retired": list(retired_since(version)) if compares else [],
        "may_write": holds_any(user, EDITORS),
        "excel": import_session(request, QuestionSheet(version)),
    }
    return render(request, "questionnaire/version_detail.html", context)


def version_preview(request: HttpRequest, version_id: int) -> HttpResponse:
    """The version as its respondent sees it; nothing typed here is kept."""
    version = access_version(signed_in(request), version_id, "read")
    shown = previews(list(version.questions.order_by("order", "pk")))
    sections = [
        (title, list(items)) for title, items in groupby(shown, key=lambda item: item.question.section)
    ]
    context = {"version": version, "questionnaire": version.questionnaire, "sections": sections}
    return render(request, "questionnaire/version_preview.html", context)
