"""Character width (全角・半角): the one folding that every reader of typed or exported text begins with."""

import re

_HALF_KANA = "｡｢｣､･ｦｧｨｩｪｫｬｭｮｯｰｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝﾞﾟ"
_FULL_KANA = (
    "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテ"
    "トナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン゛゜"
)

_VOICED = dict(
    zip(
        "カキクケコサシスセソタチツテトハヒフヘホウワヲかきくけこさしすせそたちつてとはひふへほうヽヾゝ",
        "ガギグゲゴザジズゼゾダヂヅデドバビブベボヴヷヺがぎぐげござじずぜぞだぢづでどばびぶべぼゔヾヾゞ",
        strict=True,
    )
)
_HALF_VOICED = dict(zip("ハヒフヘホはひふへほ", "パピプペポぱぴぷぺぽ", strict=True))
_TO_HALF = {full: half for half, full in zip(_HALF_KANA, _FULL_KANA, strict=True)}


def _compositions() -> dict[str, str]:
    """Every written pair "kana + sound mark" with the single character it stands for."""
    pairs: dict[str, str] = {}
    for table, marks in ((_VOICED, "ﾞ\u3099"), (_HALF_VOICED, "ﾟ\u309a")):
        for plain, marked in table.items():
            for base in {plain, _TO_HALF.get(plain, plain)}:
                pairs.update({base + mark: marked for mark in marks})
    return pairs


#: Two-character spellings (half-width or decomposed kana with its sound mark) and their composed form.
COMPOSED_PAIRS: dict[str, str] = _compositions()

#: Single characters: full-width ASCII, ideographic and no-break space, half-width kana.
SINGLE_CHARACTERS: dict[str, str] = (
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    | {"\u3000": " ", "\u00a0": " "}
    | dict(zip(_HALF_KANA, _FULL_KANA, strict=True))
)

_PAIR = re.compile(".[ﾞﾟ\u3099\u309a]")
_SINGLES = str.maketrans(SINGLE_CHARACTERS)


def fold_width(text: str) -> str:
    """Return ``text`` with full-width ASCII made half-width and half-width kana made full-width.

    Unlike NFKC it leaves every other character alone (①, ㈱, ㎡ and compatibility kanji stay as written), so
    a value can be stored after folding without losing what the writer meant.
    """
    if text.isascii():
        return text
    if _PAIR.search(text):
        text = _PAIR.sub(lambda match: COMPOSED_PAIRS.get(match[0], match[0]), text)
    return text.translate(_SINGLES)
