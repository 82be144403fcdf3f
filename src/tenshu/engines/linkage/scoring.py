"""Evidence that a register row and a resident are one person, pair by pair, in hundredths.

The levels are fixed rules rather than trained weights: each can be told to the person who must decide,
and equal input gives equal output on every engine and in every year.
"""

from enum import IntEnum

import numpy as np
import numpy.typing as npt
import polars as pl

from tenshu.engines.linkage.policy import Policy
from tenshu.engines.linkage.text_overlap import Flags, overlap

type Ints = npt.NDArray[np.int64]


class NameLevel(IntEnum):
    """How two names compare, best first."""

    EQUAL = 1
    KANA = 2
    NEAR = 3
    GIVEN = 4
    SCRIPT = 5
    SURNAME = 6
    DIFFERENT = 7
    UNKNOWN = 8


class DateLevel(IntEnum):
    """How two dates of birth compare."""

    EQUAL = 1
    SWAPPED = 2
    PARTIAL = 3
    ONE_PART = 4
    YEAR = 5
    DIFFERENT = 6
    UNKNOWN = 7


class ItemLevel(IntEnum):
    """How sex or address compare; TOWN for addresses only."""

    EQUAL = 1
    TOWN = 2
    DIFFERENT = 3
    UNKNOWN = 4


#: In this share of both texts a reading without a known border counts as the same given name or surname.
_KANA_PART = 3
_NAME_PART = 2


def score_pairs(pairs: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """Score each pair.

    Takes the columns of the statement ``pairs``; returns ``row``, ``person``, ``score`` (Int32,
    hundredths) and the levels ``name_level``, ``dob_level``, ``sex_level``, ``addr_level``, and
    ``conflict``: the names are plainly those of two persons.
    """
    name, adjustment, conflict = _names(pairs, policy)
    dob = _dates(pairs)
    sex = _equality(pairs, "sex")
    addr = _addresses(pairs)
    items = policy.items
    held = {"dob": items.dob, "sex": items.sex, "addr": items.addr}
    if held["dob"] == "absent":
        dob = np.full_like(dob, DateLevel.UNKNOWN)
    if held["sex"] == "absent":
        sex = np.full_like(sex, ItemLevel.UNKNOWN)
    if held["addr"] == "absent":
        addr = np.full_like(addr, ItemLevel.UNKNOWN)
    score = adjustment + _weighed(policy, name, dob, sex, addr)
    # Another surname and given name at one address and birth date is a change of name rather than a twin.
    conflict &= ~((name == NameLevel.DIFFERENT) & (dob == DateLevel.EQUAL) & (addr == ItemLevel.EQUAL))
    levels = {"name_level": name, "dob_level": dob, "sex_level": sex, "addr_level": addr}
    return pairs.select("row", "person").with_columns(
        pl.Series("score", score, dtype=pl.Int32),
        *(pl.Series(column, values, dtype=pl.Int8) for column, values in levels.items()),
        pl.Series("conflict", conflict),
    )


def _weighed(policy: Policy, name: Ints, dob: Ints, sex: Ints, addr: Ints) -> Ints:
    w = policy.weights
    tables = (
        (
            name,
            [
                0,
                w.name_equal,
                w.name_kana,
                w.name_near,
                w.name_given,
                w.name_script,
                w.name_surname,
                w.name_different,
                0,
            ],
        ),
        (dob, [0, w.dob_equal, w.dob_swapped, w.dob_partial, w.dob_one_part, w.dob_year, w.dob_different, 0]),
        (sex, [0, w.sex_equal, 0, w.sex_different, 0]),
        (addr, [0, w.addr_equal, w.addr_town, w.addr_different, 0]),
    )
    total = np.zeros(len(name), np.int64)
    for levels, weights in tables:
        total += np.array(weights)[levels]
    return total


def _flags(pairs: pl.DataFrame, expression: pl.Expr) -> Flags:
    return pairs.select(expression.fill_null(False).alias("flag"))["flag"].to_numpy()


def _names(pairs: pl.DataFrame, policy: Policy) -> tuple[Ints, Ints, Flags]:
    """Level, adjustment of the weight (name and reading contradicting), and plain conflict."""
    keys = {side: pairs[f"{side}_name"].fill_null("").str.replace_all(" ", "", literal=True) for side in "rp"}
    both = _flags(pairs, (pl.col("r_name").fill_null("") != "") & (pl.col("p_name").fill_null("") != ""))
    both_kana = _flags(pairs, pl.col("r_kana_h").is_not_null() & pl.col("p_kana_h").is_not_null())
    kana_equal = _flags(pairs, pl.col("r_kana_h") == pl.col("p_kana_h"))
    text, kana = overlap(keys["r"], keys["p"]), overlap(pairs["r_kana"], pairs["p_kana"])
    equal = (
        _flags(pairs, pl.col("r_name_h") == pl.col("p_name_h"))
        | (both & text.wildcard_equal)
        | _by_alias(pairs, keys)
    )
    kana_near = both_kana & ~kana_equal & kana.near
    near = np.where(both, text.near & ~(both_kana & ~kana_equal & ~kana_near), kana_near)
    surname = (both & _surname(pairs, text.prefix)) | (both_kana & ~both & (kana.prefix >= _KANA_PART))
    given = (both & _given(pairs, text.suffix, text.left, text.right)) | (
        both_kana & ~surname & (kana.suffix >= _KANA_PART)
    )
    script = both & (_has_kanji(keys["r"]) != _has_kanji(keys["p"]))
    known = both | both_kana
    level = np.select(
        [equal, kana_equal, near, given, script, surname, known],
        [*(int(found) for found in NameLevel if found is not NameLevel.UNKNOWN)],
        default=int(NameLevel.UNKNOWN),
    ).astype(np.int64)
    weights = policy.weights
    kana_conflict = both_kana & ~kana_equal & ~kana_near & (level == NameLevel.EQUAL)
    kanji_conflict = both & ~script & (level == NameLevel.KANA)
    adjustment = kana_conflict * weights.kana_conflict + kanji_conflict * weights.kanji_conflict
    conflict = (level == NameLevel.SURNAME) | (level == NameLevel.DIFFERENT)
    return level, adjustment.astype(np.int64), conflict


def _by_alias(pairs: pl.DataFrame, keys: dict[str, pl.Series]) -> Flags:
    """Whether a bracketed name of one side is the name, or the bracketed name, of the other."""
    frame = pairs.select("r_alias", "p_alias").with_columns(
        keys["r"].alias("r_key"), keys["p"].alias("p_key")
    )
    r_alias, p_alias = pl.col("r_alias"), pl.col("p_alias")
    return _flags(
        frame, _any_equal((r_alias, pl.col("p_key")), (p_alias, pl.col("r_key")), (r_alias, p_alias))
    )


def _any_equal(*sides: tuple[pl.Expr, pl.Expr]) -> pl.Expr:
    return pl.any_horizontal(*((left == right).fill_null(False) for left, right in sides))


def _first_word(pairs: pl.DataFrame, side: str) -> Ints:
    """Characters before the first space of the name, 0 where no space tells surname and given name apart."""
    words = pairs[f"{side}_name"].fill_null("").str.strip_chars(" ")
    first = words.str.extract(r"^([^ ]+) ", 1).str.len_chars().fill_null(0)
    return first.to_numpy().astype(np.int64)


def _given(pairs: pl.DataFrame, suffix: Ints, left: Ints, right: Ints) -> Flags:
    """Whether the given names agree, by the border that either side writes, else by two last characters."""
    agreed = np.zeros(len(suffix), np.bool_)
    told = np.zeros(len(suffix), np.bool_)
    for side, size in (("r", left), ("p", right)):
        border = _first_word(pairs, side)
        told |= border > 0
        agreed |= (border > 0) & (size > border) & (suffix >= size - border)
    return agreed | (~told & (suffix >= _NAME_PART))


def _surname(pairs: pl.DataFrame, prefix: Ints) -> Flags:
    agreed = np.zeros(len(prefix), np.bool_)
    told = np.zeros(len(prefix), np.bool_)
    for side in "rp":
        border = _first_word(pairs, side)
        told |= border > 0
        agreed |= (border > 0) & (prefix >= border)
    return agreed | (~told & (prefix >= _NAME_PART))


def _has_kanji(keys: pl.Series) -> Flags:
    return keys.str.contains(r"\p{Han}").to_numpy()


def _dates(pairs: pl.DataFrame) -> Ints:
    left, right = (pairs[f"{side}_dob_parts"].fill_null(0).to_numpy().astype(np.int64) for side in "rp")
    one, other = _parts(left), _parts(right)
    known = [(a > 0) & (b > 0) for a, b in zip(one, other, strict=True)]
    differ = [both & (a != b) for both, a, b in zip(known, one, other, strict=True)]
    count = sum(part.astype(np.int64) for part in differ)
    whole = known[0] & known[1] & known[2]
    known_parts = sum(part.astype(np.int64) for part in known)
    swapped = whole & (one[0] == other[0]) & (one[1] == other[2]) & (one[2] == other[1])
    year_slip = differ[0] & ~_one_digit_off(one[0], other[0])
    conditions = [
        whole & (count == 0),
        swapped,
        known[0] & (count == 0),
        (known_parts >= 2) & (count == 1) & ~year_slip,
        (known_parts >= 2) & (count == 1),
        (left > 0) & (right > 0) & (count > 0),
    ]
    levels = [int(level) for level in DateLevel if level is not DateLevel.UNKNOWN]
    return np.select(conditions, levels, default=int(DateLevel.UNKNOWN)).astype(np.int64)


def _parts(packed: Ints) -> tuple[Ints, Ints, Ints]:
    return packed // 10_000, packed // 100 % 100, packed % 100


def _one_digit_off(left: Ints, right: Ints) -> Flags:
    """Years that a slip of one digit, or a neighbouring year, turns into each other."""
    digits = sum(
        ((left // scale % 10) != (right // scale % 10)).astype(np.int64) for scale in (1, 10, 100, 1000)
    )
    slip: Flags = (digits == 1) | (np.abs(left - right) == 1)
    return slip


def _equality(pairs: pl.DataFrame, item: str) -> Ints:
    left, right = pl.col(f"r_{item}"), pl.col(f"p_{item}")
    level = (
        pl.when(left == right)
        .then(int(ItemLevel.EQUAL))
        .when(left != right)
        .then(int(ItemLevel.DIFFERENT))
        .otherwise(int(ItemLevel.UNKNOWN))
    )
    return pairs.select(level.alias("level"))["level"].to_numpy().astype(np.int64)


def _addresses(pairs: pl.DataFrame) -> Ints:
    whole, town = _equality(pairs, "addr_h"), _equality(pairs, "town_h")
    conditions = [whole == ItemLevel.EQUAL, town == ItemLevel.EQUAL, town == ItemLevel.DIFFERENT]
    levels = [int(ItemLevel.EQUAL), int(ItemLevel.TOWN), int(ItemLevel.DIFFERENT)]
    return np.select(conditions, levels, default=int(ItemLevel.UNKNOWN)).astype(np.int64)
