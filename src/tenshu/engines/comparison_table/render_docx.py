"""The table as a Word file.

A4 landscape, repeated header row, real underlines, borders between provisions.
"""

import io
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.shared import Mm, Pt

from .printing import Column, columns_of, groups_of, row_count
from .table import Cells, ComparisonTable, Entry
from .wording import Segment

_NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_FONT = "ＭＳ 明朝"
_WIDTH = 14570  # twentieths of a point: A4 landscape less 20 mm margins
_NO_XML = {c: None for c in range(32) if c not in (9, 10, 13)}


def docx_bytes(table: ComparisonTable) -> bytes:
    """A .docx file."""
    document = docx.Document()
    _page(document)
    document.add_paragraph(f"{_clean(table.title)}　新旧対照表")
    if table.style.lead:
        document.add_paragraph(_clean(table.style.lead))
    last: Any = document.paragraphs[-1]._element
    last.addnext(parse_xml(_table_xml(table)))
    if table.style.notes:
        document.add_paragraph(f"備考　{_clean(table.style.notes)}")
    document.core_properties.title = f"{_clean(table.title)}　新旧対照表"
    document.core_properties.language = "ja-JP"
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _page(document: Any) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(20)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = _FONT, Pt(10.5)
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    fonts.set("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}eastAsia", _FONT)
    normal.paragraph_format.space_after = Pt(0)


def _table_xml(table: ComparisonTable) -> str:
    columns = columns_of(table)
    sides = [c for c in columns if c.side != "extra"]
    narrow = _WIDTH // 8 if len(columns) > len(sides) else 0
    wide = (_WIDTH - narrow * (len(columns) - len(sides))) // len(sides)
    widths = [narrow if c.side == "extra" else wide for c in columns]
    grid = "".join(f'<w:gridCol w:w="{w}"/>' for w in widths)
    header = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{w}" w:type="dxa"/></w:tcPr>'
        f'<w:p><w:pPr><w:jc w:val="center"/></w:pPr>{_run(c.title)}</w:p></w:tc>'
        for c, w in zip(columns, widths, strict=True)
    )
    rows = [f"<w:tr><w:trPr><w:tblHeader/></w:trPr>{header}</w:tr>"]
    for group in groups_of(table):
        rows.extend(_group_rows(group, columns, widths, table))
    borders = "".join(
        f'<w:{s} w:val="single" w:sz="4"/>' for s in ("top", "left", "bottom", "right", "insideV")
    )
    return (
        f'<w:tbl {_NS}><w:tblPr><w:tblW w:w="{_WIDTH}" w:type="dxa"/><w:tblBorders>{borders}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}</w:tbl>'
    )


def _group_rows(
    group: Sequence[Entry], columns: Sequence[Column], widths: Sequence[int], table: ComparisonTable
) -> list[str]:
    rows: list[str] = []
    at = 0
    while at < len(group):
        count = row_count(group, at)
        border = '<w:tcBorders><w:top w:val="single" w:sz="4"/></w:tcBorders>' if at == 0 else ""
        cells = "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="{w}" w:type="dxa"/>{border}</w:tcPr>'
            f"{_content(group[at : at + count], c, w, table)}</w:tc>"
            for c, w in zip(columns, widths, strict=True)
        )
        rows.append(f"<w:tr>{cells}</w:tr>")
        at += count
    return rows


def _content(entries: Sequence[Entry], column: Column, width: int, table: ComparisonTable) -> str:
    first = entries[0]
    if column.side == "extra":
        return f"<w:p>{_run(first.remark) if column.first_extra and first.remark else ''}</w:p>"
    if first.kind != "row":
        return f"<w:p>{_runs(first.new if column.side == 'new' else first.old, table)}</w:p>"
    rows = [_cells_of(e, column.side) for e in entries]
    rows = [r for r in rows if r]
    if not rows:
        return "<w:p/>"
    count = max(len(r) for r in rows)
    inner = (width - 300) // count
    lines = "".join(_inner_row(r, count, inner, table) for r in rows)
    grid = f'<w:gridCol w:w="{inner}"/>' * count
    borders = "".join(
        f'<w:{s} w:val="single" w:sz="4"/>' for s in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{inner * count}" w:type="dxa"/>'
        f"<w:tblBorders>{borders}</w:tblBorders></w:tblPr>"
        f"<w:tblGrid>{grid}</w:tblGrid>{lines}</w:tbl><w:p/>"
    )


def _cells_of(entry: Entry, side: str) -> Cells:
    cells = entry.new_cells if side == "new" else entry.old_cells
    segments = entry.new if side == "new" else entry.old
    return cells or ([segments] if segments else [])


def _inner_row(cells: Cells, count: int, width: int, table: ComparisonTable) -> str:
    parts: list[str] = []
    for at in range(count):
        cell = cells[at] if at < len(cells) else []
        thick = table.style.changed_cells == "border" and any(s.changed for s in cell)
        sides = "".join(f'<w:{s} w:val="single" w:sz="18"/>' for s in ("top", "left", "bottom", "right"))
        border = f"<w:tcBorders>{sides}</w:tcBorders>" if thick else ""
        parts.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{border}</w:tcPr>'
            f"<w:p>{_runs(cell, table)}</w:p></w:tc>"
        )
    return f"<w:tr>{''.join(parts)}</w:tr>"


def _runs(segments: Sequence[Segment], table: ComparisonTable) -> str:
    return "".join(_run(s.text, _line_of(s, table)) for s in segments)


def _line_of(segment: Segment, table: ComparisonTable) -> str:
    if not segment.changed or table.style.underline == "none":
        return ""
    return "double" if segment.strong or table.style.underline == "double" else "single"


def _run(text: str, underline: str = "") -> str:
    properties = f'<w:rPr><w:u w:val="{underline}"/></w:rPr>' if underline else ""
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(_clean(text))}</w:t></w:r>'


def _clean(text: str) -> str:
    """Control characters cannot stand in XML."""
    return text.translate(_NO_XML)
