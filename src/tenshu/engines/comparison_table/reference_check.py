"""Are all references of the new version right? Dangling, unshifted and deleted targets, with place and
remedy."""

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from .alignment import Alignment, is_deleted_mark
from .model import COUNTER, Document, Node, dotted, place
from .numerals import relabel
from .references import Reference, canonical, references
from .resolution import Index, resolve

Problem = Literal["dangling", "unshifted", "deleted_target", "retargeted", "contents_range"]
MESSAGES: dict[Problem, str] = {
    "dangling": "「{text}」に当たる規定がありません。",
    "unshifted": "「{text}」は改正前と同じ書き方ですが、指していた規定は{expected}に移りました。",
    "deleted_target": "「{text}」が指していた規定は削除されました。",
    "contents_range": "目次の「{text}」が本則と合いません（正しくは{expected}）。",
    "retargeted": (
        "「{text}」は改正前と別の規定を指しています（元の規定は{expected}）。意図した改正か確かめてください。"
    ),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One doubtful reference of the new version. ``severity`` is ``error`` or ``notice``."""

    problem: Problem
    severity: Literal["error", "notice"]
    place: str
    line: int
    text: str
    expected: str
    message: str


def reference_list(document: Document) -> list[dict[str, object]]:
    """Every reference of one version.

    Where it stands, its words, what it means (``target`` None if dangling).
    """
    index = Index.of(document)
    rows: list[dict[str, object]] = []
    for node in document.walk():
        for found in _references_of(node, document.title):
            resolved = resolve(found, node, index)
            target = place(resolved.node, index.parents) if resolved.node else None
            rows.append(
                {
                    "place": place(node, index.parents),
                    "line": _line(node, index),
                    "text": found.text,
                    "external": found.external,
                    "known": resolved.known,
                    "target": target,
                }
            )
    return rows


def check_document(document: Document) -> list[Finding]:
    """References of one version that mean nothing, or something deleted."""
    index = Index.of(document)
    found = _check_contents(document, index)
    for node in _current(document, {id(child) for child in document.root.children}):
        for reference in _references_of(node, document.title):
            finding = _alone(reference, node, index)
            if finding:
                found.append(finding)
    return found


def check_references(alignment: Alignment) -> list[Finding]:
    """Check the new version against the old → new map: every reference must still mean what it meant.

    References inside 附則 are notices only: the 附則 of past amendments keep their wording.
    """
    old_index, new_index = Index.of(alignment.old), Index.of(alignment.new)
    new_of = alignment.new_of()
    found = _check_contents(alignment.new, new_index)
    old_of = {id(p.new): p.old for p in alignment.all_pairs() if p.new is not None}
    kept = {key for key, before in old_of.items() if before is not None}
    for node in _current(alignment.new, kept):
        before = old_of.get(id(node))
        now = _references_of(node, alignment.new.title)
        if not now:
            continue
        partners = _partners(before, node, alignment, now) if before else {}
        for reference in now:
            finding = _alone(reference, node, new_index)
            partner = partners.get(reference.start)
            if (
                partner is not None
                and before is not None
                and (finding is None or finding.problem == "dangling")
            ):
                meant = resolve(partner, before, old_index).node
                finding = _compared(reference, partner, meant, node, new_index, new_of) or finding
                if (
                    finding
                    and finding.problem != "dangling"
                    and _named_elsewhere(meant, now, node, new_index, new_of)
                ):
                    finding = None
            if finding:
                found.append(finding)
    return found


def _current(document: Document, older: set[int]) -> list[Node]:
    """The nodes to check: not the table of contents, and no 附則 of a past amendment.

    Those have a law number behind 附則 and stand in the old version too (``older``); they keep their wording
    and often mean the amending law's own articles.
    """
    return [
        node
        for child in document.root.children
        if child.kind != "toc" and not (child.kind == "supplement" and child.text and id(child) in older)
        for node in child.walk()
    ]


def _check_contents(document: Document, index: Index) -> list[Finding]:
    """The ranges of the table of contents (第１章　総則（第１条―第３条）) against the chapters themselves."""
    found: list[Finding] = []
    path: list[Node] = []
    for line in (n for c in document.root.children if c.kind == "toc" for n in c.children):
        named = references(line.text, document.title)
        if not named or named[0].annex or "条" in named[0].levels:
            continue
        token = next(iter(named[0].levels.values()))
        path = [h for h in path if LEVEL_ORDER.index(COUNTER[h.kind]) < LEVEL_ORDER.index(token.unit)]
        near = path[-1].children if path else index.headings
        heading = next(
            (h for h in near if COUNTER.get(h.kind) == token.unit and h.number == token.number), None
        )
        path += [heading] if heading else []
        if heading is None:
            found.append(_finding("dangling", named[0], line, index, ""))
            continue
        articles = [n for n in heading.walk() if n.kind == "article"]
        printed = [r.token("条") for r in named if "条" in r.levels]
        ends = [articles[0], articles[-1]] if len(articles) > 1 else articles
        expected = [a.through or a.number if a is ends[-1] else a.number for a in ends]
        if printed and articles and [t.number for t in printed if t] != expected:
            words = "から".join(a.label for a in ends)
            whole = line.text[named[1].start : named[-1].end]
            message = MESSAGES["contents_range"].format(text=whole, expected=words)
            found.append(Finding("contents_range", "error", "目次", line.line, whole, words, message))
    return found


def _references_of(node: Node, title: str) -> list[Reference]:
    if node.kind == "article" or (node.kind in ("table", "form", "supplement") and not node.text):
        return []
    return references(node.own_text(), title)


def _line(node: Node, index: Index) -> int:
    return node.line or (index.parents[id(node)].line if id(node) in index.parents else 0)


def _alone(reference: Reference, node: Node, index: Index) -> Finding | None:
    resolved = resolve(reference, node, index)
    if not resolved.known:
        return None
    if resolved.node is None:
        return _finding("dangling", reference, node, index, "")
    target = resolved.node
    if is_deleted_mark(target) or (target.kind == "article" and is_deleted_mark(target.children[0])):
        return _finding("deleted_target", reference, node, index, "")
    return None


def _compared(
    now: Reference,
    before: Reference,
    meant: Node | None,
    node: Node,
    index: Index,
    new_of: dict[int, Node | None],
) -> Finding | None:
    if meant is None or id(meant) not in new_of:
        return None
    expected = new_of[id(meant)]
    same_words = canonical(now.text) == canonical(before.text)
    if expected is None:
        return _finding("deleted_target", now, node, index, "") if same_words else None
    resolved = resolve(now, node, index).node
    if resolved is expected:
        return None
    words = place(expected, index.parents)
    if resolved is None:
        return _finding("unshifted" if same_words else "dangling", now, node, index, words)
    return _finding("unshifted" if same_words else "retargeted", now, node, index, words)


def _named_elsewhere(
    meant: Node | None, now: list[Reference], node: Node, index: Index, new_of: dict[int, Node | None]
) -> bool:
    """Whether a rewritten text names the provision with another of its references."""
    expected = new_of.get(id(meant)) if meant is not None else None
    return expected is not None and any(resolve(r, node, index).node is expected for r in now)


def _finding(problem: Problem, reference: Reference, node: Node, index: Index, expected: str) -> Finding:
    in_supplement = index.scope(node).kind == "supplement"
    severity: Literal["error", "notice"] = "notice" if problem == "retargeted" or in_supplement else "error"
    message = MESSAGES[problem].format(text=reference.text, expected=expected)
    return Finding(
        problem, severity, place(node, index.parents), _line(node, index), reference.text, expected, message
    )


LEVEL_ORDER = "編章節款目"
_MARK = "\ue000"


def _partners(before: Node, after: Node, alignment: Alignment, now: list[Reference]) -> dict[int, Reference]:
    """Start of a new reference → the old reference standing at the same place of the wording."""
    then = _references_of(before, alignment.old.title)
    old_text, old_at = _marked(before.own_text(), then)
    new_text, new_at = _marked(after.own_text(), now)
    if old_text == new_text:
        return {n.start: t for n, t in zip(now, then, strict=True)}
    partners: dict[int, Reference] = {}
    for a, b, size in SequenceMatcher(None, old_text, new_text, autojunk=False).get_matching_blocks():
        for step in range(size):
            if old_text[a + step] == _MARK:
                partners[new_at[b + step].start] = old_at[a + step]
    return partners


def _marked(text: str, found: list[Reference]) -> tuple[str, dict[int, Reference]]:
    marked, at, places = "", 0, {}
    for reference in found:
        marked += text[at : reference.start]
        places[len(marked)] = reference
        marked += _MARK
        at = reference.end
    return marked + text[at:], places


def number_map(alignment: Alignment) -> list[dict[str, object]]:
    """Old → new of chapters, articles, paragraphs and items.

    ``old`` and ``new`` places, ``status``, parts of splits.
    """
    old_parents, new_parents = alignment.old.parents(), alignment.new.parents()
    rows: list[dict[str, object]] = []
    for pair in alignment.all_pairs():
        unlabelled = pair.node.kind == "paragraph" and not pair.node.label
        if unlabelled or pair.node.kind in ("title", "toc", "line", "row"):
            continue
        row: dict[str, object] = {
            "id": pair.node.id,
            "kind": pair.node.kind,
            "old": place(pair.old, old_parents) if pair.old else None,
            "new": place(pair.new, new_parents) if pair.new else None,
            "status": pair.status,
        }
        if pair.partner is not None:
            row["relation"] = pair.relation
            row["partner"] = place(pair.partner, old_parents if pair.relation == "split" else new_parents)
        rows.append(row)
    return rows


def map_citation(citation: str, alignment: Alignment) -> str | None:
    """A citation from another document (「第12条第２項」) in the new numbering; None if the provision is
    deleted.

    Raises LookupError when the old version has no such provision.
    """
    found = references(citation)
    if not found:
        raise LookupError(f"「{citation}」は条項の引用として読み取れません。")
    found[0].external = False
    index = Index.of(alignment.old)
    node = resolve(found[0], alignment.old.root, index).node
    if node is None:
        raise LookupError(f"「{citation}」は改正前の規程にありません。")
    target = alignment.new_of().get(id(node))
    if target is None:
        return None
    return place(target, alignment.new.parents())


def shifted_label(label: str, old: Node, new: Node) -> str:
    """The label of ``old`` with the number of ``new``, in the notation of ``label``."""
    numbers = new.number + new.through
    return relabel(label, numbers) if len(old.number + old.through) == len(numbers) else dotted(numbers)
