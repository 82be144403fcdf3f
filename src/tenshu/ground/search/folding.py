"""Text as it is compared: one width, one kana, one case, standard characters, no spaces; and the way back to the original."""

import functools
import re
import unicodedata
from dataclasses import dataclass

from tenshu.engines.japanese import fold_kana
from tenshu.engines.japanese.variants import variant_table

_DASHES = dict.fromkeys("‐‑‒–—―−﹣", "-") | {"〜": "~", "∼": "~"}
_DROPPED = re.compile(r"[\s\u0000-\u001f\u007f\u00ad\u200b-\u200f\u2028-\u202e\ufeff]+")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]+")
# A letter with what belongs to it: sound marks, combining marks, selectors of a glyph.
_CLUSTER = re.compile("(?s).[ﾞﾟ\u0300-\u036f\u3099\u309a\ufe00-\ufe0f\U000e0100-\U000e01ef]*")
_BLOCK = 400


@functools.cache
def _table() -> dict[int, str]:
    return {ord(kanji): standard for kanji, standard in (variant_table() | _DASHES).items()}


def fold(text: str) -> str:
    """``text`` as the index holds it. Folding a part gives a part of the folded whole, cut between clusters."""
    if text.isascii():
        return _DROPPED.sub("", text).casefold()
    text = _SELECTORS.sub("", text)
    text = fold_kana(unicodedata.normalize("NFKC", fold_kana(text)))
    return _DROPPED.sub("", text.translate(_table())).casefold()


def clusters(text: str) -> list[str]:
    """The letters of ``text`` with the marks that belong to them."""
    return _CLUSTER.findall(text)


@functools.lru_cache(maxsize=8_192)
def _folded_length(cluster: str) -> int:
    return len(fold(cluster))


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the original text."""

    start: int
    end: int


def find_spans(text: str, words: list[str], *, at_most: int = 50) -> list[Span]:
    """Where the folded ``words`` stand in the original ``text``, in its order and without overlaps.

    Long texts are folded by blocks; only blocks that hold a hit are looked at letter by letter.
    """
    blocks = _blocks(text)
    folded = "".join(block.folded for block in blocks)
    hits: list[tuple[int, int]] = []
    for word in filter(None, words):
        at = folded.find(word)
        while at >= 0 and len(hits) < at_most * len(words):
            hits.append((at, at + len(word)))
            at = folded.find(word, at + len(word))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(hits):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    walk = _Walk(blocks)
    return [Span(walk.start_of(start), walk.end_of(end - 1)) for start, end in merged[:at_most]]


@dataclass(frozen=True, slots=True)
class _Block:
    text: str
    folded: str


def first_place(text: str, words: list[str]) -> int:
    """Where in the original ``text`` the first of the folded ``words`` begins, -1 when none stands there.

    Reads no further than the place; a place over the border of two blocks is told as the block's beginning.
    """
    longest = max(map(len, words), default=0)
    tail, begin = "", 0
    while words and begin < len(text):
        end = _end_of_block(text, begin)
        piece = tail + fold(text[begin:end])
        if any(word in piece for word in words):
            spans = find_spans(text[begin:end], words, at_most=1)
            return begin + (spans[0].start if spans else 0)
        tail, begin = piece[-longest:], end
    return -1


def _end_of_block(text: str, begin: int) -> int:
    end = min(begin + _BLOCK, len(text))
    while end < len(text) and _is_mark(text[end]):
        end += 1
    return end


def _blocks(text: str) -> list[_Block]:
    """Pieces that begin with a letter and not with a mark of the letter before."""
    found, begin = [], 0
    while begin < len(text):
        end = _end_of_block(text, begin)
        piece = text[begin:end]
        found.append(_Block(piece, fold(piece)))
        begin = end
    return found


def _is_mark(letter: str) -> bool:
    return len(_CLUSTER.match("x" + letter)[0]) > 1  # type: ignore[index]


class _Walk:
    """From places in the folded text to places in the original. Asked in rising order."""

    def __init__(self, blocks: list[_Block]) -> None:
        self._blocks = blocks
        self._index = 0
        self._raw = 0
        self._folded = 0
        self._letters: tuple[int, list[tuple[int, int]]] = (-1, [])

    def start_of(self, place: int) -> int:
        return self._letter(place)[0]

    def end_of(self, place: int) -> int:
        return self._letter(place)[1]

    def _letter(self, place: int) -> tuple[int, int]:
        """Start and end, in the original, of the letter that gave the folded letter at ``place``."""
        while place >= self._folded + len(self._blocks[self._index].folded):
            self._folded += len(self._blocks[self._index].folded)
            self._raw += len(self._blocks[self._index].text)
            self._index += 1
        if self._letters[0] != self._index:
            self._letters = (self._index, self._spread(self._blocks[self._index].text))
        start, end = self._letters[1][place - self._folded]
        return self._raw + start, self._raw + end

    @staticmethod
    def _spread(text: str) -> list[tuple[int, int]]:
        """For each folded letter of a block the stretch that it came from."""
        spread: list[tuple[int, int]] = []
        at = 0
        for cluster in clusters(text):
            spread += [(at, at + len(cluster))] * _folded_length(cluster)
            at += len(cluster)
        return spread
