"""Addresses as a comparable key: town, up to three numbers (丁目・番地・号), and the rest (方書).

No dictionary of place names is needed: the key is what remains when notation is taken away. The same
replacement
rules, in the same order, serve the scalar form here and the column form in `address_columns`.
"""

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass

from tenshu.engines.japanese.names import name_table
from tenshu.engines.japanese.width import fold_width

_DIGITS = "〇一二三四五六七八九"
_LARGEST_KANJI_NUMBER = 199
#: 条 of Hokkaido and numbered quarters (一番町) are part of the town and stay in kanji.
_LARGEST_TOWN_NUMBER = 60


@dataclass(frozen=True)
class AddressKey:
    """What is compared of an address.

    ``town`` holds municipality and town without 都道府県, 郡, 大字 and 字; ``numbers`` up to three
    numbers joined by
    a hyphen; ``rest`` building, room and 様方 without spaces. Each may be empty.
    """

    town: str
    numbers: str
    rest: str

    @property
    def key(self) -> str:
        """Town and numbers in one string; the rest is not compared."""
        return f"{self.town}|{self.numbers}"


def kanji_number(value: int) -> str:
    """Return a number of 1 to 199 in kanji (百二十三)."""
    hundreds, tens, ones = value // 100, value // 10 % 10, value % 10
    ten = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
    return ("百" if hundreds else "") + ten + (_DIGITS[ones] if ones else "")


def _longest_first(table: dict[str, str]) -> dict[str, str]:
    return dict(sorted(table.items(), key=lambda item: -len(item[0])))


@functools.cache
def letter_table() -> dict[str, str]:
    """Return what single characters of an address become: variants folded, one script, one hyphen, ケ
    for ヶ and ガ."""
    table = {old: new for old, new in name_table().items() if new and new != "●"}
    table |= {"ッ": "ツ", "っ": "ツ", "ガ": "ケ", "が": "ケ", "ヶ": "ケ", "ヵ": "ケ", "之": "ノ"}
    table |= dict.fromkeys("‐‑–—―−~〜", "-") | {"　": " ", "\t": " ", "\r": " ", "\n": " "}
    table |= {chr(code): "" for code in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))}
    return table


@functools.cache
def number_words() -> dict[str, str]:
    """Return kanji numbers before 丁目・番地・番・号 in digits, longest first; numbered quarters stay
    in kanji."""
    table: dict[str, str] = {}
    for value in range(1, _LARGEST_KANJI_NUMBER + 1):
        kanji = kanji_number(value)
        for unit in ("丁目", "番地", "番", "号"):
            table[kanji + unit] = f"{value}{unit}"
        if value <= _LARGEST_TOWN_NUMBER:
            for quarter in ("番町", "番丁", "条東", "条西", "条南", "条北", "条通", "線"):
                table[kanji + quarter] = kanji + quarter
                table[f"{value}{quarter}"] = kanji + quarter
    return _longest_first(table)


@functools.cache
def unit_words() -> dict[str, str]:
    """Return a digit with the unit or mark behind it (``3番地の``) and the digit with a hyphen, longest
    first."""
    units = ("丁目", "番地ノ", "番地", "番丁", "番", "号ノ", "号", "ノ", "ー")
    table = {
        f"{digit}{space}{unit}": f"{digit}-" for digit in range(10) for space in ("", " ") for unit in units
    }
    return _longest_first(table)


#: Applied in this order to the folded address. Replacements are written ``${n}`` for Polars and Python alike.
RULES: tuple[tuple[str, str], ...] = (
    (r"^ *(?:北海道|東京都|京都府|大阪府|[^ 都道府県市区町村郡0-9]{2,3}県) *", ""),
    (r"^([^ 市区町村郡0-9]{1,4}郡)([^ 市0-9]{1,6}[町村])", "${2}"),
    (r"大字([^0-9字]+)字", "${1}"),
    (r"大字", ""),
    (r"([市区町村])(?:小字|字)", "${1}"),
)
#: Town, one to three numbers, rest.
PARTS = r"^([^0-9]*)(?:0*([0-9]+)(?:-[- ー]*0*([0-9]+))?(?:-[- ー]*0*([0-9]+))?)?(.*)$"

_COMPILED = tuple((re.compile(pattern), re.sub(r"\$\{(\d)\}", r"\\g<\1>", to)) for pattern, to in RULES)
_PARTS = re.compile(PARTS, re.DOTALL)


@functools.cache
def _pattern(words: Callable[[], dict[str, str]]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, words())))


def _replaced(text: str, words: Callable[[], dict[str, str]]) -> str:
    table = words()
    return _pattern(words).sub(lambda match: table[match[0]], text)


def read_address(text: str) -> AddressKey:
    """Return the comparison key of an address in any notation (１丁目２番３号, 一丁目2-3, 1-2-3,
    大字…字…)."""
    table = letter_table()
    folded = "".join(table.get(letter, letter) for letter in fold_width(text))
    folded = _replaced(folded, number_words)
    for pattern, to in _COMPILED:
        folded = pattern.sub(to, folded)
    folded = _replaced(folded, unit_words)
    match = _PARTS.match(folded)
    if match is None:  # pragma: no cover - every part is optional, so the pattern matches any text
        return AddressKey(folded, "", "")
    town, *numbers, rest = match.groups(default="")
    return AddressKey(
        town.translate(_REMOVED_FROM_TOWN),
        "-".join(filter(None, numbers)),
        rest.translate(_REMOVED_FROM_REST),
    )


def address_key(text: str) -> str:
    """Return town and numbers of an address as one comparable string (``大阪市北区中ノ島|1-2-3``)."""
    return read_address(text).key


REMOVED_FROM_TOWN = " -"
REMOVED_FROM_REST = " -ー号室"
_REMOVED_FROM_TOWN = {ord(letter): None for letter in REMOVED_FROM_TOWN}
_REMOVED_FROM_REST = {ord(letter): None for letter in REMOVED_FROM_REST}
