"""Names of persons: comparison keys, aliases in brackets, and agreement with characters nobody could
print."""

import functools
import re
import unicodedata
from dataclasses import dataclass

from tenshu.engines.japanese.kana import HIRAGANA_TO_KATAKANA, fold_kana
from tenshu.engines.japanese.variants import PLACEHOLDERS, WILDCARD, is_variation_selector, variant_table
from tenshu.engines.japanese.width import fold_width

#: Separators and spaces that no key contains.
DROPPED = " \t\r\n・･.,，．'’`´‘\"-‐‑–—―−_/"
_SMALL_KE = {"ヶ": "ケ", "ヵ": "カ"}

_BRACKETED = re.compile(
    r"(?P<main>[^()]*)\("
    r"(?P<kind>通称名?|旧姓|旧氏|本名|氏名|英字|ローマ字|カナ|フリガナ)?[: ]*"
    r"(?P<alias>[^()]*)\)(?P<rest>.*)"
)
_SPACES = re.compile(r"[ \t]+")


@dataclass(frozen=True)
class PersonName:
    """A name as written: its main part, surname and given name where a space tells them, and what
    brackets add.

    ``kind`` is the word before the bracketed name (通称, 旧姓, 本名 …), empty when none is given.
    """

    main: str
    surname: str
    given: str
    alias: str
    kind: str


@functools.cache
def name_table() -> dict[str, str]:
    """Return what each single character of a name becomes in its key; an empty string drops it."""
    table = variant_table() | {chr(code): chr(code).upper() for code in range(ord("a"), ord("z") + 1)}
    table |= _latin_without_accents() | HIRAGANA_TO_KATAKANA | _SMALL_KE
    table |= dict.fromkeys(DROPPED, "")
    table |= {chr(code): "" for code in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))}
    table |= dict.fromkeys(PLACEHOLDERS, WILDCARD)
    return table


def _latin_without_accents() -> dict[str, str]:
    letters: dict[str, str] = {}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFD", chr(code))[0].upper()
        if len(base) == 1 and base.isascii() and base.isalpha():
            letters[chr(code)] = base
    return letters


def is_private_use(code: int) -> bool:
    """Whether a code point belongs to 外字 (private use areas)."""
    return 0xE000 <= code <= 0xF8FF or code >= 0xF0000


def name_key(text: str) -> str:
    """Return the comparison key of a name: width, variants, spaces, accents and selectors taken away.

    Hiragana become katakana, Latin letters plain capitals, 々 the character it repeats, unprintable
    characters
    (●, 〓, private use …) `WILDCARD`. What stands in brackets (通称, 旧姓) is left out; see `read_name`.
    """
    folded = fold_width(text)
    if "(" in folded:
        folded = _split_brackets(folded)[0]
    return _repeat_marks("".join(_key_letter(letter) for letter in folded))


def _key_letter(letter: str) -> str:
    found = name_table().get(letter)
    if found is not None:
        return found
    return WILDCARD if is_private_use(ord(letter)) else letter


def _repeat_marks(text: str) -> str:
    if "々" not in text:
        return text
    letters: list[str] = []
    for letter in text:
        letters.append(letters[-1] if letter == "々" and letters else letter)
    return "".join(letters)


def _split_brackets(folded: str) -> tuple[str, str, str]:
    """Main part, alias and its kind; a bracket that never closes, or that holds the whole name, splits
    nothing."""
    match = _BRACKETED.fullmatch(folded)
    if match is None or not match["main"].strip():
        return _without_brackets(folded), "", ""
    return _without_brackets(match["main"] + match["rest"]), match["alias"].strip(), match["kind"] or ""


def _without_brackets(text: str) -> str:
    return text.replace("(", "").replace(")", "")


def read_name(text: str) -> PersonName:
    """Split a name as written into its parts.

    Surname and given name are told apart by a space only; a name of three or more words (foreign
    names) keeps its
    first word as surname and the rest as given name, as the residents' register writes them.
    """
    main, alias, kind = _split_brackets(fold_width(text))
    main = _SPACES.sub(" ", main).strip()
    surname, _, given = main.partition(" ")
    return PersonName(main, surname if given else "", given, alias, kind)


def kana_key(text: str) -> str:
    """Return the reading for exact comparison: full-width katakana without spaces and separators."""
    return "".join("" if letter in DROPPED else letter for letter in fold_kana(text))


def names_agree(left: str, right: str) -> bool | None:
    """Whether two names as written may be the same one, comparing keys; None when either is empty.

    A wildcard agrees with any one character. Latin names agree in any order of their words.
    """
    left_key, right_key = name_key(left), name_key(right)
    if not left_key or not right_key:
        return None
    if keys_agree(left_key, right_key):
        return True
    if left_key.isascii() and right_key.isascii():
        return _words(left) == _words(right)
    return False


def keys_agree(left: str, right: str) -> bool:
    """Whether two name keys are equal, a wildcard standing for any one character."""
    return left == right or (
        len(left) == len(right)
        and (WILDCARD in left or WILDCARD in right)
        and all(a == b or WILDCARD in (a, b) for a, b in zip(left, right, strict=True))
    )


def _words(text: str) -> list[str]:
    return sorted(key for word in re.split(r"[ ,]+", read_name(text).main) if (key := name_key(word)))


def strip_selectors(text: str) -> str:
    """Return ``text`` without variation selectors, every other character as written."""
    return "".join(letter for letter in text if not is_variation_selector(ord(letter)))
