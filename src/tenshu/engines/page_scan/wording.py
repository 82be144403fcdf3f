"""Facts of what a visitor reads: defacement, spam and lure wording, and the language of the page."""

import re
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from typing import NamedTuple
from unicodedata import normalize

import yara_x
from selectolax.lexbor import LexborHTMLParser

from tenshu.engines.page_scan.kinds import Fact, Kind

_KINDS = {"defacement": Kind.TEXT_DEFACEMENT, "spam": Kind.TEXT_SPAM, "lure": Kind.TEXT_LURE}
_CAUTION = re.compile(
    r"お詫び|注意|ご相談|相談窓口|被害|違法|防止|啓発|対策|手口|詐欺|警視庁|警察|消費生活|報道|事例|犯罪|依存症|講座|研修|なりすまし|解説|調査結果"
)
_QUOTES = '「」『』“”"（）()'
# Lead bytes of UTF-8 and the writing they stand for; E3 is kana when 81, 82 or 83 follows.
_LATIN = bytes((*range(0x41, 0x5B), *range(0x61, 0x7B), *range(0xC3, 0xC6)))
_HAN = bytes(range(0xE4, 0xEA))
_OTHERS = {
    "greek": bytes(range(0xCE, 0xD0)), "cyrillic": bytes(range(0xD0, 0xD4)),
    "hebrew": bytes(range(0xD6, 0xD8)),
    "arabic": bytes(range(0xD8, 0xDC)), "thai": b"\xe0", "hangul": bytes(range(0xEA, 0xEE)),
}  # fmt: skip
_FULL_WIDTH = re.compile(rb"\xef(?:\xbc[\xa1-\xba]|\xbd[\x81-\x9a])")


class Sign(NamedTuple):
    """One rule of ``text_signs.yar`` that matched, with the line of text it stands in."""

    kind: Kind
    rule: str
    weight: int
    line: str
    cautioned: bool


@lru_cache(maxsize=1)
def _rules() -> yara_x.Rules:
    source = (
        resources.files("tenshu.engines.page_scan").joinpath("text_signs.yar").read_text(encoding="utf-8")
    )
    return yara_x.compile(source)


def visible_text(tree: LexborHTMLParser) -> str:
    """Title, description and text of the page, one text node a line. Removes scripts and styles from the
    tree."""
    title = tree.css_first("title")
    description = tree.css_first('meta[name="description"]')
    head = [
        title.text() if title else "",
        (description.attributes.get("content") or "") if description else "",
    ]
    tree.strip_tags(["script", "style", "template", "noscript"])
    body = tree.body
    return "\n".join([*head, body.text(separator="\n") if body else ""])


def _count(raw: bytes, leads: bytes) -> int:
    return len(raw) - len(raw.translate(None, leads))


def language_shares(raw: bytes) -> dict[str, int]:
    """Number of letters of each writing system in UTF-8 text, told by lead bytes.

    The rarer systems are only counted when Latin and Japanese leave more than half of the bytes.
    """
    kana = raw.count(b"\xe3\x81") + raw.count(b"\xe3\x82") + raw.count(b"\xe3\x83")
    shares = {"latin": _count(raw, _LATIN), "kana": kana, "han": _count(raw, _HAN)}
    if shares["latin"] + 3 * (kana + shares["han"]) < 0.5 * len(raw):
        shares |= {name: _count(raw, leads) for name, leads in _OTHERS.items()}
    return {name: count for name, count in shares.items() if count}


def main_language(raw: bytes) -> str:
    """``japanese``, ``chinese`` or the writing of most letters of UTF-8 text; empty below 40 letters."""
    shares = language_shares(raw)
    total = sum(shares.values())
    if total < 40:
        return ""
    japanese = shares.get("kana", 0) + shares.get("han", 0)
    if japanese >= 0.25 * total:
        return "japanese" if shares.get("kana", 0) >= 0.05 * japanese else "chinese"
    return max(shares, key=lambda name: shares[name])


def _context(text: str, start: int, end: int) -> tuple[str, bool]:
    """The line around a match, and whether it only speaks *about* such wording.

    It does when the lines around it warn or explain, or when the match is a quotation in a long Japanese
    sentence.
    """
    first, last = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    line = text[first : last if last >= 0 else len(text)].strip()
    around = text[max(0, start - 300) : end + 300]
    share = language_shares(line.encode("utf-8", "replace"))
    japanese = share.get("kana", 0) + share.get("han", 0)
    inside = text[start:end]
    quoted = text[max(0, start - 1) : start] in _QUOTES and start > 0 and japanese > len(inside)
    return line[:160], bool(_CAUTION.search(around)) or quoted


def text_signs(text: str) -> Iterator[Sign]:
    """Rules of wording that match a text (full-width Latin letters are folded first)."""
    raw = text.encode("utf-8", "replace")
    if _FULL_WIDTH.search(raw):
        text = normalize("NFKC", text)
        raw = text.encode("utf-8", "replace")
    for rule in _rules().scan(raw).matching_rules:
        meta = dict(rule.metadata)
        spots = [match for pattern in rule.patterns for match in pattern.matches]
        contexts = []
        for spot in spots[:20]:
            start = len(raw[: spot.offset].decode("utf-8", "ignore"))
            length = len(raw[spot.offset : spot.offset + spot.length].decode("utf-8", "ignore"))
            contexts.append(_context(text, start, start + length))
        bare = [line for line, cautioned in contexts if not cautioned]
        line = bare[0] if bare else contexts[0][0] if contexts else ""
        yield Sign(_KINDS[str(meta["kind"])], rule.identifier, int(meta["weight"]), line, not bare)


def text_facts(text: str, markup: list[str]) -> Iterator[Fact]:
    """Facts of the page's wording; ``markup`` is HTML that its scripts carry in literals."""
    for sign in text_signs(text):
        traits = (f"weight:{sign.weight}", "cautioned") if sign.cautioned else (f"weight:{sign.weight}",)
        yield Fact(sign.kind, sign.rule, sign.line, traits)
    written = "\n".join(re.sub(r"<[^>]*>", " ", piece) for piece in markup)
    if written.strip():
        for sign in text_signs(written):
            yield Fact(sign.kind, f"{sign.rule} by-script", sign.line, (f"weight:{sign.weight}",))
    if language := main_language(text.encode("utf-8", "replace")):
        yield Fact(Kind.TEXT_LANGUAGE, language, " ".join(text.split())[:160])
