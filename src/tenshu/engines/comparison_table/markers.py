"""What a printed line begins with: the marker of a chapter, article, paragraph, item … or none."""

import re
from dataclasses import dataclass

from .model import Kind, Number
from .numerals import BRANCH, NUMERAL, letter_value, numbers_in, numeral_value

BLANK = r"[ \u3000\t]"
_HEADING_KINDS: dict[str, Kind] = {
    "編": "part",
    "章": "chapter",
    "節": "section",
    "款": "subsection",
    "目": "division",
}


@dataclass(frozen=True, slots=True)
class Marker:
    """A recognised beginning of a line. ``style`` tells the notation: kanji, number, parenthesis, kana, …"""

    kind: Kind
    style: str
    indent: str
    label: str
    gap: str
    text: str
    number: Number = ()
    through: Number = ()
    caption: str = ""


_HEADING = re.compile(rf"^({BLANK}*)(第{NUMERAL}([編章節款目]){BRANCH}*)({BLANK}+)(\S.*)$")
_DELETED_RANGE = re.compile(
    rf"^({BLANK}*)(第{NUMERAL}条{BRANCH}*(?:から|及び|、)第{NUMERAL}条{BRANCH}*(?:まで)?)({BLANK}+)(削除{BLANK}*)$"
)
_ARTICLE = re.compile(rf"^({BLANK}*)(第{NUMERAL}条{BRANCH}*)((?:[（(][^）)]*[）)])?)({BLANK}*)(.*)$")
_PARAGRAPH = re.compile(rf"^({BLANK}*)([0-9０-９]{{1,3}}(?:の[0-9０-９]+)*)([．.]{BLANK}*|{BLANK}+)(\S.*)$")
_KANJI_ITEM = re.compile(
    rf"^({BLANK}*)([一二三四五六七八九十百]+(?:の[一二三四五六七八九十]+)*)({BLANK}+)(\S.*)$"
)
_PAREN = re.compile(
    rf"^({BLANK}*)([（(]([0-9０-９]{{1,3}}|[ア-ン]|[ａ-ｚa-z]{{1,4}})[）)](?:の[0-9０-９]+)*)({BLANK}*)(\S.*)$"
)
_ENCLOSED = re.compile(rf"^({BLANK}*)([⑴-⒇①-⑳](?:の[0-9０-９]+)*)({BLANK}*)(\S.*)$")
_KANA = re.compile(rf"^({BLANK}*)([ア-ンヰヱ](?:の[0-9０-９]+)*)({BLANK}+)(\S.*)$")
_LETTER = re.compile(rf"^({BLANK}*)([ａ-ｚa-z])({BLANK}+)(\S.*)$")
_SUPPLEMENT = re.compile(rf"^({BLANK}*)([附付]{BLANK}*則)({BLANK}*)((?:[（(〔].*)?)$")
_TABLE = re.compile(rf"^({BLANK}*)(別表(?:第?{NUMERAL}{BRANCH}*)?)({BLANK}*)((?:[（(].*)?)$")
_TABLE_TITLED = re.compile(rf"^({BLANK}*)(別表(?:第?{NUMERAL}{BRANCH}*)?)({BLANK}+)([^。]*)$")
_FORM = re.compile(
    rf"^({BLANK}*)(様式第{NUMERAL}号{BRANCH}*|第{NUMERAL}号様式{BRANCH}*|別記様式(?:第{NUMERAL}号{BRANCH}*)?|別記第{NUMERAL}号様式)"
    rf"({BLANK}*)([^。]*)$"
)
_CAPTION = re.compile(
    rf"^({BLANK}*)([（(](?!{NUMERAL}[）)]|[ア-ンａ-ｚa-z][）)])(?:[^（）()]|[（(][^（）()]*[）)])+[）)]){BLANK}*$"
)
LAW_NUMBER = re.compile(
    r"(?:明治|大正|昭和|平成|令和|[MTSHR])[\s　]*(?:元|[0-9０-９〇一二三四五六七八九十]+)[\s　]*[年.].*?"
    r"(?:法律|政令|省令|府令|条例|規則|訓令|告示|規程|訓|要綱).*?第[\s　]*" + NUMERAL + r"[\s　]*号"
)


def _marked(kind: Kind, style: str, found: re.Match[str], number: Number = ()) -> Marker:
    indent, label, gap, text = found.groups()
    return Marker(kind, style, indent, label, gap, text, number)


def caption_of(line: str) -> tuple[str, str] | None:
    """(indent, caption) of a line that is nothing but a caption in parentheses."""
    found = _CAPTION.match(line)
    return (found[1], found[2]) if found else None


def heading(line: str) -> Marker | None:
    """編 章 節 款 目."""
    found = _HEADING.match(line)
    if not found:
        return None
    indent, label, counter, gap, text = found.groups()
    return Marker(_HEADING_KINDS[counter], "第", indent, label, gap, text, numbers_in(label))


def article(line: str) -> Marker | None:
    """第N条, also 「第５条から第７条まで　削除」; a reference at the start of a line is not an article."""
    found = _DELETED_RANGE.match(line)
    if found:
        indent, label, gap, text = found.groups()
        first, last = (numbers_in(part) for part in re.split("から|及び|、", label))
        return Marker("article", "第", indent, label, gap, text, first, last)
    found = _ARTICLE.match(line)
    if not found:
        return None
    indent, label, caption, gap, text = found.groups()
    if not gap and text:
        return None
    return Marker("article", "第", indent, label, gap, text, numbers_in(label), caption=caption)


def annex(line: str) -> Marker | None:
    """附則, 別表 and 様式."""
    found = _SUPPLEMENT.match(line)
    if found:
        return _marked("supplement", "附則", found)
    found = _TABLE.match(line) or _TABLE_TITLED.match(line)
    if found:
        return _marked("table", "別表", found, numbers_in(found[2]))
    found = _FORM.match(line)
    return _marked("form", "様式", found, numbers_in(found[2])) if found else None


def numbered(line: str) -> Marker | None:
    """Paragraphs and items. Kana and letters get their number later, when their neighbours are known."""
    found = _PARAGRAPH.match(line)
    if found:
        return _marked("paragraph", "number", found, numbers_in(found[2]))
    found = _KANJI_ITEM.match(line)
    if found:
        return _marked("item", "kanji", found, numbers_in(found[2]))
    found = _ENCLOSED.match(line)
    if found:
        return _enclosed(found)
    found = _PAREN.match(line)
    if found:
        return _parenthesised(found)
    found = _KANA.match(line)
    if found:
        return _marked("subitem1", "kana", found)
    found = _LETTER.match(line)
    if found:
        return _marked("subitem3", "letter", found, (letter_value(found[2]),))
    return None


def _enclosed(found: re.Match[str]) -> Marker:
    indent, label, gap, text = found.groups()
    code = ord(label[0])
    first = code - 0x2473 if code >= 0x2474 else code - 0x245F
    style = "paren" if code >= 0x2474 else "circle"
    return Marker("item", style, indent, label, gap, text, (first, *numbers_in(label[1:])))


def _parenthesised(found: re.Match[str]) -> Marker:
    indent, label, inner, gap, text = found.groups()
    branches = numbers_in(label[len(inner) + 2 :])
    if inner.isdecimal():
        return Marker("item", "paren", indent, label, gap, text, (numeral_value(inner), *branches))
    if "ア" <= inner <= "ン":
        return Marker("subitem2", "paren_kana", indent, label, gap, text)
    return Marker("subitem3", "paren_letter", indent, label, gap, text, (letter_value(inner), *branches))
