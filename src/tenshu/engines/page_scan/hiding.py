"""Containers that a visitor cannot see, and the outside links in them (hidden link spam)."""

import re
from collections.abc import Iterator
from functools import lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from tenshu.engines.page_scan.hosts import Relation, relation, split_address
from tenshu.engines.page_scan.kinds import Fact, Kind

_WAYS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "off-screen",
        re.compile(
            r"(?:left|top|right|bottom|margin-(?:left|top)|text-indent)\s*:\s*-\s*\d{3,}|translate[XY3]?d?\([^)]*-\d{4,}"
        ),
    ),
    (
        "no-size",
        re.compile(
            r"(?<![a-z-])(?:height|width|max-height)\s*:\s*[01](?:px)?\s*(?:;|!|$)|font-size\s*:\s*0*[01]?(?:\.\d+)?(?:px|pt|em|%)?\s*(?:;|!|$)|scale\(\s*0"
        ),
    ),
    (
        "transparent",
        re.compile(r"(?<![a-z-])opacity\s*:\s*0*(?:\.0\d*)?\s*(?:;|!|$)|color\s*:\s*transparent"),
    ),
    ("clipped", re.compile(r"clip(?:-path)?\s*:\s*(?:rect\(\s*0|inset\(\s*(?:50|100)%)")),
    ("not-shown", re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|(?<![a-z-])z-index\s*:\s*-\d{2,}")),
)
_RULE = re.compile(r"([^{}@;]{1,200})\{([^{}]{1,600})\}")
_SWITCH = re.compile(
    r"getElementById\s*\(\s*[\"']([\w-]+)[\"']\s*\)\s*\.\s*style\s*(?:\.\s*(?:display|visibility|left|height)|\[[^\]]*\]|\.\s*cssText)\s*=\s*"
    r"[\"']([^\"']*)[\"']"
)
TREACHEROUS = frozenset({"off-screen", "no-size", "transparent", "clipped", "by-script"})
"""Ways of hiding that menus and dialogues rarely need (a closed menu is simply not shown)."""


@lru_cache(maxsize=4096)
def hiding_way(style: str) -> str:
    """How a CSS declaration block hides its element, or an empty string."""
    lowered = style.lower()
    for way, pattern in _WAYS:
        if pattern.search(lowered):
            return way
    return ""


@lru_cache(maxsize=1024)
def hiding_selectors(sheet: str) -> tuple[tuple[str, str], ...]:
    """(selector, way) of each rule of a style sheet that hides what it selects."""
    found = []
    for match in _RULE.finditer(sheet):
        if way := hiding_way(match.group(2)):
            found += [
                (part.strip(), way) for part in match.group(1).split(",") if part.strip() and ":" not in part
            ]
    return tuple(dict.fromkeys(found))[:200]


def _hidden_nodes(tree: LexborHTMLParser | LexborNode, script_text: str) -> Iterator[tuple[LexborNode, str]]:
    for node in tree.css("[style]"):
        if way := hiding_way(node.attrs.get("style") or ""):
            yield node, way
    for node in tree.css("[hidden], marquee"):
        if node.tag != "marquee" or (node.attributes.get("height") or "9") in ("0", "1", "2"):
            yield node, "not-shown" if node.tag != "marquee" else "no-size"
    for sheet in tree.css("style"):
        for selector, way in hiding_selectors(sheet.text(deep=True) or ""):
            try:
                nodes = tree.css(selector)
            except (SelectolaxError, ValueError):
                continue
            for node in nodes:
                yield node, way
    for name, value in dict.fromkeys(_SWITCH.findall(script_text)):
        if (
            value.strip() in ("none", "hidden", "0", "0px", "1px")
            or hiding_way(value)
            or value.strip().startswith("-")
        ):
            for node in tree.css(f"#{name}"):
                yield node, "by-script"


def hidden_links(
    tree: LexborHTMLParser | LexborNode, base: str, site: str, script_text: str
) -> Iterator[Fact]:
    """Facts for each outside host that is linked from a container nobody sees."""
    for node, way in _hidden_nodes(tree, script_text):
        anchors = [node] if node.tag == "a" else node.css("a[href]")
        for anchor in anchors:
            scheme, host, _ = split_address(anchor.attributes.get("href") or "", base)
            if scheme in ("http", "https") and relation(host, site) is Relation.OUTSIDE:
                words = " ".join((anchor.text(deep=True) or "").split())
                yield Fact(Kind.HIDDEN_LINK, host, f'<{node.tag} …> <a href="…{host}…">{words[:80]}', (way,))
