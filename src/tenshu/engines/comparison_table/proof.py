"""Proof that a comparison table hides nothing: both full texts rebuilt from the table and the other text."""

from dataclasses import dataclass

from .alignment import Alignment
from .model import Document, Node
from .references import comparable
from .table import ComparisonTable, Covered, Entry, Part

Key = tuple[str, Part]


@dataclass(frozen=True, slots=True)
class Omission:
    """A line of a text that the table does not carry, or carries wrongly."""

    side: str  # "new" or "old"
    printed: str
    rebuilt: str | None


def verify(alignment: Alignment, table: ComparisonTable) -> list[Omission]:
    """Lines on which the rebuilt texts differ from the real ones; empty when the table is complete.

    The new text is rebuilt from what the new column prints and, for everything the table omits, from the
    **old** text under the printed numbers, and the other way round. Width and numeral notation is not
    compared.
    """
    found: list[Omission] = []
    for side in ("new", "old"):
        document = alignment.new if side == "new" else alignment.old
        other = alignment.old if side == "new" else alignment.new
        rebuilt = _rebuild(table, other, side)
        for key, line in _printed_lines(document).items():
            if key not in rebuilt or comparable(rebuilt[key]) != comparable(line):
                found.append(Omission(side, line, rebuilt.get(key)))
        extra = rebuilt.keys() - _printed_lines(document).keys()
        found.extend(Omission(side, "", rebuilt[key]) for key in sorted(extra))
    return found


def _printed_lines(document: Document) -> dict[Key, str]:
    lines: dict[Key, str] = {}
    for node in document.walk():
        caption, main = node.caption_line(), node.main_line()
        if caption is not None:
            lines[(node.id, "caption")] = caption
        if main is not None:
            lines[(node.id, "main")] = main
    return lines


def _rebuild(table: ComparisonTable, other: Document, side: str) -> dict[Key, str]:
    nodes = {node.id: node for node in other.walk()}
    rebuilt: dict[Key, str] = {}
    for entry in table.entries:
        key = entry.new_line if side == "new" else entry.old_line
        if key is not None:
            rebuilt[key] = _shown(entry, side)
        for covered in entry.covered:
            own, partner = (
                (covered.new_id, covered.old_id) if side == "new" else (covered.old_id, covered.new_id)
            )
            rebuilt[(own, covered.part)] = _borrowed(covered, nodes[partner], side)
    return rebuilt


def _shown(entry: Entry, side: str) -> str:
    if entry.kind == "row":
        cells = entry.new_cells if side == "new" else entry.old_cells
        return "\t".join("".join(s.text for s in cell) for cell in cells)
    segments = entry.new if side == "new" else entry.old
    return "".join(s.text for s in segments if not s.pad)


def _borrowed(covered: Covered, partner: Node, side: str) -> str:
    if covered.part == "caption":
        return partner.caption_line() or ""
    head = covered.new_head if side == "new" else covered.old_head
    return head + partner.own_text()
