"""The April reorganisation (組織改正): planned step by step, shown before it happens, carried out at once."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.audit.actions import record
from tenshu.ground.audit.snapshot import snapshot
from tenshu.ground.office.actions.units import ONE_DAY, do_end_unit, do_open_unit, do_rename_unit
from tenshu.ground.office.lineage import current_units
from tenshu.ground.office.models import (
    Post,
    ReorganisationPlan,
    ReorganisationStep,
    StepKind,
    Succession,
    Unit,
    UnitKind,
)
from tenshu.ground.office.queries import Organisation, unit_on

_KIND_ORDER = [UnitKind.DEPARTMENT, UnitKind.DIVISION, UnitKind.GROUP]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a plan does: units that open and end, successions, and how many posts begin anew with them."""

    opened: list[Unit] = field(default_factory=list)
    ended: list[Unit] = field(default_factory=list)
    successions: list[Succession] = field(default_factory=list)
    posts: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def real_successions(self) -> list[Succession]:
        """Successions in which the unit itself changes: name, code, the unit above, or one of several."""
        return [row for row in self.successions if not _only_follows(row)]


def _only_follows(row: Succession) -> bool:
    old, new = row.predecessor, row.successor
    above = (old.parent.code if old.parent else "", new.parent.code if new.parent else "")
    return row.is_main and (old.code, old.name, above[0]) == (new.code, new.name, above[1])


class _TakenBack(Exception):  # noqa: N818 - no error: it only undoes the rehearsal
    pass


@transaction.atomic
def do_plan_reorganisation(title: str, on: datetime.date, *, acting_user: User) -> ReorganisationPlan:
    """Begin the plan of a reorganisation that takes effect on ``on``."""
    plan = ReorganisationPlan(title=title.strip(), on=on)
    plan.full_clean()
    plan.save()
    record("office.plan.begun", plan, after=snapshot(plan), acting_user=acting_user)
    return plan


@transaction.atomic
def do_add_step(step: ReorganisationStep, *, acting_user: User) -> ReorganisationStep:
    """Add a step. Raises ``ValidationError`` (by field) when it lacks what its kind needs."""
    _must_be_open(step.plan)
    step.full_clean()
    step.save()
    record("office.plan.step_added", step, after=snapshot(step), acting_user=acting_user)
    return step


@transaction.atomic
def do_remove_step(step: ReorganisationStep, *, acting_user: User) -> None:
    """Take a step out of its plan."""
    _must_be_open(step.plan)
    record("office.plan.step_removed", step, before=snapshot(step), acting_user=acting_user)
    step.delete()


@transaction.atomic
def do_withdraw_plan(plan: ReorganisationPlan, *, acting_user: User) -> None:
    """Give up a plan that has not been carried out."""
    _must_be_open(plan)
    record("office.plan.withdrawn", plan, before=snapshot(plan), acting_user=acting_user)
    plan.steps.all().delete()
    plan.delete()


@transaction.atomic
def do_reorganise(plan: ReorganisationPlan, *, acting_user: User) -> Outcome:
    """Carry out the whole plan in one transaction: all of it, or nothing.

    Raises ``ValidationError`` with the message of every step that cannot be carried out.
    """
    plan = ReorganisationPlan.objects.select_for_update().get(pk=plan.pk)
    _must_be_open(plan)
    outcome = _carry_out(plan, acting_user)
    if outcome.problems:
        raise ValidationError(outcome.problems)
    before = snapshot(plan)
    plan.applied_at = timezone.now()
    plan.save(update_fields=["applied_at"])
    record("office.plan.carried_out", plan, before=before, after=snapshot(plan), acting_user=acting_user)
    return outcome


def preview_reorganisation(plan: ReorganisationPlan, *, acting_user: User) -> Outcome:
    """What ``do_reorganise`` would do, found out by doing it and taking it back. Nothing is kept."""
    outcome = Outcome()
    try:
        with transaction.atomic():
            outcome = _carry_out(plan, acting_user)
            raise _TakenBack
    except _TakenBack:
        return outcome


def _carry_out(plan: ReorganisationPlan, acting_user: User) -> Outcome:
    opened = set(Unit.objects.filter(valid_from=plan.on).values_list("pk", flat=True))
    ended = set(Unit.objects.filter(valid_until=plan.on - ONE_DAY).values_list("pk", flat=True))
    followed = set(Succession.objects.filter(on=plan.on).values_list("pk", flat=True))
    posts = Post.objects.filter(valid_from=plan.on).count()
    problems = []
    new_codes = {
        step.code: step.unit for step in plan.steps.all() if step.kind == StepKind.RENAME and step.code
    }
    for step in _in_order(plan.steps.select_related("unit"), plan.on):
        try:
            with transaction.atomic():
                _carry_out_step(step, plan.on, new_codes, acting_user)
        except ValidationError as error:
            problems += [f"{step}：{message}" for message in error.messages]
    return Outcome(
        opened=list(
            Unit.objects.filter(valid_from=plan.on)
            .exclude(pk__in=opened)
            .select_related("parent__parent__parent")
        ),
        ended=list(
            Unit.objects.filter(valid_until=plan.on - ONE_DAY)
            .exclude(pk__in=ended)
            .select_related("parent__parent__parent")
        ),
        successions=list(
            Succession.objects.filter(on=plan.on)
            .exclude(pk__in=followed)
            .select_related("predecessor__parent__parent__parent", "successor__parent__parent__parent")
            .order_by("predecessor__sort_order", "predecessor__code", "-is_main")
        ),
        posts=Post.objects.filter(valid_from=plan.on).count() - posts,
        problems=problems,
    )


def _in_order(steps: Iterable[ReorganisationStep], on: datetime.date) -> list[ReorganisationStep]:
    """New units from the top; ending from the bottom, but first what moves out; then the rest.

    Ending comes before renaming: what follows a renamed unit begins on the day itself, too late to end.
    """
    waiting = sorted(steps, key=lambda step: (_depth(step), step.pk))
    done = [step for step in waiting if step.kind == StepKind.OPEN]
    organisation = Organisation.on(on - ONE_DAY)
    for ending in reversed([step for step in waiting if step.kind == StepKind.END]):
        inside = organisation.below(ending.unit_id or 0)
        leaving = (step for step in waiting if step.kind == StepKind.MOVE and step.unit_id in inside)
        done += [step for step in leaving if step not in done]
        done.append(ending)
    return done + [step for step in waiting if step not in done]


def _depth(step: ReorganisationStep) -> int:
    return _KIND_ORDER.index(UnitKind(step.unit.kind if step.unit else step.unit_kind))


def _carry_out_step(
    step: ReorganisationStep, on: datetime.date, new_codes: Mapping[str, Unit | None], acting_user: User
) -> None:
    match StepKind(step.kind):
        case StepKind.OPEN:
            do_open_unit(
                code=step.code,
                kind=step.unit_kind,
                name=step.name,
                kana=step.kana,
                parent=_named(step.parent_code, on, new_codes) if step.parent_code else None,
                sort_order=step.sort_order,
                valid_from=on,
                acting_user=acting_user,
            )
        case StepKind.RENAME:
            do_rename_unit(
                _standing(step, on),
                on,
                name=step.name,
                kana=step.kana,
                code=step.code or None,
                acting_user=acting_user,
            )
        case StepKind.MOVE:
            parent = _named(step.parent_code, on, new_codes)
            do_rename_unit(_standing(step, on), on, parent=parent, acting_user=acting_user)
        case StepKind.END:
            successors = [_named(code, on, new_codes) for code in step.successor_codes.split()]
            do_end_unit(
                _standing(step, on),
                on - ONE_DAY,
                successors=successors,
                with_children=True,
                acting_user=acting_user,
            )


def _named(code: str, on: datetime.date, new_codes: Mapping[str, Unit | None]) -> Unit:
    """The unit that bears ``code`` on ``on``, or will once a later step has given it that code."""
    unit = unit_on(code, on)
    if unit is None and (renamed := new_codes.get(code)) is not None:
        unit = current_units([renamed.pk], on).get(renamed.pk)
    if unit is None:
        raise ValidationError(f"組織コード{code}の組織がありません。")
    return unit


def _standing(step: ReorganisationStep, on: datetime.date) -> Unit:
    """The step's unit as an earlier step has left it."""
    assert step.unit is not None  # noqa: S101 - full_clean demands it
    unit = current_units([step.unit.pk], on).get(step.unit.pk)
    if unit is None:
        raise ValidationError(f"{step.unit}はすでに終わっています。")
    return unit


def _must_be_open(plan: ReorganisationPlan) -> None:
    if plan.applied_at is not None:
        raise ValidationError("この組織改正はすでに実施しています。")
