"""Writes 改め文.

Wording and deletions under the old numbers, then renumbering, then additions under the new.
"""

from collections.abc import Sequence

from .alignment import Alignment, Pair, flat_units
from .amendment_apply import apply_amendments
from .draft import OTHER_THAN_ITEMS, Amendment, DigitWriter, address_of, digit_writer, numbered_name
from .model import COUNTER, HEADINGS, Document, Node, RegulationError
from .numerals import full_width
from .quotation import said_edits, word_edits


class _CannotSayError(Exception):
    """The difference has no amending sentence of its own; the whole text is laid down anew."""


def write_amendments(alignment: Alignment) -> list[Amendment]:
    """Amending sentences whose application to the old text yields the new text exactly.

    They are tried out before they are given back. Where wording cannot be quoted safely the provision is
    replaced (次のように改める); where even that has no address, the whole regulation is
    (全部を次のように改める).
    """
    target = alignment.new.text()
    if alignment.old.text() == target:
        return []
    try:
        found = _Writer(alignment).write()
        if apply_amendments(alignment.old, found) == target:
            return found
    except (_CannotSayError, RegulationError):
        pass
    return [Amendment("全部を次のように改める。", tuple(target.splitlines()))]


class _Writer:
    def __init__(self, alignment: Alignment) -> None:
        self.pairs = [_unmoved(p) for pair in alignment.pairs for p in _parts(pair)]
        self.old_address = _document_addresses(alignment.old)
        self.new_address = _document_addresses(alignment.new)
        self.digits = digit_writer(flat_units(alignment.old))
        self.wording: list[Amendment] = []
        self.numbers: list[Amendment] = []
        self.additions: list[Amendment] = []

    def write(self) -> list[Amendment]:
        for pair in self.pairs:
            self._change(pair)
        self._renumber(self.pairs)
        self._add(self.pairs, None)
        return self.wording + self.numbers + self.additions

    def _old(self, node: Node) -> str:
        return _known(self.old_address, node)

    def _new(self, node: Node) -> str:
        return _known(self.new_address, node)

    def _change(self, pair: Pair) -> None:
        """Wording and deletions of a pair and what is under it."""
        old, new = pair.old, pair.new
        if old is None:
            return
        if new is None:
            name = f"の{COUNTER[old.kind]}名" if old.kind in HEADINGS else ""
            self.wording.append(Amendment(f"{self._old(old)}{name}を削る。"))
            return
        if old.kind in HEADINGS:
            self._heading(old, new)
        elif self._must_be_replaced(pair):
            self._replace(pair)
        else:
            said = len(self.wording), len(self.numbers)
            try:
                self._change_parts(pair)
            except _CannotSayError:
                # A part without an address of its own: the whole that holds it is laid down anew.
                del self.wording[said[0] :], self.numbers[said[1] :]
                self._replace(pair)

    def _change_parts(self, pair: Pair) -> None:
        old, new = pair.both()
        self._caption(old, new)
        if old.kind != "article" and old.text != new.text:
            self._edit(old, new)
        for child in pair.children:
            self._change(child)
        self._renumber(pair.children)

    def _replace(self, pair: Pair) -> None:
        old, new = pair.both()
        block = _lines_under_old_label(old, new)
        self.wording.append(Amendment(f"{self._old(old)}を次のように改める。", block))
        pair.children = []

    def _heading(self, old: Node, new: Node) -> None:
        if (old.gap, old.indent) != (new.gap, new.indent):
            raise _CannotSayError
        if old.text != new.text:
            name = COUNTER[old.kind]
            self.wording.append(Amendment(f"{self._old(old)}の{name}名を「{new.text}」に改める。"))

    @staticmethod
    def _must_be_replaced(pair: Pair) -> bool:
        old, new = pair.both()
        if old.lines() == new.lines():
            return False
        if old.kind in ("title", "toc", "line", "row"):
            return True
        if (old.gap, old.indent, old.caption_after) != (new.gap, new.indent, new.caption_after):
            return True
        if old.caption_after and old.caption != new.caption:
            return True
        if old.kind in ("table", "form", "supplement") and (old.text, old.label) != (new.text, new.label):
            return True
        plain = [c for c in pair.children if c.node.kind in ("line", "row")]
        if any(c.old is None or c.new is None or c.old.lines() != c.new.lines() for c in plain):
            return True
        return any(
            c.old is not None and c.new is not None and (not c.old.label) != (not c.new.label)
            for c in pair.children
        )

    def _caption(self, old: Node, new: Node) -> None:
        before, after = old.caption_line(), new.caption_line()
        if before == after:
            return
        address = self._old(old)
        if after is None:
            self.wording.append(Amendment(f"{address}の見出しを削る。"))
        elif before is None:
            self.wording.append(Amendment(f"{address}に見出しとして「{after}」を付する。"))
        else:
            self.wording.append(Amendment(f"{address}の見出しを「{after}」に改める。"))

    def _edit(self, old: Node, new: Node) -> None:
        address = self._old(old)
        only = OTHER_THAN_ITEMS if old.children else ""
        edits = word_edits(old.text, new.text)
        if edits:
            self.wording.append(Amendment(f"{address}{only}中{said_edits(edits)}。"))
        elif only:
            self.wording.append(Amendment(f"{address}{only}を次のように改める。", (new.text,)))
        elif old.is_inline_paragraph:
            self.wording.append(Amendment(f"{address}{OTHER_THAN_ITEMS}を次のように改める。", (new.text,)))
        else:
            self.wording.append(Amendment(f"{address}を次のように改める。", _lines_under_old_label(old, new)))

    def _renumber(self, pairs: Sequence[Pair]) -> None:
        """Shifts down from the back, shifts up from the front, so that no number is ever held twice."""
        full = [p for p in pairs if p.old is not None and p.new is not None and p.old.label != p.new.label]
        for kind in dict.fromkeys(p.node.kind for p in full):
            mine = [p for p in full if p.node.kind == kind and kind not in ("title", "toc", "supplement")]
            down = [p for p in mine if _numbers(p)[1] > _numbers(p)[0]]
            up = [p for p in mine if _numbers(p)[1] <= _numbers(p)[0]]
            self._say_shifts(_runs(down, pairs, self.digits)[::-1])
            self._say_shifts(_runs(up, pairs, self.digits))

    def _say_shifts(self, runs: list[list[Pair]]) -> None:
        for run in runs:
            ends = [p.old for p in (run[0], run[-1]) if p.old is not None]
            counter = COUNTER.get(ends[0].kind, "")
            if len(run) > 2:
                before, after = _numbers(run[0])
                step = after[0] - before[0]
                way = "下げ" if step > 0 else "上げ"
                scope = f"{self._old(ends[0])}から{numbered_name(ends[1])}まで"
                by = f"{full_width(abs(step))}{counter}ずつ"
                self.numbers.append(Amendment(f"{scope}を{by}繰り{way}る。"))
                continue
            forward = _numbers(run[0])[1] <= _numbers(run[0])[0]
            for pair in run if forward else run[::-1]:
                if pair.old and pair.new:
                    official = _official(pair.old, pair.new, self.digits)
                    label = numbered_name(pair.new) if official else f"「{pair.new.label}」"
                    self.numbers.append(Amendment(f"{self._old(pair.old)}を{label}とする。"))

    def _add(self, pairs: Sequence[Pair], parent: Node | None) -> None:
        before: Node | None = None
        at = 0
        while at < len(pairs):
            pair = pairs[at]
            if pair.new is None:
                at += 1
                continue
            if pair.old is not None:
                self._add(pair.children, pair.new)
                before = pair.new
                at += 1
                continue
            run = [pair.new]
            while at + len(run) < len(pairs):
                following = pairs[at + len(run)]
                if following.old is not None or following.new is None or following.new.kind != run[0].kind:
                    break
                run.append(following.new)
            rest = [p.new for p in pairs[at + len(run) :] if p.new is not None and p.old is not None]
            self._say_addition(run, before, rest[0] if rest else None, parent)
            before = run[-1]
            at += len(run)

    def _say_addition(
        self, run: list[Node], before: Node | None, after: Node | None, parent: Node | None
    ) -> None:
        kind = run[0].kind
        if kind in HEADINGS:
            block = tuple(node.main_line() or "" for node in run)
        else:
            block = tuple(line for node in run for line in node.lines())
        what = (
            f"次の{COUNTER[kind]}名を"
            if kind in HEADINGS
            else f"次の{full_width(len(run))}{_counter(kind)}を"
        )
        if kind.startswith("subitem"):
            what = "次のように"
        elif kind == "supplement":
            what = "次の附則を"
        if (before is not None and not before.is_inline_paragraph) or (
            before is not None and kind == "paragraph"
        ):
            self.additions.append(Amendment(f"{self._new(before)}の次に{what}加える。", block))
        elif after is not None:
            self.additions.append(Amendment(f"{self._new(after)}の前に{what}加える。", block))
        elif parent is not None:
            self.additions.append(Amendment(f"{self._new(parent)}に{what}加える。", block))
        else:
            raise _CannotSayError


def _counter(kind: str) -> str:
    names = {"supplement": "附則", "table": "表", "form": "様式"}
    found = names.get(kind) or {str(k): v for k, v in COUNTER.items()}.get(kind)
    if found is None:
        if kind.startswith("subitem"):
            return ""
        raise _CannotSayError
    return found


def _document_addresses(document: Document) -> dict[int, str]:
    found = address_of(flat_units(document))
    for node in document.walk():
        # An article's only paragraph without items is amended under the article's own name.
        if node.kind == "article" and len(node.children) == 1 and id(node) in found:
            found[id(node.children[0])] = found[id(node)]
    return found


def _known(known: dict[int, str], node: Node) -> str:
    if id(node) not in known:
        raise _CannotSayError
    return known[id(node)]


def _parts(pair: Pair) -> list[Pair]:
    """A moved article is deleted here and added there."""
    if "moved" not in pair.changes:
        return [pair]
    return [Pair(pair.old, None), Pair(None, pair.new)]


def _unmoved(pair: Pair) -> Pair:
    """A copy whose children may be dropped."""
    return Pair(pair.old, pair.new, set(pair.changes), [_unmoved(c) for c in pair.children])


def _lines_under_old_label(old: Node, new: Node) -> tuple[str, ...]:
    """The new text under the old number: renumbering is said apart."""
    label, new.label = new.label, old.label
    try:
        return tuple(new.lines())
    finally:
        new.label = label


def _official(old: Node, new: Node, digits: DigitWriter) -> bool:
    """Whether 「第４条とする」 tells the printed label; else the label itself is quoted."""
    return old.kind in COUNTER and bool(new.number) and digits.label(old.label, new.number) == new.label


def _numbers(pair: Pair) -> tuple[tuple[int, ...], tuple[int, ...]]:
    old, new = pair.both()
    return old.number, new.number


def _runs(pairs: Sequence[Pair], among: Sequence[Pair], digits: DigitWriter) -> list[list[Pair]]:
    """Neighbours that one sentence can shift by the same step; the rest stand alone."""
    full = [p for p in among if p.old is not None and p.new is not None and p.node.kind not in HEADINGS]
    position = {id(p): i for i, p in enumerate(full)}
    runs: list[list[Pair]] = []
    for pair in pairs:
        last = runs[-1][-1] if runs else None
        joins = (
            last is not None
            and id(pair) in position
            and position.get(id(last), -9) + 1 == position[id(pair)]
            and _shiftable(pair, digits)
            and _shiftable(last, digits)
            and _step(last) == _step(pair)
        )
        if joins:
            runs[-1].append(pair)
        else:
            runs.append([pair])
    return runs


def _step(pair: Pair) -> int:
    before, after = _numbers(pair)
    return after[0] - before[0]


def _shiftable(pair: Pair, digits: DigitWriter) -> bool:
    before, after = _numbers(pair)
    old, new = pair.both()
    return (
        pair.node.kind in ("article", "paragraph", "item")
        and len(before) == 1
        and before[1:] == after[1:]
        and not old.through
        and digits.label(old.label, after) == new.label
    )
