"""References in the text of a regulation (第３条第２項, 前条, 同項第１号, 別表第１).

Found, masked, addressed.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

from .model import Number
from .numerals import BRANCH, NUMERAL, numbers_in

_KINDS = r"条(?![件例約文理])|項(?!目)|号(?![外機線棟室俸給])|編|章|節|款"
_LAW_NUMBER = (
    "(?:法律|政令|省令|府令|条例|規則|訓令|告示|規程|通知|訓|議決)"
    rf"(?:甲|乙)?第{NUMERAL}号(?!様式)"
)
TOKEN = re.compile(
    rf"(?P<law>{_LAW_NUMBER})"
    rf"|(?P<form>別記様式(?:第{NUMERAL}号)?|様式第{NUMERAL}号{BRANCH}*|(?:別記)?第{NUMERAL}号様式)"
    rf"|(?P<table>別表(?:第{NUMERAL}{BRANCH}*(?![条項号章]))?)"
    rf"|(?P<supplement>[附付]則)"
    rf"|(?P<absolute>第{NUMERAL}(?:{_KINDS}){BRANCH}*)"
    rf"|(?P<every>前各(?:項|号)|各号)"
    rf"|(?P<previous>前(?:{NUMERAL})?(?:{_KINDS}))"
    rf"|(?P<next>次(?:{NUMERAL})?(?:{_KINDS}))"
    rf"|(?P<same>同(?:{_KINDS})|同附則)"
    rf"|(?P<this>(?:この|本)(?:条|項|号|章|節|編)(?![件例約目文]))"
)
_CONNECTOR = re.compile(
    r"^(?:本文|ただし書|前段|後段|前半|後半)?(?:及び|又は|並びに|若しくは|、|，|・|から|まで|[―～\-〜~ー])+$"
)
_LAW_NOUN = re.compile(
    r"(?:法|令|条例|規則|規程|要綱|要領|基準|指針|告示|憲法|約款|契約|協定|ガイドライン|ポリシー|マニュアル|方針|法律|計画)$"
)
_OWN = re.compile(r"(?:この|本|改正後の(?:この)?)(?:条例|規則|規程|要綱|要領|基準|指針|訓令|ポリシー|方針)$")
_PARENTHESIS = re.compile(r"[（(][^（）()]*(?:[（(][^（）()]*[）)][^（）()]*)*[）)]$")
_ANY_PARENTHESIS = re.compile(r"[（(][^（）()]*[）)]")
LEVELS = {"編": -4, "章": -3, "節": -2, "款": -1, "条": 1, "項": 2, "号": 3}
_NONE = -9


@dataclass(frozen=True, slots=True)
class Token:
    """One reference word at ``text[start:end]``."""

    kind: str
    text: str
    start: int
    end: int
    unit: str = ""
    number: Number = ()


@dataclass(slots=True)
class Reference:
    """A whole reference: the tokens that belong together, and what they say, still without a context.

    ``levels`` maps 条 項 号 (or 章 …) to its token; ``inherited`` holds levels taken from the reference
    before (第３条第１項及び第２項). ``external`` is true when another law is meant.
    """

    start: int
    end: int
    text: str
    levels: dict[str, Token] = field(default_factory=dict)
    inherited: dict[str, Token] = field(default_factory=dict)
    external: bool = False
    annex: Token | None = None
    in_supplement: bool = False
    lowest: int = _NONE

    def token(self, unit: str) -> Token | None:
        """The token of a level, own or inherited."""
        return self.levels.get(unit) or self.inherited.get(unit)


def tokens(text: str) -> list[Token]:
    """All reference words of a text, law numbers (条例第３号) included with kind ``law``."""
    found: list[Token] = []
    for match in TOKEN.finditer(text):
        kind = match.lastgroup or ""
        word = match[0]
        unit = next((c for c in reversed(word) if c in LEVELS), "")
        if kind == "absolute":
            unit = next(c for c in word if c in LEVELS)
        found.append(Token(kind, word, match.start(), match.end(), unit, numbers_in(word)))
    return found


@lru_cache(maxsize=50_000)
def mask(text: str) -> str:
    """Comparable text in which every reference is one mark."""
    return _without_blanks(TOKEN.sub(lambda m: m[0] if m.lastgroup == "law" else "〓", text))


@lru_cache(maxsize=50_000)
def comparable(text: str) -> str:
    """Text for comparison: width folded, blanks removed, reference numbers in Arabic digits."""
    return _without_blanks(TOKEN.sub(lambda m: canonical(m[0]), text))


def _without_blanks(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


_NUMERAL = re.compile(NUMERAL)


def canonical(word: str) -> str:
    """A reference word with its numerals in half-width Arabic digits."""
    return _NUMERAL.sub(lambda m: str(numbers_in(m[0])[0]), word)


def references(text: str, own_title: str = "") -> list[Reference]:
    """The references of a text.

    ``own_title`` is the regulation's title: a reference through it is internal.
    """
    found: list[Reference] = []
    # What was named last, by depth of parentheses: an insertion does not part 第１項（…）及び第２項.
    open_at: dict[int, Reference] = {}
    latest: dict[str, Reference] = {}
    depth = at = quotes = 0
    replaces = "とあるのは" in text or "読み替え" in text
    for token in tokens(text):
        for char in text[at : token.start]:
            quotes += (char == "「") - (char == "」")
            depth += (char in "（(「") - (char in "）)」")
            open_at = {d: r for d, r in open_at.items() if d <= depth}
        at = token.start
        if token.kind == "law":
            continue
        last = open_at.get(depth)
        between = text[last.end : token.start] if last else ""
        if last and not between and _continues(last, token):
            _extend(last, token)
        else:
            joined = bool(last and _CONNECTOR.match(_outside_parentheses(between)))
            last = _begin(text, token, last if joined else None, own_title)
            # Words quoted for 読替え belong to the provision that they are replaced in.
            last.external = last.external or (replaces and quotes > 0)
            found.append(last)
        open_at[depth] = last
        _follow_same(last, token, latest)
        latest |= {unit: last for unit in LEVELS if last.token(unit)}
    return found


def _outside_parentheses(text: str) -> str:
    while (shorter := _ANY_PARENTHESIS.sub("", text)) != text:
        text = shorter
    return text


def _continues(before: Reference, token: Token) -> bool:
    if token.kind == "every":
        return before.lowest < LEVELS[token.unit]
    return token.kind in ("absolute", "same", "previous") and before.lowest < LEVELS.get(token.unit, _NONE)


def _extend(before: Reference, token: Token) -> None:
    before.levels[token.unit] = token
    before.lowest = LEVELS[token.unit]
    before.end = token.end
    before.text += token.text


def _begin(text: str, token: Token, joined: Reference | None, own_title: str) -> Reference:
    new = Reference(token.start, token.end, token.text)
    if token.kind in ("table", "form", "supplement"):
        new.annex = token
        new.in_supplement = token.kind == "supplement"
        new.lowest = _NONE if new.in_supplement else 9
    else:
        new.levels[token.unit] = token
        new.lowest = LEVELS[token.unit]
    if joined and token.kind == "absolute":
        own = LEVELS[token.unit]
        new.inherited = {
            unit: found for unit in LEVELS if (found := joined.token(unit)) and 0 < LEVELS[unit] < own
        }
        new.external, new.in_supplement = joined.external, joined.in_supplement
    elif token.kind in ("absolute", "table", "form", "supplement"):
        new.external = _is_external(text[: token.start], own_title)
    return new


def _is_external(before: str, own_title: str) -> bool:
    """Whether the words before a reference name another law.

    「法第５条」, 「…規則（平成５年規則第１号）第３条」.
    """
    before = before.rstrip()
    while found := _PARENTHESIS.search(before):
        before = before[: found.start()]
    before = before.removesuffix("」")
    if own_title and before.endswith(own_title):
        return False
    return bool(_LAW_NOUN.search(before)) and not _OWN.search(before)


def _follow_same(reference: Reference, token: Token, latest: dict[str, Reference]) -> None:
    """同条 and 同項 mean what was named last, with the levels above it."""
    meant = latest.get(token.unit)
    if token.kind != "same" or meant is None or meant is reference:
        return
    reference.external = meant.external
    reference.in_supplement = meant.in_supplement
    reference.levels.pop(token.unit, None)
    for level, rank in LEVELS.items():
        named = meant.token(level)
        if named and rank <= LEVELS[token.unit]:
            reference.inherited[level] = named
