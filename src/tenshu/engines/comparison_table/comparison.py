"""Two versions in, everything about their difference out."""

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from .alignment import Alignment, Progress, align
from .amendment import write_amendments
from .draft import Amendment
from .house_style import HouseStyle
from .model import Document, RegulationError
from .proof import verify
from .reference_check import Finding, check_references, number_map
from .table import ComparisonTable, build_table


@dataclass(slots=True)
class Comparison:
    """The paired versions, the table, the reference findings and, if asked for, the amending sentences."""

    alignment: Alignment
    table: ComparisonTable
    findings: list[Finding]
    amendments: list[Amendment] = field(default_factory=list)

    def number_map(self) -> list[dict[str, object]]:
        """Old → new places of chapters, articles, paragraphs and items with their status."""
        return number_map(self.alignment)

    def counts(self) -> dict[str, int]:
        """How many articles (in 項建て: top paragraphs) have each status."""
        units = [p for p in self.alignment.pairs if p.node.kind in ("article", "paragraph")]
        return dict(Counter(p.status for p in units))

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "table": self.table.to_dict(),
            "counts": self.counts(),
            "number_map": self.number_map(),
            "references": [asdict(f) for f in self.findings],
            "amendments": [{"sentence": a.sentence, "block": list(a.block)} for a in self.amendments],
        }


def compare_documents(
    old: Document,
    new: Document,
    style: HouseStyle | None = None,
    *,
    amendments: bool = False,
    progress: Progress | None = None,
) -> Comparison:
    """Compare two versions of a regulation.

    The table is proven complete before it is given back: both texts are rebuilt from it. Raises
    RegulationError should a line ever be missing.
    """
    alignment = align(old, new, progress)
    table = build_table(alignment, style)
    missing = verify(alignment, table)
    if missing:
        raise RegulationError(
            f"新旧対照表に{len(missing)}行の漏れがあります（最初の行:「{missing[0].printed[:40]}」）。"
        )
    findings = check_references(alignment)
    sentences = write_amendments(alignment) if amendments else []
    return Comparison(alignment, table, findings, sentences)
