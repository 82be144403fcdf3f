"""Which answers need a hearing, by rule or by hand, and the session in which they are heard."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction

from tenshu.ground.access.models import User
from tenshu.ground.audit.writing import change, create, create_many, remove, remove_many
from tenshu.mechanisms.gathering.actions import do_invite, do_plan_gathering
from tenshu.mechanisms.gathering.models import Attendance, Gathering
from tenshu.mechanisms.inquiry.models import Campaign, HearingNeed, HearingRule, Sheet
from tenshu.mechanisms.questionnaire.asking import Asking, words_of
from tenshu.mechanisms.questionnaire.conditions import SUBJECT, Condition, ConditionError, parse_condition
from tenshu.mechanisms.questionnaire.models import Question
from tenshu.mechanisms.questionnaire.subjects import texts_of


@transaction.atomic
def do_set_rule(campaign: Campaign, condition: str, reason: str, *, acting_user: User) -> HearingRule:
    """Say which answers need a hearing, and why."""
    try:
        parse_condition(condition)
    except ConditionError as error:
        raise ValidationError({"condition": f"条件が読めません。{error}"}) from None
    rule = HearingRule(campaign=campaign, condition=condition, reason=reason)
    return create(rule, "inquiry.hearing_rule_set", acting_user=acting_user)


@transaction.atomic
def do_remove_rule(rule: HearingRule, *, acting_user: User) -> None:
    """Take a rule back, with what it flagged and nobody has heard yet; the rest stays, as flagged by hand."""
    needs = HearingNeed.objects.filter(rule=rule)
    remove_many(
        list(needs.filter(gathering=None)),
        "inquiry.hearing_unflagged",
        acting_user=acting_user,
        reason="目安の削除",
    )
    for need in needs.filter(gathering__isnull=False):
        change(need, {"rule": None}, "inquiry.hearing_flagged", acting_user=acting_user)
    remove(rule, "inquiry.hearing_rule_removed", acting_user=acting_user)


@transaction.atomic
def do_apply_rules(campaign: Campaign, *, acting_user: User) -> int:
    """Flag every sheet that meets a rule and is not flagged by it yet; returns how many."""
    rules = [(rule, parse_condition(rule.condition)) for rule in campaign.hearing_rules.all()]
    known = set(HearingNeed.objects.filter(sheet__campaign=campaign).values_list("sheet", "rule"))
    questions = list(Question.objects.filter(version=campaign.version_id or 0).order_by("order", "pk"))
    asking = Asking(questions)
    sheets = campaign.sheets.exclude(state="withdrawn").prefetch_related("answers")
    needs = []
    for sheet in sheets:
        held = _held(sheet, asking)
        needs += [
            HearingNeed(sheet=sheet, rule=rule, reason=rule.reason)
            for rule, condition in rules
            if (sheet.pk, rule.pk) not in known and _meets(condition, held)
        ]
    create_many(needs, "inquiry.hearing_flagged", acting_user=acting_user)
    return len(needs)


def _held(sheet: Sheet, asking: Asking) -> Mapping[str, frozenset[str]]:
    values = {answer.question_id: answer.value for answer in sheet.answers.all()}
    held = {f"{SUBJECT}{label}": texts_of(value) for label, value in sheet.attributes.items()}
    for question in asking.asked(values, sheet.attributes):
        held[question.code] = words_of(question, values.get(question.pk, {}))
    return held


def _meets(condition: Condition, held: Mapping[str, frozenset[str]]) -> bool:
    return condition.holds(lambda left: held.get(left, frozenset()))


def do_flag(sheet: Sheet, reason: str, *, acting_user: User) -> HearingNeed:
    """Flag one sheet by hand."""
    return create(HearingNeed(sheet=sheet, reason=reason), "inquiry.hearing_flagged", acting_user=acting_user)


@transaction.atomic
def do_unflag(need: HearingNeed, *, acting_user: User, reason: str = "") -> None:
    """No hearing is needed after all; one that has its session stays."""
    if need.gathering_id is not None:
        raise ValidationError("ヒアリングの日程が決まっています。会議を中止にしてください。")
    remove(need, "inquiry.hearing_unflagged", acting_user=acting_user, reason=reason)


@transaction.atomic
def do_plan_hearing(need: HearingNeed, gathering: Gathering, *, acting_user: User) -> Gathering:
    """Plan the session, ask the respondent to come, and link it to every open need of the sheet."""
    if need.gathering_id is not None:
        raise ValidationError("ヒアリングの日程は決まっています。")
    do_plan_gathering(gathering, acting_user=acting_user)
    do_invite(gathering, [Attendance(unit=need.sheet.respondent)], acting_user=acting_user)
    for open_ in HearingNeed.objects.filter(sheet=need.sheet, gathering=None):
        change(open_, {"gathering": gathering}, "inquiry.hearing_held", acting_user=acting_user)
    return gathering
