"""The questions of a version: reading, writing a draft, order, and where each comes from."""

from django.http import Http404

from tenshu.ground.api.conditions import unchanged_since
from tenshu.ground.api.filling import filled
from tenshu.ground.api.paging import Page, Paging, page_of
from tenshu.ground.api.problems import ApiProblem
from tenshu.ground.api.routes import ApiRequest, Query
from tenshu.mechanisms.questionnaire import actions
from tenshu.mechanisms.questionnaire.api.shapes import (
    ROUTES,
    AncestorsIn,
    OrderIn,
    QuestionIn,
    QuestionOut,
    QuestionPatch,
    locked_version,
)
from tenshu.mechanisms.questionnaire.models import Question, Relation
from tenshu.mechanisms.questionnaire.queries import (
    access_question,
    access_version,
    ancestors_of,
    published_before,
)
from tenshu.mechanisms.questionnaire.ui.forms import QuestionForm, question_initial

OF_VERSION = "/questionnaire-versions/{int:version_id}/questions"
ONE = "/questions/{int:question_id}"


def question_out(question: Question) -> QuestionOut:
    """One question as it is answered."""
    return QuestionOut.of(question, ancestors_of([question])[question.pk])


@ROUTES.get(OF_VERSION, page="questionnaire:version-detail", gives=Page[QuestionOut], summary="版の設問")
def question_list(request: ApiRequest, version_id: int, query: Query[Paging]) -> Page[QuestionOut]:
    """The questions of a version in order."""
    version = access_version(request.person, version_id, "read")
    page = page_of(request, version.questions.order_by("order", "pk"), query, lambda question: question)
    ancestors = ancestors_of(page.items)
    items = [QuestionOut.of(question, ancestors[question.pk]) for question in page.items]
    return page.holding(items)


@ROUTES.get(ONE, page="questionnaire:version-detail", gives=QuestionOut, summary="設問")
def question_detail(request: ApiRequest, question_id: int) -> QuestionOut:
    """One question."""
    return question_out(access_question(request.person, question_id, "read"))


@ROUTES.post(
    OF_VERSION, page="questionnaire:question-add", gives=QuestionOut, summary="設問を加える", status=201
)
def question_add(request: ApiRequest, version_id: int, body: QuestionIn) -> QuestionOut:
    """Add a question at the end of a draft."""
    version = access_version(request.person, version_id, "write")
    values = filled(QuestionForm, body.typed())
    return question_out(actions.do_add_question(version, values, acting_user=request.person))


@ROUTES.put(
    f"{OF_VERSION}/order",
    page="questionnaire:question-move",
    gives=Page[QuestionOut],
    summary="設問の順番を決める",
)
def question_move(request: ApiRequest, version_id: int, body: OrderIn) -> Page[QuestionOut]:
    """Put all questions of a draft into a new order."""
    version = locked_version(request, version_id)
    actions.do_order_questions(version, body.questions, acting_user=request.person)
    rows = list(version.questions.order_by("order", "pk"))
    ancestors = ancestors_of(rows)
    items = [QuestionOut.of(question, ancestors[question.pk]) for question in rows]
    return Page(count=len(items), next=None, previous=None, items=items)


@ROUTES.patch(ONE, page="questionnaire:question-correct", gives=QuestionOut, summary="設問を直す")
def question_correct(request: ApiRequest, question_id: int, body: QuestionPatch) -> QuestionOut:
    """Change a question of a draft."""
    question = _locked(request, question_id)
    present = question_initial(question) | {"weight": int(question.weight)}
    values = filled(QuestionForm, body.typed(), present=present, question=question)
    if body.weight is None:
        values["weight"] = question.weight
    actions.do_change_question(question, values, acting_user=request.person)
    return question_out(question)


@ROUTES.delete(ONE, page="questionnaire:question-remove", gives=None, summary="設問を消す")
def question_remove(request: ApiRequest, question_id: int) -> None:
    """Take a question out of a draft."""
    actions.do_remove_question(_locked(request, question_id), acting_user=request.person)


@ROUTES.put(
    f"{ONE}/ancestors",
    page="questionnaire:question-ancestors",
    gives=QuestionOut,
    summary="元の設問を決める",
)
def question_ancestors(request: ApiRequest, question_id: int, body: AncestorsIn) -> QuestionOut:
    """Say from which questions of the version before a question comes."""
    question = _locked(request, question_id)
    before = published_before(question.version)
    offered = before.questions.select_related("version").in_bulk() if before else {}
    unknown = [str(key) for key in body.ancestors if key not in offered]
    if unknown:
        message = f"前の版に、この番号の設問はありません：{'、'.join(unknown)}。"
        raise ApiProblem("refused", fields=[("ancestors", message)])
    chosen = {offered[key]: Relation(body.relation) for key in body.ancestors}
    actions.do_set_ancestors(question, chosen, acting_user=request.person)
    return question_out(question)


def _locked(request: ApiRequest, question_id: int) -> Question:
    """The question to be changed, locked and as the asker has read it."""
    access_question(request.person, question_id, "write")
    rows = Question.objects.select_for_update(of=("self",)).select_related("version__questionnaire")
    question = rows.filter(pk=question_id).first()
    if question is None:
        raise Http404
    unchanged_since(request, lambda: question_out(question))
    return question
