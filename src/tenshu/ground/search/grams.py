"""Pairs and triples of letters: what the index is made of. Two letters are found at once, longer words as all their triples."""

import itertools
import zlib
from collections.abc import Iterable

SHORTEST = 2
"""Letters that a word needs to be looked up in the index."""
EXACT_UP_TO = 3
"""Words of so many letters are told exactly by the index; of longer ones the hits are read again."""
TITLE = "\x01"
"""Before a pair or triple that stands in the title; no folded text holds it."""
BREAK = "\n"
"""Between title, keys and body: no pair reaches over it."""

# The tokenizer of SQLite takes everything beyond ASCII for a letter, so ASCII goes in as its full-width twin.
_BEYOND_ASCII = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def grams(folded: str) -> set[str]:
    """All pairs and triples of a folded text."""
    found: set[str] = set()
    for part in folded.split(BREAK):
        found.update(map("".join, itertools.pairwise(part)))
        found.update(map("".join, zip(part, part[1:], part[2:], strict=False)))
    return found


def grams_of_word(word: str) -> set[str]:
    """What a row must hold to be a hit of a folded word; empty for one letter."""
    size = min(len(word), EXACT_UP_TO)
    return {word[at : at + size] for at in range(len(word) - size + 1)} if size >= SHORTEST else set()


def tokens(head: str, whole: str) -> set[str]:
    """The words of one row: grams of everything, and those of the title once more with their mark."""
    return grams(whole) | {TITLE + gram for gram in grams(head)}


def as_number(token: str) -> int:
    """A token as PostgreSQL keeps it, a 32-bit integer. Two tokens share one once in four thousand million times."""
    return zlib.crc32(token.encode("utf-8", "surrogatepass")) - 0x8000_0000


def as_word(token: str) -> str:
    """A token as SQLite's full-text table keeps it."""
    mark, letters = ("t", token[1:]) if token.startswith(TITLE) else ("", token)
    return mark + letters.translate(_BEYOND_ASCII)


def as_words(found: Iterable[str]) -> str:
    """Many tokens in one string."""
    return " ".join(map(as_word, found))
