"""Pairs → rows of the 新旧対照表, with what every row covers of both texts, so that nothing can be left
out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from .alignment import Alignment, Pair
from .house_style import HouseStyle
from .model import HEADINGS, RANK, Node, place
from .wording import Segment, compare

Cells = list[list[Segment]]
Part = Literal["caption", "main"]


@dataclass(frozen=True, slots=True)
class Covered:
    """One printed line of both texts that an entry stands for without printing it.

    Ids, and the heads shown.
    """

    part: Part
    old_id: str
    new_id: str
    old_head: str
    new_head: str


@dataclass(slots=True)
class Entry:
    """One line of the table: new side and old side (empty list: nothing there).

    ``kind`` is ``text``, ``omission`` or ``row`` (cells of a table row). ``group`` numbers the provision;
    a border is drawn between groups. ``silent`` entries are not printed: they only prove what was left
    out. ``new_line`` and ``old_line`` name the printed line (node id and part) that a text entry shows
    whole.
    """

    kind: Literal["text", "omission", "row"]
    group: int
    new: list[Segment] = field(default_factory=list)
    old: list[Segment] = field(default_factory=list)
    new_cells: Cells = field(default_factory=list)
    old_cells: Cells = field(default_factory=list)
    new_line: tuple[str, Part] | None = None
    old_line: tuple[str, Part] | None = None
    covered: list[Covered] = field(default_factory=list)
    remark: str = ""
    silent: bool = False


@dataclass(slots=True)
class ComparisonTable:
    """The whole table, ready to be printed."""

    title: str
    style: HouseStyle
    entries: list[Entry]
    notation_only: int = 0

    def printed(self) -> list[Entry]:
        """The entries that are printed."""
        return [e for e in self.entries if not e.silent]

    def to_dict(self) -> dict[str, Any]:
        """Plain values: columns, and per printed entry both sides with the changed stretches marked."""
        return {
            "title": self.title,
            "style": self.style.name,
            "columns": {"new": self.style.titles[0], "old": self.style.titles[1]},
            "notation_only": self.notation_only,
            "rows": [_entry_dict(e) for e in self.printed()],
        }


def _entry_dict(entry: Entry) -> dict[str, Any]:
    value: dict[str, Any] = {"kind": entry.kind, "group": entry.group}
    if entry.kind == "row":
        value["new_cells"] = [_segment_list(c) for c in entry.new_cells]
        value["old_cells"] = [_segment_list(c) for c in entry.old_cells]
    value["new"], value["old"] = _segment_list(entry.new), _segment_list(entry.old)
    if entry.remark:
        value["remark"] = entry.remark
    return value


def _segment_list(segments: Sequence[Segment]) -> list[dict[str, Any]]:
    return [
        {"text": s.text, **({"changed": True} if s.changed else {}), **({"double": True} if s.strong else {})}
        for s in segments
    ]


def build_table(alignment: Alignment, style: HouseStyle | None = None) -> ComparisonTable:
    """The comparison table of two versions in a house style."""
    builder = _Builder(alignment, style or HouseStyle())
    builder.sequence(alignment.pairs, top=True)
    notation = sum("notation" in p.changes for p in alignment.all_pairs())
    title = alignment.new.title or alignment.old.title
    return ComparisonTable(title, builder.style, builder.entries, notation)


class _Builder:
    def __init__(self, alignment: Alignment, style: HouseStyle) -> None:
        self.style = style
        self.alignment = alignment
        self.old_parents, self.new_parents = alignment.old.parents(), alignment.new.parents()
        self.entries: list[Entry] = []
        self.group = 0

    def sequence(self, pairs: Sequence[Pair], *, top: bool = False) -> None:
        """Entries of siblings: runs of unchanged and of merely renumbered ones are gathered into 略."""
        run: list[Pair] = []
        for at, pair in enumerate(pairs):
            kind = "" if self._shown_anyway(pairs, at, top) else _run_kind(pair)
            if run and (not kind or not self._continues(run, pair)):
                self._omit(run, top)
                run = []
            if kind:
                run.append(pair)
                continue
            if top:
                self.group += 1
            self._emit(pair)
        if run:
            self._omit(run, top)

    def _shown_anyway(self, pairs: Sequence[Pair], at: int, top: bool) -> bool:
        """Unchanged but printed: the head row of a changed table, the heading of a chapter with changes."""
        node = pairs[at].node
        if node.kind == "row":
            return at == 0 and any(_run_kind(p) != "same" for p in pairs)
        if not (top and self.style.headings and node.kind in HEADINGS):
            return False
        rank = RANK[node.kind]
        for later in pairs[at + 1 :]:
            if RANK.get(later.node.kind, 0) <= rank:
                return False
            if _run_kind(later) != "same":
                return True
        return False

    def _continues(self, run: Sequence[Pair], pair: Pair) -> bool:
        """Whether one 略 can stand for the run and the pair: same kind of provision, same kind of change."""
        before = next((p for p in reversed(run) if p.node.label), run[-1])
        if _run_kind(before) != _run_kind(pair):
            return False
        if _run_kind(pair) == "same":
            return not before.node.label or not pair.node.label or _shelf(before.node) == _shelf(pair.node)
        return self.style.renumbered_in_runs and before.node.kind == pair.node.kind

    def _omit(self, run: list[Pair], top: bool) -> None:
        if top:
            self.group += 1
        covered = [c for pair in run for c in _covered_tree(pair)]
        labelled = [p for p in run if p.node.label and p.node.kind not in HEADINGS]
        renumbered = _run_kind(run[0]) == "renumbered"
        silent = not labelled or (top and not renumbered and self.style.articles_omitted == "silent")
        entry = Entry("omission", self.group, covered=covered, silent=silent)
        unlabelled_rows = not labelled and not top
        if not silent:
            entry.new = self._omission([p.new for p in labelled if p.new], changed=renumbered)
            entry.old = self._omission([p.old for p in labelled if p.old], changed=renumbered)
        elif unlabelled_rows:
            entry.silent = False
            entry.new, entry.old = [Segment(self.style.omission)], [Segment(self.style.omission)]
        self.entries.append(entry)

    def _omission(self, nodes: Sequence[Node], *, changed: bool = False) -> list[Segment]:
        indent = nodes[0].indent
        labels = [
            n.label.split("から")[-1].removesuffix("まで") if n is not nodes[0] else n.label for n in nodes
        ]
        if len(set(labels)) == 1:
            words = labels[0]
        elif len(labels) == 2 and not nodes[-1].through:
            words = self.style.two_joint.join(labels)
        else:
            words = f"{labels[0]}{self.style.run_joint}{labels[-1]}"
        segments = [Segment(indent)] if indent else []
        return [*segments, Segment(words, changed), Segment(self.style.omission_gap + self.style.omission)]

    def _emit(self, pair: Pair) -> None:
        remark = self._remark(pair)
        start = len(self.entries)
        if pair.old is None or pair.new is None:
            self._emit_lone(pair, label=True)
        else:
            self._emit_caption(pair.old, pair.new)
            inner = _inline_pair(pair)
            self._emit_main(pair, inner)
            if pair.status == "deleted_in_place":
                for child in [*(inner.children if inner else []), *pair.children[1 if inner else 0 :]]:
                    self._emit_lone(child, label=False)
            else:
                rest = [*(inner.children if inner else []), *[c for c in pair.children if c is not inner]]
                self.sequence(rest)
        if remark and len(self.entries) > start:
            self.entries[start].remark = remark

    def _emit_caption(self, old: Node, new: Node) -> None:
        before, after = old.caption_line(), new.caption_line()
        if before is None and after is None:
            return
        changed = bool(before) != bool(after)
        if before is not None and after is not None:
            old_segments, new_segments = compare(before, after)
            changed = any(s.changed for s in (*old_segments, *new_segments))
        else:
            old_segments = [Segment(before, True)] if before else []
            new_segments = [Segment(after, True)] if after else []
        if not changed and not self.style.captions:
            self.entries.append(
                Entry(
                    "omission", self.group, covered=[Covered("caption", old.id, new.id, "", "")], silent=True
                )
            )
            return
        self.entries.append(
            Entry(
                "text",
                self.group,
                self._padded(new_segments, before),
                self._padded(old_segments, after),
                new_line=(new.id, "caption") if after is not None else None,
                old_line=(old.id, "caption") if before is not None else None,
            )
        )

    def _padded(self, segments: list[Segment], other: str | None) -> list[Segment]:
        if segments or not self.style.pad or not other:
            return segments
        return [Segment("　" * len(other), changed=True, pad=True)]

    def _emit_main(self, pair: Pair, inner: Pair | None) -> None:
        old, new = pair.both()
        if old.kind == "row":
            self._emit_row(old, new)
            return
        text_changes = (inner.changes if inner else pair.changes) & {"text", "references"}
        numbered = "number" in pair.changes
        after_label = old.caption_after or new.caption_after
        if not text_changes and old.label and RANK[old.kind] >= RANK["article"] and not after_label:
            entry = Entry("omission", self.group, covered=[_covered_line(old, new)])
            entry.new = self._omission([new], changed=numbered)
            entry.old = self._omission([old], changed=numbered)
            self.entries.append(entry)
            return
        before, after = old.own_text(), new.own_text()
        old_text, new_text = compare(before, after)
        head_changed = old.caption_after and old.caption != new.caption
        entry = Entry("text", self.group, new_line=(new.id, "main"), old_line=(old.id, "main"))
        entry.new = _with_head(new, new_text, numbered, bool(head_changed))
        entry.old = _with_head(old, old_text, numbered, bool(head_changed))
        self.entries.append(entry)

    def _emit_row(self, old: Node, new: Node) -> None:
        count = max(len(old.cells), len(new.cells))
        entry = Entry("row", self.group, new_line=(new.id, "main"), old_line=(old.id, "main"))
        for k in range(count):
            before = old.cells[k] if k < len(old.cells) else ""
            after = new.cells[k] if k < len(new.cells) else ""
            left, right = compare(before, after)
            if k < len(old.cells):
                entry.old_cells.append(left)
            if k < len(new.cells):
                entry.new_cells.append(right)
        self.entries.append(entry)

    def _emit_lone(self, pair: Pair, *, label: bool) -> None:
        """An added or deleted element: its own side underlined whole, the label opposite its first line."""
        added = pair.old is None
        node = pair.node
        opposite = self.style.added_label if added else self.style.deleted_label
        for part, line in (("caption", node.caption_line()), ("main", node.main_line())):
            if line is None:
                continue
            self.entries.append(self._lone_line(node, part, line, opposite if label else "", added))  # type: ignore[arg-type]
            label = False
        for child in pair.children:
            if child.old is not None and child.new is not None:
                self._emit(child)
            else:
                self._emit_lone(child, label=False)

    def _lone_line(self, node: Node, part: Part, line: str, opposite: str, added: bool) -> Entry:
        strong = added and self.style.added_mark_underline == "double"
        if node.kind == "row":
            entry = Entry("row", self.group)
            cells = [[Segment(c, True)] for c in node.cells]
            entry.new_cells, entry.old_cells = (cells, []) if added else ([], cells)
            own: list[Segment] = []
        else:
            entry = Entry("text", self.group)
            indent = node.caption_indent if part == "caption" else node.indent
            mark = node.label if part == "main" else ""
            rest = line[len(indent) + len(mark) :]
            own = [Segment(indent)] if indent else []
            if strong and mark:
                own += [Segment(mark, True, strong=True), Segment(rest, True)]
            else:
                own.append(Segment(mark + rest, True))
        other = [Segment(opposite)] if opposite else self._padded([], line)
        if added:
            entry.new, entry.old, entry.new_line = own, other, (node.id, part)
        else:
            entry.old, entry.new, entry.old_line = own, other, (node.id, part)
        return entry

    def _remark(self, pair: Pair) -> str:
        if not self.style.automatic_remarks:
            return ""
        if pair.partner is not None:
            parents = self.old_parents if pair.relation == "split" else self.new_parents
            words = place(pair.partner, parents)
            return f"{words}から分割" if pair.relation == "split" else f"{words}に統合"
        if "moved" in pair.changes and pair.old:
            return f"{place(pair.old, self.old_parents)}から移動"
        if pair.status == "references":
            return "引用する条項の整理"
        return ""


def _shelf(node: Node) -> str:
    """Runs do not go over from items into paragraphs, nor from the articles into 附則, 別表 or 様式."""
    return "article" if node.kind in HEADINGS else node.kind


def _run_kind(pair: Pair) -> Literal["", "same", "renumbered"]:
    if pair.old is None or pair.new is None or "moved" in pair.changes:
        return ""
    changes = pair.deep_changes() - {"notation"}
    if not changes:
        return "same"
    only_own = changes == {"number"} and not any(c.deep_changes() - {"notation"} for c in pair.children)
    return "renumbered" if only_own and pair.node.kind not in HEADINGS and pair.node.label else ""


def _inline_pair(pair: Pair) -> Pair | None:
    first = pair.children[0] if pair.children else None
    if first and first.old and first.new and first.old.is_inline_paragraph and first.new.is_inline_paragraph:
        return first
    return None


def _covered_line(old: Node, new: Node) -> Covered:
    return Covered("main", old.id, new.id, old.indent + old.head(), new.indent + new.head())


def _covered_tree(pair: Pair) -> list[Covered]:
    old, new = pair.both()
    found: list[Covered] = []
    if old.caption_line() is not None and new.caption_line() is not None:
        found.append(Covered("caption", old.id, new.id, "", ""))
    if old.main_line() is not None:
        found.append(_covered_line(old, new))
    for child in pair.children:
        found.extend(_covered_tree(child))
    return found


def _with_head(node: Node, text: list[Segment], numbered: bool, caption_changed: bool) -> list[Segment]:
    found = [Segment(node.indent)] if node.indent else []
    if node.label:
        found.append(Segment(node.label, numbered))
    if node.caption_after and node.caption:
        found.append(Segment(node.caption, caption_changed))
    if node.gap:
        found.append(Segment(node.gap))
    return found + text
