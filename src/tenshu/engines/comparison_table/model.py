"""The tree of a regulation (例規) as printed: every character of the source is kept in some node."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal[
    "document",
    "title",
    "toc",
    "part",  # 編
    "chapter",  # 章
    "section",  # 節
    "subsection",  # 款
    "division",  # 目
    "article",  # 条
    "paragraph",  # 項
    "item",  # 号
    "subitem1",  # イロハ or アイウ
    "subitem2",  # (ア), in national style (1)
    "subitem3",  # ａ, in national style (i)
    "supplement",  # 附則
    "table",  # 別表
    "form",  # 様式
    "row",  # one row of a table: cells
    "line",  # unnumbered line
]
Number = tuple[int, ...]

HEADINGS: tuple[Kind, ...] = ("part", "chapter", "section", "subsection", "division")
RANK: dict[Kind, int] = {
    "document": 0,
    "supplement": 1,
    "table": 1,
    "form": 1,
    "part": 2,
    "chapter": 3,
    "section": 4,
    "subsection": 5,
    "division": 6,
    "article": 7,
    "paragraph": 8,
    "item": 9,
    "subitem1": 10,
    "subitem2": 11,
    "subitem3": 12,
    "row": 13,
    "line": 13,
}
COUNTER: dict[Kind, str] = {
    "part": "編",
    "chapter": "章",
    "section": "節",
    "subsection": "款",
    "division": "目",
    "article": "条",
    "paragraph": "項",
    "item": "号",
}


class RegulationError(ValueError):
    """A file that cannot be read as a regulation, with its name and line. The message is in Japanese."""


@dataclass(slots=True)
class Node:
    """One element of a regulation.

    ``number`` is the number with its branches (第２条の３ → ``(2, 3)``), empty when there is none;
    ``through`` is the last number of a range (第５条から第７条まで　削除). ``label``, ``gap``,
    ``caption`` and the indents are as printed. An article has no text of its own: its first paragraph
    (label empty, number ``(1,)``) has it.
    """

    kind: Kind
    number: Number = ()
    label: str = ""
    gap: str = ""
    text: str = ""
    caption: str = ""
    caption_after: bool = False
    indent: str = ""
    caption_indent: str = ""
    through: Number = ()
    cells: tuple[str, ...] = ()
    line: int = 0
    id: str = ""
    children: list["Node"] = field(default_factory=list)

    def walk(self) -> Iterator["Node"]:
        """The node and everything under it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def is_inline_paragraph(self) -> bool:
        """Whether it is printed on the line of its article."""
        return self.kind == "paragraph" and not self.label and self.line == 0

    def head(self) -> str:
        """Label, caption printed behind it, and gap, as printed before the text."""
        return self.label + (self.caption if self.caption_after else "") + self.gap

    def own_text(self) -> str:
        """The text on the node's own line: for an article that of its first paragraph."""
        if self.kind == "row":
            return "\t".join(self.cells)
        if self.kind == "article" and self.children and self.children[0].is_inline_paragraph:
            return self.children[0].text
        return self.text

    def caption_line(self) -> str | None:
        """The caption with its indent, when it stands on a line of its own."""
        return self.caption_indent + self.caption if self.caption and not self.caption_after else None

    def main_line(self) -> str | None:
        """The node's own line as printed; none for the document and for a first paragraph."""
        if self.kind == "document" or self.is_inline_paragraph:
            return None
        return self.indent + self.head() + self.own_text()

    def lines(self) -> list[str]:
        """All printed lines of the subtree."""
        found: list[str] = []
        for node in self.walk():
            found.extend(line for line in (node.caption_line(), node.main_line()) if line is not None)
        return found

    def to_dict(self) -> dict[str, Any]:
        """A plain value for JSON; empty members are left out."""
        value: dict[str, Any] = {"id": self.id, "kind": self.kind}
        for name in ("label", "caption", "text"):
            if getattr(self, name):
                value[name] = getattr(self, name)
        if self.number:
            value["number"] = list(self.number)
        if self.cells:
            value["cells"] = list(self.cells)
        if self.line:
            value["line"] = self.line
        if self.children:
            value["children"] = [child.to_dict() for child in self.children]
        return value


@dataclass(slots=True)
class Document:
    """One version of a regulation."""

    root: Node
    source: str = ""

    @property
    def title(self) -> str:
        """The title without blanks, and without the ring (○) that collections put before it."""
        for child in self.root.children:
            if child.kind == "title":
                return child.text.strip().lstrip("○◯").strip()
        return ""

    def walk(self) -> Iterator[Node]:
        """Every node except the root."""
        for child in self.root.children:
            yield from child.walk()

    def text(self) -> str:
        """The whole text, one printed line a line, blank lines left out.

        Parsing it again gives the same tree.
        """
        return "\n".join(self.root.lines()) + "\n"

    def parents(self) -> dict[int, Node]:
        """Parent of each node, keyed by ``id()`` of the child object."""
        return {id(child): node for node in self.root.walk() for child in node.children}

    def give_ids(self) -> None:
        """Number every node without an id, leaving given ids alone."""
        taken = {node.id for node in self.walk() if node.id}
        counter = max((int(i[1:]) for i in taken if i[1:].isdigit()), default=0)
        for node in self.walk():
            if not node.id:
                counter += 1
                node.id = f"n{counter}"
        self.root.id = "n0"


def place(node: Node, parents: dict[int, Node]) -> str:
    """Where a node stands, in words: 「第３条第２項第１号」, 「附則第２項」, 「別表第１」."""
    names: list[str] = []
    current: Node | None = node
    while current is not None and current.kind != "document":
        names.append(_own_place(current, parents.get(id(current))))
        if current.kind in ("article", "supplement", "table", "form", *HEADINGS):
            outer = parents.get(id(current))
            while outer is not None and outer.kind not in ("supplement", "document"):
                outer = parents.get(id(outer))
            current = outer
            continue
        current = parents.get(id(current))
    return "".join(reversed(names))


def _own_place(node: Node, parent: Node | None) -> str:
    if node.kind == "paragraph":
        alone = parent is not None and sum(c.kind == "paragraph" for c in parent.children) == 1
        return "" if alone and not node.label else f"第{printed(node.number)}項"
    if node.kind == "item":
        return f"第{printed(node.number)}号"
    if node.kind == "row" and parent is not None:
        return f"（{1 + sum(c.kind == 'row' for c in parent.children[: _position(parent, node)])}行目）"
    if node.kind in ("line", "title", "toc"):
        return {"title": "題名", "toc": "目次"}.get(node.kind, "")
    if node.kind == "supplement":
        return "附則"
    return node.label.strip() or node.text.strip()


def _position(parent: Node, node: Node) -> int:
    return next(i for i, child in enumerate(parent.children) if child is node)


def printed(number: Number) -> str:
    """A number as official papers print it: one digit full width, more digits half width."""
    return "の".join(chr(0xFF10 + part) if part < 10 else str(part) for part in number)


def dotted(number: Number) -> str:
    """``(2, 3)`` → ``2の3``."""
    return "の".join(str(part) for part in number)
