"""From a returned workbook to a plan: whose it is, what was typed, what somebody else said meanwhile."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from tenshu.ground.calendar.fiscal_year import FiscalYear
from tenshu.ground.exchange.reading import Book
from tenshu.ground.exchange.rows import FoundError
from tenshu.ground.files.refusals import FileRefused
from tenshu.mechanisms.inquiry.models import Campaign, LineKind, Sheet
from tenshu.mechanisms.inquiry.reading import Item, asked_among, read_every
from tenshu.mechanisms.inquiry.workbook_cells import NONE, NOTHING_TO_LIST, columns_by_place, shown
from tenshu.mechanisms.inquiry.workbook_in import Returned, ReturnedRow, label_of, read_workbook
from tenshu.mechanisms.inquiry.workbook_layout import MARK, SAME, Base, Stamp, read_base
from tenshu.mechanisms.inquiry.workbook_plan import (
    Line,
    Plan,
    PlannedTable,
    PlannedValue,
    lines_of,
    merged,
    summary,
    typed_over,
)
from tenshu.mechanisms.questionnaire.models import Question, QuestionKind
from tenshu.mechanisms.questionnaire.parts import ANSWER, parts_of


def make_plan(book: Book, sheet: Sheet) -> Plan:
    """What taking ``book`` would do to ``sheet`` as it stands. Writes nothing.

    Raises:
        FileRefused: the workbook is not one of this sheet.
    """
    found = read_base(book)
    if found is None:
        raise FileRefused(
            "この照会票から取り出したExcelではないか、取り出した時の控えが失われています。"
            "「Excelに取り出す」で取り出し直し、入れた内容を写してください。"
        )
    stamp, base = found
    _refuse_foreign(stamp, sheet)
    items = read_every(sheet)
    returned = read_workbook(book, [item.question for item in items.values()])
    return plan_returned(sheet, stamp, base, items, returned)


def plan_returned(
    sheet: Sheet, stamp: Stamp, base: Base, items: Mapping[int, Item], returned: Returned
) -> Plan:
    """What was ``returned``, sent out as ``base``, merged into ``items``."""
    return _Planner(sheet, stamp, base, items, returned).plan()


def _refuse_foreign(stamp: Stamp, sheet: Sheet) -> None:
    cure = f"「{sheet.campaign}」の「{sheet.subject_name}」から取り出したExcelを選んでください。"
    if stamp.campaign != sheet.campaign_id:
        other = Campaign.objects.filter(pk=stamp.campaign).first()
        name = f"（{FiscalYear(other.fiscal_year).label}の「{other}」）" if other else ""
        raise FileRefused(f"別の照会{name}のExcelです。{cure}")
    if stamp.version != (sheet.campaign.version_id or 0):
        raise FileRefused(f"質問票の版が、いまの照会と違うExcelです。{cure}")
    if stamp.sheet != sheet.pk:
        raise FileRefused(f"この照会の、別の対象のExcelです。{cure}")


class _Planner:
    """Holds what the steps of one plan share."""

    def __init__(
        self, sheet: Sheet, stamp: Stamp, base: Base, items: Mapping[int, Item], returned: Returned
    ) -> None:
        self.sheet, self.stamp, self.base = sheet, stamp, base
        self.items, self.returned = items, returned
        self.result = Plan(errors=list(returned.errors), notes=list(returned.notes))

    def plan(self) -> Plan:
        """Every question in order."""
        for item in self.items.values():
            before = len(self.result.lines)
            self._answer(item)
            if item.question.kind == QuestionKind.TABLE and item.question.pk in self.returned.tables:
                _TablePlanner(self, item).plan()
            if len(self.result.lines) == before:
                self._same(item)
        self._note_not_asked()
        return self.result

    def refuse(self, question: Question, part: str, header: str, message: str, cure: str) -> None:
        """An error at the row of a question."""
        where = self.returned.place(question, part)
        if part == SAME:
            where = self.returned.same.get(question.pk) or self.returned.place(question)
        self.result.errors.append(FoundError(where, message, cure, header, label=label_of(question)))

    def _answer(self, item: Item) -> None:
        question = item.question
        columns = {column.name: column for column in columns_by_place(question).values()}
        base = self.base.answers.get(question.pk, {})
        mine = typed_over(columns, base, self.returned.values.get(question.pk, {}))
        if question.pk in self.returned.same:
            mine = self._confirmed(item, base, mine)
        planned = merged(base, mine, item.value, f"q:{question.pk}")
        place = self.returned.place
        label = label_of(question)
        self.result.lines += lines_of(
            columns, base, planned, lambda part: place(question, ANSWER if part == NONE else part), label
        )
        if planned.open or planned.value != item.value:
            self.result.answers[question] = planned

    def _confirmed(self, item: Item, base: Mapping[str, Any], mine: Mapping[str, Any]) -> dict[str, Any]:
        """「今年も同じ」: last year's answer, unless something else was typed as well."""
        question = item.question
        carried = self.base.carried.get(question.pk)
        if carried is None and question.pk not in self.base.carried_rows:
            self.refuse(
                question, SAME, SAME, "前回の回答が無い設問に印があります", "印を消して、回答を入れる"
            )
            return dict(mine)
        typed = {part: value for part, value in mine.items() if base.get(part) != value}
        if any((carried or {}).get(part) != value for part, value in typed.items()):
            self.refuse(
                question, SAME, SAME, "「今年も同じ」の印と、前回と違う回答の両方があります",
                f"前回と同じなら回答を空に、違うなら「{SAME}」の{MARK}を消す",
            )  # fmt: skip
        return dict(carried or {})

    def _same(self, item: Item) -> None:
        """What stays as it is, for the eye: an answer that the workbook repeats."""
        question = item.question
        if not item.is_done:
            return
        if question.kind == QuestionKind.TABLE:
            text = f"{len(item.rows):,}行" if item.rows else NOTHING_TO_LIST.words[0]
        else:
            column = columns_by_place(question).get(ANSWER)
            text = shown(column, item.value.get(ANSWER)) if column else ""
        if text:
            where = self.returned.place(question)
            self.result.lines.append(Line(LineKind.SAME, where, label_of(question), "回答", text, text))

    def _note_not_asked(self) -> None:
        """What was typed to a question that is not asked stays, and counts nowhere."""
        values = {item.question.pk: item.value for item in self.items.values()}
        for question, planned in self.result.answers.items():
            values[question.pk] = planned.value
        asked = {q.pk for q in asked_among(self.sheet, [i.question for i in self.items.values()], values)}
        touched = {*self.result.answers, *self.result.tables}
        codes = [item.question.code for item in self.items.values() if item.question in touched
                 and item.question.pk not in asked]  # fmt: skip
        if codes:
            self.result.notes.append(
                f"{'、'.join(codes)}は、ほかの回答から、いまは尋ねない設問です。入れた内容は残しますが、集計には入りません。"
            )


class _TablePlanner:
    """Plans the rows of one table question."""

    def __init__(self, planner: _Planner, item: Item) -> None:
        question = item.question
        self.planner, self.item, self.question = planner, item, question
        self.columns = {column.name: column for column in parts_of(question)}
        self.base = planner.base.rows.get(question.pk, {})
        self.carried = planner.base.carried_rows.get(question.pk, {})
        self.stored = {row.key: row for row in item.rows}
        self.confirmed = question.pk in planner.returned.same
        self.open = item.waits_for_confirmation or not self.carried
        self.table = PlannedTable()
        self.undecided = 0
        self.copies: Counter[str] = Counter()

    def plan(self) -> None:
        """Every row of the worksheet; rows that are not in the file stay."""
        returned = self.planner.returned.tables[self.question.pk]
        before = len(self.planner.result.lines)
        for row in returned:
            if row.broken:
                continue
            if row.key in self.base:
                self._row(row, self.base[row.key])
            elif row.key in self.carried:
                self._carried(row, self.carried[row.key])
            elif not row.removed:
                self._new(row)
        table = self.table
        if any((table.added, table.changed, table.removed, table.added_if_chosen, table.removed_if_chosen)):
            self.planner.result.tables[self.question] = table
        touched = len(self.planner.result.lines) > before
        self._refuse_undecided(touched)
        self._refuse_both()
        keys = {row.key for row in returned}
        if gone := sum(key not in keys for key in self.base):
            self.planner.result.notes.append(
                f"{self.question.code}の表は、取り出した時の{gone:,}行がファイルにありません。除くには、行を残して「削除」に{MARK}を入れます。"
            )

    def _label(self, values: Mapping[str, Any]) -> str:
        name, column = next(iter(self.columns.items()))
        return f"{self.question.code} {shown(column, values.get(name)) or '行'}"[:300]

    def _line(
        self,
        kind: LineKind,
        row: ReturnedRow,
        values: Mapping[str, Any],
        before: str,
        after: str,
        key: str = "",
    ) -> None:
        self.planner.result.lines.append(
            Line(kind, row.where, self._label(values), "行", before, after, key=key)
        )

    def _row(self, row: ReturnedRow, base: Mapping[str, Any]) -> None:
        stored = self.stored.get(row.key)
        if row.removed:
            if stored is not None:
                self._remove(row, stored, base)
            return
        mine = typed_over(self.columns, base, row.values)
        if stored is not None:
            self._merge(row, base, mine, stored)
        elif mine != base:
            self._gone(row, mine)

    def _carried(self, row: ReturnedRow, base: Mapping[str, Any]) -> None:
        """A row of last year: taken over when the table was confirmed, or the row was edited."""
        if row.key in self.stored or not self.open:
            self._row(row, base)
            return
        if row.removed:
            self._line(LineKind.REMOVE, row, base, f"前回の行：{summary(self.columns, base)}", "")
            return
        mine = typed_over(self.columns, base, row.values)
        if self.confirmed or mine != base:
            self._add(row, row.key, mine)
        else:
            self.undecided += 1

    def _new(self, row: ReturnedRow) -> None:
        """A new row gets a key of what it says, so that the same file taken twice adds it once."""
        stamp = self.planner.stamp
        told = json.dumps(
            [stamp.sheet, self.question.pk, stamp.at.isoformat(), row.values],
            ensure_ascii=True,
            sort_keys=True,
        )
        self.copies[told] += 1
        key = hashlib.sha256(f"{told}{self.copies[told]}".encode()).hexdigest()[:32]
        if key not in self.stored:
            self._add(row, key, row.values)

    def _add(self, row: ReturnedRow, key: str, values: Mapping[str, Any]) -> None:
        self.table.added.append((key, values))
        self._line(LineKind.NEW, row, values, "", summary(self.columns, values))

    def _merge(self, row: ReturnedRow, base: Mapping[str, Any], mine: Mapping[str, Any], stored: Any) -> None:
        planned: PlannedValue = merged(base, mine, stored.values, f"r:{self.question.pk}:{row.key}")
        if not planned.open and planned.value == stored.values:
            return
        self.planner.result.lines += lines_of(self.columns, base, planned, row.cell, self._label(mine))
        self.table.changed.append((stored, planned))

    def _remove(self, row: ReturnedRow, stored: Any, base: Mapping[str, Any]) -> None:
        text = summary(self.columns, stored.values)
        if dict(stored.values) == dict(base):
            self.table.removed.append(stored)
            self._line(LineKind.REMOVE, row, stored.values, text, "")
            return
        key = f"r:{self.question.pk}:{row.key}:*"
        self.table.removed_if_chosen[key] = stored
        self._line(LineKind.CONFLICT, row, stored.values, text, "（この行を除く）", key)

    def _gone(self, row: ReturnedRow, mine: Mapping[str, Any]) -> None:
        key = f"r:{self.question.pk}:{row.key}:*"
        self.table.added_if_chosen[key] = (row.key, mine)
        self._line(
            LineKind.CONFLICT, row, mine, "（ほかの人がこの行を除きました）", summary(self.columns, mine), key
        )

    def _refuse_undecided(self, touched: bool) -> None:
        if self.undecided and touched and not self.confirmed:
            self.planner.refuse(
                self.question, SAME, SAME, f"前回の{self.undecided:,}行を残すかどうかが決まっていません",
                f"残すなら「{SAME}」に{MARK}、要らない行は表の「削除」に{MARK}を入れる",
            )  # fmt: skip

    def _refuse_both(self) -> None:
        planned = self.planner.result.answers.get(self.question)
        value = planned.value if planned else self.item.value
        left = len(self.stored) - len(self.table.removed) + len(self.table.added)
        if value.get(NONE) and left and (planned or self.table.added):
            self.planner.refuse(
                self.question, ANSWER, "回答", f"「該当なし」と、表の{left:,}行の両方があります",
                "「該当なし」を消すか、表の行を除く",
            )  # fmt: skip
