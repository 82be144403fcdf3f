"""What a reference means at its place: the element of the same regulation, or nothing."""

from dataclasses import dataclass, field

from .model import HEADINGS, Document, Kind, Node, Number
from .numerals import fold
from .references import Reference, Token

_HEADING_OF: dict[str, Kind] = {"編": "part", "章": "chapter", "節": "section", "款": "subsection"}


@dataclass(slots=True)
class Resolved:
    """``node`` is the element meant (None when it does not exist); ``known`` is false when nothing can be
    said:
    another law, or annexes that were not part of the file."""

    node: Node | None
    known: bool = True


@dataclass(slots=True)
class Index:
    """Where to find the elements of one version."""

    document: Document
    parents: dict[int, Node] = field(default_factory=dict)
    articles: dict[int, list[Node]] = field(default_factory=dict)
    tables: dict[Number, Node] = field(default_factory=dict)
    forms: dict[Number, Node] = field(default_factory=dict)
    headings: list[Node] = field(default_factory=list)
    supplements: list[Node] = field(default_factory=list)

    @classmethod
    def of(cls, document: Document) -> "Index":
        """Index a document."""
        index = cls(document, document.parents())
        for node in document.root.walk():
            if node.kind == "article":
                index.articles.setdefault(id(index.scope(node)), []).append(node)
            elif node.kind == "table":
                index.tables.setdefault(node.number, node)
            elif node.kind == "form":
                index.forms.setdefault(node.number, node)
            elif node.kind == "supplement":
                index.supplements.append(node)
            elif node.kind in HEADINGS:
                index.headings.append(node)
        return index

    def above(self, node: Node, *kinds: Kind) -> Node | None:
        """The node itself or its nearest ancestor of one of the kinds."""
        current: Node | None = node
        while current is not None and current.kind not in kinds:
            current = self.parents.get(id(current))
        return current

    def scope(self, node: Node) -> Node:
        """The 附則 that a node stands in, else the document."""
        return self.above(node, "supplement") or self.document.root


def resolve(reference: Reference, at: Node, index: Index) -> Resolved:
    """The element that a reference in the text of ``at`` means."""
    if reference.external:
        return Resolved(None, known=False)
    if reference.annex and reference.annex.kind in ("table", "form"):
        return _annex(reference.annex, index)
    heading = next((t for unit in reversed(_HEADING_OF) if (t := reference.token(unit))), None)
    if heading:
        return Resolved(_heading(heading, at, index))
    if reference.in_supplement:
        scope = index.above(at, "supplement") or next(iter(index.supplements), None)
        if scope is None or not any(reference.token(unit) for unit in "条項号"):
            return Resolved(scope)
    else:
        scope = index.document.root
    return Resolved(_provision(reference, at, index, scope))


def _annex(token: Token, index: Index) -> Resolved:
    shelf = index.tables if token.kind == "table" else index.forms
    if not shelf:
        # Forms and tables are often kept in files of their own; their absence is not an error of the text.
        return Resolved(None, known=False)
    found = shelf.get(token.number)
    if found is None and not token.number and len(shelf) == 1:
        found = next(iter(shelf.values()))
    return Resolved(found)


def _heading(token: Token, at: Node, index: Index) -> Node | None:
    kind = _HEADING_OF[token.unit]
    own = index.above(at, kind)
    if token.kind in ("this", "same"):
        return own
    same = [h for h in index.headings if h.kind == kind]
    if token.kind in ("previous", "next"):
        step = -1 if token.kind == "previous" else 1
        place = next((i for i, h in enumerate(same) if h is own), None)
        wanted = -1 if place is None else place + step
        return same[wanted] if 0 <= wanted < len(same) else None
    outer = index.parents.get(id(own)) if own else None
    near = [h for h in (outer.children if outer else []) if h.kind == kind]
    return next((h for h in [*near, *same] if h.number == token.number), None)


def _provision(reference: Reference, at: Node, index: Index, scope: Node) -> Node | None:
    article_token, paragraph_token, item_token = (reference.token(unit) for unit in "条項号")
    own_article = index.above(at, "article")
    if article_token:
        article = _article(article_token, at, index, scope)
        if article is None or not (paragraph_token or item_token):
            return article
        holder: Node | None = article
    elif reference.in_supplement:
        holder = scope
    else:
        holder = own_article or _paragraph_holder(at, index)
    if paragraph_token:
        holder = _paragraph(paragraph_token, holder, at, index)
        if not item_token:
            return holder
    elif article_token is None:
        holder = index.above(at, "paragraph") or holder
    return _item(item_token, holder, at, index) if item_token and holder else holder


def _paragraph_holder(at: Node, index: Index) -> Node:
    paragraph = index.above(at, "paragraph")
    parent = index.parents.get(id(paragraph)) if paragraph else None
    return parent or index.document.root


def _article(token: Token, at: Node, index: Index, scope: Node) -> Node | None:
    own = index.above(at, "article")
    if token.kind == "this":
        return own
    if token.kind in ("previous", "next"):
        listed = index.articles.get(id(index.scope(at)), [])
        place = next((i for i, a in enumerate(listed) if a is own), None)
        return _step(listed, place, token)
    return next((a for a in index.articles.get(id(scope), []) if _covers(a, token.number)), None)


def _covers(article: Node, number: Number) -> bool:
    return article.number == number or bool(article.through and article.number <= number <= article.through)


def _step(listed: list[Node], place: int | None, token: Token) -> Node | None:
    if place is None:
        return None
    distance = token.number[0] if token.number else 1
    wanted = place - distance if token.kind == "previous" else place + distance
    return listed[wanted] if 0 <= wanted < len(listed) else None


def _paragraph(token: Token, holder: Node | None, at: Node, index: Index) -> Node | None:
    if holder is None:
        return None
    listed = [c for c in holder.children if c.kind == "paragraph"]
    if token.kind in ("previous", "next", "this", "every"):
        own = index.above(at, "paragraph")
        place = next((i for i, p in enumerate(listed) if p is own), None)
        if token.kind == "this":
            return own
        if token.kind == "every":
            return listed[0] if place else None
        return _step(listed, place, token)
    return next((p for p in listed if p.number == token.number), None)


def _item(token: Token, holder: Node, at: Node, index: Index) -> Node | None:
    if holder.kind == "article":
        holder = next((p for p in holder.children if any(c.kind == "item" for c in p.children)), holder)
    listed = [c for c in holder.children if c.kind == "item"]
    own = index.above(at, "item")
    place = next((i for i, c in enumerate(listed) if c is own), None)
    if token.kind == "this":
        return own
    if token.kind == "every":
        if fold(token.text).startswith("前"):
            return listed[0] if place else None
        return listed[0] if listed else None
    if token.kind in ("previous", "next"):
        return _step(listed, place, token)
    return next((c for c in listed if c.number == token.number), None)
