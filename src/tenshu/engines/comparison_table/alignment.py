"""Which element of the old version is which of the new: articles, chapters, paragraphs, items, rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from .model import HEADINGS, Document, Node
from .moves import fill_gaps, find_moves, find_splits
from .numerals import fold
from .references import comparable, mask
from .similarity import monotone_match, profile

Change = Literal["number", "caption", "text", "references", "notation", "moved"]
Status = Literal[
    "same", "notation", "renumbered", "references", "changed", "added", "deleted", "moved", "deleted_in_place"
]
Progress = Callable[[str, int, int], None]


@dataclass(slots=True)
class Pair:
    """An old and a new element that are the same one, or one of them alone.

    ``changes`` tells what differs on the element itself; ``children`` are its parts in printing order.
    ``relation`` is ``split`` or ``merge`` for an article that came out of, or went into, ``partner``.
    """

    old: Node | None
    new: Node | None
    changes: set[Change] = field(default_factory=set)
    children: list["Pair"] = field(default_factory=list)
    relation: Literal["", "split", "merge"] = ""
    partner: Node | None = None

    @property
    def node(self) -> Node:
        """The new element, or the old one if there is no new one."""
        node = self.new or self.old
        if node is None:
            raise LookupError("the pair is empty")
        return node

    def both(self) -> tuple[Node, Node]:
        """Old and new element of a full pair; LookupError for one that was added or deleted."""
        if self.old is None or self.new is None:
            raise LookupError("the pair has one side only")
        return self.old, self.new

    def deep_changes(self) -> set[str]:
        """Changes of the element and everything under it; a part added or deleted counts as text."""
        found: set[str] = set(self.changes)
        for child in self.children:
            if child.old is None or child.new is None:
                found.add("text")
            else:
                found |= child.deep_changes() - {"moved"}
        return found

    @property
    def status(self) -> Status:
        """The label of the element as a whole."""
        if self.old is None:
            return "added"
        if self.new is None:
            return "deleted"
        if is_deleted_mark(self.new) and not is_deleted_mark(self.old):
            return "deleted_in_place"
        changes = self.deep_changes()
        if "moved" in self.changes:
            return "moved"
        if changes & {"text", "caption"}:
            return "changed"
        if "number" in self.changes:
            return "renumbered"
        if "number" in changes:
            return "changed"
        if "references" in changes:
            return "references"
        return "notation" if "notation" in changes else "same"


@dataclass(slots=True)
class Alignment:
    """All pairs in printing order; chapters and articles are flat, side by side."""

    old: Document
    new: Document
    pairs: list[Pair]

    def all_pairs(self) -> list[Pair]:
        """Every pair of every level."""
        found: list[Pair] = []
        stack = list(reversed(self.pairs))
        while stack:
            pair = stack.pop()
            found.append(pair)
            stack.extend(reversed(pair.children))
        return found

    def new_of(self) -> dict[int, Node | None]:
        """``id(old node)`` → new node, None when deleted."""
        return {id(p.old): p.new for p in self.all_pairs() if p.old is not None}


def is_deleted_mark(node: Node) -> bool:
    """第５条　削除."""
    return node.kind in ("article", "paragraph", "item") and fold(node.own_text()) == "削除"


def flat_units(document: Document) -> list[Node]:
    """The units of a document in order.

    Headings, articles (or paragraphs of 項建て), 附則, 別表, 様式, lines.
    """
    found: list[Node] = []
    for child in document.root.children:
        if child.kind in HEADINGS:
            found.extend(_under_heading(child))
        else:
            found.append(child)
    return found


def _under_heading(node: Node) -> list[Node]:
    found = [node]
    for child in node.children:
        found.extend(_under_heading(child) if child.kind in HEADINGS else [child])
    return found


def align(old: Document, new: Document, progress: Progress | None = None) -> Alignment:
    """Pair two versions of a regulation.

    Articles are matched by caption and text with numbers and references masked, first in order, then over the
    whole document for moved ones, then for splits, merges and 「削除」 left in place. Ids of old nodes are
    carried over to their new ones.
    """
    old_units, new_units = flat_units(old), flat_units(new)
    pairs: list[Pair] = []
    groups: list[tuple[str, ...]] = [
        ("title",),
        ("toc",),
        ("article", "paragraph", "item", "row", "line"),
        ("supplement",),
        ("table",),
        ("form",),
    ]
    for done, kinds in enumerate(groups):
        left = [u for u in old_units if u.kind in kinds]
        right = [u for u in new_units if u.kind in kinds]
        pairs.extend(_pair_group(left, right))
        if progress:
            progress("対応付け", done + 1, len(groups) + 1)
    pairs.extend(_pair_headings(old_units, new_units, pairs))
    ordered = _printing_order(old_units, new_units, pairs)
    alignment = Alignment(old, new, ordered)
    _carry_ids(alignment)
    if progress:
        progress("対応付け", len(groups) + 1, len(groups) + 1)
    return alignment


def _pair_group(left: list[Node], right: list[Node]) -> list[Pair]:
    if left and right and left[0].kind in ("title", "toc"):
        return [pair_nodes(left[0], right[0])]
    if left and right and left[0].kind in ("table", "form", "supplement"):
        return _pair_annexes(left, right)
    old_profiles = [profile(u) for u in left]
    new_profiles = [profile(u) for u in right]
    in_order = monotone_match(old_profiles, new_profiles)
    matched, moved = find_moves(old_profiles, new_profiles, in_order)
    everything = [*matched, *moved]
    everything += fill_gaps(left, right, everything, is_deleted_mark)
    splits = find_splits(old_profiles, new_profiles, everything)
    everything += [(s.old, s.new) for s in splits if s.primary]
    pairs = [pair_nodes(left[i], right[j]) for i, j in everything]
    for pair, at in zip(pairs, everything, strict=True):
        if at in moved:
            pair.changes.add("moved")
    relations_new = {s.new: s for s in splits if not s.primary and s.relation == "split"}
    relations_old = {s.old: s for s in splits if not s.primary and s.relation == "merge"}
    used_old, used_new = {i for i, _ in everything}, {j for _, j in everything}
    for i, node in enumerate(left):
        if i not in used_old:
            found = relations_old.get(i)
            pairs.append(_alone(node, None, "merge" if found else "", right[found.new] if found else None))
    for j, node in enumerate(right):
        if j not in used_new:
            found = relations_new.get(j)
            pairs.append(_alone(None, node, "split" if found else "", left[found.old] if found else None))
    return pairs


def _pair_annexes(left: list[Node], right: list[Node]) -> list[Pair]:
    """附則, 別表 and 様式: by similarity, and what is left over by equal label (rewritten wholly)."""
    old_profiles = [profile(u) for u in left]
    new_profiles = [profile(u) for u in right]
    matched = monotone_match(old_profiles, new_profiles)
    used_old, used_new = {i for i, _ in matched}, {j for _, j in matched}
    for i, node in enumerate(left):
        for j, other in enumerate(right):
            same = node.number == other.number and fold(node.label) == fold(other.label)
            if i not in used_old and j not in used_new and same and node.kind != "supplement":
                matched.append((i, j))
                used_old.add(i)
                used_new.add(j)
    pairs = [pair_nodes(left[i], right[j]) for i, j in matched]
    pairs += [_alone(node, None) for i, node in enumerate(left) if i not in used_old]
    return pairs + [_alone(None, node) for j, node in enumerate(right) if j not in used_new]


def _alone(
    old: Node | None,
    new: Node | None,
    relation: Literal["", "split", "merge"] = "",
    partner: Node | None = None,
) -> Pair:
    pair = Pair(old, new, relation=relation, partner=partner)
    for node in (old or new or Node("line")).children:
        pair.children.append(_alone(node if old else None, None if old else node))
    return pair


def pair_nodes(old: Node, new: Node) -> Pair:
    """Pair two elements and, below them, their parts."""
    pair = Pair(old, new, own_changes(old, new))
    if old.kind in HEADINGS:
        return pair
    left, right = old.children, new.children
    if not left or not right:
        pair.children = [_alone(c, None) for c in left] + [_alone(None, c) for c in right]
        return pair
    if [c.lines() for c in left] == [c.lines() for c in right]:
        pair.children = [pair_nodes(a, b) for a, b in zip(left, right, strict=True)]
        return pair
    first = [(0, 0)] if left[0].is_inline_paragraph and right[0].is_inline_paragraph else []
    skip = len(first)
    matched = first + [
        (i + skip, j + skip)
        for i, j in monotone_match([profile(c) for c in left[skip:]], [profile(c) for c in right[skip:]])
    ]
    matched += fill_gaps(left, right, matched, is_deleted_mark)
    pair.children = _printing_order(left, right, _with_lone(left, right, matched))
    return pair


def _with_lone(left: Sequence[Node], right: Sequence[Node], matched: list[tuple[int, int]]) -> list[Pair]:
    used_old, used_new = {i for i, _ in matched}, {j for _, j in matched}
    pairs = [pair_nodes(left[i], right[j]) for i, j in matched]
    pairs += [_alone(node, None) for i, node in enumerate(left) if i not in used_old]
    return pairs + [_alone(None, node) for j, node in enumerate(right) if j not in used_new]


def own_changes(old: Node, new: Node) -> set[Change]:
    """What differs between two paired elements on their own line and caption."""
    changes: set[Change] = set()
    if (old.number, old.through) != (new.number, new.through):
        changes.add("number")
    elif old.label != new.label:
        changes.add("notation")
    if old.caption != new.caption and comparable(old.caption) != comparable(new.caption):
        changes.add("references" if mask(old.caption) == mask(new.caption) else "caption")
    if old.kind == "article":
        return changes
    before, after = old.own_text(), new.own_text()
    if old.kind == "row" and tuple(map(comparable, old.cells)) != tuple(map(comparable, new.cells)):
        same = tuple(map(mask, old.cells)) == tuple(map(mask, new.cells))
        changes.add("references" if same else "text")
    elif before != after and comparable(before) != comparable(after):
        changes.add("references" if mask(before) == mask(after) else "text")
    elif before != after or old.caption != new.caption or old.gap != new.gap:
        changes.add("notation")
    return changes


def _pair_headings(old_units: list[Node], new_units: list[Node], pairs: list[Pair]) -> list[Pair]:
    """Chapters are the same when their titles agree or most of their articles do."""
    old_heads = [u for u in old_units if u.kind in HEADINGS]
    new_heads = [u for u in new_units if u.kind in HEADINGS]
    new_of = {id(p.old): p.new for p in pairs if p.old and p.new}
    candidates: list[tuple[float, int, int]] = []
    members = [{id(n) for n in h.walk() if n is not h} for h in new_heads]
    for i, old in enumerate(old_heads):
        targets = [id(t) for n in old.walk() if n.kind == "article" and (t := new_of.get(id(n)))]
        for j, new in enumerate(new_heads):
            if old.kind != new.kind:
                continue
            share = sum(t in members[j] for t in targets) / max(len(targets), 1)
            near = 0.01 * (old.number == new.number)
            score = 0.6 * (mask(old.text) == mask(new.text)) + 0.5 * share + near
            if score >= 0.3:
                candidates.append((score, i, j))
    found: list[Pair] = []
    used: tuple[set[int], set[int]] = (set(), set())
    for _, i, j in sorted(candidates, key=lambda c: (-c[0], c[1], c[2])):
        if i not in used[0] and j not in used[1]:
            used[0].add(i)
            used[1].add(j)
            found.append(pair_nodes(old_heads[i], new_heads[j]))
    found += [Pair(h, None) for i, h in enumerate(old_heads) if i not in used[0]]
    return found + [Pair(None, h) for j, h in enumerate(new_heads) if j not in used[1]]


def _printing_order(old: Sequence[Node], new: Sequence[Node], pairs: list[Pair]) -> list[Pair]:
    """New order, each deleted element after what stood before it in the old version."""
    by_new = {id(p.new): p for p in pairs if p.new is not None}
    by_old = {id(p.old): p for p in pairs if p.old is not None}
    after: dict[int, list[Pair]] = {}
    front: list[Pair] = []
    anchor: Pair | None = None
    for node in old:
        pair = by_old[id(node)]
        if pair.new is None:
            (after.setdefault(id(anchor), []) if anchor else front).append(pair)
        elif "moved" not in pair.changes:
            anchor = pair
    ordered = list(front)
    for node in new:
        pair = by_new[id(node)]
        ordered.append(pair)
        ordered.extend(after.get(id(pair), []))
    return ordered


def _carry_ids(alignment: Alignment) -> None:
    for node in alignment.new.walk():
        node.id = ""
    alignment.old.give_ids()
    for pair in alignment.all_pairs():
        if pair.old and pair.new:
            pair.new.id = pair.old.id
    taken = [int(n.id[1:]) for d in (alignment.old, alignment.new) for n in d.walk() if n.id[1:].isdigit()]
    counter = max(taken, default=0)
    for node in alignment.new.walk():
        if not node.id:
            counter += 1
            node.id = f"n{counter}"
