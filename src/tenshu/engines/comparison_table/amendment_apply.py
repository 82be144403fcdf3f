"""Reads amending sentences (改め文) and applies them to a text, one after another."""

import re
from collections.abc import Callable, Sequence

from .draft import (
    OTHER_THAN_ITEMS,
    Amendment,
    DigitWriter,
    Found,
    addresses,
    copied_units,
    digit_writer,
    numbered_name,
    read_block,
    set_label,
    text_of,
)
from .model import Document, Node, RegulationError
from .numerals import numbers_in, numeral_value
from .parser import parse_text

_COUNTED = r"(?:編|章|節|款|目|条|項|号|附則|表|様式)"
_RULES: list[tuple[re.Pattern[str], str]] = [
    (re.compile(r"^全部を次のように改める。$"), "whole"),
    (re.compile(rf"^(?P<at>.+?)(?P<own>{OTHER_THAN_ITEMS})?中(?P<edits>「.*)。$"), "edit"),
    (re.compile(r"^(?P<at>.+)の見出しを削る。$"), "uncaption"),
    (re.compile(r"^(?P<at>.+)の見出しを「(?P<text>.*)」に改める。$"), "caption"),
    (re.compile(r"^(?P<at>.+)に見出しとして「(?P<text>.*)」を付する。$"), "caption"),
    (re.compile(r"^(?P<at>.+)の[編章節款目]名を「(?P<text>.*)」に改める。$"), "heading"),
    (re.compile(r"^(?P<at>.+)の[編章節款目]名を削る。$"), "delete"),
    (re.compile(rf"^(?P<at>.+?){OTHER_THAN_ITEMS}を次のように改める。$"), "own_text"),
    (re.compile(r"^(?P<at>.+)を次のように改める。$"), "replace"),
    (
        re.compile(
            rf"^(?P<at>.+)の(?P<side>次|前)に次の(?:.*?{_COUNTED}を|[編章節款目]名を|ように)加える。$"
        ),
        "add",
    ),
    (re.compile(rf"^(?P<at>.+)に次の(?:.*?{_COUNTED}を|ように)加える。$"), "append"),
    (
        re.compile(
            r"^(?P<at>.+)から(?P<to>.+)までを(?P<by>[0-9０-９]+)[条項号]ずつ繰り(?P<way>[上下]げ)る。$"
        ),
        "shift",
    ),
    (re.compile(r"^(?P<at>.+)を削る。$"), "delete"),
    (re.compile(r"^(?P<at>.+?)を「(?P<label>.+)」とする。$"), "relabel"),
    (re.compile(r"^(?P<at>.+?)を(?P<number>第[^「」]+)とする。$"), "renumber"),
]


def apply_amendments(old: Document, amendments: Sequence[Amendment]) -> str:
    """The text after the amendments, as ``Document.text`` gives it.

    Raises RegulationError naming the sentence when one cannot be read or its place does not exist.
    """
    units = copied_units(old)
    digits = digit_writer(units)
    for amendment in amendments:
        if amendment.sentence.startswith("全部を"):
            units = copied_units(parse_text("\n".join(amendment.block)))
            continue
        _apply(units, amendment, digits)
    return text_of(units)


def _apply(units: list[Node], amendment: Amendment, digits: DigitWriter) -> None:
    for pattern, action in _RULES:
        match = pattern.match(amendment.sentence)
        if not match:
            continue
        known = addresses(units)
        found = known.get(match["at"])
        if found is None:
            continue
        if action == "shift":
            last = next((n for n in found.siblings if numbered_name(n) == match["to"]), None)
            _shift(found, last, match, digits)
        elif action == "renumber":
            set_label(found.node, digits.label(found.node.label, numbers_in(match["number"])))
        else:
            _ACTIONS[action](found, match, amendment)
        return
    raise RegulationError(f"改め文「{amendment.sentence}」を当てはめる場所がありません。")


def _edit(found: Found, match: re.Match[str], amendment: Amendment) -> None:
    edits = _edits(match["edits"])
    if edits is None:
        raise RegulationError(f"改め文「{amendment.sentence}」を読み取れません。")
    nodes = [_own(found.node)] if match["own"] else list(found.node.walk())
    for before, after in edits:
        if not any(before in node.text for node in nodes):
            raise RegulationError(f"改め文「{amendment.sentence}」の字句「{before}」がありません。")
        for node in nodes:
            node.text = node.text.replace(before, after)


def _own(node: Node) -> Node:
    return node.children[0] if node.kind == "article" else node


def _edits(text: str) -> list[tuple[str, str]] | None:
    """「甲」を「乙」に、「丙」を「丁」に改め、「戊」を削る → pairs; quotation marks inside must balance."""
    edits: list[tuple[str, str]] = []
    rest = text
    while rest:
        first, rest = _quoted(rest)
        if first is None or not rest.startswith("を"):
            return None
        rest = rest[1:]
        if rest.startswith("「"):
            second, rest = _quoted(rest)
            if second is None:
                return None
            edits.append((first, second))
        else:
            edits.append((first, ""))
        rest = re.sub(r"^(?:に改め(?:る$|、)|に、|削(?:る$|り、))", "", rest)
        if rest and not rest.startswith("「"):
            return None
    return edits


def _quoted(text: str) -> tuple[str | None, str]:
    depth = 0
    for at, char in enumerate(text):
        depth += (char == "「") - (char == "」")
        if depth == 0:
            return (text[1:at], text[at + 1 :]) if char == "」" else (None, text)
    return None, text


def _uncaption(found: Found, match: re.Match[str], amendment: Amendment) -> None:
    found.node.caption = found.node.caption_indent = ""


def _caption(found: Found, match: re.Match[str], amendment: Amendment) -> None:
    text = match["text"]
    found.node.caption = text.lstrip(" \u3000")
    found.node.caption_indent = text[: len(text) - len(found.node.caption)]


def _heading(found: Found, match: re.Match[str], amendment: Amendment) -> None:
    found.node.text = match["text"]


def _own_text(found: Found, match: re.Match[str], amendment: Amendment) -> None:
    _own(found.node).text = amendment.block[0]


def _position(found: Found) -> int:
    return next(i for i, node in enumerate(found.siblings) if node is found.node)


def _replace(found: Found, match: re.Match[str], amendment: Amendment) -> None:
    at = _position(found)
    before = found.siblings[at - 1] if at and found.above else None
    found.siblings[at : at + 1] = (
        _plain_unit(found.node, amendment.block)
        if found.node.kind in ("title", "toc")
        else read_block(amendment.block, before, found.above)
    )


def _plain_unit(node: Node, block: tuple[str, ...]) -> list[Node]:
    """A title or table of contents: its first line, and the others under it."""
    return [Node(node.kind, text=block[0], children=[Node("line", text=line) for line in block[1:]])]


def _add(found: Found, match: re.Match[str], amendment: Amendment) -> None:
    at = _position(found)
    behind = match["side"] == "次"
    if behind:
        at += 1
    before = found.siblings[at - 1] if at and found.above else None
    found.siblings[at:at] = read_block(amendment.block, before, found.above)


def _append(found: Found, match: re.Match[str], amendment: Amendment) -> None:
    node = found.node
    above = (*found.above, node)
    if node.kind == "article" and match["at"] and "号を加える" in amendment.sentence:
        node = node.children[0]
        above = (*above, node)
    last = node.children[-1] if node.children else None
    node.children.extend(read_block(amendment.block, last, above))


def _delete(found: Found, match: re.Match[str], amendment: Amendment) -> None:
    del found.siblings[_position(found)]


def _relabel(found: Found, match: re.Match[str], amendment: Amendment) -> None:
    set_label(found.node, match["label"])
    if not found.node.label:
        found.node.label = match["label"]


def _shift(first: Found, last: Node | None, match: re.Match[str], digits: DigitWriter) -> None:
    if last is None:
        raise RegulationError(f"改め文「{match[0]}」の範囲がありません。")
    step = numeral_value(match["by"]) * (1 if match["way"].startswith("下") else -1)
    inside = False
    for node in first.siblings:
        inside = inside or node is first.node
        if inside and node.kind == first.node.kind:
            set_label(node, digits.label(node.label, (node.number[0] + step, *node.number[1:])))
        if node is last:
            return


_ACTIONS: dict[str, Callable[[Found, re.Match[str], Amendment], None]] = {
    "edit": _edit,
    "uncaption": _uncaption,
    "caption": _caption,
    "heading": _heading,
    "own_text": _own_text,
    "replace": _replace,
    "add": _add,
    "append": _append,
    "delete": _delete,
    "relabel": _relabel,
}
