"""Variant characters of names (異体字) folded to one, and characters outside the code (外字) made wildcards.

The fold follows the MJ縮退マップ of 文字情報技術促進協議会 as shipped by the package jntajis: every
scheme of the map (包摂規準, 法務省告示582号, 戸籍法関連通達, 読み・字形による類推), restricted to targets
in JIS X 0208. `EXTRA_VARIANTS` adds pairs that are one character to people and that the map keeps apart.
斎/斉, 崎/埼, 辺/部 stay apart: they are different characters.
"""

import functools
import unicodedata

from jntajis import mj_shrink_candidates

#: Version of the fold: raise it whenever a table below changes, and store it beside results.
VARIANTS_VERSION = "2026.1"

#: Stands for one unknown character (外字) in a folded name and matches any character.
WILDCARD = "●"
#: Marks printed where a system could not print the character; the private use area and U+FFFD count as well.
PLACEHOLDERS = "●■□〓◆◇○◯〇＊*?？�"

#: Own pairs, variant to standard, that the MJ map leaves apart.
EXTRA_VARIANTS: dict[str, str] = dict(
    zip(
        "凜靍鸖籠藪籔檜刕鷗萊麴繫蟬頰檮濤礪諫鰺鶯竈囊噓塡屛搔攪潑焰禱簞蔣醬顚驒鹼俠剝吞啞軀碕",
        "凛鶴鶴篭薮薮桧州鴎莱麹繋蝉頬梼涛砺諌鯵鴬竃嚢嘘填屏掻撹溌焔祷箪蒋醤顛騨鹸侠剥呑唖躯崎",
        strict=True,
    )
)

#: Characters of their own that the map folds into another because one of their glyphs once stood for it
#: (玉 for 王, 書 for 昼), and surnames told apart in practice (舛田/升田, 苅田/刈田, 宍戸).
KEPT_APART = frozenset("玉書切功着舛苅宍皀孩揀勹攵唔誥嘴做槁麪")

_KANJI_BLOCKS = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x323B0))
_EVERY_SCHEME = 15


@functools.cache
def variant_table() -> dict[str, str]:
    """Return every kanji that is folded, with the kanji it becomes. Built once, in about 0.2 s."""
    edges: dict[str, str] = {}
    for first, last in _KANJI_BLOCKS:
        for code in range(first, last):
            if chr(code) not in KEPT_APART and (target := _nearest(chr(code))):
                edges[chr(code)] = target
    edges.update(EXTRA_VARIANTS)
    folded = {kanji: _settle(kanji, edges) for kanji in edges}
    return {kanji: target for kanji, target in folded.items() if kanji != target}


def _nearest(kanji: str) -> str | None:
    """The candidate of the MJ map, or the compatibility decomposition, that fits JIS X 0208 best."""
    candidates = {*mj_shrink_candidates(kanji, _EVERY_SCHEME), unicodedata.normalize("NFKC", kanji)} - {kanji}
    in_jis = [candidate for candidate in candidates if len(candidate) == 1 and _jis_code(candidate)]
    if not in_jis:
        return None
    return min(in_jis, key=_jis_code)


def _jis_code(kanji: str) -> int:
    """Shift_JIS code, level 1 before level 2; 0 for a character outside JIS X 0208."""
    try:
        return int.from_bytes(kanji.encode("shift_jis"))
    except UnicodeEncodeError:
        return 0


def _settle(kanji: str, edges: dict[str, str]) -> str:
    """Follow the map to its end; where it runs in a circle (淵 ⇄ 渕) take the lowest JIS code of the
    circle."""
    seen = [kanji]
    while (following := edges.get(seen[-1])) is not None:
        if following in seen:
            return min(seen[seen.index(following) :], key=_jis_code)
        seen.append(following)
    return seen[-1]


def is_variation_selector(code: int) -> bool:
    """Whether a code point only selects a glyph (IVS U+E0100–E01EF, U+FE00–FE0F)."""
    return 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF


def fold_variants(text: str) -> str:
    """Return ``text`` with variant kanji folded and variation selectors removed; nothing else changes."""
    table = variant_table()
    return "".join(table.get(letter, letter) for letter in text if not is_variation_selector(ord(letter)))
