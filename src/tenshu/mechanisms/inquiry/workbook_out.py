"""A sheet as an Excel workbook: one row a question, a worksheet for each table, what it was sent with hidden inside."""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import xlsxwriter
from django.utils import timezone
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from tenshu.engines.japanese import format_wareki
from tenshu.ground.exchange import ColumnSpec
from tenshu.ground.exchange.cells import Out, guard
from tenshu.ground.exchange.export import finish_for_print
from tenshu.ground.exchange.offered_lists import OfferedLists
from tenshu.ground.exchange.signed_lines import write_lines
from tenshu.ground.exchange.styles import Styles
from tenshu.mechanisms.inquiry.models import Sheet
from tenshu.mechanisms.inquiry.reading import Item, read_every
from tenshu.mechanisms.inquiry.workbook_cells import (
    NONE,
    NOTHING_TO_LIST,
    cell,
    columns_by_place,
    how_to_fill,
    shown,
)
from tenshu.mechanisms.inquiry.workbook_layout import (
    BEFORE,
    CONDITION,
    HELP,
    HOW,
    MAIN,
    MARK,
    NUMBER,
    PLACES,
    REMARK,
    SAME,
    TEXT,
    Base,
    Stamp,
    key_heading,
    table_names,
)
from tenshu.mechanisms.inquiry.workbook_tables import write_table
from tenshu.mechanisms.inquiry.workbook_validation import cell_style, validate, write_cell
from tenshu.mechanisms.questionnaire.conditions import in_words, parse_condition
from tenshu.mechanisms.questionnaire.models import QuestionKind
from tenshu.mechanisms.questionnaire.parts import ANSWER, REASON, parts_of

HEADER_ROW = 4
_WIDTHS = {NUMBER: 8, TEXT: 44, HELP: 32, CONDITION: 20, BEFORE: 28, SAME: 11, HOW: 28, REMARK: 28}
_PLACE_WIDTHS = {PLACES[ANSWER]: 40}
_GREY = "#F2F2F2"


def sheet_workbook(sheet: Sheet) -> bytes:
    """The workbook of ``sheet``, as it stands now."""
    return written(sheet, list(read_every(sheet).values()))


def written(sheet: Sheet, items: Sequence[Item]) -> bytes:
    """The workbook of these questions with their answers."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": str(sheet.campaign), "subject": sheet.subject_name})
        styles, lists = Styles(book), OfferedLists(book)
        _MainSheet(book, sheet, items, styles, lists).write()
        names = table_names(item.question for item in items if item.question.kind == QuestionKind.TABLE)
        for item in items:
            if item.question.pk in names:
                write_table(book.add_worksheet(names[item.question.pk]), item, styles, lists)
        stamp = Stamp(
            sheet.pk, sheet.campaign_id, sheet.campaign.version_id or 0, timezone.now(), sheet.revision
        )
        write_lines(book, stamp.head(), base_of(items).lines())
    return out.getvalue()


def base_of(items: Iterable[Item]) -> Base:
    """What has to be known on return: all answers and rows as they are sent."""
    base = Base()
    for item in items:
        key = item.question.pk
        if item.answer is not None:
            base.answers[key] = item.answer.value
        if item.rows:
            base.rows[key] = {row.key: row.values for row in item.rows}
        if item.waits_for_confirmation:
            if item.carried is not None:
                base.carried[key] = item.carried
            if item.carried_rows:
                base.carried_rows[key] = {row.key: row.values for row in item.carried_rows}
    return base


class _MainSheet:
    """Writes the worksheet that has a row for each question; only columns that hold something."""

    def __init__(
        self, book: Workbook, sheet: Sheet, items: Sequence[Item], styles: Styles, lists: OfferedLists
    ) -> None:
        self.page: Worksheet = book.add_worksheet(MAIN)
        self.sheet, self.items, self.styles, self.lists = sheet, items, styles, lists
        self.parts = {item.question.pk: columns_by_place(item.question) for item in items}
        self.headings = self._headings()
        self.at = {heading: index for index, heading in enumerate(self.headings)}
        self.locked = styles.make(text_wrap=True, bg_color=_GREY)
        self.tables = table_names(i.question for i in items if i.question.kind == QuestionKind.TABLE)

    def _headings(self) -> list[str]:
        held = [part for parts in self.parts.values() for part in parts]
        questions = [item.question for item in self.items]
        wanted = {
            HELP: any(q.help or q.evidence for q in questions),
            CONDITION: any(q.condition for q in questions),
            BEFORE: any(item.waits_for_confirmation for item in self.items),
            REMARK: any(item.remarks for item in self.items),
        }
        front = [NUMBER, TEXT, *(h for h in (HELP, CONDITION) if wanted[h])]
        front += [BEFORE, SAME] if wanted[BEFORE] else []
        answers = [h for part, h in PLACES.items() if part == ANSWER or part in held]
        return [*front, *answers, HOW, *([REMARK] if wanted[REMARK] else []), key_heading()]

    def write(self) -> None:
        """Head, headings, one row a question under its section, protection."""
        self._head()
        for heading, index in self.at.items():
            self.page.write_string(HEADER_ROW, index, heading, self.styles.heading)
            self.page.set_column(index, index, _PLACE_WIDTHS.get(heading, _WIDTHS.get(heading, 26)))
        last = self.at[key_heading()]
        self.page.set_column(last, last, 8, None, {"hidden": True})
        row, section = HEADER_ROW + 1, ""
        for item in self.items:
            if item.question.section and item.question.section != section:
                section = item.question.section
                self._section(row, section)
                row += 1
            self._question(row, item)
            row += 1
        self.page.freeze_panes(HEADER_ROW + 1, 2)
        self.page.protect("", {"format_columns": True, "format_rows": True, "format_cells": True})
        finish_for_print(self.page)
        self.page.repeat_rows(HEADER_ROW)
        self.page.print_area(0, 0, max(row - 1, HEADER_ROW), last - 1)

    def _head(self) -> None:
        sheet = self.sheet
        number = f"（{sheet.subject_number}）" if sheet.subject_number else ""
        due = format_wareki(sheet.due_on)
        self.page.write_string(0, 0, guard(str(sheet.campaign)), self.styles.title)
        for row, text in (
            (1, f"{sheet.subject_name}{number}　回答所属：{sheet.respondent.full_name}　期限：{due}"),
            (2, "白いセルに入れて保存し、照会票の「Excelから取り込む」で戻してください。灰色のセルは変えられません。"),
            (3, "前回と同じ設問は「今年も同じ」に○を入れます。○も回答も無い設問は、答えていないものとして残ります。"
             if SAME in self.at else "空のままの設問は、答えていないものとして残ります。取り込むまで、画面の回答は変わりません。"),
        ):  # fmt: skip
            self.page.write_string(row, 0, guard(text), self.styles.note)

    def _section(self, row: int, section: str) -> None:
        style = self.styles.make(bold=True, border=0, bottom=2)
        for index in range(len(self.headings) - 1):
            self.page.write_blank(row, index, None, style)
        self.page.write_string(row, 0, guard(section), style)

    def _question(self, row: int, item: Item) -> None:
        question = item.question
        told = {
            NUMBER: question.code,
            TEXT: f"{question.text}{'（必須）' if question.required else ''}",
            HELP: "\n".join(
                [question.help] * bool(question.help)
                + [f"根拠資料の例：{question.evidence}"] * bool(question.evidence)
            ),
            CONDITION: f"{in_words(parse_condition(question.condition))}のとき" if question.condition else "",
            BEFORE: self._before(item) if item.waits_for_confirmation else "",
            HOW: self._how(item),
            REMARK: "\n".join(remark.text for remark in item.remarks if remark.settled_at is None),
        }
        for heading, text in told.items():
            if heading in self.at:
                self.page.write_string(row, self.at[heading], guard(text.replace("\r\n", "\n")), self.locked)
        if SAME in self.at:
            self._same(row, item)
        self._parts(row, item)
        self.page.write_string(row, self.at[key_heading()], str(question.pk))

    def _before(self, item: Item) -> str:
        if item.question.kind == QuestionKind.TABLE:
            none = (item.carried or {}).get(NONE)
            return (
                f"{len(item.carried_rows):,}行（表に出ています）"
                if item.carried_rows
                else "該当なし" * bool(none)
            )
        carried = item.carried or {}
        told = [(part, shown(part, carried.get(part.name))) for part in parts_of(item.question)]
        texts = [text if part.name == ANSWER else f"{part.header}：{text}" for part, text in told if text]
        return "\n".join(texts) + ("\n（設問の言い方が変わっています）" if item.reworded else "")

    def _same(self, row: int, item: Item) -> None:
        index = self.at[SAME]
        if not item.waits_for_confirmation:
            self.page.write_blank(row, index, None, self.locked)
            return
        self.page.write_blank(
            row, index, None, self.styles.make(locked=False, num_format="@", align="center")
        )
        message = "前回の回答が今年も正しければ○を選びます。違うときは、回答に新しい内容を入れます。"
        hint = {"input_title": SAME, "input_message": message}
        self.page.data_validation(row, index, row, index, {"validate": "list", "source": [MARK], **hint})

    def _how(self, item: Item) -> str:
        question = item.question
        if question.kind == QuestionKind.FILE:
            return "ファイルは画面で添付してください。"
        if question.kind == QuestionKind.TABLE:
            return f"シート「{self.tables[question.pk]}」に1行ずつ入れる。一つもないときは、ここで「該当なし」を選ぶ"
        parts = self.parts[question.pk]
        return "\n".join(how_to_fill(parts[name]) for name in (ANSWER, REASON) if name in parts)

    def _parts(self, row: int, item: Item) -> None:
        parts, value = self.parts[item.question.pk], item.value
        for name, heading in PLACES.items():
            if heading not in self.at:
                continue
            index, column = self.at[heading], parts.get(name)
            if column is None:
                told = _files(value) if item.question.kind == QuestionKind.FILE and name == ANSWER else ""
                self.page.write_string(row, index, guard(told), self.locked)
                continue
            plain = value.get(NONE) if column is NOTHING_TO_LIST else value.get(name)
            self._fill(row, index, column, cell(column, plain))

    def _fill(self, row: int, index: int, column: ColumnSpec, value: Out) -> None:
        style = cell_style(self.styles, column)
        write_cell(self.page, row, index, value, style, self.locked)
        validate(self.page, (row, index, row, index), column, self.lists)


def _files(value: Mapping[str, Any]) -> str:
    names = value.get(ANSWER) or []
    return "画面で添付してください" + "".join(f"\n添付済み：{name}" for name in names)
