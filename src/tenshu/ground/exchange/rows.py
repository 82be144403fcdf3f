"""The rows of a returned sheet as typed values, with every cell that could not be read."""

import datetime
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tenshu.ground.exchange.cells import TOO_LONG, CellError, Raw, folded, text_of
from tenshu.ground.exchange.columns import ColumnSpec, RowContext
from tenshu.ground.exchange.layout import Layout, PlacedColumn
from tenshu.ground.exchange.lookups import Directory, Lookups, ReferenceColumn, references
from tenshu.ground.exchange.spec import Key, TableSpec


@dataclass(frozen=True, slots=True)
class FoundError:
    """A cell (or a row, or a file) that keeps the import from going on."""

    where: str
    """会議!C5."""
    message: str
    cure: str = ""
    header: str = ""
    value: str = ""
    wrong: str = ""
    label: str = ""
    row_number: int = 0
    column: str = ""


@dataclass
class ReadRow:
    """A row as it was read. ``values`` has only the columns that the file has and that could be read."""

    number: int
    """Row of the sheet, from 1."""
    values: dict[str, Any] = field(default_factory=dict)
    key: Key | None = None
    sent_key: str = ""
    version: str = ""
    removed: bool = False
    reason: str = ""
    label: str = ""
    errors: list[FoundError] = field(default_factory=list)
    named: dict[str, str] = field(default_factory=dict)
    """Natural keys as the cells of reference columns give them."""

    def keep_reference(self, name: str, pk: Any) -> None:
        """The cell still names the record that stands there, whatever its key means on another day."""
        self.values[name] = pk
        self.errors = [error for error in self.errors if error.column != name]


def key_text(spec: TableSpec, key: Key) -> str:
    """A natural key as one text, for hidden columns and for remembering choices."""
    plain = [spec.column(name).plain(value) for name, value in zip(spec.key, key, strict=True)]
    return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def key_from_text(spec: TableSpec, text: str) -> Key | None:
    """The natural key that ``key_text`` wrote; ``None`` when somebody changed it."""
    try:
        plain = json.loads(text)
        if not isinstance(plain, list) or any(isinstance(value, list | dict) for value in plain):
            return None
        return tuple(spec.column(name).unplain(value) for name, value in zip(spec.key, plain, strict=True))
    except (ValueError, TypeError, ArithmeticError, RecursionError):
        return None


class RowReader:
    """Reads all rows of one sheet by its layout."""

    def __init__(self, spec: TableSpec, layout: Layout, lookups: Lookups) -> None:
        self.spec, self.layout, self.lookups = spec, layout, lookups
        self.sheet = layout.sheet
        self._index = {place.column.name: place.index for place in layout.placed}
        self._label_at = self._index.get(spec.label or spec.key[0])

    def read(self) -> list[ReadRow]:
        """Every filled row below the headings. Unreadable cells are in the rows' ``errors``."""
        self._load_references()
        rows = [self._row(number, raw) for number, raw in self._filled_rows()]
        self._note_merged(rows)
        self._note_doubles(rows)
        return rows

    def _filled_rows(self) -> Iterator[tuple[int, Sequence[Raw]]]:
        places = [
            place.index
            for place in self.layout.placed
            if place.column.editable or place.column.name in self.spec.key
        ]
        start = self.layout.header_row + 1
        for number, raw in enumerate(self.sheet.rows[start:], start=start):
            if any(index < len(raw) and text_of(raw[index]) for index in places):
                yield number, raw

    def _load_references(self) -> None:
        """Find all records that the file names, with one query a directory."""
        listed = {column.name: column for column in references(place.column for place in self.layout.placed)}
        named: dict[Directory, set[str]] = {}
        for _, raw in self._filled_rows():
            for name, column in listed.items():
                if text := folded(_cell(raw, self._index[name])):
                    named.setdefault(column.directory, set()).add(text)
        for directory, keys in named.items():
            self.lookups.load_keys(directory, keys)
        for column in listed.values():
            if column.in_file and column.in_file in self._index:
                at = self._index[column.in_file]
                self.lookups.note_in_file(
                    column.in_file, (folded(_cell(raw, at)) for _, raw in self._filled_rows())
                )

    def _row(self, number: int, raw: Sequence[Raw]) -> ReadRow:
        row = ReadRow(number + 1)
        if self._label_at is not None:
            row.label = text_of(_cell(raw, self._label_at))[:100]
        self._read_own_columns(row, raw)
        days: dict[str, datetime.date | None] = {}
        for place in self._in_reading_order():
            value = _cell(raw, place.index)
            if value == TOO_LONG or not (place.column.editable or place.column.name in self.spec.key):
                continue
            if isinstance(place.column, ReferenceColumn):
                row.named[place.column.name] = folded(value)
            context = RowContext(self.lookups, place.unit, self._day_of(place.column, days))
            try:
                row.values[place.column.name] = read = place.column.read(
                    self._checked(value, number, place), context
                )
            except CellError as error:
                row.errors.append(self._error(row, number, place, value, error))
            else:
                if isinstance(read, datetime.date):
                    days[place.column.name] = read
        if all(name in row.values for name in self.spec.key):
            row.key = tuple(row.values[name] for name in self.spec.key)
        return row

    def _in_reading_order(self) -> list[PlacedColumn]:
        """Dates before the references that are looked up as of them."""
        if not hasattr(self, "_ordered"):
            self._ordered = sorted(self.layout.placed, key=lambda place: bool(references([place.column])))
        return self._ordered

    @staticmethod
    def _day_of(column: ColumnSpec, days: Mapping[str, datetime.date | None]) -> datetime.date | None:
        on = getattr(column, "on", None)
        return days.get(on) if isinstance(on, str) else on

    def _checked(self, value: Raw, number: int, place: PlacedColumn) -> Raw:
        reference = self.sheet.reference(number, place.index)
        if self.sheet.errors and reference.rpartition("!")[2] in self.sheet.errors:
            raise CellError("Excelのエラー値（#N/A、#REF! など）が入っています", "値を入れ直す", "#")
        return value

    def _read_own_columns(self, row: ReadRow, raw: Sequence[Raw]) -> None:
        layout = self.layout
        row.sent_key = text_of(_cell(raw, layout.key_index))
        row.version = text_of(_cell(raw, layout.version_index))
        row.reason = text_of(_cell(raw, layout.reason_index))
        if layout.remove_index is None:
            return
        mark = folded(_cell(raw, layout.remove_index))
        row.removed = mark in {"削除", "○", "◯", "〇", "はい", "1", "レ", "TRUE"}
        where = self.sheet.reference(row.number - 1, layout.remove_index)
        if mark and not row.removed and mark not in {"-", "いいえ", "×"}:
            row.errors.append(
                FoundError(where, "「削除」の印として読めません", "消すときは○、消さないときは空欄にする",
                           "削除", mark, mark, row.label, row.number)
            )  # fmt: skip
        if row.removed and not row.reason:
            row.errors.append(
                FoundError(
                    where, "消す理由がありません", "「理由」の列に書く", "理由", "", "", row.label, row.number
                )
            )

    def _error(
        self, row: ReadRow, number: int, place: PlacedColumn, value: Raw, error: CellError
    ) -> FoundError:
        return FoundError(
            where=self.sheet.reference(number, place.index),
            message=error.message,
            cure=error.cure,
            header=place.column.header,
            value=text_of(value)[:300],
            wrong=error.wrong[:300],
            label=row.label,
            row_number=row.number,
            column=place.column.name,
        )

    def where(self, row: ReadRow, name: str) -> str:
        """The cell of a column in a row; the row's first cell for a column that the file lacks."""
        return self.sheet.reference(
            row.number - 1, self._index.get(name, self._index[self.layout.placed[0].column.name])
        )

    def _note_merged(self, rows: list[ReadRow]) -> None:
        by_number = {row.number: row for row in rows}
        for (top, left), (bottom, right) in self.sheet.merged:
            if bottom <= self.layout.header_row or not any(
                left <= place.index <= right for place in self.layout.placed
            ):
                continue
            row = by_number.get(top + 1)
            if row is None:
                continue
            span = (
                f"{self.sheet.reference(top, left)}:{self.sheet.reference(bottom, right).rpartition('!')[2]}"
            )
            message = "セルが結合されていて、どの行の値か分かりません"
            row.errors.append(
                FoundError(
                    span,
                    message,
                    "結合を解いて、それぞれのセルに入れる",
                    label=row.label,
                    row_number=row.number,
                )
            )

    def _note_doubles(self, rows: list[ReadRow]) -> None:
        if not self.spec.key:
            return  # such a file has no key of its own: its rows are told apart by their place
        counts = Counter(row.key for row in rows if row.key is not None)
        first: dict[Key, ReadRow] = {}
        for row in rows:
            if row.key is None or counts[row.key] == 1:
                continue
            if row.key not in first:
                first[row.key] = row
                continue
            headers = "と".join(f"「{self.spec.column(name).header}」" for name in self.spec.key)
            row.errors.append(
                FoundError(
                    where=self.where(row, self.spec.key[0]),
                    message=f"{headers}が{first[row.key].number}行目と同じです",
                    cure="どちらかの行を消すか、正しい値に直す",
                    header=self.spec.column(self.spec.key[0]).header,
                    label=row.label,
                    row_number=row.number,
                )
            )


def _cell(raw: Sequence[Raw], index: int | None) -> Raw:
    return raw[index] if index is not None and index < len(raw) else None
