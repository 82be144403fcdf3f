"""Numbers of regulations.

Arabic of both widths, kanji, kana orders; and writing a number in a given notation.
"""

import re
import unicodedata

from .model import Number

GOJUON = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
IROHA = "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセス"
KANJI_DIGITS = "〇一二三四五六七八九"
UNITS = {"十": 10, "百": 100, "千": 1000}

NUMERAL = r"(?:[0-9０-９]+|[〇一二三四五六七八九十百千]+)"
# A branch starts at 2 (第３条の２); 「第三条の一部」 and 「第３条の２名」 are not branches.
BRANCH = (
    r"(?:の(?:[0-9０-９]+(?![0-9０-９人名件回部分割倍年月日つ箇か種])"
    r"|(?!一(?![〇一二三四五六七八九十]))[一二三四五六七八九十百]+(?![一二三四五六七八九十百部分人者名つ件回以種般])))"
)
_NUMERAL = re.compile(NUMERAL)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}


def numeral_value(text: str) -> int:
    """Value of an Arabic (either width) or kanji numeral, positional kanji (二〇) included."""
    if text.isdecimal():
        return int(text)
    if not any(c in UNITS for c in text):
        return int("".join(str(KANJI_DIGITS.index(c)) for c in text))
    total, digit = 0, 0
    for char in text:
        if char in UNITS:
            total += (digit or 1) * UNITS[char]
            digit = 0
        else:
            digit = KANJI_DIGITS.index(char)
    return total + digit


def kanji_numeral(value: int) -> str:
    """1 … 9999 in kanji with 十百千."""
    words = ""
    for unit, size in (("千", 1000), ("百", 100), ("十", 10)):
        digit, value = divmod(value, size)
        if digit:
            words += ("" if digit == 1 else KANJI_DIGITS[digit]) + unit
    return words + (KANJI_DIGITS[value] if value else "") or "〇"


def full_width(value: int) -> str:
    """Digits in full width."""
    return str(value).translate(str.maketrans("0123456789", "０１２３４５６７８９"))


def numbers_in(text: str) -> Number:
    """All numerals of a label, in order: 「第２条の３」 → ``(2, 3)``."""
    return tuple(numeral_value(found) for found in _NUMERAL.findall(text))


def write_like(sample: str, value: int) -> str:
    """A value in the notation of a sample numeral: kanji, half width, full width.

    Where one-digit numbers are full width and longer ones half width (a usual house rule), the sample alone
    cannot tell; the caller compares with the printed label.
    """
    if any(c in KANJI_DIGITS or c in UNITS for c in sample):
        return kanji_numeral(value)
    return full_width(value) if ord(sample[0]) > 0x7F else str(value)


def relabel(label: str, number: Number) -> str:
    """The label with its numbers replaced, notation and branches' の kept.

    Needs as many numerals as numbers.
    """
    values = iter(number)
    return _NUMERAL.sub(lambda m: write_like(m[0], next(values, 0)), label)


def kana_order(labels: list[str], fallback: str = GOJUON) -> str:
    """Which order a run of kana labels follows: イロハ (national) or アイウ (usual in local regulations)."""
    if labels[0] == "ア":
        return GOJUON
    if len(labels) > 1 or labels[0] in "ロハ":
        return IROHA if labels[0] in "イロハ" and "ロ" in labels[:3] else GOJUON
    return IROHA if labels[0] == "イ" else fallback


def kana_value(label: str, order: str) -> int:
    """1-based place of a kana in an order; 0 if it is not in it."""
    return order.find(label) + 1


def letter_value(label: str) -> int:
    """a → 1, ｂ → 2; i, ii, iii … as Roman numbers when longer than one letter or ``i``."""
    folded = unicodedata.normalize("NFKC", label).lower()
    if folded in _ROMAN and (len(folded) > 1 or folded == "i"):
        return _ROMAN[folded]
    return ord(folded[0]) - 96


def fold(text: str) -> str:
    """For comparison only: width folded, blanks removed, case kept."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
