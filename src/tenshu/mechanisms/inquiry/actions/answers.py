"""Saving answers: one at a time as they are typed, or many at once from a workbook."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max

from tenshu.ground.access.models import User
from tenshu.ground.audit.writing import change, change_many, create, create_many, remove_many
from tenshu.ground.merging import Merged, merge
from tenshu.mechanisms.inquiry.models import Answer, AnswerRow, CampaignState, Sheet, SheetState
from tenshu.mechanisms.questionnaire.models import Question, QuestionKind

STEP = 10


@dataclass(frozen=True, slots=True)
class Saved:
    """What stands now, and how what was typed met what somebody else had meanwhile said."""

    answer: Answer
    merged: Merged

    @property
    def conflicts(self) -> frozenset[str]:
        """The parts that both sides changed to something different."""
        return self.merged.conflicts


@transaction.atomic
def do_save_answer(
    sheet: Sheet,
    question: Question,
    mine: Mapping[str, Any],
    base: Mapping[str, Any],
    *,
    acting_user: User,
) -> Saved:
    """Save what was typed over ``base``. Where both changed a part, the stored one stays and is told as a conflict."""
    sheet = lock_for_answer(sheet)
    if question.version_id != sheet.campaign.version_id:
        raise ValidationError("この照会の設問ではありません。")
    held = Answer.objects.select_for_update().filter(sheet=sheet, question=question).first()
    merged = merge(base, mine, held.value if held else base)
    if held is None:
        held = Answer(sheet=sheet, question=question, value=merged.value, updated_by=acting_user)
        create(held, "inquiry.answer_saved", acting_user=acting_user)
        touch(sheet)
    elif held.value != merged.value:
        values = {"value": merged.value, "revision": held.revision + 1, "updated_by": acting_user}
        change(held, values, "inquiry.answer_saved", acting_user=acting_user)
        touch(sheet)
    return Saved(held, merged)


@transaction.atomic
def do_save_answers(sheet: Sheet, values: Mapping[Question, Mapping[str, Any]], *, acting_user: User) -> int:
    """Save many merged answers at once; returns how many differed."""
    sheet = lock_for_answer(sheet)
    held = {answer.question_id: answer for answer in Answer.objects.select_for_update().filter(sheet=sheet)}
    new, changes = [], []
    for question, value in values.items():
        if question.version_id != sheet.campaign.version_id:
            raise ValidationError("この照会の設問ではありません。")
        if (answer := held.get(question.pk)) is None:
            new.append(Answer(sheet=sheet, question=question, value=dict(value), updated_by=acting_user))
        elif answer.value != dict(value):
            changes.append(
                (
                    answer,
                    {"value": dict(value), "revision": answer.revision + 1, "updated_by": acting_user},
                )
            )
    create_many(new, "inquiry.answer_saved", acting_user=acting_user)
    change_many(changes, "inquiry.answer_saved", acting_user=acting_user)
    if new or changes:
        touch(sheet)
    return len(new) + len(changes)


@dataclass(slots=True)
class RowChanges:
    """Changes to the rows of one table: added (values), changed (row, values), removed."""

    added: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    changed: list[tuple[AnswerRow, Mapping[str, Any]]] = field(default_factory=list)
    removed: list[AnswerRow] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


@transaction.atomic
def do_change_rows(
    sheet: Sheet, question: Question, changes: RowChanges, *, acting_user: User
) -> list[AnswerRow]:
    """Add, change and remove rows of a table; returns the added ones. An empty key gets a new one."""
    sheet = lock_for_answer(sheet)
    if question.version_id != sheet.campaign.version_id or question.kind != QuestionKind.TABLE:
        raise ValidationError("この照会の表の設問ではありません。")
    last = AnswerRow.objects.filter(sheet=sheet, question=question).aggregate(last=Max("order"))["last"] or 0
    added = [
        AnswerRow(
            sheet=sheet,
            question=question,
            key=key or uuid.uuid4().hex,
            order=last + STEP * place,
            values=dict(values),
        )
        for place, (key, values) in enumerate(changes.added, 1)
    ]
    remove_many(changes.removed, "inquiry.row_removed", acting_user=acting_user)
    change_many(
        [
            (row, {"values": dict(values), "revision": row.revision + 1})
            for row, values in changes.changed
            if row.values != dict(values)
        ],
        "inquiry.row_changed",
        acting_user=acting_user,
    )
    create_many(added, "inquiry.row_added", acting_user=acting_user)
    if changes:
        touch(sheet)
    return added


@transaction.atomic
def do_change_row(
    row: AnswerRow, mine: Mapping[str, Any], base: Mapping[str, Any], *, acting_user: User
) -> Merged:
    """Change one row of a table, merged with what was saved meanwhile."""
    sheet = lock_for_answer(row.sheet)
    held = AnswerRow.objects.select_for_update().filter(pk=row.pk).first()
    if held is None:
        raise ValidationError("この行は、ほかの人が消しました。入力した内容で行を追加し直してください。")
    merged = merge(base, mine, held.values)
    if merged.value != held.values:
        change(
            held,
            {"values": merged.value, "revision": held.revision + 1},
            "inquiry.row_changed",
            acting_user=acting_user,
        )
        touch(sheet)
    return merged


@transaction.atomic
def do_confirm_carried(
    sheet: Sheet, carried: Mapping[Question, Mapping[str, Any]], *, acting_user: User
) -> int:
    """Say that last year's answers still hold; answers that exist already are left alone."""
    held = set(Answer.objects.filter(sheet=sheet).values_list("question_id", flat=True))
    fresh = {question: value for question, value in carried.items() if question.pk not in held}
    return do_save_answers(sheet, fresh, acting_user=acting_user)


def lock_for_answer(sheet: Sheet) -> Sheet:
    """The sheet, locked; raises ``ValidationError`` when it cannot be answered now."""
    found = Sheet.objects.select_for_update(of=("self",)).select_related("campaign__version").get(pk=sheet.pk)
    if found.campaign.state != CampaignState.OPEN:
        raise ValidationError("この照会は締め切られています。入力は保存されていません。")
    if found.state != SheetState.ANSWERING:
        raise ValidationError(
            f"この照会票は「{found.get_state_display()}」のため、回答を変えられません。入力は保存されていません。"
        )
    return found


def touch(sheet: Sheet) -> None:
    """Count a change of the answers. Not recorded by itself: the answer's own row of the record says it."""
    Sheet.objects.filter(pk=sheet.pk).update(revision=F("revision") + 1)
