"""The table as PDF/UA through Typst: A4 landscape, repeated header, underlines."""

import json
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

import typst

from .printing import Column, columns_of, groups_of, row_count
from .table import Cells, ComparisonTable, Entry
from .wording import Segment

_PREAMBLE = """
#set page(paper: "a4", flipped: true, margin: 20mm, numbering: "1")
#set text(lang: "ja", font: "Noto Sans CJK JP", size: 10.5pt)
#set par(leading: 0.7em)
#let one(s) = underline(offset: 2.5pt, s)
#let two(s) = box(underline(offset: 2.5pt, underline(offset: 4.5pt, s)))
"""


def pdf_bytes(table: ComparisonTable) -> bytes:
    """A PDF file that claims PDF/UA-1. Fonts come with the package noto-cjk-sans-jp-regular."""
    fonts = typst.Fonts(include_system_fonts=False, font_paths=_font_folders())
    source = typst_source(table).encode()
    return bytes(typst.compile(source, font_paths=fonts, format="pdf", pdf_standards=["ua-1"]))


def _font_folders() -> list[Path]:
    return [Path(str(resources.files("noto_cjk_sans_jp_regular")))]


def typst_source(table: ComparisonTable) -> str:
    """The Typst document; every text goes in as a string literal, so nothing in it is markup."""
    columns = columns_of(table)
    widths = ", ".join("1fr" if c.side == "extra" else "4fr" for c in columns)
    heads = ", ".join(f"align(center, {_literal(c.title)})" for c in columns)
    lines = [
        f"#set document(title: {_literal(table.title + '　新旧対照表')})",
        _PREAMBLE,
        f"#{_literal(table.title + '　新旧対照表')}\n",
    ]
    if table.style.lead:
        lines.append(f"#{_literal(table.style.lead)}\n")
    lines.append(
        f"#table(columns: ({widths}), inset: (x: 5pt, y: 4pt), stroke: (x: 0.5pt, top: none, bottom: none),"
        f" table.header(repeat: true, table.hline(stroke: 0.5pt), {heads}, table.hline(stroke: 0.5pt)),"
    )
    for group in groups_of(table):
        lines.extend(_group_lines(group, columns, table))
        lines.append("table.hline(stroke: 0.5pt),")
    lines.append(")")
    if table.style.notes:
        lines.append(f"\n#{_literal('備考　' + table.style.notes)}")
    return "\n".join(lines)


def _group_lines(group: Sequence[Entry], columns: Sequence[Column], table: ComparisonTable) -> list[str]:
    lines: list[str] = []
    at = 0
    while at < len(group):
        count = row_count(group, at)
        lines.append(", ".join(_content(group[at : at + count], c, table) for c in columns) + ",")
        at += count
    return lines


def _content(entries: Sequence[Entry], column: Column, table: ComparisonTable) -> str:
    first = entries[0]
    if column.side == "extra":
        return f"[#{_literal(first.remark if column.first_extra else '')}]"
    if first.kind != "row":
        return f"[{_inline(first.new if column.side == 'new' else first.old, table)}]"
    rows: list[Cells] = []
    for entry in entries:
        cells = entry.new_cells if column.side == "new" else entry.old_cells
        segments = entry.new if column.side == "new" else entry.old
        if cells or segments:
            rows.append(cells or [segments])
    if not rows:
        return "[]"
    count = max(len(r) for r in rows)
    inner = ", ".join(_inner_cell(r[k] if k < len(r) else [], table) for r in rows for k in range(count))
    return f"table(columns: {count}, stroke: 0.5pt, {inner})"


def _inner_cell(cell: Sequence[Segment], table: ComparisonTable) -> str:
    content = f"[{_inline(cell, table)}]"
    thick = table.style.changed_cells == "border" and any(s.changed for s in cell)
    return f"table.cell(stroke: 2pt, {content})" if thick else content


def _inline(segments: Sequence[Segment], table: ComparisonTable) -> str:
    words: list[str] = []
    for segment in segments:
        text = _literal(segment.text)
        if not segment.changed or table.style.underline == "none":
            words.append(f"#{text}")
        elif segment.strong or table.style.underline == "double":
            words.append(f"#two({text})")
        else:
            words.append(f"#one({text})")
    return ";".join(words) + (";" if words else "")


def _literal(text: str) -> str:
    """A Typst string literal; its escapes are those of JSON except for \\u."""
    plain = "".join(c for c in text if c >= " ")
    return json.dumps(plain, ensure_ascii=False)
