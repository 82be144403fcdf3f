"""Reorganisations: plans, their steps, what they will do, and carrying them out."""

import datetime
from typing import Annotated

from django.http import Http404
from pydantic import Field

from tenshu.ground.api.filling import filled
from tenshu.ground.api.paging import Page, Paging, page_of
from tenshu.ground.api.routes import ApiRequest, Query
from tenshu.ground.api.values import PLAIN, Body, Day, OneOf, Out, Text, UnitRef
from tenshu.ground.office.actions import (
    do_add_step,
    do_plan_reorganisation,
    do_remove_step,
    do_reorganise,
    do_withdraw_plan,
    preview_reorganisation,
)
from tenshu.ground.office.actions.reorganisation import Outcome
from tenshu.ground.office.actions.units import ONE_DAY
from tenshu.ground.office.api.shapes import ROUTES, Code, Name, Order
from tenshu.ground.office.models import ReorganisationPlan, ReorganisationStep, StepKind, UnitKind
from tenshu.ground.office.queries import Organisation
from tenshu.ground.office.ui.forms import PlanForm
from tenshu.ground.office.ui.views.plans import STEP_FORMS, access_plan

ONE = "/reorganisations/{int:plan_id}"


class StepOut(Out):
    """One step of a plan; which of the values it has depends on its kind."""

    id: int
    kind: Annotated[str, OneOf(StepKind)]
    unit: UnitRef | None
    unit_kind: Annotated[str, OneOf(UnitKind, empty=True)]
    code: str
    name: str
    kana: str
    parent_code: str
    successor_codes: str
    sort_order: int

    @classmethod
    def of(cls, step: ReorganisationStep) -> "StepOut":
        """The step as it is answered."""
        same = {name: getattr(step, name) for name in cls.model_fields if name not in ("id", "unit")}
        return cls(id=step.pk, unit=UnitRef.of(step.unit) if step.unit else None, **same)


class PlanOut(Out):
    """A reorganisation that takes effect on a day; ``applied_at`` once it was carried out."""

    id: int
    title: str
    on: Day
    applied_at: datetime.datetime | None
    steps: list[StepOut]

    @classmethod
    def of(cls, plan: ReorganisationPlan) -> "PlanOut":
        """The plan as it is answered."""
        steps = [StepOut.of(step) for step in plan.steps.all()]
        return cls(id=plan.pk, title=plan.title, on=plan.on, applied_at=plan.applied_at, steps=steps)


class OutcomeOut(Out):
    """What a plan does: units that begin and end, how many posts follow, and what stands in its way."""

    opened: list[UnitRef]
    ended: list[UnitRef]
    posts: int
    problems: list[str]

    @classmethod
    def of(cls, outcome: Outcome) -> "OutcomeOut":
        """The outcome as it is answered."""
        return cls(
            opened=[UnitRef.of(unit) for unit in outcome.opened],
            ended=[UnitRef.of(unit) for unit in outcome.ended],
            posts=outcome.posts,
            problems=outcome.problems,
        )


class PlanIn(Body):
    """A reorganisation to prepare."""

    title: Name
    on: Day


class StepIn(Body):
    """A step; ``unit`` is the code of a unit of the day before."""

    kind: Annotated[str, OneOf(StepKind)]
    unit: Text | None = None
    unit_kind: Annotated[str, OneOf(UnitKind)] | None = None
    code: Code | None = None
    name: Name | None = None
    kana: Text | None = None
    parent_code: Code | None = None
    successor_codes: Annotated[str, Field(max_length=300), PLAIN] | None = None
    sort_order: Order | None = None


@ROUTES.get("/reorganisations", page="office:plan-list", gives=Page[PlanOut], summary="組織改正の一覧")
def plan_list(request: ApiRequest, query: Query[Paging]) -> Page[PlanOut]:
    """All reorganisations, the newest first."""
    rows = ReorganisationPlan.objects.prefetch_related("steps__unit").order_by("-on", "-pk")
    return page_of(request, rows, query, PlanOut.of)


@ROUTES.post(
    "/reorganisations",
    page="office:plan-begin",
    gives=PlanOut,
    summary="組織改正の準備を始める",
    status=201,
)
def plan_begin(request: ApiRequest, body: PlanIn) -> PlanOut:
    """Begin a plan; nothing changes until it is carried out."""
    values = filled(PlanForm, body)
    return PlanOut.of(do_plan_reorganisation(values["title"], values["on"], acting_user=request.person))


@ROUTES.get(ONE, page="office:plan-detail", gives=PlanOut, summary="組織改正")
def plan_detail(request: ApiRequest, plan_id: int) -> PlanOut:
    """A plan with its steps."""
    return PlanOut.of(access_plan(request.person, plan_id))


@ROUTES.get(f"{ONE}/outcome", page="office:plan-detail", gives=OutcomeOut, summary="組織改正の影響")
def plan_outcome(request: ApiRequest, plan_id: int) -> OutcomeOut:
    """What the plan would do today; of a plan that was carried out nothing any more."""
    plan = access_plan(request.person, plan_id)
    if plan.applied_at is not None or not plan.steps.exists():
        return OutcomeOut.of(Outcome())
    return OutcomeOut.of(preview_reorganisation(plan, acting_user=request.person))


@ROUTES.delete(ONE, page="office:plan-withdraw", gives=None, summary="組織改正の準備を取りやめる")
def plan_withdraw(request: ApiRequest, plan_id: int) -> None:
    """Give up a plan."""
    do_withdraw_plan(access_plan(request.person, plan_id), acting_user=request.person)


@ROUTES.post(f"{ONE}/carry-out", page="office:plan-carry-out", gives=OutcomeOut, summary="組織改正を実施する")
def plan_carry_out(request: ApiRequest, plan_id: int) -> OutcomeOut:
    """Carry the whole plan out: all of it, or nothing."""
    plan = access_plan(request.person, plan_id)
    return OutcomeOut.of(do_reorganise(plan, acting_user=request.person))


@ROUTES.post(f"{ONE}/steps", page="office:step-add", gives=StepOut, summary="改正の内容を加える", status=201)
def step_add(request: ApiRequest, plan_id: int, body: StepIn) -> StepOut:
    """Add a step; which values it takes depends on its kind."""
    plan = access_plan(request.person, plan_id)
    given = body.model_dump(exclude_unset=True, exclude={"kind"})
    values = filled(STEP_FORMS[body.kind], given, organisation=Organisation.on(plan.on - ONE_DAY))
    given = {name: value for name, value in values.items() if value not in (None, "")}
    step = ReorganisationStep(plan=plan, kind=body.kind, **given)
    return StepOut.of(do_add_step(step, acting_user=request.person))


@ROUTES.delete(
    "/reorganisation-steps/{int:step_id}", page="office:step-remove", gives=None, summary="改正の内容を外す"
)
def step_remove(request: ApiRequest, step_id: int) -> None:
    """Take a step out."""
    step = ReorganisationStep.objects.select_related("plan", "unit").filter(pk=step_id).first()
    if step is None:
        raise Http404
    access_plan(request.person, step.plan_id)
    do_remove_step(step, acting_user=request.person)
