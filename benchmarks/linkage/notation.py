"""Codes to raw text in the notations offices use: the noise that is no error."""

import numpy as np
import numpy.typing as npt
import polars as pl
from people import Homes

type Ints = npt.NDArray[np.int64]

_VARIANTS = dict(zip("高崎浜辺沢島斎斉富桑広恵真桜橋谷", "髙﨑濵邊澤嶋齋齊冨桒廣惠眞櫻槗谷", strict=True))
_HALF = dict(
    zip(
        "ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン",
        "ｦｧｨｩｪｫｬｭｮｯｰｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝ",
        strict=True,
    )
) | {" ": " "}
_VOICED = dict(
    zip(
        "ガギグゲゴザジズゼゾダヂヅデドバビブベボヴ",
        "カキクケコサシスセソタチツテトハヒフヘホウ",
        strict=True,
    )
)
_SMALL = dict(zip("ァィゥェォャュョッ", "アイウエオヤユヨツ", strict=True))
_KANJI_DIGITS = "〇一二三四五六七八九"


def chosen(styles: Ints, columns: list[pl.Series]) -> pl.Series:
    """Pick for each row the column of its style."""
    expression = pl.when(pl.lit(False)).then(pl.lit(""))
    for style, _ in enumerate(columns):
        expression = expression.when(pl.col("style") == style).then(pl.col(f"c{style}"))
    frame = pl.DataFrame({"style": styles, **{f"c{at}": column for at, column in enumerate(columns)}})
    return frame.select(expression.alias("text"))["text"]


def names(surname: pl.Series, given: pl.Series, styles: Ints) -> pl.Series:
    """0 full-width space, 1 none, 2 half-width space, 3 variant characters with a full-width space."""
    full = surname + "\u3000" + given
    variant = full.str.replace_many(list(_VARIANTS), list(_VARIANTS.values()))
    return chosen(styles, [full, surname + given, surname + " " + given, variant])


def kana(surname: pl.Series, given: pl.Series, styles: Ints) -> pl.Series:
    """0 katakana, 1 half-width, 2 hiragana, 3 small kana enlarged, 4 none."""
    full = surname + " " + given
    voiced = {written: _HALF[plain] + "ﾞ" for written, plain in _VOICED.items()}
    half = voiced | _HALF | dict(zip("パピプペポ", ("ﾊﾟ", "ﾋﾟ", "ﾌﾟ", "ﾍﾟ", "ﾎﾟ"), strict=True))
    hiragana = {chr(code): chr(code - 0x60) for code in range(0x30A1, 0x30F5)}
    return chosen(
        styles,
        [
            full.str.replace_all(" ", "\u3000", literal=True),
            full.str.replace_many(list(half), list(half.values())),
            full.str.replace_many(list(hiragana), list(hiragana.values())),
            full.str.replace_many(list(_SMALL), list(_SMALL.values())),
            pl.Series([""]).new_from_index(0, len(full)),
        ],
    )


def dates(days: Ints, styles: Ints) -> pl.Series:
    """Days since 1920-01-01 as 0 ISO, 1 long era, 2 short era, 3 packed, 4 seven digits, 5 slashes, 6 day
    unknown."""
    frame = pl.DataFrame({"d": days}).select((pl.date(1920, 1, 1) + pl.duration(days=pl.col("d"))).alias("d"))
    eras = (("昭和", "S", 3, (1926, 12, 25)), ("平成", "H", 4, (1989, 1, 8)), ("令和", "R", 5, (2019, 5, 1)))
    name, letter, code, offset = (pl.lit(value) for value in ("大正", "T", 2, 1911))
    for era, sign, digit, first in eras:
        within = pl.col("d") >= pl.date(*first)
        name = pl.when(within).then(pl.lit(era)).otherwise(name)
        letter = pl.when(within).then(pl.lit(sign)).otherwise(letter)
        code = pl.when(within).then(pl.lit(digit)).otherwise(code)
        offset = pl.when(within).then(pl.lit(first[0] - 1)).otherwise(offset)
    frame = frame.with_columns(
        name.alias("era"), letter.alias("letter"), code.alias("code"),
        (pl.col("d").dt.year() - offset).alias("y"), pl.col("d").dt.month().alias("m"),
        pl.col("d").dt.day().alias("day"),
    )  # fmt: skip
    two = {part: pl.col(part).cast(pl.String).str.zfill(2) for part in ("y", "m", "day")}
    texts = frame.select(
        pl.col("d").dt.strftime("%Y-%m-%d").alias("t0"),
        pl.format("{}{}年{}月{}日", "era", "y", "m", "day").alias("t1"),
        pl.format("{}{}.{}.{}", "letter", two["y"], two["m"], two["day"]).alias("t2"),
        pl.col("d").dt.strftime("%Y%m%d").alias("t3"),
        pl.format("{}{}{}{}", "code", two["y"], two["m"], two["day"]).alias("t4"),
        pl.format("{}/{}/{}", pl.col("d").dt.year(), "m", "day").alias("t5"),
        pl.format("{}{}年{}月日不詳", "era", "y", "m").alias("t6"),
    )
    return chosen(styles, texts.get_columns())


def sexes(sex: Ints, styles: Ints) -> pl.Series:
    """0 男/女, 1 1/2, 2 M/F, 3 none."""
    forms = [("", "男", "女"), ("", "1", "2"), ("", "M", "F"), ("", "", "")]
    return chosen(styles, [pl.Series(list(form)).gather(sex) for form in forms])


def addresses(homes: Homes, at: Ints, styles: Ints, city_prefix: str = "") -> pl.Series:
    """0 丁目番号 full width, 1 hyphens without prefecture, 2 kanji 丁目, 3 番地, 4 hyphens with room, 5
    none."""
    city = pl.Series([city_prefix + name for name in homes.cities]).gather(homes.city[at])
    place = city + pl.Series(homes.towns).gather(homes.town[at])
    one, two, three = (pl.Series(homes.numbers[at, part]).cast(pl.String) for part in range(3))
    wide = {str(digit): chr(0xFF10 + digit) for digit in range(10)}
    kanji = pl.Series(list(_KANJI_DIGITS)).gather(homes.numbers[at, 0])
    room = pl.Series(homes.room[at])
    building = pl.select(
        pl.when(room > 0).then("\u3000ハイツ" + room.cast(pl.String) + "号室").otherwise(pl.lit(""))
    ).to_series()
    numbered = (one + "丁目" + two + "番" + three + "号" + building).str.replace_many(
        list(wide), list(wide.values())
    )
    return chosen(
        styles,
        [
            "大阪府" + place + numbered,
            place + one + "-" + two + "-" + three,
            "大阪府" + place + kanji + "丁目" + two + "番" + three + "号" + building,
            place + one + "丁目" + two + "番地の" + three,
            place + one + "-" + two + "-" + three + building,
            pl.Series([""]).new_from_index(0, len(place)),
        ],
    )


def region(tile: int) -> str:
    """A made-up region name of two characters, put in front of city names."""
    letters = "丹羽越後飛騨若狭伊賀志摩紀伊播磨備前安芸周防長門阿波讃岐土佐筑後豊前肥"
    return letters[tile % len(letters)] + letters[(tile // len(letters) + 7 * tile + 3) % len(letters)]
