"""A regulation under amendment: flat units that can be addressed, replaced, renumbered and added to."""

from copy import deepcopy
from dataclasses import dataclass

from .alignment import flat_units
from .model import COUNTER, HEADINGS, RANK, Document, Node, Number, printed
from .numerals import full_width, kanji_numeral, numbers_in
from .parser import BlockReader

OTHER_THAN_ITEMS = "各号列記以外の部分"


@dataclass(frozen=True, slots=True)
class Amendment:
    """One amending sentence (改め文) and the new text that follows it, as printed lines."""

    sentence: str
    block: tuple[str, ...] = ()

    def text(self) -> str:
        """Sentence and block, the sentence indented by one blank."""
        return "\n".join([f"　{self.sentence}", *self.block])


def copied_units(document: Document) -> list[Node]:
    """Copies of the flat units; headings come without what stands under them."""
    found: list[Node] = []
    for unit in flat_units(document):
        if unit.kind in HEADINGS:
            children, unit.children = unit.children, []
            copy = deepcopy(unit)
            unit.children = children
        else:
            copy = deepcopy(unit)
        found.append(copy)
    return found


@dataclass(frozen=True, slots=True)
class Found:
    """An addressed node, the list it stands in, and the nodes above it from the outside in."""

    node: Node
    siblings: list[Node]
    above: tuple[Node, ...]


def addresses(units: list[Node]) -> dict[str, Found]:
    """Every address of a draft. An address that would mean two things is left out."""
    found: dict[str, Found] = {}
    twice: set[str] = set()

    def add(words: str, value: Found) -> None:
        if words in found and found[words].node is not value.node:
            twice.add(words)
        found[words] = value

    several = sum(u.kind == "supplement" for u in units) > 1
    path: list[Node] = []
    for unit in units:
        value = Found(unit, units, ())
        if unit.kind in HEADINGS:
            path = [h for h in path if RANK[h.kind] < RANK[unit.kind]] + [unit]
            add("".join(numbered_name(h) for h in path), value)
            continue
        words = _unit_words(unit, several)
        if words:
            add(words, value)
        _add_children(words, unit, (unit,), add)
    for words in twice:
        del found[words]
    return found


def _unit_words(unit: Node, several: bool) -> str:
    if unit.kind in ("title", "toc"):
        return {"title": "題名", "toc": "目次"}[unit.kind]
    if unit.kind == "supplement":
        return "附則" + (unit.text.strip() if several else "")
    if unit.kind in ("table", "form"):
        return unit.label.strip()
    return numbered_name(unit) if unit.kind in COUNTER else ""


def numbered_name(node: Node) -> str:
    """第３条の２, 第１項: number and counter, the branch behind the counter."""
    if not node.number:
        return ""
    branch = "".join(f"の{printed((part,))}" for part in node.number[1:])
    return f"第{printed(node.number[:1])}{COUNTER[node.kind]}{branch}"


def _add_children(words: str, node: Node, above: tuple[Node, ...], add: object) -> None:
    for child in node.children:
        value = Found(child, node.children, above)
        inner = words
        if child.kind in ("paragraph", "item"):
            inner = words + numbered_name(child)
        elif child.kind.startswith("subitem"):
            inner = words + child.label
        else:
            continue
        add(inner, value)  # type: ignore[operator]
        _add_children(inner, child, (*above, child), add)
        if child.is_inline_paragraph:
            _add_children(words, child, (*above, child), add)


def address_of(units: list[Node]) -> dict[int, str]:
    """``id(node)`` → its address; of several the shortest."""
    result: dict[int, str] = {}
    for words, found in addresses(units).items():
        key = id(found.node)
        if key not in result or len(words) < len(result[key]):
            result[key] = words
    return result


def digit_writer(units: list[Node]) -> "DigitWriter":
    """How the labels of a draft write their digits."""
    labels = [u.label for u in units if u.kind == "article"] or [u.label for u in units if u.label]
    wide_one = any(len(d) == 1 and ord(d) > 0x7F for label in labels for d in _digits(label))
    narrow_two = any(len(d) > 1 and d.isascii() for label in labels for d in _digits(label))
    kanji = any(c in "一二三四五六七八九" for label in labels for c in label)
    wide_two = any(len(d) > 1 and not d.isascii() for label in labels for d in _digits(label))
    return DigitWriter(kanji, wide_one and not wide_two, narrow_two or wide_one, wide_two)


def _digits(label: str) -> list[str]:
    words = "".join(c if c.isdecimal() else " " for c in label)
    return words.split()


@dataclass(frozen=True, slots=True)
class DigitWriter:
    """Writes a number as the regulation does.

    Kanji, full width, half width, or one digit full and more half.
    """

    kanji: bool
    mixed: bool
    fallback_mixed: bool
    full: bool

    def label(self, sample: str, number: Number) -> str:
        """``sample`` with its numbers replaced."""
        parts: list[str] = []
        values = iter(number)
        at = 0
        while at < len(sample):
            end = at
            while end < len(sample) and (
                sample[end].isdecimal() or (self.kanji and sample[end] in "一二三四五六七八九十百千")
            ):
                end += 1
            if end == at:
                parts.append(sample[at])
                at += 1
            else:
                parts.append(self._write(sample[at:end], next(values, 0)))
                at = end
        return "".join(parts)

    def _write(self, sample: str, value: int) -> str:
        if not sample.isdecimal():
            return kanji_numeral(value)
        if sample.isascii():
            return full_width(value) if self.mixed and value < 10 and len(sample) > 1 else str(value)
        return full_width(value) if self.full or value < 10 else str(value)


def read_block(block: tuple[str, ...], after: Node | None, above: tuple[Node, ...]) -> list[Node]:
    """The nodes that printed lines mean when they follow ``after`` under the nodes ``above``."""
    return BlockReader(above, after).read(block)


def text_of(units: list[Node]) -> str:
    """The whole text of a draft, as ``Document.text`` gives it."""
    return "\n".join(line for unit in units for line in unit.lines()) + "\n"


def set_label(node: Node, label: str) -> None:
    """Give a node another printed number."""
    node.label = label
    found = numbers_in(label)
    if found:
        node.number = found
