"""Reorganisations: a list of plans, one plan with its steps and what it will do, and carrying it out."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from tenshu.ground.access.gates import signed_in
from tenshu.ground.access.models import User
from tenshu.ground.access.queries import holds_any
from tenshu.ground.access.roles import EDITORS
from tenshu.ground.office.actions import (
    do_add_step,
    do_plan_reorganisation,
    do_remove_step,
    do_reorganise,
    do_withdraw_plan,
    preview_reorganisation,
)
from tenshu.ground.office.actions.units import ONE_DAY
from tenshu.ground.office.models import ReorganisationPlan, ReorganisationStep, StepKind
from tenshu.ground.office.queries import Organisation
from tenshu.ground.office.ui.choosing import UnitForm
from tenshu.ground.office.ui.forms import EndStepForm, MoveStepForm, OpenStepForm, PlanForm, RenameStepForm
from tenshu.ground.office.ui.tabs import room_tabs
from tenshu.ground.ui.answering import answer_form, tell
from tenshu.ground.ui.columns import date_column, number_column
from tenshu.ground.ui.forms import ConfirmForm
from tenshu.ground.ui.tables import Column, Table

STEP_FORMS: dict[str, type[UnitForm]] = {
    StepKind.OPEN: OpenStepForm,
    StepKind.RENAME: RenameStepForm,
    StepKind.MOVE: MoveStepForm,
    StepKind.END: EndStepForm,
}
STEP_TITLES = {
    StepKind.OPEN: "新設を加える",
    StepKind.RENAME: "改称を加える",
    StepKind.MOVE: "移管を加える",
    StepKind.END: "統合・廃止を加える",
}


def access_plan(user: User, pk: int) -> ReorganisationPlan:
    """The plan; only the secretariat prepares reorganisations."""
    if not holds_any(user, EDITORS):
        raise PermissionDenied
    plan = ReorganisationPlan.objects.filter(pk=pk).first()
    if plan is None:
        raise Http404
    return plan


def page_of(plan: ReorganisationPlan) -> str:
    """The plan's page."""
    return reverse("office:plan-detail", kwargs={"plan_id": plan.pk})


class PlanTable(Table[ReorganisationPlan]):
    """All reorganisations, the newest first."""

    caption = "組織改正"
    counter = "件"
    default_sort = "-on"
    columns = (
        Column(name="title", label="件名", heading=True, sort=True, link=lambda plan: page_of(plan)),
        date_column("on", "施行日"),
        number_column("step_count", "内容", "件"),
        Column(name="state", label="状態", value=lambda plan: "実施済" if plan.applied_at else "準備中"),
    )
    empty_title = "組織改正の準備はまだありません"
    empty_text = "施行日を決めて始め、新設・改称・移管・統合を並べ、影響を確かめてから一度に実施します。"


def plan_list(request: HttpRequest) -> HttpResponse:
    """All plans."""
    rows = ReorganisationPlan.objects.annotate(step_count=Count("steps"))
    context = {"tabs": room_tabs(signed_in(request), "office:plan-list")}
    return PlanTable(request, rows).respond("office/plan_list.html", context)


def plan_begin(request: HttpRequest) -> HttpResponse:
    """Begin a plan."""
    user = signed_in(request)
    return answer_form(
        request,
        PlanForm(request.POST or None),
        lambda values: do_plan_reorganisation(values["title"], values["on"], acting_user=user),
        template="office/form.html",
        context={
            "title": "組織改正の準備を始める",
            "lead": "このあと、新設・改称・移管・統合を1つずつ並べます。実施するまで組織は変わりません。",
            "action_label": "準備を始める",
            "back_url": reverse("office:plan-list"),
            "of_plan": True,
        },
        message="準備を始めました。改正の内容を加えてください。",
        to=page_of,
    )


def plan_detail(request: HttpRequest, plan_id: int) -> HttpResponse:
    """The steps and what they will do; of a plan that was carried out the steps alone."""
    user = signed_in(request)
    plan = access_plan(user, plan_id)
    steps = list(plan.steps.select_related("unit__parent__parent__parent"))
    outcome = preview_reorganisation(plan, acting_user=user) if steps and not plan.applied_at else None
    context = {
        "plan": plan,
        "steps": steps,
        "outcome": outcome,
        "kinds": [(kind.value, kind.label) for kind in StepKind],
    }
    return render(request, "office/plan_detail.html", context)


def step_add(request: HttpRequest, plan_id: int, kind: str) -> HttpResponse:
    """Add a step of one kind."""
    user = signed_in(request)
    plan = access_plan(user, plan_id)
    if kind not in STEP_FORMS:
        raise Http404
    _must_be_open(plan)
    form = STEP_FORMS[kind](request.POST or None, organisation=Organisation.on(plan.on - ONE_DAY))

    def act(values: dict[str, Any]) -> ReorganisationStep:
        given = {name: value for name, value in values.items() if value not in (None, "")}
        return do_add_step(ReorganisationStep(plan=plan, kind=kind, **given), acting_user=user)

    return answer_form(
        request,
        form,
        act,
        template="office/form.html",
        context={
            "title": STEP_TITLES[StepKind(kind)],
            "lead": f"{plan}",
            "action_label": "加える",
            "back_url": page_of(plan),
            "of_plan": True,
        },
        message=lambda step: f"「{step}」を加えました。",
        to=lambda _: page_of(plan),
    )


def step_remove(request: HttpRequest, step_id: int) -> HttpResponse:
    """Take a step out."""
    user = signed_in(request)
    step = ReorganisationStep.objects.select_related("plan", "unit").filter(pk=step_id).first()
    if step is None:
        raise Http404
    plan = access_plan(user, step.plan_id)
    _must_be_open(plan)
    if request.method == "POST":
        do_remove_step(step, acting_user=user)
        messages.success(request, f"「{step}」を外しました。")
        return redirect(page_of(plan))
    return _confirm(
        request,
        ConfirmForm(),
        f"「{step}」を外す",
        "この改正の内容から外れます。組織は変わりません。",
        "外す",
        plan,
    )


def plan_withdraw(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Give up a plan."""
    user = signed_in(request)
    plan = access_plan(user, plan_id)
    _must_be_open(plan)
    if request.method == "POST":
        do_withdraw_plan(plan, acting_user=user)
        messages.success(request, f"「{plan}」の準備を取りやめました。")
        return redirect("office:plan-list")
    what = f"「{plan}」の準備を取りやめる"
    return _confirm(
        request, ConfirmForm(), what, "準備した内容は消えます。組織は変わりません。", "取りやめる", plan
    )


def plan_carry_out(request: HttpRequest, plan_id: int) -> HttpResponse:
    """Ask once more, then carry the whole plan out."""
    user = signed_in(request)
    plan = access_plan(user, plan_id)
    _must_be_open(plan)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        form.is_valid()
        try:
            outcome = do_reorganise(plan, acting_user=user)
        except ValidationError as refused:
            tell(form, refused)
        else:
            messages.success(
                request,
                f"「{plan}」を実施しました。{len(outcome.ended)}組織が終わり、{len(outcome.opened)}組織が始まります。",
            )
            return redirect(page_of(plan))
    outcome = preview_reorganisation(plan, acting_user=user)
    details = [
        f"終わる組織 {len(outcome.ended)}、始まる組織 {len(outcome.opened)}",
        f"引き継がれる配属 {outcome.posts}件",
        *outcome.problems,
    ]
    return _confirm(
        request,
        form,
        f"「{plan}」を実施する",
        "すべての内容を一度に実施します。実施した後は、1つずつの訂正で直します。",
        "実施する",
        plan,
        details,
    )


def _confirm(
    request: HttpRequest,
    form: ConfirmForm,
    title: str,
    consequence: str,
    action_label: str,
    plan: ReorganisationPlan,
    details: list[str] | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "consequence": consequence,
        "details": details or [],
        "action_label": action_label,
        "back_url": page_of(plan),
    }
    return render(request, "ui/confirm.html", context, status=422 if form.errors else 200)


def _must_be_open(plan: ReorganisationPlan) -> None:
    if plan.applied_at is not None:
        raise PermissionDenied("この組織改正はすでに実施しています。")
