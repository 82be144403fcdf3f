"""What was typed, as words: several are all to be found, "…" keeps spaces inside."""

import re
from dataclasses import dataclass

from tenshu.ground.search.folding import fold
from tenshu.ground.search.grams import SHORTEST, grams_of_word

MOST_WORDS = 8
LONGEST_WORD = 100
LONGEST_QUERY = 300
_PIECES = re.compile(r'["“”＂]([^"“”＂]*)["“”＂]?|([^\s"“”＂]+)')


@dataclass(frozen=True, slots=True)
class Wording:
    """Folded words in their order, and all of them as one."""

    words: tuple[str, ...]

    @property
    def joined(self) -> str:
        """The words without anything between them: what a title is compared with."""
        return "".join(self.words)

    @property
    def is_single_letter(self) -> bool:
        """One letter alone: only beginnings of titles are found."""
        return len(self.joined) == 1

    @property
    def tokens(self) -> frozenset[str]:
        """What a row must hold."""
        return frozenset().union(*map(grams_of_word, self.words)) if self.words else frozenset()


def read_wording(typed: str) -> Wording:
    """The words of ``typed``; single letters beside each other become one word."""
    pieces = (quoted or plain for quoted, plain in _PIECES.findall(typed[:LONGEST_QUERY].replace("\0", " ")))
    words = list(dict.fromkeys(filter(None, (fold(piece)[:LONGEST_WORD] for piece in pieces))))[:MOST_WORDS]
    if words and all(len(word) < SHORTEST for word in words):
        words = ["".join(words)]
    return Wording(tuple(words))
