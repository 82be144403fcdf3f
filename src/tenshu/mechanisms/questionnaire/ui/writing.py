"""The pages on which questionnaires are made: the secretariat's."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from tenshu.ground.access.gates import signed_in
from tenshu.ground.calendar.requests import year_of
from tenshu.ground.ui.answering import answer_form
from tenshu.ground.ui.forms import ConfirmForm
from tenshu.ground.ui.parts import Crumb
from tenshu.mechanisms.questionnaire import actions
from tenshu.mechanisms.questionnaire.models import (
    Questionnaire,
    QuestionnaireVersion,
    Relation,
    VersionState,
)
from tenshu.mechanisms.questionnaire.queries import (
    access_question,
    access_questionnaire,
    access_version,
    published_before,
)
from tenshu.mechanisms.questionnaire.ui import forms

PAGE = "ui/form_page.html"


def list_url() -> str:
    """The list of questionnaires."""
    return reverse("questionnaire:questionnaire-list")


def page_of(questionnaire: Questionnaire) -> str:
    """The questionnaire's page."""
    return reverse("questionnaire:questionnaire-detail", args=[questionnaire.pk])


def page_of_version(version: QuestionnaireVersion) -> str:
    """The version's page."""
    return reverse("questionnaire:version-detail", args=[version.pk])


def context_of(
    title: str, action_label: str, of: Questionnaire | QuestionnaireVersion | None = None
) -> dict[str, Any]:
    """What every form page of the workshop shows."""
    trail, back = [Crumb("質問票", list_url())], list_url()
    if isinstance(of, QuestionnaireVersion):
        back = page_of_version(of)
        trail += [Crumb(str(of.questionnaire), page_of(of.questionnaire)), Crumb(f"第{of.number}版", back)]
    elif of is not None:
        back = page_of(of)
        trail.append(Crumb(str(of), back))
    return {"title": title, "action_label": action_label, "back_url": back, "trail": trail}


def questionnaire_add(request: HttpRequest) -> HttpResponse:
    """Enter a questionnaire."""
    user = signed_in(request)
    return answer_form(
        request,
        forms.QuestionnaireForm(request.POST or None),
        lambda values: actions.do_add_questionnaire(Questionnaire(**values), acting_user=user),
        template=PAGE,
        context=context_of("質問票を作る", "作る"),
        message="質問票を作りました。次に、年度の版を作って設問を書きます。",
        to=page_of,
    )


def questionnaire_correct(request: HttpRequest, questionnaire_id: int) -> HttpResponse:
    """Change title and purpose."""
    user = signed_in(request)
    held = access_questionnaire(user, questionnaire_id, "write")
    return answer_form(
        request,
        forms.QuestionnaireForm(
            request.POST or None, fixed=True, initial={"title": held.title, "purpose": held.purpose}
        ),
        lambda values: actions.do_change_questionnaire(held, values, acting_user=user),
        template=PAGE,
        context=context_of("質問票を直す", "保存する", held),
        message="保存しました。",
        to=lambda _: page_of(held),
    )


def version_add(request: HttpRequest, questionnaire_id: int) -> HttpResponse:
    """Begin a version: with the questions of the newest published one, or empty."""
    user, year = signed_in(request), year_of(request)
    held = access_questionnaire(user, questionnaire_id, "write")
    source = held.versions.filter(state=VersionState.PUBLISHED).order_by("-number").first()

    def act(values: dict[str, Any]) -> QuestionnaireVersion:
        if source is not None:
            return actions.do_copy_version(source, values["fiscal_year"], acting_user=user)
        return actions.do_add_version(held, values["fiscal_year"], acting_user=user)

    return answer_form(
        request,
        forms.VersionForm(request.POST or None, around=year, initial={"fiscal_year": year.year}),
        act,
        template=PAGE,
        context=context_of("新しい版を作る", "作る", held)
        | {
            "lead": f"第{source.number}版の設問を写して始めます。変えた設問は「言い換え」として、前の年と比べられます。"
            if source
            else ""
        },
        message="版を作りました。設問を書いてから確定してください。",
        to=page_of_version,
    )


def version_correct(request: HttpRequest, version_id: int) -> HttpResponse:
    """Change year and introduction of a draft."""
    user = signed_in(request)
    version = access_version(user, version_id, "write")
    initial = {"fiscal_year": version.fiscal_year, "introduction": version.introduction}
    return answer_form(
        request,
        forms.IntroductionForm(request.POST or None, around=year_of(request), initial=initial),
        lambda values: actions.do_change_version(version, values, acting_user=user),
        template=PAGE,
        context=context_of("年度と前書き", "保存する", version),
        message="保存しました。",
        to=lambda _: page_of_version(version),
    )


def version_publish(request: HttpRequest, version_id: int) -> HttpResponse:
    """Publish a draft once and for all."""
    user = signed_in(request)
    version = access_version(user, version_id, "write")
    return answer_form(
        request,
        ConfirmForm(request.POST or None),
        lambda _: actions.do_publish_version(version, acting_user=user),
        template="ui/confirm.html",
        context={
            "title": f"第{version.number}版を確定する",
            "consequence": "確定した版は、だれにも変えられなくなります。直すときは、写して次の版を作ります。",
            "action_label": "確定する",
            "danger": False,
            "back_url": page_of_version(version),
        },
        message="確定しました。この版で照会を始められます。",
        to=lambda _: page_of_version(version),
    )


def version_discard(request: HttpRequest, version_id: int) -> HttpResponse:
    """Take a draft back."""
    user = signed_in(request)
    version = access_version(user, version_id, "write")
    return answer_form(
        request,
        ConfirmForm(request.POST or None),
        lambda _: actions.do_discard_version(version, acting_user=user),
        template="ui/confirm.html",
        context={
            "title": f"作成中の第{version.number}版を取りやめる",
            "consequence": "この版に書いた設問は消えます。消したことと内容は監査記録に残ります。",
            "action_label": "取りやめる",
            "back_url": page_of_version(version),
        },
        message="作成中の版を取りやめました。",
        to=lambda _: page_of(version.questionnaire),
    )


@require_POST
def question_move(request: HttpRequest, version_id: int) -> HttpResponse:
    """Move one question up or down by one place."""
    user = signed_in(request)
    version = access_version(user, version_id, "write")
    keys = list(version.questions.order_by("order", "pk").values_list("pk", flat=True))
    for name, by in (("up", -1), ("down", 1)):
        key = request.POST.get(name, "")
        if key.isdecimal() and int(key) in keys:
            here = keys.index(int(key))
            there = min(max(here + by, 0), len(keys) - 1)
            keys[here], keys[there] = keys[there], keys[here]
    try:
        actions.do_order_questions(version, keys, acting_user=user)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect(f"{page_of_version(version)}#questions")


def question_add(request: HttpRequest, version_id: int) -> HttpResponse:
    """Add a question at the end of a draft."""
    user = signed_in(request)
    version = access_version(user, version_id, "write")
    number = version.questions.count() + 1
    last = version.questions.order_by("-order", "-pk").first()
    initial = {"code": f"Q{number}", "section": last.section if last else "", "weight": 1}
    again = "again" in request.POST
    return answer_form(
        request,
        forms.QuestionForm(request.POST or None, initial=initial),
        lambda values: actions.do_add_question(version, values, acting_user=user),
        template="questionnaire/question_form.html",
        context=context_of("設問を加える", "加える", version) | {"adding": True},
        message="設問を加えました。",
        to=lambda _: (
            reverse("questionnaire:question-add", args=[version.pk]) if again else page_of_version(version)
        ),
    )


def question_correct(request: HttpRequest, question_id: int) -> HttpResponse:
    """Change a question of a draft."""
    user = signed_in(request)
    question = access_question(user, question_id, "write")
    version = question.version
    return answer_form(
        request,
        forms.QuestionForm(request.POST or None, question=question, initial=forms.question_initial(question)),
        lambda values: actions.do_change_question(question, values, acting_user=user),
        template="questionnaire/question_form.html",
        context=context_of(f"設問{question.code}を直す", "保存する", version) | {"question": question},
        message="保存しました。",
        to=lambda _: page_of_version(version),
    )


def question_remove(request: HttpRequest, question_id: int) -> HttpResponse:
    """Take a question out of a draft."""
    user = signed_in(request)
    question = access_question(user, question_id, "write")
    version = question.version
    return answer_form(
        request,
        ConfirmForm(request.POST or None),
        lambda _: actions.do_remove_question(question, acting_user=user),
        template="ui/confirm.html",
        context={
            "title": f"設問{question.code}を消す",
            "consequence": "この版から消えます。前の版の設問と回答はそのまま残り、「廃止」として数えます。",
            "action_label": "消す",
            "back_url": page_of_version(version),
        },
        message="設問を消しました。",
        to=lambda _: page_of_version(version),
    )


def question_ancestors(request: HttpRequest, question_id: int) -> HttpResponse:
    """Say from which questions of the version before a question comes."""
    user = signed_in(request)
    question = access_question(user, question_id, "write")
    version = question.version
    before = published_before(version)
    offered = list(before.questions.select_related("version").order_by("order")) if before else []
    held = list(question.ancestries.all())
    form = forms.AncestryForm(
        request.POST or None,
        offered=offered,
        initial={
            "ancestors": [str(row.ancestor_id) for row in held],
            "relation": held[0].relation if held else Relation.REWORDED,
        },
    )
    return answer_form(
        request,
        form,
        lambda values: actions.do_set_ancestors(
            question,
            {form.offered[key]: Relation(values["relation"]) for key in values["ancestors"]},
            acting_user=user,
        ),
        template=PAGE,
        context=context_of(f"設問{question.code}の元の設問", "保存する", version)
        | {"lead": "選ばなければ、新しい設問として数えます。"},
        message="保存しました。",
        to=lambda _: page_of_version(version),
    )
