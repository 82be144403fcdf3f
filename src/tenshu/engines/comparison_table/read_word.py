"""Word files → printed lines.

Automatic numbers as printed, ruby without its reading, tracked changes refused.
"""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import docx
from docx.opc.exceptions import PackageNotFoundError

from .model import Document, RegulationError
from .numerals import GOJUON, IROHA, full_width, kanji_numeral
from .parser import Line, parse_lines

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
Tracked = Literal["refuse", "accept", "reject"]
_INSERTED, _DELETED = (f"{W}ins", f"{W}moveTo"), (f"{W}del", f"{W}moveFrom")


def read_docx(data: bytes, source: str = "", tracked: Tracked = "refuse") -> Document:
    """Read a regulation from a .docx file.

    Tracked changes are refused unless ``tracked`` says to take the accepted or the rejected text; text
    boxes are always refused, since their place in the text is unknown. Raises RegulationError.
    """
    try:
        package = docx.Document(io.BytesIO(data))
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise RegulationError(f"{source}: Wordファイル（.docx）として開けません。") from error
    body = package.element.body
    if tracked == "refuse" and any(True for _ in body.iter(*_INSERTED, *_DELETED)):
        raise RegulationError(
            f"{source}: 変更履歴が残っています。"
            "Wordで承諾又は取消しをするか、読み方（承諾後・承諾前）を指定してください。"
        )
    if any(True for _ in body.iter(f"{W}txbxContent")):
        raise RegulationError(
            f"{source}: テキストボックスがあります。中の文を本文に移してから読み込んでください。"
        )
    numbering = _Numbering(package)
    lines: list[Line] = []
    for element in body.iterchildren(f"{W}p", f"{W}tbl", f"{W}sdt"):
        lines.extend(_lines(element, numbering, tracked))
    return parse_lines(lines, source)


def read_docx_file(path: Path, tracked: Tracked = "refuse") -> Document:
    """Read a .docx file by path."""
    return read_docx(path.read_bytes(), path.name, tracked)


def _lines(element: Any, numbering: "_Numbering", tracked: Tracked) -> Iterator[Line]:
    if element.tag == f"{W}tbl":
        for row in element.iterchildren(f"{W}tr"):
            cells = tuple(
                " ".join(_text(p, tracked).strip() for p in cell.iter(f"{W}p")).strip()
                for cell in row.iterchildren(f"{W}tc")
            )
            yield cells if len(cells) > 1 else cells[0] if cells else ""
    elif element.tag == f"{W}sdt":
        for content in element.iterchildren(f"{W}sdtContent"):
            for inner in content.iterchildren(f"{W}p", f"{W}tbl"):
                yield from _lines(inner, numbering, tracked)
    else:
        number = numbering.label(element)
        for at, line in enumerate(_text(element, tracked).split("\n")):
            whole = (number if at == 0 else "") + line
            yield whole.replace("\t", "\u3000").rstrip(" \u3000")


def _text(paragraph: Any, tracked: Tracked) -> str:
    left_out = _INSERTED if tracked == "reject" else _DELETED
    parts: list[str] = []

    def visit(node: Any) -> None:
        if node.tag in left_out or node.tag == f"{W}rt" or node.tag in (f"{W}pPr", f"{W}rPr"):
            return
        if node.tag in (f"{W}t", f"{W}delText"):
            parts.append(node.text or "")
        elif node.tag == f"{W}tab":
            parts.append("\t")
        elif node.tag in (f"{W}br", f"{W}cr"):
            parts.append("\n")
        for child in node:
            visit(child)

    visit(paragraph)
    return "".join(parts)


class _Numbering:
    """Automatic numbers, counted as Word prints them."""

    def __init__(self, package: Any) -> None:
        self.levels: dict[str, dict[int, tuple[str, str, int, str]]] = {}
        self.counts: dict[str, dict[int, int]] = {}
        self.shared: dict[str, str] = {}
        self.by_style: dict[str, tuple[str, int]] = {}
        part = next(
            (r.target_part for r in package.part.rels.values() if r.reltype.endswith("/numbering")), None
        )
        if part is not None:
            self._read(part.element)
        for style in package.styles.element.iter(f"{W}style"):
            found = _number_of(style)
            if found:
                self.by_style[style.get(f"{W}styleId")] = found

    def _read(self, root: Any) -> None:
        abstract: dict[str, dict[int, tuple[str, str, int, str]]] = {}
        for definition in root.iter(f"{W}abstractNum"):
            levels = abstract.setdefault(definition.get(f"{W}abstractNumId"), {})
            for level in definition.iter(f"{W}lvl"):
                values = {c.tag: c.get(f"{W}val") for c in level}
                levels[int(level.get(f"{W}ilvl"))] = (
                    values.get(f"{W}numFmt", "decimal") or "decimal",
                    values.get(f"{W}lvlText", "") or "",
                    int(values.get(f"{W}start", "1") or 1),
                    values.get(f"{W}suff", "tab") or "tab",
                )
        for number in root.iter(f"{W}num"):
            identity = number.get(f"{W}numId")
            target = number.find(f"{W}abstractNumId").get(f"{W}val")
            self.levels[identity] = abstract.get(target, {})
            own = number.find(f"{W}lvlOverride") is not None
            self.shared[identity] = f"num{identity}" if own else f"abstract{target}"

    def label(self, paragraph: Any) -> str:
        """The printed number with its gap, empty when the paragraph has none."""
        properties = paragraph.find(f"{W}pPr")
        found = _number_of(paragraph)
        if found is None and properties is not None:
            style = properties.find(f"{W}pStyle")
            found = self.by_style.get(style.get(f"{W}val")) if style is not None else None
        if found is None or found[0] not in self.levels or found[1] not in self.levels[found[0]]:
            return ""
        identity, level = found
        counts = self.counts.setdefault(self.shared[identity], {})
        counts[level] = counts.get(level, self.levels[identity][level][2] - 1) + 1
        for deeper in [k for k in counts if k > level]:
            del counts[deeper]
        words = self.levels[identity][level][1]
        for k, (form, _, start, _) in self.levels[identity].items():
            words = words.replace(f"%{k + 1}", _formatted(counts.get(k, start), form))
        if self.levels[identity][level][0] in ("bullet", "none") or not words:
            return ""
        return words + {"nothing": "", "space": " "}.get(self.levels[identity][level][3], "\u3000")


def _number_of(element: Any) -> tuple[str, int] | None:
    found = element.find(f"{W}pPr/{W}numPr")
    if found is None or found.find(f"{W}numId") is None:
        return None
    level = found.find(f"{W}ilvl")
    return found.find(f"{W}numId").get(f"{W}val"), int(level.get(f"{W}val")) if level is not None else 0


def _formatted(value: int, form: str) -> str:
    if form in ("decimalFullWidth", "decimalFullWidth2"):
        return full_width(value)
    if form in ("aiueo", "aiueoFullWidth"):
        return GOJUON[value - 1]
    if form in ("iroha", "irohaFullWidth"):
        return IROHA[value - 1]
    if form in ("japaneseCounting", "japaneseDigitalTenThousand", "ideographDigital", "japaneseLegal"):
        return kanji_numeral(value)
    if form in ("decimalEnclosedCircle", "decimalEnclosedCircleChinese"):
        return chr(0x245F + value)
    if form == "decimalEnclosedParen":
        return chr(0x2473 + value)
    if form in ("lowerLetter", "upperLetter"):
        return chr((96 if form == "lowerLetter" else 64) + value)
    return str(value)
