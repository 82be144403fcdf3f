"""Readers of inquiries, and the gates to a campaign and to a sheet."""

import datetime
from collections.abc import Collection

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.access.queries import holds_any, own_units
from tenshu.ground.access.roles import DIVISION, EDITORS, READERS, Role
from tenshu.ground.office.lineage import with_predecessors
from tenshu.ground.office.models import Post, PostRank
from tenshu.mechanisms.inquiry.models import (
    AnswerRow,
    Campaign,
    CampaignState,
    Sheet,
    SheetState,
    Substitute,
)
from tenshu.mechanisms.questionnaire.conditions import SUBJECT, parse_condition
from tenshu.mechanisms.questionnaire.models import Question, QuestionKind
from tenshu.mechanisms.questionnaire.subjects import AttributeValue, Subject, subject_kinds, texts_of

VISIBLE = frozenset({CampaignState.OPEN, CampaignState.CLOSED})
UNITS = "respondent__parent__parent__parent"


def campaigns_for(user: User) -> QuerySet[Campaign]:
    """Readers see all campaigns; others those that ask something of their units."""
    if holds_any(user, READERS):
        return Campaign.objects.all()
    return Campaign.objects.filter(pk__in=sheets_for(user).values("campaign_id"), state__in=VISIBLE)


def sheets_for(user: User) -> QuerySet[Sheet]:
    """Readers see all sheets; heads and officers those of their units (and of what these came from).

    Whoever a sheet was handed to sees it while it is there, and so do all of a group to which it was handed.
    """
    if holds_any(user, READERS):
        return Sheet.objects.all()
    units = with_predecessors(own_units(user))
    mine = Q(holder_unit__in=units)
    if holds_any(user, DIVISION):
        mine |= Q(respondent__in=units)
    if user.staff_id is not None:
        named = Substitute.objects.as_of(timezone.localdate()).filter(staff=user.staff_id)
        stood_in = list(named.values_list("unit_id", flat=True))
        mine |= Q(holder=user.staff_id) | Q(respondent__in=stood_in) | Q(respondent__parent__in=stood_in)
    return Sheet.objects.filter(mine, campaign__state__in=VISIBLE)


def access_campaign(user: User, pk: int, action: str = "read") -> Campaign:
    """The campaign for reading or writing; raises ``Http404`` or ``PermissionDenied``."""
    found = campaigns_for(user).select_related("version__questionnaire", "host").filter(pk=pk).first()
    if found is None:
        raise Http404
    if action == "write" and not holds_any(user, EDITORS):
        raise PermissionDenied("照会を直せるのは、事務局です。")
    return found


def access_sheet(user: User, pk: int, action: str = "read") -> Sheet:
    """The sheet to ``read``, ``answer``, ``assign``, ``confirm`` (head or substitute), ``judge`` (to return:
    head, substitute, secretariat) or ``collect`` (secretariat).
    """
    found = (
        sheets_for(user)
        .select_related(
            "campaign__version__questionnaire", UNITS, "holder_unit", "holder", "previous__campaign"
        )
        .filter(pk=pk)
        .first()
    )
    if found is None:
        raise Http404
    if not _may(user, found, action):
        raise PermissionDenied(
            "この照会票でその操作ができるのは、いま作業を持っている人、所属長、事務局です。"
        )
    return found


def _may(user: User, sheet: Sheet, action: str) -> bool:
    match action:
        case "read":
            return True
        case "answer":
            return may_answer(user, sheet)
        case "assign":
            return may_assign(user, sheet)
        case "confirm":
            return confirms_for(user, sheet) is not None
        case "judge":
            return holds_any(user, EDITORS) or confirms_for(user, sheet) is not None
        case "collect":
            return holds_any(user, EDITORS)
    raise ValueError(action)


def may_answer(user: User, sheet: Sheet) -> bool:
    """Whoever holds the sheet answers: the delegate when it is delegated, else the respondent; the secretariat too."""
    if holds_any(user, EDITORS):
        return True
    return _is_own(user, sheet)


def may_assign(user: User, sheet: Sheet) -> bool:
    """Whether the person may say who of the division answers."""
    return holds_any(user, EDITORS) or _responds(user, sheet)


def _responds(user: User, sheet: Sheet) -> bool:
    return holds_any(user, DIVISION) and sheet.respondent_id in _units(user)


def confirms_for(user: User, sheet: Sheet, on: datetime.date | None = None) -> tuple[str, int | None] | None:
    """As what ``user`` confirms the sheet: ``("head", None)``, ``("substitute", key of the head)``, or ``None``."""
    return _confirms(user, sheet.respondent_id, sheet.respondent.parent_id, on or timezone.localdate())


def _confirms(
    user: User, respondent: int, above: int | None, day: datetime.date
) -> tuple[str, int | None] | None:
    if user.staff_id is None:
        return None
    if holds_any(user, {Role.HEAD}) and respondent in _headed(user, day):
        return ("head", None)
    named = Substitute.objects.as_of(day).filter(unit__in={respondent, above}, staff=user.staff_id).first()
    if named is None:
        return None
    head = Post.objects.as_of(day).filter(unit=named.unit_id, rank=PostRank.HEAD).first()
    return ("substitute", head.staff_id if head else None)


def _headed(user: User, day: datetime.date) -> Collection[int]:
    """Units of which ``user`` is head, with all below and all they came from."""
    own = own_units(user, day)
    headed = set(
        Post.objects.as_of(day)
        .filter(staff=user.staff_id, rank=PostRank.HEAD)
        .values_list("unit_id", flat=True)
    )
    return with_predecessors(own) if headed else frozenset()


def _units(user: User) -> frozenset[int]:
    return with_predecessors(own_units(user))


def chosen_subjects(campaign: Campaign, on: datetime.date) -> list[tuple[Subject, dict[str, AttributeValue]]]:
    """The subjects that the campaign asks, with their attributes of the day, in the order of the register."""
    kind = subject_kinds()[campaign.subject_kind]
    subjects = kind.subjects(on)
    attributes = kind.attributes_of([subject.key for subject in subjects], on)
    picked = frozenset(campaign.picked)
    condition = parse_condition(campaign.selection) if campaign.selection else None
    chosen = []
    for subject in subjects:
        told = dict(attributes.get(subject.key, {}))
        held = {f"{SUBJECT}{label}": texts_of(value) for label, value in told.items()}
        by_condition = (
            condition.holds(lambda left, held=held: held.get(left, frozenset()))  # type: ignore[misc]
            if condition is not None
            else not picked
        )
        if by_condition or subject.key in picked:
            chosen.append((subject, told))
    return chosen


def open_sheets(user: User) -> QuerySet[Sheet]:
    """Sheets of running campaigns that wait for a step of somebody."""
    return (
        sheets_for(user)
        .filter(campaign__state=CampaignState.OPEN)
        .exclude(state__in=[SheetState.ACCEPTED, SheetState.WITHDRAWN])
    )


def waiting_for(user: User) -> list[Sheet]:
    """Open sheets whose next step is the person's: to answer, to confirm as head or substitute, to accept."""
    rows = open_sheets(user).select_related("campaign", "respondent__parent", "holder", "holder_unit")
    collects = holds_any(user, EDITORS)
    if collects:  # those who see all are asked only about what may be theirs
        rows = rows.filter(_concerns(user, _units(user)))
    found = []
    may_confirm: dict[int, bool] = {}
    for sheet in rows.order_by("due_on", "pk"):
        if (sheet.state == SheetState.ANSWERING and _is_own(user, sheet)) or (
            sheet.state == SheetState.COLLECTING and collects
        ):
            found.append(sheet)
        elif sheet.state == SheetState.CHECKING:
            key = sheet.respondent_id
            if key not in may_confirm:
                may_confirm[key] = confirms_for(user, sheet) is not None
            if may_confirm[key]:
                found.append(sheet)
    return found


def waiting_count(user: User) -> int:
    """How many ``waiting_for`` gives, counted by the database: the menu of every page asks for it."""
    rows, units = open_sheets(user), _units(user)
    states = Q(state=SheetState.CHECKING) | Q(state=SheetState.ANSWERING) & _own(user, units)
    if holds_any(user, EDITORS):
        rows = rows.filter(_concerns(user, units))
        states |= Q(state=SheetState.COLLECTING)
    counted = (
        rows.filter(states)
        .order_by()
        .values_list("state", "respondent", "respondent__parent")
        .annotate(n=Count("pk"))
    )
    today = timezone.localdate()
    return sum(
        int(n)
        for state, unit, above, n in counted
        if state != SheetState.CHECKING or _confirms(user, unit, above, today) is not None
    )


def _own(user: User, units: frozenset[int]) -> Q:
    """``_is_own`` as a condition."""
    mine = Q(holder=None, holder_unit__in=units)
    if user.staff_id is not None:
        mine |= Q(holder=user.staff_id)
    if holds_any(user, DIVISION):
        mine |= Q(holder=None, holder_unit=None, respondent__in=units)
    return mine


def _concerns(user: User, units: frozenset[int]) -> Q:
    return (
        Q(state=SheetState.COLLECTING)
        | Q(respondent__in=units)
        | Q(holder_unit__in=units)
        | Q(holder=user.staff_id or 0)
    )


def _is_own(user: User, sheet: Sheet) -> bool:
    if sheet.holder_id is not None:
        return sheet.holder_id == user.staff_id
    if sheet.holder_unit_id is not None:
        return sheet.holder_unit_id in _units(user)
    return _responds(user, sheet)


def question_of(campaign: Campaign, key: int, kind: QuestionKind) -> Question:
    """A question of ``kind`` that the campaign asks; raises ``Http404``."""
    found = Question.objects.filter(version=campaign.version_id or 0, pk=key, kind=kind).first()
    if found is None:
        raise Http404
    return found


def rows_of(sheet: Sheet, question: Question | None = None) -> QuerySet[AnswerRow]:
    """The rows of the sheet's tables, or of one of them, in the order in which they are shown."""
    rows = AnswerRow.objects.filter(sheet=sheet).order_by("order", "pk")
    return rows.filter(question=question) if question is not None else rows


def substitutes_for(user: User) -> QuerySet[Substitute]:
    """Readers see all substitutes; others those of their units, and where they stand in themselves."""
    if holds_any(user, READERS):
        return Substitute.objects.all()
    return Substitute.objects.filter(Q(unit__in=_units(user)) | Q(staff=user.staff_id or 0))


def may_name_substitute(user: User) -> bool:
    """Whether the person names substitutes at all: heads and the secretariat."""
    return holds_any(user, EDITORS | {Role.HEAD})


def named_by(user: User, unit_id: int) -> bool:
    """Whether the person names the substitutes of this unit."""
    if holds_any(user, EDITORS):
        return True
    return holds_any(user, {Role.HEAD}) and unit_id in _headed(user, timezone.localdate())
