"""A returned workbook as what it says: answers and rows that could be read, and every cell that could not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tenshu.ground.exchange import ColumnSpec
from tenshu.ground.exchange.cells import CellError, Raw, text_of
from tenshu.ground.exchange.layout import heading_key
from tenshu.ground.exchange.reading import Book, SheetData
from tenshu.ground.exchange.rows import FoundError
from tenshu.ground.exchange.workbook_scan import column_letters
from tenshu.ground.files.refusals import FileRefused
from tenshu.mechanisms.inquiry.workbook_cells import KEEP, columns_by_place, read
from tenshu.mechanisms.inquiry.workbook_layout import MAIN, PLACES, REMOVE, SAME, key_heading, table_names
from tenshu.mechanisms.questionnaire.models import Question, QuestionKind
from tenshu.mechanisms.questionnaire.parts import ANSWER, parts_of

_HEAD_ROWS = 20
_NO_MARKS = frozenset({"", "-", "－", "×", "いいえ"})
_MARKS = frozenset({"○", "◯", "〇", "●", "はい", "1", "レ", "✓", "同じ", "TRUE"})


@dataclass(slots=True)
class ReturnedRow:
    """A row of a table: the parts that could be read. ``removed``: marked, or all of its cells emptied."""

    sheet: SheetData
    number: int
    at: Mapping[str, int]
    key: str
    values: dict[str, Any] = field(default_factory=dict)
    removed: bool = False
    broken: bool = False

    @property
    def where(self) -> str:
        """The row in words: Q3の表!5行目."""
        return f"{self.sheet.name}!{self.number + 1}行目"

    def cell(self, part: str) -> str:
        """The cell of a part: Q3の表!B5."""
        return self.sheet.reference(self.number, self.at[part]) if part in self.at else self.where


@dataclass(slots=True)
class Returned:
    """What the workbook says. Parts that stand in ``values`` were read; ``where`` tells their cells."""

    values: dict[int, dict[str, Any]] = field(default_factory=dict)
    where: dict[tuple[int, str], str] = field(default_factory=dict)
    same: dict[int, str] = field(default_factory=dict)
    tables: dict[int, list[ReturnedRow]] = field(default_factory=dict)
    errors: list[FoundError] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def place(self, question: Question, part: str = ANSWER) -> str:
        """The cell of a part, or the worksheet."""
        return self.where.get((question.pk, part), MAIN)


def read_workbook(book: Book, questions: Sequence[Question]) -> Returned:
    """Everything that the visible worksheets say to ``questions``.

    Raises:
        FileRefused: the worksheet with the questions is not there, or lost its headings.
    """
    found = Returned()
    page = _page(book, key_heading(), MAIN)
    if page is None:
        raise FileRefused(
            f"シート「{MAIN}」の見出しが見つかりません。シートを隠したり、見出しの行を消したりせずに使ってください。"
        )
    _MainReader(page, questions, found).read()
    names = table_names(question for question in questions if question.kind == QuestionKind.TABLE)
    for question in questions:
        if question.pk not in names:
            continue
        page = _page(book, key_heading(question), names[question.pk])
        if page is None:
            found.notes.append(
                f"シート「{names[question.pk]}」が見つからないため、{question.code}の表は変えません。"
            )
        else:
            _TableReader(page, question, found).read()
    return found


@dataclass(frozen=True, slots=True)
class _Page:
    """A worksheet with its row of headings: normalised heading → places."""

    data: SheetData
    header_row: int
    at: Mapping[str, Sequence[int]]

    def index(self, heading: str, again: int = 0) -> int | None:
        """The place of a heading; of a heading that stands several times the first, another one, the last (-1)."""
        places = self.at.get(_key(heading), ())
        return places[again] if places and again < len(places) else None

    def rows(self) -> Iterator[tuple[int, Sequence[Raw]]]:
        start = self.header_row + 1
        return enumerate(self.data.rows[start:], start=start)

    def where(self, row: int, index: int) -> str:
        return self.data.reference(row, index)

    def checked(self, raw: Raw, row: int, index: int) -> Raw:
        if self.data.errors and f"{column_letters(index)}{row + 1}" in self.data.errors:
            raise CellError("Excelのエラー値（#N/A、#REF! など）が入っています", "値を入れ直す", "#")
        return raw

    def merged(self) -> Iterator[tuple[int, int, str]]:
        """Merged cells below the headings: row and column of the first, and the range."""
        for (top, left), (bottom, right) in self.data.merged:
            if bottom > self.header_row:
                yield top, left, f"{self.where(top, left)}:{column_letters(right)}{bottom + 1}"


def _key(heading: str) -> str:
    return heading_key(heading, with_unit=False)[0]


def _page(book: Book, heading: str, name: str) -> _Page | None:
    """The visible worksheet with the hidden ``heading``; of several the one that still has its ``name``."""
    pages = []
    for sheet in book.visible():
        for number, row in enumerate(sheet.rows[:_HEAD_ROWS]):
            texts = [_key(raw) if isinstance(raw, str) else "" for raw in row]
            if _key(heading) in texts:
                at: dict[str, list[int]] = {}
                for index, text in enumerate(texts):
                    if text:
                        at.setdefault(text, []).append(index)
                pages.append(_Page(sheet, number, at))
                break
    return next((page for page in pages if page.data.name == name), pages[0] if pages else None)


def _cell(row: Sequence[Raw], index: int | None) -> Raw:
    return row[index] if index is not None and index < len(row) else None


class _MainReader:
    """Reads the worksheet that has a row for each question."""

    def __init__(self, page: _Page, questions: Sequence[Question], found: Returned) -> None:
        self.page, self.found = page, found
        self.by_key = {str(question.pk): question for question in questions}
        self.key_at = page.index(key_heading())
        self.same_at = page.index(SAME)
        self.at = {part: page.index(heading) for part, heading in PLACES.items()}
        if self.at[ANSWER] is None:
            raise FileRefused(
                f"シート「{page.data.name}」に列「{PLACES[ANSWER]}」がありません。見出しを元に戻してください。"
            )

    def read(self) -> None:
        """The row of every question, wherever it stands."""
        seen: dict[str, int] = {}
        for number, row in self.page.rows():
            key = text_of(_cell(row, self.key_at))
            question = self.by_key.get(key)
            if question is None:
                continue
            if key in seen:
                self._refuse(
                    number, self.at[ANSWER], question, _DOUBLE.format(seen[key]), "どちらかの行を消す"
                )
                continue
            seen[key] = number + 1
            self._parts(number, row, question)
            self._same(number, row, question)
        if missing := len(self.by_key) - len(seen):
            self.found.notes.append(f"{missing:,}問の行がファイルにありません。その回答は変えません。")
        answers = {index for index in (*self.at.values(), self.same_at) if index is not None}
        for top, left, span in self.page.merged():
            if left in answers and text_of(_cell(self.page.data.rows[top], self.key_at)) in self.by_key:
                self.found.errors.append(FoundError(span, _MERGED, _UNMERGE, row_number=top + 1))

    def _parts(self, number: int, row: Sequence[Raw], question: Question) -> None:
        values: dict[str, Any] = {}
        for part, column in columns_by_place(question).items():
            index = self.at[part]
            if index is None:
                continue
            self.found.where[question.pk, part] = self.page.where(number, index)
            raw = _cell(row, index)
            try:
                value = read(column, self.page.checked(raw, number, index))
            except CellError as error:
                self._refuse(number, index, question, error.message, error.cure, raw, error.wrong)
            else:
                if value is not KEEP:
                    values[column.name] = value
        self.found.values[question.pk] = values

    def _same(self, number: int, row: Sequence[Raw], question: Question) -> None:
        mark = text_of(_cell(row, self.same_at))
        if mark in _NO_MARKS or self.same_at is None:
            return
        where = self.page.where(number, self.same_at)
        if mark.upper() in _MARKS:
            self.found.same[question.pk] = where
        else:
            self._refuse(
                number, self.same_at, question, _NO_MARK, "同じときは○、違うときは空欄にする", mark, mark
            )

    def _refuse(
        self,
        number: int,
        index: int | None,
        question: Question,
        message: str,
        cure: str,
        raw: Raw = None,
        wrong: str = "",
    ) -> None:
        place = index or 0
        header = next((PLACES[part] for part, at in self.at.items() if at == place), SAME)
        self.found.errors.append(
            FoundError(
                where=self.page.where(number, place),
                message=message,
                cure=cure,
                header=header,
                value=text_of(raw)[:300],
                wrong=wrong[:300],
                label=label_of(question),
                row_number=number + 1,
            )
        )


class _TableReader:
    """Reads the worksheet of one table question."""

    def __init__(self, page: _Page, question: Question, found: Returned) -> None:
        self.page, self.question, self.found = page, question, found
        self.key_at, self.remove_at = page.index(key_heading(question)), page.index(REMOVE, -1)
        self.placed: list[tuple[ColumnSpec, int]] = []
        used: dict[str, int] = {}
        for column in parts_of(question):
            again = used.get(column.header, 0)
            used[column.header] = again + 1
            index = page.index(column.header, again)
            if index is None:
                index = page.index(column.heading, again)
            if index is None:
                self._refuse(
                    page.header_row, 0, f"列「{column.header}」の見出しがありません", "見出しを元に戻す"
                )
            else:
                self.placed.append((column, index))

        self.at = {column.name: index for column, index in self.placed}

    def read(self) -> None:
        """All rows that hold something, or that were sent."""
        rows: list[ReturnedRow] = []
        seen: set[str] = set()
        for number, row in self.page.rows():
            filled = any(text_of(_cell(row, index)) for _, index in self.placed)
            key = text_of(_cell(row, self.key_at))
            if key in seen:  # a row that was copied to make a new one
                key = ""
            if not filled and not key:
                continue
            seen.add(key)
            rows.append(self._row(number, row, key, filled=filled))
        self.found.tables[self.question.pk] = rows
        columns = {index for _, index in self.placed}
        for top, left, span in self.page.merged():
            if left in columns:
                error = FoundError(span, _MERGED, _UNMERGE, row_number=top + 1, label=self.question.code)
                self.found.errors.append(error)

    def _row(self, number: int, row: Sequence[Raw], key: str, *, filled: bool) -> ReturnedRow:
        mark = text_of(_cell(row, self.remove_at))
        found = ReturnedRow(self.page.data, number, self.at, key)
        if not filled or mark.upper() in _MARKS:
            found.removed = True
            return found
        if mark not in _NO_MARKS:
            found.broken = True
            self._refuse(
                number,
                self.remove_at or 0,
                "「削除」の印として読めません",
                "除くときは○、残すときは空欄にする",
                mark,
            )
        for column, index in self.placed:
            raw = _cell(row, index)
            try:
                value = read(column, self.page.checked(raw, number, index))
            except CellError as error:
                found.broken = True
                self._refuse(number, index, error.message, error.cure, raw, error.wrong, column.header)
            else:
                if value is not KEEP:
                    found.values[column.name] = value
        return found

    def _refuse(
        self,
        number: int,
        index: int,
        message: str,
        cure: str,
        raw: Raw = None,
        wrong: str = "",
        header: str = REMOVE,
    ) -> None:
        self.found.errors.append(
            FoundError(
                where=self.page.where(number, index),
                message=message,
                cure=cure,
                header=header,
                value=text_of(raw)[:300],
                wrong=wrong[:300],
                label=f"{self.question.code} {number + 1}行目",
                row_number=number + 1,
            )
        )


def label_of(question: Question) -> str:
    """Number and first line of a question, as people call it."""
    return f"{question.code} {question.text.splitlines()[0] if question.text else ''}".strip()[:300]


_DOUBLE = "同じ設問の行が{}行目にもあります"
_MERGED = "セルが結合されていて、どの設問や行の値か分かりません"
_UNMERGE = "結合を解いて、それぞれのセルに入れる"
_NO_MARK = "「今年も同じ」の印として読めません"
