"""A sheet's way: delegate, submit, confirm, return, accept; every step dated and recorded."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from tenshu.ground.access.models import User
from tenshu.ground.audit.writing import change, change_many, create, create_many
from tenshu.ground.office.models import Staff, Unit
from tenshu.mechanisms.inquiry.contents import contents
from tenshu.mechanisms.inquiry.models import CampaignState, Remark, Sheet, SheetState, SheetStep, StepKind
from tenshu.mechanisms.inquiry.queries import UNITS, confirms_for
from tenshu.mechanisms.inquiry.telling import tell_step, tell_steps
from tenshu.mechanisms.questionnaire.models import Question

NOBODY: dict[str, Any] = {"holder": None, "holder_unit": None}


@transaction.atomic
def do_delegate(sheet: Sheet, to: Unit | Staff, comment: str = "", *, acting_user: User) -> Sheet:
    """Hand the sheet to a group, a division or a person, to be answered there (割り振り)."""
    sheet = _lock(sheet, SheetState.ANSWERING)
    given = (
        {"holder": to, "holder_unit": None} if isinstance(to, Staff) else {"holder": None, "holder_unit": to}
    )
    return _step(sheet, StepKind.DELEGATED, given, acting_user, comment or f"{to}へ")


@transaction.atomic
def do_hand_back(sheet: Sheet, comment: str = "", *, acting_user: User) -> Sheet:
    """Give a delegated sheet back to the respondent."""
    sheet = _lock(sheet, SheetState.ANSWERING)
    if sheet.holder_id is None and sheet.holder_unit_id is None:
        raise ValidationError("割り振られていない照会票です。")
    return _step(sheet, StepKind.HANDED_BACK, NOBODY, acting_user, comment)


@transaction.atomic
def do_submit(sheet: Sheet, comment: str = "", *, acting_user: User) -> Sheet:
    """Hand in: to the head, or to the secretariat where no head has to confirm. Raises with every gap at once."""
    sheet = _lock(sheet, SheetState.ANSWERING)
    gaps = list(contents()[sheet.campaign.content].gaps(sheet))
    if gaps:
        raise ValidationError([gap.message for gap in gaps])
    state = SheetState.CHECKING if sheet.campaign.needs_head else SheetState.COLLECTING
    values = {**NOBODY, "state": state, "submitted_at": timezone.now()}
    return _step(sheet, StepKind.SUBMITTED, values, acting_user, comment)


@transaction.atomic
def do_take_back(sheet: Sheet, comment: str = "", *, acting_user: User) -> Sheet:
    """The respondent takes a sheet back before anybody has confirmed or accepted it (取下げ)."""
    sheet = _lock(sheet, SheetState.CHECKING)
    return _step(sheet, StepKind.TAKEN_BACK, {"state": SheetState.ANSWERING}, acting_user, comment)


@transaction.atomic
def do_confirm(sheet: Sheet, comment: str = "", *, acting_user: User) -> Sheet:
    """The head, or the substitute for an absent head, confirms."""
    sheet = _lock(sheet, SheetState.CHECKING)
    as_ = confirms_for(acting_user, sheet)
    if as_ is None:
        raise ValidationError("確認できるのは、回答所属の所属長か、その代決者です。")
    return _step(
        sheet,
        StepKind.CONFIRMED,
        {"state": SheetState.COLLECTING},
        acting_user,
        comment,
        on_behalf_of=as_[1],
    )


@transaction.atomic
def do_return(
    sheet: Sheet, comment: str, remarks: Mapping[Question, str] | None = None, *, acting_user: User
) -> Sheet:
    """Give a handed-in sheet back, by the head or by the secretariat, with comments on single questions."""
    sheet = _lock(sheet, SheetState.CHECKING, SheetState.COLLECTING)
    told = {question: text.strip() for question, text in (remarks or {}).items() if text.strip()}
    if not comment.strip() and not told:
        raise ValidationError("差し戻す理由を書いてください。")
    kind = StepKind.RETURNED_BY_HEAD if sheet.state == SheetState.CHECKING else StepKind.RETURNED
    sheet = _step(sheet, kind, {"state": SheetState.ANSWERING}, acting_user, comment)
    step = sheet.steps.latest("at", "pk")
    create_many(
        [Remark(sheet=sheet, step=step, question=question, text=text) for question, text in told.items()],
        "inquiry.remark_added",
        acting_user=acting_user,
    )
    return sheet


@transaction.atomic
def do_accept(sheet: Sheet, comment: str = "", *, acting_user: User) -> Sheet:
    """The secretariat accepts; the content writes what follows (an edition of the year) in the same transaction."""
    sheet = _lock(sheet, SheetState.COLLECTING, also_closed=True)
    sheet = _step(
        sheet,
        StepKind.ACCEPTED,
        {"state": SheetState.ACCEPTED, "accepted_at": timezone.now()},
        acting_user,
        comment,
    )
    settled = [(remark, {"settled_at": timezone.now()}) for remark in sheet.remarks.filter(settled_at=None)]
    change_many(settled, "inquiry.remark_settled", acting_user=acting_user)
    contents()[sheet.campaign.content].accepted(sheet, acting_user=acting_user)
    return sheet


@transaction.atomic
def do_reopen(sheet: Sheet, reason: str, *, acting_user: User) -> Sheet:
    """Take an acceptance back, with the reason; the respondent answers again."""
    sheet = _lock(sheet, SheetState.ACCEPTED)
    if not reason.strip():
        raise ValidationError("受理を取り消す理由を書いてください。")
    contents()[sheet.campaign.content].reopened(sheet, acting_user=acting_user)
    values = {"state": SheetState.ANSWERING, "accepted_at": None}
    return _step(sheet, StepKind.REOPENED, values, acting_user, reason)


@transaction.atomic
def do_change_due(sheets: Sequence[Sheet], due_on: datetime.date, reason: str, *, acting_user: User) -> int:
    """Give sheets another due date; returns how many differed."""
    if due_on < timezone.localdate():
        raise ValidationError("期限は今日以後の日にしてください。")
    moved = [sheet for sheet in _lock_many(sheets, *SheetState) if sheet.due_on != due_on]
    return _step_many(moved, StepKind.DUE_CHANGED, {"due_on": due_on}, acting_user, reason)


@transaction.atomic
def do_reassign(sheet: Sheet, respondent: Unit, reason: str, *, acting_user: User) -> Sheet:
    """Let another division answer (所管替え, wrong address); what was answered stays."""
    sheet = _lock(sheet, SheetState.ANSWERING, SheetState.CHECKING)
    values = {**NOBODY, "respondent": respondent, "state": SheetState.ANSWERING}
    return _step(sheet, StepKind.REASSIGNED, values, acting_user, reason or f"{respondent}へ")


@transaction.atomic
def do_withdraw(sheet: Sheet, reason: str, *, acting_user: User) -> Sheet:
    """The subject need not answer (対象外): it leaves every denominator, the answers stay."""
    if not reason.strip():
        raise ValidationError("対象外にする理由を書いてください。")
    sheet = _lock(sheet, SheetState.ANSWERING, SheetState.CHECKING, SheetState.COLLECTING)
    return _step(sheet, StepKind.WITHDRAWN, {**NOBODY, "state": SheetState.WITHDRAWN}, acting_user, reason)


@transaction.atomic
def do_withdraw_many(sheets: Sequence[Sheet], reason: str, *, acting_user: User) -> int:
    """Take many subjects out with one reason; returns how many. All or none."""
    if not reason.strip():
        raise ValidationError("対象外にする理由を書いてください。")
    held = _lock_many(sheets, SheetState.ANSWERING, SheetState.CHECKING, SheetState.COLLECTING)
    values = {**NOBODY, "state": SheetState.WITHDRAWN}
    return _step_many(held, StepKind.WITHDRAWN, values, acting_user, reason)


@transaction.atomic
def do_restore(sheet: Sheet, *, acting_user: User) -> Sheet:
    """Let a withdrawn subject answer after all."""
    sheet = _lock(sheet, SheetState.WITHDRAWN)
    return _step(sheet, StepKind.RESTORED, {"state": SheetState.ANSWERING}, acting_user, "")


def _lock(sheet: Sheet, *states: SheetState, also_closed: bool = False) -> Sheet:
    return _lock_many([sheet], *states, also_closed=also_closed)[0]


def _lock_many(sheets: Sequence[Sheet], *states: SheetState, also_closed: bool = False) -> list[Sheet]:
    """The sheets as they are now, locked, in the order of their keys; raises when one cannot take the step."""
    found = (
        Sheet.objects.select_for_update(of=("self",))
        .select_related("campaign__version", UNITS, "holder", "holder_unit__parent")
        .filter(pk__in=[sheet.pk for sheet in sheets])
        .order_by("pk")
    )
    allowed = {CampaignState.OPEN, CampaignState.CLOSED} if also_closed else {CampaignState.OPEN}
    for sheet in found:
        if sheet.campaign.state not in allowed:
            raise ValidationError("この照会は締め切られています。事務局に再開を頼んでください。")
        if sheet.state not in states:
            raise ValidationError(
                f"「{sheet.subject_name}」は「{sheet.get_state_display()}」です。画面を開き直してください。"
            )
    return list(found)


def _step(
    sheet: Sheet,
    kind: StepKind,
    values: Mapping[str, Any],
    acting_user: User,
    comment: str,
    on_behalf_of: int | None = None,
) -> Sheet:
    change(sheet, values, "inquiry.sheet_stepped", acting_user=acting_user, reason=comment)
    step = SheetStep(
        sheet=sheet,
        kind=kind,
        at=timezone.now(),
        by=acting_user,
        on_behalf_of_id=on_behalf_of,
        comment=comment,
    )
    create(step, "inquiry.step_added", acting_user=acting_user)
    tell_step(sheet, kind, comment, acting_user=acting_user)
    return sheet


def _step_many(
    sheets: Sequence[Sheet], kind: StepKind, values: Mapping[str, Any], acting_user: User, comment: str
) -> int:
    """The same step of many sheets, by a fixed number of queries but for what people are told."""
    changes = [(sheet, values) for sheet in sheets]
    change_many(changes, "inquiry.sheet_stepped", acting_user=acting_user, reason=comment)
    now = timezone.now()
    create_many(
        [SheetStep(sheet=sheet, kind=kind, at=now, by=acting_user, comment=comment) for sheet in sheets],
        "inquiry.step_added",
        acting_user=acting_user,
    )
    tell_steps(sheets, kind, comment, acting_user=acting_user)
    return len(sheets)
