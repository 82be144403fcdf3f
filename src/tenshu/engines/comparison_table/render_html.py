"""The table as an accessible HTML page.

Header cells with scope, <ins>/<del> underlined, one tbody a provision.
"""

from collections.abc import Sequence
from html import escape

from .printing import Column, columns_of, groups_of, row_count
from .table import Cells, ComparisonTable, Entry
from .wording import Segment

STYLE = """
body { font-family: "BIZ UDMincho", "Yu Mincho", "Noto Serif CJK JP", serif; line-height: 1.7; }
table.comparison { border-collapse: collapse; width: 100%; table-layout: fixed; }
table.comparison > caption { text-align: start; font-weight: bold; padding-block-end: .5em; }
table.comparison > thead th { border: 1px solid; padding: .25em .75em; }
table.comparison > tbody { border: 1px solid; }
table.comparison > tbody > tr > td { border-inline: 1px solid; padding: 0 .75em; vertical-align: top;
  white-space: pre-wrap; overflow-wrap: anywhere; }
table.comparison ins, table.comparison del { text-decoration: underline; text-underline-offset: .2em; }
table.comparison .double { text-decoration-style: double; }
table.comparison table { border-collapse: collapse; width: 100%; }
table.comparison table td { border: 1px solid; padding: 0 .5em; }
table.comparison table td.changed { border-width: 3px; }
@page { size: A4 landscape; margin: 15mm; }
@media print { table.comparison > thead { display: table-header-group; } tr { break-inside: avoid; } }
"""


def html_fragment(table: ComparisonTable) -> str:
    """The ``<table>`` alone, for a page that brings its own style (see STYLE)."""
    columns = columns_of(table)
    heads = "".join(f'<th scope="col">{escape(c.title)}</th>' for c in columns)
    bodies = "".join(_body(group, columns, table) for group in groups_of(table))
    caption = f"<caption>{escape(table.title)}　新旧対照表</caption>"
    widths = "".join(f'<col style="width: {"14%" if c.side == "extra" else "auto"}">' for c in columns)
    head = f"<colgroup>{widths}</colgroup><thead><tr>{heads}</tr></thead>"
    return f'<table class="comparison">{caption}{head}{bodies}</table>'


def html_page(table: ComparisonTable) -> str:
    """A whole page in Japanese, printable on A4 landscape."""
    lead = f"<p>{escape(table.style.lead)}</p>" if table.style.lead else ""
    notes = f"<p>備考　{escape(table.style.notes)}</p>" if table.style.notes else ""
    title = escape(f"{table.title}　新旧対照表")
    return (
        f'<!DOCTYPE html>\n<html lang="ja"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{STYLE}</style></head><body>{lead}{html_fragment(table)}{notes}</body></html>\n"
    )


def _body(entries: Sequence[Entry], columns: Sequence[Column], table: ComparisonTable) -> str:
    rows: list[str] = []
    at = 0
    while at < len(entries):
        count = row_count(entries, at)
        cells = "".join(f"<td>{_cell(entries[at : at + count], c, table)}</td>" for c in columns)
        rows.append(f"<tr>{cells}</tr>")
        at += count
    return f"<tbody>{''.join(rows)}</tbody>"


def _cell(entries: Sequence[Entry], column: Column, table: ComparisonTable) -> str:
    if column.side == "extra":
        return escape(entries[0].remark) if column.first_extra else ""
    if entries[0].kind != "row":
        segments = entries[0].new if column.side == "new" else entries[0].old
        return _inline(segments, column.side, table)
    width = max(len(e.new_cells if column.side == "new" else e.old_cells) for e in entries) or 1
    lines = "".join(_inner_row(e, column.side, width, table) for e in entries)
    return f"<table><tbody>{lines}</tbody></table>" if lines else ""


def _inner_row(entry: Entry, side: str, width: int, table: ComparisonTable) -> str:
    cells: Cells = entry.new_cells if side == "new" else entry.old_cells
    if not cells:
        segments = entry.new if side == "new" else entry.old
        return f'<tr><td colspan="{width}">{_inline(segments, side, table)}</td></tr>' if segments else ""
    border = table.style.changed_cells == "border"
    parts: list[str] = []
    for cell in cells:
        thick = ' class="changed"' if border and any(s.changed for s in cell) else ""
        parts.append(f"<td{thick}>{_inline(cell, side, table)}</td>")
    return f"<tr>{''.join(parts)}</tr>"


def _inline(segments: Sequence[Segment], side: str, table: ComparisonTable) -> str:
    tag = "ins" if side == "new" else "del"
    marked = table.style.underline != "none"
    parts: list[str] = []
    for segment in segments:
        text = escape(segment.text)
        if segment.changed and marked:
            double = segment.strong or table.style.underline == "double"
            text = f"<{tag}{' class="double"' if double else ''}>{text}</{tag}>"
        parts.append(text)
    return "".join(parts)
