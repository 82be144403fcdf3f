"""A workbook looked through before its values are read: formulas, links, size, error values.

The scan streams every XML part, so that its memory does not grow with the file, and it counts cells itself
instead of trusting what the file says about its size.
"""

import posixpath
import re
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.parsers import expat

from tenshu.ground.files.archives import ArchiveLimits, check_entries, office_kind, open_entry, opened_archive
from tenshu.ground.files.refusals import FileRefused

LIMITS = ArchiveLimits(entries=2_000, unpacked=150_000_000)
MOST_COLUMNS = 500
MOST_ROWS = 100_000
MOST_CELLS = 4_000_000
MOST_TEXT = 100_000_000
"""Characters that all cells together may show: a text that is kept once may be shown a million times."""
_NAMESPACES = {
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
}
_RELATION_ID = "http://schemas.openxmlformats.org/officeDocument/2006/relationships id"
_STRICT_RELATION_ID = "http://purl.oclc.org/ooxml/officeDocument/relationships id"
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,4})\$?([0-9]{1,8})")
_BROKEN = "Excelファイルが壊れていて開けません。Excelで開いて保存し直してください。"


@dataclass
class PartScan:
    """What one XML part holds: formulas and error values by cell, and the farthest filled cell."""

    formulas: list[str] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    last_row: int = 0
    last_column: int = 0
    sheets: list[tuple[str, str]] = field(default_factory=list)
    targets: dict[str, str] = field(default_factory=dict)
    shared: Counter[str] = field(default_factory=Counter)
    """How often the cells show each shared text, by its number as it stands in the file."""
    texts: list[int] = field(default_factory=list)
    """Lengths of the shared texts."""


def scan_workbook(stream: BinaryIO) -> dict[str, PartScan]:
    """Look through the workbook in ``stream``; gives what each sheet holds, by the sheet's name.

    Raises:
        FileRefused: no .xlsx by content, broken, a bomb, macros, formulas, links to other files or to
            data sources, or a sheet that is too large.
    """
    with opened_archive(stream, LIMITS) as archive:
        names = archive.namelist()
        if office_kind(archive) != "xlsx" or "xl/workbook.xml" not in names:
            raise FileRefused(
                "Excelブック（.xlsx）ではありません。Excelで .xlsx として保存し直してください。"
            )
        _refuse_links(names)
        check_entries(archive)
        parts = {name: _scan_part(archive, name) for name in names if _is_xml(archive, name)}
    by_name = _by_sheet_name(parts)
    _refuse_formulas(by_name)
    _refuse_repeated(parts)
    return by_name


def column_letters(index: int) -> str:
    """0 → A, 26 → AA."""
    letters, index = "", index + 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _refuse_links(names: list[str]) -> None:
    if any(name.startswith("xl/externalLinks/") for name in names):
        raise FileRefused(
            "別のファイルへのリンクが入っています。「データ」の「リンクの編集」で切ってから保存し直してください。"
        )
    if any(name in {"xl/connections.xml"} or name.startswith("xl/queryTables/") for name in names):
        raise FileRefused("外部データへの接続が入っています。接続を消してから保存し直してください。")


def _refuse_formulas(by_name: dict[str, PartScan]) -> None:
    cells = [f"{sheet}!{cell}" for sheet, scan in by_name.items() for cell in scan.formulas]
    if cells:
        shown = "、".join(cells[:5])
        more = f" ほか{len(cells) - 5:,}か所" if len(cells) > 5 else ""
        raise FileRefused(
            f"数式が入っています（{shown}{more}）。値として貼り付け直してから保存してください。"
        )


def _refuse_repeated(parts: dict[str, PartScan]) -> None:
    """A reader makes a text of its own for every cell: ten thousand letters shown in a million cells fill any memory."""
    texts = max((scan.texts for scan in parts.values()), key=len)
    shown = sum(
        count * texts[int(number)]
        for scan in parts.values()
        for number, count in scan.shared.items()
        if number.isdecimal() and len(number) < 10 and int(number) < len(texts)
    )
    if shown > MOST_TEXT:
        raise FileRefused(
            "同じ長い文章が非常に多くのセルに入っています。要らないセルを消すか、ファイルを分けてください。"
        )


def _is_xml(archive: zipfile.ZipFile, name: str) -> bool:
    if name.endswith("/"):
        return False
    with open_entry(archive, name) as part:
        head = part.read(64).lstrip(b"\xef\xbb\xbf\r\n\t ")
    return head.startswith((b"<", b"\xff\xfe", b"\xfe\xff", b"\x00<"))


def _scan_part(archive: zipfile.ZipFile, name: str) -> PartScan:
    scanner = _PartScanner()
    with open_entry(archive, name) as part:
        try:
            scanner.parser.ParseFile(part)
        except expat.ExpatError as error:
            if name.startswith("xl/") and not name.startswith(("xl/drawings/", "xl/media/")):
                raise FileRefused(_BROKEN) from error
    return scanner.found


class _PartScanner:
    """Walks the elements of one part."""

    def __init__(self) -> None:
        self.found = PartScan()
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self._cell = ""
        self._kind = ""
        self._row = 0
        self._column = -1
        self._text: list[str] = []

    def _doctype(self, *_: object) -> None:
        raise FileRefused(_BROKEN)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        namespace, _, name = tag.rpartition(" ")
        if name == "row":
            given = attributes.get("r", "")
            self._row = int(given[:9]) if given.isdecimal() else self._row + 1
            self._column = -1
        elif name == "c":
            self._start_cell(attributes)
        elif name in ("v", "is") and self._cell:
            self._note_filled()
            if self._kind == "s":
                self._listen()
        elif name == "si":
            self._listen()
        elif name == "f" and self._cell and namespace in _NAMESPACES:
            self.found.formulas.append(self._cell)
        elif name == "sheet":
            relation = attributes.get(_RELATION_ID) or attributes.get(_STRICT_RELATION_ID) or ""
            self.found.sheets.append((attributes.get("name", ""), relation))
        elif name == "Relationship":
            self.found.targets[attributes.get("Id", "")] = attributes.get("Target", "")
        elif name == "sheetData":
            self._cell = ""

    def _listen(self) -> None:
        self._text = []
        self.parser.CharacterDataHandler = self._text.append

    def _end(self, tag: str) -> None:
        if self.parser.CharacterDataHandler is None:
            return
        name = tag.rpartition(" ")[2]
        if name == "v":
            # +0007 is 7 to a reader
            self.found.shared["".join(self._text).strip().lstrip("+").lstrip("0") or "0"] += 1
        elif name == "si":
            self.found.texts.append(sum(map(len, self._text)))
        else:
            return
        self.parser.CharacterDataHandler = None

    def _start_cell(self, attributes: dict[str, str]) -> None:
        match = _REFERENCE.fullmatch(attributes.get("r", ""))
        if match:
            self._row, self._column = int(match[2]), _column_index(match[1])
        else:
            self._column += 1
        self._cell = f"{column_letters(self._column)}{self._row}"
        self._kind = attributes.get("t", "")

    def _note_filled(self) -> None:
        found = self.found
        found.last_row = max(found.last_row, self._row)
        found.last_column = max(found.last_column, self._column + 1)
        if found.last_column > MOST_COLUMNS:
            raise FileRefused(
                f"列が{MOST_COLUMNS:,}を超えています（{self._cell}）。要らない列を消してください。"
            )
        if found.last_row > MOST_ROWS or found.last_row * found.last_column > MOST_CELLS:
            raise FileRefused(f"行が多すぎます（{self._cell}）。{MOST_ROWS:,}行までに分けてください。")
        if self._kind == "e":
            found.errors[self._cell] = "#"


def _column_index(letters: str) -> int:
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def _by_sheet_name(parts: dict[str, PartScan]) -> dict[str, PartScan]:
    book, relations = parts.get("xl/workbook.xml"), parts.get("xl/_rels/workbook.xml.rels")
    if book is None or relations is None or not book.sheets:
        raise FileRefused(_BROKEN)
    found = {}
    for name, relation in book.sheets:
        target = relations.targets.get(relation, "")
        path = target.removeprefix("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        found[name] = parts.get(path, PartScan())
    for path, scan in parts.items():
        if scan.formulas and not any(scan is listed for listed in found.values()):
            found[posixpath.basename(path)] = scan
    return found
