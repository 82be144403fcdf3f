"""What a section of the report is made of: paragraphs with live figures, lists, tables, charts, gaps.

A report document is plain values only, so that it can be kept as JSON when the year is closed and be
rendered as a page, as HTML, DOCX, PDF or JSON without asking the database again.
"""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a sentence. ``figure`` names the figure whose number it is; ``gap`` marks what is missing."""

    text: str
    figure: str = ""
    gap: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; ``heading`` stands before it in bold."""

    spans: list[Span]
    heading: str = ""
    kind: str = "paragraph"


@dataclass(frozen=True, slots=True)
class BulletList:
    """A list; each item is a row of spans."""

    items: list[list[Span]]
    kind: str = "list"


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A table with a caption, headers and rows of plain text; ``numeric`` holds the right-aligned columns."""

    caption: str
    headers: list[str]
    rows: list[list[str]]
    numeric: list[int] = field(default_factory=list)
    kind: str = "table"


@dataclass(frozen=True, slots=True)
class ReportChart:
    """Columns over years: a label, a unit, and a value for each year (``None``: nothing recorded)."""

    caption: str
    unit: str
    labels: list[str]
    values: list[float | None]
    summary: str
    kind: str = "chart"


@dataclass(frozen=True, slots=True)
class Gap:
    """Something that the report should tell and no record tells yet: 記録なし, with how to mend it."""

    text: str
    mend: str = ""
    kind: str = "gap"


type Block = Paragraph | BulletList | ReportTable | ReportChart | Gap

_KINDS: dict[str, type[Any]] = {
    "paragraph": Paragraph,
    "list": BulletList,
    "table": ReportTable,
    "chart": ReportChart,
    "gap": Gap,
}


@dataclass(frozen=True, slots=True)
class SectionContent:
    """A section with its number, title, blocks, and what it still lacks."""

    number: str
    title: str
    blocks: list[Block]
    figures: list[str] = field(default_factory=list)

    @property
    def gaps(self) -> list[str]:
        """What is missing, as short sentences, each once."""
        found: list[str] = []
        for block in self.blocks:
            if isinstance(block, Gap):
                found.append(block.text)
            spans = block.spans if isinstance(block, Paragraph) else []
            if isinstance(block, BulletList):
                spans = [span for item in block.items for span in item]
            found += [span.text for span in spans if span.gap]
        return list(dict.fromkeys(found))

    @property
    def anchor(self) -> str:
        """The section's anchor on the page: s1-1 for 1(1)."""
        return "s" + self.number.replace("(", "-").replace(")", "")


@dataclass(frozen=True, slots=True)
class PartContent:
    """A part of the report (庁内DX and so on) with its sections."""

    number: int
    title: str
    sections: list[SectionContent]


@dataclass(frozen=True, slots=True)
class ReportDocument:
    """The whole report of a fiscal year as plain values."""

    year: str
    title: str
    office: str
    state: str
    as_of: str
    parts: list[PartContent]
    figures: list[dict[str, Any]]

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return asdict(self)

    @property
    def sections(self) -> list[SectionContent]:
        """All sections in order."""
        return [section for part in self.parts for section in part.sections]


def document_from_json(raw: dict[str, Any]) -> ReportDocument:
    """The document that ``as_json`` gave."""
    parts = [
        PartContent(
            part["number"],
            part["title"],
            [
                SectionContent(
                    section["number"],
                    section["title"],
                    [_block(block) for block in section["blocks"]],
                    section["figures"],
                )
                for section in part["sections"]
            ],
        )
        for part in raw["parts"]
    ]
    return ReportDocument(**{**raw, "parts": parts})


def _block(raw: dict[str, Any]) -> Block:
    values = dict(raw)
    match values["kind"]:
        case "paragraph":
            values["spans"] = [Span(**span) for span in values["spans"]]
        case "list":
            values["items"] = [[Span(**span) for span in item] for item in values["items"]]
    block: Block = _KINDS[raw["kind"]](**values)
    return block
