"""Where the columns of a spec stand in a returned sheet: found by heading, wherever they were moved to."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tenshu.engines.japanese import fold_width
from tenshu.ground.exchange.cells import Raw, text_of
from tenshu.ground.exchange.columns import ColumnSpec
from tenshu.ground.exchange.quantities import YenColumn
from tenshu.ground.exchange.reading import Book, SheetData
from tenshu.ground.exchange.spec import TableSpec
from tenshu.ground.files.refusals import FileRefused

KEY_HEADING = "__行の鍵"
VERSION_HEADING = "__行の版"
REMOVE_HEADING = "削除"
REASON_HEADING = "理由"
REQUIRED_MARK = "必ず入れる"
_SEARCHED_ROWS = 20
_UNIT = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]$")


@dataclass(frozen=True, slots=True)
class PlacedColumn:
    """A column of the spec at its place in the sheet, with the unit that its heading names."""

    column: ColumnSpec
    index: int
    unit: str


@dataclass
class Layout:
    """What stands where in a sheet."""

    sheet: SheetData
    header_row: int
    placed: list[PlacedColumn] = field(default_factory=list)
    key_index: int | None = None
    version_index: int | None = None
    remove_index: int | None = None
    reason_index: int | None = None
    unknown: list[str] = field(default_factory=list)

    def has(self, name: str) -> bool:
        """Whether the sheet has the column called ``name``."""
        return any(place.column.name == name for place in self.placed)


def find_layout(book: Book, spec: TableSpec, sheet_name: str | None = None) -> Layout:
    """The sheet and row in which the headings of ``spec`` stand.

    The sheet called ``sheet_name`` (the spec's title) is taken, else the visible sheet that has the most of
    the headings, so that a renamed or copied sheet is found too.

    Raises:
        FileRefused: no sheet has the headings, a heading that is needed is missing or stands twice.
    """
    wanted = sheet_name or spec.title
    named = book.sheet(wanted)
    candidates = [named] if named else book.visible()
    if sheet_name and named is None and len(book.sheets) > 1:
        raise FileRefused(f"シート「{sheet_name}」がありません。")
    best = max(
        ((_hits(row, spec.columns), sheet, number) for sheet in candidates for number, row in _head(sheet)),
        key=lambda found: found[0],
        default=None,
    )
    if best is None or best[0] == 0:
        headings = "、".join(column.header for column in spec.columns[:5])
        raise FileRefused(
            f"「{wanted}」の見出し（{headings}など）が見つかりません。見出しの行を消さずに使ってください。"
        )
    return _placed(best[1], best[2], spec)


def _head(sheet: SheetData) -> Iterable[tuple[int, Sequence[Raw]]]:
    return enumerate(sheet.rows[:_SEARCHED_ROWS])


def _hits(row: Sequence[Raw], columns: Sequence[ColumnSpec]) -> int:
    present = {
        heading_key(value, with_unit=with_unit)[0]
        for value in row
        if isinstance(value, str)
        for with_unit in (True, False)
    }
    return sum(1 for column in columns if present & _names_of(column))


def _placed(sheet: SheetData, header_row: int, spec: TableSpec) -> Layout:
    layout = Layout(sheet, header_row)
    by_name = {name: column for column in spec.columns for name in _names_of(column)}
    for index, raw in enumerate(sheet.rows[header_row]):
        heading = text_of(raw)
        bare, unit = heading_key(heading)
        if not bare:
            continue
        column = by_name.get(bare) or by_name.get(heading_key(heading, with_unit=False)[0])
        if column is not None:
            _place(layout, column, index, unit)
        elif not _place_own(layout, spec, bare, index):
            layout.unknown.append(f"{sheet.reference(header_row, index)} {heading}")
    missing = [
        c.header for c in spec.columns if (c.required or c.name in spec.key) and not layout.has(c.name)
    ]
    if missing:
        listed = "、".join(f"「{header}」" for header in missing)
        raise FileRefused(
            f"シート「{sheet.name}」に列{listed}がありません。見出しを消したり変えたりせずに使ってください。"
        )
    return layout


def _place(layout: Layout, column: ColumnSpec, index: int, unit: str) -> None:
    where = layout.sheet.reference(layout.header_row, index)
    if layout.has(column.name):
        raise FileRefused(f"列「{column.header}」が二つあります（{where}）。一つにしてください。")
    convertible = isinstance(column, YenColumn) and unit in ("円", "千円")
    if unit and column.unit and unit != fold_width(column.unit) and not convertible:
        raise FileRefused(
            f"列「{column.header}」の単位が{unit}です（{where}）。{column.unit}で入れてください。"
        )
    layout.placed.append(PlacedColumn(column, index, unit if isinstance(column, YenColumn) else ""))


def _place_own(layout: Layout, spec: TableSpec, bare: str, index: int) -> bool:
    """The columns that every exported sheet has besides those of its spec."""
    if bare == heading_key(KEY_HEADING)[0]:
        layout.key_index = index
    elif bare == heading_key(VERSION_HEADING)[0]:
        layout.version_index = index
    elif spec.removable and bare == REMOVE_HEADING:
        layout.remove_index = index
    elif spec.removable and bare == REASON_HEADING:
        layout.reason_index = index
    else:
        return False
    return True


def _names_of(column: ColumnSpec) -> set[str]:
    return {heading_key(name, with_unit=False)[0] for name in (column.header, *column.also)}


def heading_key(raw: Raw, *, with_unit: bool = True) -> tuple[str, str]:
    """A heading without blanks, line ends and marks, and the unit in brackets at its end (or "")."""
    text = "".join(fold_width(text_of(raw)).split()).removesuffix(REQUIRED_MARK)
    if with_unit and (match := _UNIT.search(text)):
        return text[: match.start()], match[1]
    return text, ""
