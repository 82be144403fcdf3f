"""Differences inside one line: snapped to word and reference boundaries, slivers merged."""

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher

from .references import TOKEN, canonical

_WORDS = re.compile(
    r"[一-鿿々〆ヶ\U00020000-\U0003ffff]+|[ぁ-ゖー]+|[ァ-ヺー]+|[ｦ-ﾟ]+|[A-Za-zＡ-Ｚａ-ｚ]+|[0-9０-９]+(?:[.,．，][0-9０-９]+)*|\s+|."
)
SLIVER = 2
"""Equal text of at most this many characters between two changed pieces joins them."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of printed text.

    ``changed`` ones are underlined. ``strong`` marks 二重傍線, ``pad`` a filler blank.
    """

    text: str
    changed: bool = False
    strong: bool = False
    pad: bool = False


def words(text: str) -> list[str]:
    """Text cut at references and changes of character class; joined again it is the text."""
    found: list[str] = []
    at = 0
    for match in TOKEN.finditer(text):
        found.extend(_WORDS.findall(text[at : match.start()]))
        found.append(match[0])
        at = match.end()
    return found + _WORDS.findall(text[at:])


def compare(old: str, new: str) -> tuple[list[Segment], list[Segment]]:
    """Segments of the old and of the new text. Width and numeral notation alone is no difference."""
    left, right = words(old), words(new)
    matcher = SequenceMatcher(None, [_key(w) for w in left], [_key(w) for w in right], autojunk=False)
    pieces: list[tuple[bool, str, str]] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        before, after = "".join(left[i1:i2]), "".join(right[j1:j2])
        if tag == "equal":
            pieces.append((False, before, after))
        else:
            pieces.extend(_trimmed(before, after))
    merged = _merge_slivers(pieces)
    return _segments(merged, 1), _segments(merged, 2)


def _key(word: str) -> str:
    return canonical(word) if TOKEN.fullmatch(word) else unicodedata.normalize("NFKC", word)


_KANJI_END = re.compile(r"[一-鿿]{2}$")
_KANJI_START = re.compile(r"^[一-鿿]{2}")
_HIRAGANA_TAIL = re.compile(r"[ぁ-ゖ]{3,}")


def _trimmed(before: str, after: str) -> list[tuple[bool, str, str]]:
    """Take common whole kanji words (two characters or more, in twos) off the ends of a replaced compound."""
    front = _common(before, after)
    front -= front % 2
    while front and not (_KANJI_END.search(before[:front]) and _long_enough(before[front:], after[front:])):
        front -= 2
    head, before, after = (before[:front], before[front:], after[front:])
    back = _common(before[::-1], after[::-1])
    while back and not _good_tail(before[: len(before) - back], after[: len(after) - back], before[-back:]):
        back -= 1
    pieces = [(False, head, head)] if head else []
    pieces.append((True, before[: len(before) - back], after[: len(after) - back]))
    if back:
        pieces.append((False, before[-back:], after[-back:]))
    return pieces


def _good_tail(before: str, after: str, tail: str) -> bool:
    """A common end may be cut off when it begins with a kanji word, or is three or more hiragana."""
    if _HIRAGANA_TAIL.fullmatch(tail):
        return True
    return bool(_KANJI_START.match(tail)) and _long_enough(before, after)


def _long_enough(before: str, after: str) -> bool:
    return all(len(part) != 1 for part in (before, after)) and bool(before or after)


def _common(a: str, b: str) -> int:
    size = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        size += 1
    return size


def _merge_slivers(pieces: list[tuple[bool, str, str]]) -> list[tuple[bool, str, str]]:
    merged: list[tuple[bool, str, str]] = []
    for at, (changed, before, after) in enumerate(pieces):
        between = 0 < at < len(pieces) - 1 and pieces[at - 1][0] and pieces[at + 1][0]
        sliver = (
            not changed and between and len(before) <= SLIVER and not re.search(r"[、。「」（）]", before)
        )
        now = changed or sliver
        if merged and merged[-1][0] == now:
            merged[-1] = (now, merged[-1][1] + before, merged[-1][2] + after)
        else:
            merged.append((now, before, after))
    return merged


def _segments(pieces: list[tuple[bool, str, str]], side: int) -> list[Segment]:
    return [Segment(str(piece[side]), piece[0]) for piece in pieces if piece[side]]
