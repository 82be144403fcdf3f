"""Questionnaires and their versions."""

from typing import Any, Literal

from django.db.models import Q

from tenshu.ground.api.conditions import unchanged_since
from tenshu.ground.api.filling import filled
from tenshu.ground.api.paging import Page, Paging, page_of
from tenshu.ground.api.routes import ApiRequest, Query
from tenshu.ground.api.values import Text
from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.mechanisms.questionnaire import actions
from tenshu.mechanisms.questionnaire.api.shapes import (
    ROUTES,
    QuestionnaireIn,
    QuestionnaireOut,
    QuestionnairePatch,
    VersionIn,
    VersionOut,
    VersionPatch,
    around,
    locked_version,
)
from tenshu.mechanisms.questionnaire.models import Questionnaire, QuestionnaireVersion
from tenshu.mechanisms.questionnaire.queries import (
    access_questionnaire,
    access_version,
    latest_published,
    questionnaires_for,
)
from tenshu.mechanisms.questionnaire.ui import forms

ONE = "/questionnaires/{int:questionnaire_id}"
ONE_VERSION = "/questionnaire-versions/{int:version_id}"


class QuestionnaireQuery(Paging):
    """Which questionnaires."""

    q: Text = ""
    sort: Literal["code", "-code", "title", "-title"] = "code"


@ROUTES.get(
    "/questionnaires",
    page="questionnaire:questionnaire-list",
    gives=Page[QuestionnaireOut],
    summary="質問票の一覧",
)
def questionnaire_list(request: ApiRequest, query: Query[QuestionnaireQuery]) -> Page[QuestionnaireOut]:
    """All questionnaires."""
    rows = questionnaires_for(request.person)
    for word in query.q.split():
        rows = rows.filter(Q(title__icontains=word) | Q(code__icontains=word))
    return page_of(request, rows.order_by(query.sort, "pk"), query, QuestionnaireOut.of)


@ROUTES.get(ONE, page="questionnaire:questionnaire-detail", gives=QuestionnaireOut, summary="質問票")
def questionnaire_detail(request: ApiRequest, questionnaire_id: int) -> QuestionnaireOut:
    """One questionnaire."""
    return QuestionnaireOut.of(access_questionnaire(request.person, questionnaire_id, "read"))


@ROUTES.post(
    "/questionnaires",
    page="questionnaire:questionnaire-add",
    gives=QuestionnaireOut,
    summary="質問票を作る",
    status=201,
)
def questionnaire_add(request: ApiRequest, body: QuestionnaireIn) -> QuestionnaireOut:
    """Enter a questionnaire; its versions follow."""
    made = Questionnaire(**filled(forms.QuestionnaireForm, body))
    return QuestionnaireOut.of(actions.do_add_questionnaire(made, acting_user=request.person))


@ROUTES.patch(ONE, page="questionnaire:questionnaire-correct", gives=QuestionnaireOut, summary="質問票を直す")
def questionnaire_correct(
    request: ApiRequest, questionnaire_id: int, body: QuestionnairePatch
) -> QuestionnaireOut:
    """Change title and purpose."""
    access_questionnaire(request.person, questionnaire_id, "write")
    held = Questionnaire.objects.select_for_update().get(pk=questionnaire_id)
    unchanged_since(request, lambda: QuestionnaireOut.of(held))
    present = {"title": held.title, "purpose": held.purpose}
    values = filled(forms.QuestionnaireForm, body, present=present, fixed=True)
    actions.do_change_questionnaire(held, values, acting_user=request.person)
    return QuestionnaireOut.of(held)


@ROUTES.get(
    f"{ONE}/versions",
    page="questionnaire:questionnaire-detail",
    gives=Page[VersionOut],
    summary="質問票の版の一覧",
)
def version_list(request: ApiRequest, questionnaire_id: int, query: Query[Paging]) -> Page[VersionOut]:
    """The versions, the newest first."""
    held = access_questionnaire(request.person, questionnaire_id, "read")
    rows = held.versions.select_related("questionnaire").order_by("-number")
    return page_of(request, rows, query, VersionOut.of)


@ROUTES.post(
    f"{ONE}/versions",
    page="questionnaire:version-add",
    gives=VersionOut,
    summary="新しい版を作る",
    status=201,
)
def version_add(request: ApiRequest, questionnaire_id: int, body: VersionIn) -> VersionOut:
    """Begin a version: with the questions of the newest published one, or empty."""
    held = access_questionnaire(request.person, questionnaire_id, "write")
    year = _year(body.year)
    source = latest_published(held)
    if source is not None:
        made = actions.do_copy_version(source, year, acting_user=request.person)
    else:
        made = actions.do_add_version(held, year, acting_user=request.person)
    return VersionOut.of(made)


@ROUTES.get(ONE_VERSION, page="questionnaire:version-detail", gives=VersionOut, summary="質問票の版")
def version_detail(request: ApiRequest, version_id: int) -> VersionOut:
    """One version; its questions are at ``/questionnaire-versions/{id}/questions``."""
    return VersionOut.of(access_version(request.person, version_id, "read"))


@ROUTES.patch(
    ONE_VERSION, page="questionnaire:version-correct", gives=VersionOut, summary="版の年度と前書きを直す"
)
def version_correct(request: ApiRequest, version_id: int, body: VersionPatch) -> VersionOut:
    """Change year and introduction of a draft."""
    version = locked_version(request, version_id)
    asked = FiscalYear.parse(body.year) if body.year else FiscalYear(version.fiscal_year)
    given: dict[str, Any] = {"fiscal_year": asked.year, "introduction": version.introduction}
    if body.introduction is not None:
        given["introduction"] = body.introduction
    values = filled(forms.IntroductionForm, given, around=around(asked))
    actions.do_change_version(version, values, acting_user=request.person)
    version.refresh_from_db()
    return VersionOut.of(version)


@ROUTES.post(
    f"{ONE_VERSION}/publish",
    page="questionnaire:version-publish",
    gives=VersionOut,
    summary="版を確定する",
)
def version_publish(request: ApiRequest, version_id: int) -> VersionOut:
    """Publish a draft once and for all; what stands against it is told all at once."""
    version = locked_version(request, version_id)
    return VersionOut.of(actions.do_publish_version(version, acting_user=request.person))


@ROUTES.delete(
    ONE_VERSION, page="questionnaire:version-discard", gives=None, summary="作成中の版を取りやめる"
)
def version_discard(request: ApiRequest, version_id: int) -> None:
    """Take a draft back with its questions."""
    version: QuestionnaireVersion = locked_version(request, version_id)
    actions.do_discard_version(version, acting_user=request.person)


def _year(text: str) -> int:
    asked = FiscalYear.parse(text)
    year: int = filled(forms.VersionForm, {"fiscal_year": asked.year}, around=around(asked))["fiscal_year"]
    return year
