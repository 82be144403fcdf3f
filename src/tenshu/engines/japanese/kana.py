"""Kana: one script, a skeleton that survives spelling habits, and a key for 五十音順."""

import re

from tenshu.engines.japanese.width import fold_width

#: Hiragana to katakana, one to one (U+3041–3096 and the iteration marks).
HIRAGANA_TO_KATAKANA: dict[str, str] = {
    chr(code): chr(code + 0x60) for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)
}
_TO_KATAKANA = str.maketrans(HIRAGANA_TO_KATAKANA)

_SMALL = dict(zip("ァィゥェォヵヶッャュョヮ", "アイウエオカケツヤユヨワ", strict=True))
_VOICED = dict(
    zip(
        "ガギグゲゴザジズゼゾダヂヅデドバビブベボパピプペポヴヷヺ",
        "カキクケコサシスセソタチツテトハヒフヘホハヒフヘホウワヲ",
        strict=True,
    )
)
_OLD = {"ヰ": "イ", "ヱ": "エ", "ヲ": "オ"}

_VOWEL_ROWS = {
    "ア": "アカサタナハマヤラワ",
    "イ": "イキシチニヒミリヰ",
    "ウ": "ウクスツヌフムユル",
    "エ": "エケセテネヘメレヱ",
    "オ": "オコソトノホモヨロヲ",
}
_VOWEL_OF = {kana: vowel for vowel, row in _VOWEL_ROWS.items() for kana in row}

#: First pass of the skeleton: small to large, voiced to plain, old kana to new, marks and spaces
#: dropped, Latin capitals.
SKELETON_SINGLES: dict[str, str] = (
    _SMALL
    | _VOICED
    | _OLD
    | dict.fromkeys(" ・･'’.,-‐‑–—―−", "")
    | {"ヺ": "オ"}
    | {chr(code): chr(code - 32) for code in range(ord("a"), ord("z") + 1)}
)
#: Second pass: a long mark after ウ- and エ-rows is written out, as many offices do; elsewhere it is dropped.
SKELETON_LONG_MARKS: dict[str, str] = {
    kana + "ー": kana + {"ウ": "ウ", "エ": "イ"}.get(vowel, "") for kana, vowel in _VOWEL_OF.items()
}
#: Third pass: オウ and オオ are one long vowel (大野 オオノ・オウノ・オノ).
SKELETON_LONG_VOWELS: dict[str, str] = {
    kana + mark: kana for kana, vowel in _VOWEL_OF.items() if vowel == "オ" for mark in "ウオ"
}

_SINGLES = str.maketrans(SKELETON_SINGLES)
_LONG_MARK = re.compile(f"[{''.join(_VOWEL_OF)}]ー")
_LONG_VOWEL = re.compile(f"([{_VOWEL_ROWS['オ']}])[ウオ]")

_SORT_BASE = str.maketrans(_SMALL | _VOICED)
#: Order inside equal base letters: small, plain, voiced, half-voiced (JIS X 4061).
_RANK = (
    dict.fromkeys(_SMALL, "0") | dict.fromkeys(_VOICED, "2") | dict.fromkeys("パピプペポ", "3") | {"ー": "0"}
)


def fold_kana(text: str) -> str:
    """Return ``text`` with all kana as full-width katakana; other characters as `fold_width` leaves them."""
    return fold_width(text).translate(_TO_KATAKANA)


def kana_skeleton(text: str) -> str:
    """Return what stays of a reading when spelling habits are taken away, for comparison only.

    Small kana become large, voiced kana plain, ヰヱヲ new kana, long vowels one, separators nothing:
    ``ｼﾞｮｰｼﾞ``, ``じょうじ`` and ``シヨウシ`` all give ``シヨシ``.
    """
    folded = fold_kana(text).translate(_SINGLES)
    folded = _LONG_MARK.sub(lambda match: SKELETON_LONG_MARKS[match[0]], folded).replace("ー", "")
    return _LONG_VOWEL.sub(r"\1", folded)


def kana_sort_key(text: str) -> str:
    """Return a key whose code-point order is the dictionary order (五十音順) of readings.

    Base letters decide first, a long mark counting as the vowel it lengthens; small before large, plain
    before voiced before half-voiced decide among equals. Text that is not kana keeps its own order.
    """
    folded = fold_kana(text).strip()
    base: list[str] = []
    for letter in folded.translate(_SORT_BASE):
        base.append(_VOWEL_OF.get(base[-1], letter) if letter == "ー" and base else letter)
    rank = "".join(_RANK.get(letter, "1") for letter in folded)
    return f"{''.join(base).upper()}\0{rank}"
