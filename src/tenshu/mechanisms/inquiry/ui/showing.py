"""A sheet in words: its questions by section with what was answered, its steps, what the person can do next."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from tenshu.ground.access.models import User
from tenshu.ground.access.queries import holds_any
from tenshu.ground.access.roles import EDITORS
from tenshu.ground.files.models import Attachment
from tenshu.ground.ui.parts import FeedItem
from tenshu.ground.ui.tone import Tone
from tenshu.mechanisms.inquiry.contents import contents
from tenshu.mechanisms.inquiry.models import Answer, CampaignState, Sheet, SheetState, StepKind
from tenshu.mechanisms.inquiry.queries import confirms_for, may_answer, may_assign
from tenshu.mechanisms.inquiry.reading import Item
from tenshu.mechanisms.questionnaire.models import Question, QuestionKind
from tenshu.mechanisms.questionnaire.parts import parts_of
from tenshu.mechanisms.questionnaire.ui.inputs import show_answer, show_part

SHOWN_ROWS = 5
"""So many rows of a table stand on the sheet; all of them have a page of their own."""


@dataclass(frozen=True, slots=True)
class ShownTable:
    """The first rows of a table in words."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    count: int

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.rows)


def shown_table(question: Question, rows: Sequence[Any]) -> ShownTable:
    """The first rows of a table question."""
    columns = parts_of(question)
    lines = [
        [show_part(column, row.values.get(column.name)) or "－" for column in columns]
        for row in rows[:SHOWN_ROWS]
    ]
    return ShownTable([column.heading for column in columns], lines, len(rows))


def said(question: Question, value: Mapping[str, Any]) -> str:
    """An answer in words; empty when nothing was said."""
    if question.kind == QuestionKind.TABLE:
        return "該当するものはありません" if value.get("none") else ""
    if question.kind == QuestionKind.FILE:
        return ""
    return show_answer(parts_of(question), value)


@dataclass(frozen=True, slots=True)
class Shown:
    """One question of the sheet as it is read."""

    item: Item
    text: str
    before: str
    table: ShownTable | None
    carried_table: ShownTable | None
    files: Sequence[Attachment]
    url: str = ""

    @property
    def word(self) -> str:
        """The status word beside the question."""
        if self.item.is_done:
            return "回答済"
        return "前回の回答" if self.item.waits_for_confirmation else "未回答"

    @property
    def differs(self) -> bool:
        """Whether this year's answer is not last year's."""
        return bool(self.before) and self.item.is_done and self.text != self.before


def shown(sheet: Sheet, items: Iterable[Item]) -> list[Shown]:
    """The items in words; the files by one query."""
    items = list(items)
    files = files_of(
        [item.answer for item in items if item.answer and item.question.kind == QuestionKind.FILE]
    )
    found = []
    for item in items:
        is_table = item.question.kind == QuestionKind.TABLE
        found.append(
            Shown(
                item,
                said(item.question, item.value),
                said(item.question, item.carried or {}),
                shown_table(item.question, item.rows) if is_table and item.rows else None,
                shown_table(item.question, item.carried_rows) if is_table and item.carried_rows else None,
                files.get(item.answer.pk, ()) if item.answer else (),
                reverse("inquiry:sheet-rows", args=[sheet.pk, item.question.pk]) if is_table else "",
            )
        )
    return found


def sections(parts: Iterable[Any]) -> list[tuple[str, list[Any]]]:
    """What is shown, under its sections."""
    return [
        (title, list(group)) for title, group in groupby(parts, key=lambda part: part.item.question.section)
    ]


def files_of(answers: Sequence[Answer]) -> dict[int, list[Attachment]]:
    """The files of answers by key of answer."""
    if not answers:
        return {}
    kind = ContentType.objects.get_for_model(Answer)
    found: dict[int, list[Attachment]] = {}
    keys = [str(answer.pk) for answer in answers]
    for attachment in Attachment.objects.filter(target_type=kind, target_pk__in=keys).order_by("pk"):
        found.setdefault(int(attachment.target_pk), []).append(attachment)
    return found


_TONES = {
    StepKind.RETURNED: Tone.WARNING,
    StepKind.RETURNED_BY_HEAD: Tone.WARNING,
    StepKind.REOPENED: Tone.WARNING,
    StepKind.ACCEPTED: Tone.SUCCESS,
    StepKind.CONFIRMED: Tone.SUCCESS,
    StepKind.SUBMITTED: Tone.INFO,
}


def feed_of(sheet: Sheet) -> list[FeedItem]:
    """The steps, newest first."""
    rows = sheet.steps.select_related("by", "on_behalf_of").order_by("-at", "-pk")
    return [
        FeedItem(
            f"{row.get_kind_display()}{f'：{row.comment}' if row.comment else ''}",
            row.at,
            f"{row.by}{f'（{row.on_behalf_of.name}の代決）' if row.on_behalf_of else ''}",
            _TONES.get(StepKind(row.kind), Tone.NEUTRAL),
        )
        for row in rows
    ]


def next_step(user: User, sheet: Sheet) -> tuple[str, str] | None:
    """The one filled button: label and address."""
    if sheet.campaign.state == CampaignState.OPEN:
        if sheet.state == SheetState.ANSWERING and may_answer(user, sheet):
            return "回答する", contents()[sheet.campaign.content].page(sheet)
        if sheet.state == SheetState.CHECKING and confirms_for(user, sheet) is not None:
            return "確認する", _url("confirm", sheet)
    if sheet.state == SheetState.COLLECTING and holds_any(user, EDITORS):
        return "受理する", _url("accept", sheet)
    return None


def other_steps(user: User, sheet: Sheet) -> list[tuple[str, str]]:
    """What else the person can do with the sheet now."""
    collects, running = holds_any(user, EDITORS), sheet.campaign.state == CampaignState.OPEN
    assigns, answers = may_assign(user, sheet), may_answer(user, sheet)
    confirms = sheet.state == SheetState.CHECKING and confirms_for(user, sheet) is not None
    answering, checking = sheet.state == SheetState.ANSWERING, sheet.state == SheetState.CHECKING
    collecting = sheet.state == SheetState.COLLECTING
    held = bool(sheet.holder_id or sheet.holder_unit_id)
    told = [
        ("提出する", "submit", answering and answers),
        ("割り振る", "delegate", answering and assigns),
        ("所属に戻す", "hand-back", answering and answers and held),
        ("提出を取り下げる", "take-back", checking and assigns),
        ("差し戻す", "return", (checking and confirms) or ((checking or collecting) and collects)),
        ("期限を変える", "due", collects and (answering or checking)),
        ("回答所属を変える", "reassign", collects and (answering or checking)),
        ("対象外にする", "withdraw", collects and (answering or checking or collecting)),
        ("対象に戻す", "restore", collects and sheet.state == SheetState.WITHDRAWN),
        ("受理を取り消す", "reopen", collects and sheet.state == SheetState.ACCEPTED),
    ]
    found = [(label, _url(name, sheet)) for label, name, possible in told if possible and running]
    found += _excel_links(sheet, answers and answering and running)
    return [*found, ("ヒアリングの対象にする", _url("hearing", sheet))] if collects else found


def _excel_links(sheet: Sheet, may_take: bool) -> list[tuple[str, str]]:
    """The sheet as a workbook; content of a room's own goes out and in on the room's page."""
    if not sheet.campaign.version_id:
        elsewhere = contents()[sheet.campaign.content].workbook(sheet) if may_take else ""
        return [("Excelで出し入れする", elsewhere)] if elsewhere else []
    out = [("Excelに取り出す", _url("workbook", sheet))]
    return [*out, ("Excelから取り込む", _url("workbook-in", sheet))] if may_take else out


def _url(name: str, sheet: Sheet) -> str:
    return reverse(f"inquiry:sheet-{name}", args=[sheet.pk])
