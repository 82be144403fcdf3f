"""Printed lines → tree. Tolerant of national and local style, 条建て and 項建て, and of either width."""

import re
from collections.abc import Iterable, Sequence

from .markers import LAW_NUMBER, Marker, annex, article, caption_of, heading, numbered
from .model import HEADINGS, RANK, Document, Kind, Node, RegulationError
from .numerals import GOJUON, IROHA, fold, kana_order, kana_value, numbers_in

Line = str | tuple[str, ...]
"""A printed line, or the cells of a table row."""


def parse_text(text: str, source: str = "") -> Document:
    """Read a regulation from plain text.

    A line with tab characters is a table row. Raises RegulationError when no article, paragraph, 附則 or 別表
    is found at all.
    """
    lines: list[Line] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        stripped = line.rstrip(" \u3000\r")
        lines.append(tuple(stripped.split("\t")) if "\t" in stripped.strip("\t") else stripped.rstrip("\t"))
    return parse_lines(lines, source)


def parse_lines(lines: Sequence[Line], source: str = "") -> Document:
    """Read a regulation from printed lines and table rows."""
    reader = _Reader()
    for at, line in enumerate(lines, 1):
        reader.take(line, at)
    reader.end()
    document = Document(reader.root, source)
    if not any(node.kind in ("article", "paragraph", "supplement", "table") for node in document.walk()):
        raise RegulationError(
            f"{source or '本文'}: 条、項、附則、別表のいずれも見つかりません。例規の全文か確かめてください。"
        )
    _number_kana(document.root)
    document.give_ids()
    return document


class _Reader:
    def __init__(self) -> None:
        self.root = Node("document")
        self.stack: list[Node] = [self.root]
        self.caption: tuple[str, str, int] | None = None
        self.toc: Node | None = None
        self.toc_first = ""
        self.styles: dict[int, str] = {}

    def take(self, line: Line, at: int) -> None:
        """Read one line into the tree."""
        if isinstance(line, tuple):
            self._flush_caption()
            self._attach(Node("row", cells=line, line=at))
            return
        if not line.strip():
            return
        if self.toc is not None and self._take_toc(line, at):
            return
        caption = caption_of(line)
        if caption and self._may_be_caption(line):
            self._flush_caption()
            self.caption = (*caption, at)
            return
        self._take_marked(line, at)

    def end(self) -> None:
        """Close the last open caption."""
        self._flush_caption()

    def _may_be_caption(self, line: str) -> bool:
        top = self.stack[-1]
        return (
            not LAW_NUMBER.search(line) and not self._in("table") and not self._in("form") and top is not None
        )

    def _in(self, kind: Kind) -> bool:
        return any(node.kind == kind for node in self.stack)

    def _take_marked(self, line: str, at: int) -> None:
        found = annex(line)
        if found:
            self._flush_caption()
            self._open(found, at, under=[self.root])
            return
        if self._in("table") or self._in("form"):
            self._attach(Node("line", text=line, line=at))
            return
        if fold(line) == "目次" and not self._started():
            self.toc = Node("toc", text=line, line=at)
            self.root.children.append(self.toc)
            return
        found = heading(line) or article(line)
        if found:
            self._open(found, at)
            return
        found = numbered(line)
        if found and self._fits(found):
            self._open(self._levelled(found), at)
            return
        self._take_plain(line, at)

    def _started(self) -> bool:
        return any(node.kind not in ("title", "line", "toc") for node in self.root.children)

    def _take_toc(self, line: str, at: int) -> bool:
        """A line of the table of contents: headings, until the first of them comes again or 附則 ends it."""
        if self.toc is None:
            return False
        found, last = heading(line), annex(line)
        key = fold(line.strip()).split("(")[0]
        if not found and not (last and self.toc_first):
            self.toc = None
            return False
        if key == self.toc_first:
            self.toc = None
            return False
        self.toc.children.append(Node("line", text=line, line=at))
        self.toc_first = self.toc_first or key
        if last:
            self.toc = None
        return True

    def _fits(self, found: Marker) -> bool:
        """Whether a numbered line can stand here; else it is plain text (a date, a sum)."""
        inside = self.stack[-1].kind not in ("document", "supplement", *HEADINGS)
        if found.kind == "paragraph":
            parent = next(node for node in reversed(self.stack) if RANK[node.kind] < RANK["paragraph"])
            numbers = [c.number for c in parent.children if c.kind == "paragraph"]
            last = numbers[-1][0] if numbers else 0
            return found.number[0] in (last, last + 1) or (last == 0 and found.number[0] <= 2)
        return inside or found.style != "kanji"

    def _levelled(self, found: Marker) -> Marker:
        """The level of (1), ア, (ア), ａ depends on what is open: in national style (1) stands under イ."""
        open_item = next((n for n in reversed(self.stack) if n.kind == "item"), None)
        kind = found.kind
        if (
            found.style == "paren"
            and open_item
            and self.styles.get(id(open_item)) == "kanji"
            and self._in("subitem1")
        ):
            kind = "subitem2"
        elif found.style == "circle" and open_item and self.styles.get(id(open_item)) != "circle":
            kind = "subitem3"
        elif found.style == "paren_kana" and not self._in("subitem1"):
            kind = "subitem1"
        elif found.style == "kana" and open_item is None:
            kind = "item"
        if kind == found.kind:
            return found
        return Marker(kind, found.style, found.indent, found.label, found.gap, found.text, found.number)

    def _open(self, found: Marker, at: int, under: list[Node] | None = None) -> None:
        node = Node(
            found.kind, found.number, found.label, found.gap, found.text, indent=found.indent, line=at,
            through=found.through, caption=found.caption, caption_after=bool(found.caption),
        )  # fmt: skip
        self.styles[id(node)] = found.style
        if self.caption and found.kind in ("article", "paragraph", "supplement"):
            node.caption_indent, node.caption, _ = self.caption
            self.caption = None
        self._flush_caption()
        if under is not None:
            self.stack = list(under)
        while self.stack[-1].kind != "document" and not self._may_hold(self.stack[-1], node):
            self.stack.pop()
        self.stack[-1].children.append(node)
        self.stack.append(node)
        if node.kind == "article":
            first = Node("paragraph", (1,), text=found.text)
            node.text = ""
            node.children.append(first)
            self.stack.append(first)

    @staticmethod
    def _may_hold(outer: Node, inner: Node) -> bool:
        if outer.kind == "supplement":
            return inner.kind in ("article", "paragraph", "item", "subitem1", "line")
        return RANK[outer.kind] < RANK[inner.kind]

    def _take_plain(self, line: str, at: int) -> None:
        if not self.root.children and self.caption is None:
            self.root.children.append(Node("title", text=line, line=at))
            return
        top = self.stack[-1]
        if top.kind == "supplement":
            node = Node("paragraph", (1,), text=line.lstrip(" \u3000"), line=at)
            node.indent = line[: len(line) - len(node.text)]
            if self.caption:
                node.caption_indent, node.caption, _ = self.caption
                self.caption = None
            top.children.append(node)
            self.stack.append(node)
            return
        self._flush_caption()
        self._attach(Node("line", text=line, line=at))

    def _attach(self, node: Node) -> None:
        self.stack[-1].children.append(node)

    def _flush_caption(self) -> None:
        """A line in parentheses that no article followed is a plain line."""
        if self.caption:
            indent, text, at = self.caption
            self.caption = None
            self._attach(Node("line", text=indent + text, line=at))


_KANA_LABEL = re.compile(r"^[（(]?([ア-ンヰヱ])[）)]?(.*)$")


def _number_kana(root: Node) -> None:
    """Number kana items: the order of each run of siblings is told by its first labels."""
    groups: list[list[tuple[Node, str, str]]] = []
    for node in root.walk():
        group = [
            (child, found[1], found[2])
            for child in node.children
            if child.kind in ("item", "subitem1", "subitem2") and not child.number
            for found in [_KANA_LABEL.match(child.label)]
            if found
        ]
        if group:
            groups.append(group)
    long = [kana_order([kana for _, kana, _ in group]) for group in groups if len(group) > 1]
    fallback = IROHA if long.count(IROHA) > long.count(GOJUON) else GOJUON
    for group in groups:
        order = kana_order([kana for _, kana, _ in group], fallback)
        for child, kana, branch in group:
            child.number = (kana_value(kana, order), *numbers_in(branch))


def renumber_ids(documents: Iterable[Document]) -> None:
    """Give ids to the new nodes of each document; given ids stay."""
    for document in documents:
        document.give_ids()


class BlockReader:
    """Reads lines that will stand at a given place of a tree: under ``above``, behind ``after``."""

    def __init__(self, above: Sequence[Node], after: Node | None) -> None:
        self.reader = _Reader()
        self.holder = self.reader.root
        for node in above:
            self.holder = self._open(node)
        if after is not None:
            self._open(after)
            for child in after.children[:1]:
                if child.is_inline_paragraph:
                    self._open(child)
        self.before = len(self.holder.children)

    def _open(self, node: Node) -> Node:
        """A copy of a node without its children, open in the reader."""
        copy = Node(node.kind, node.number, node.label, text=node.text, line=node.line)
        found = numbered(f"{node.label}\u3000文") if node.label else None
        self.reader.styles[id(copy)] = found.style if found else "第"
        self.reader.stack[-1].children.append(copy)
        self.reader.stack.append(copy)
        return copy

    def read(self, lines: Iterable[str]) -> list[Node]:
        """The new nodes, in order, without ids."""
        for at, line in enumerate(lines, 1):
            self.reader.take(tuple(line.split("\t")) if "\t" in line else line, at)
        self.reader.end()
        _number_kana(self.reader.root)
        return self.holder.children[self.before :]
