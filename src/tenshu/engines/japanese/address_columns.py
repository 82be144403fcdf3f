"""Column form of `read_address`: the same rules in the same order over whole columns."""

import functools
from collections.abc import Callable

import polars as pl

from tenshu.engines.japanese.addresses import (
    PARTS,
    REMOVED_FROM_REST,
    REMOVED_FROM_TOWN,
    RULES,
    letter_table,
    number_words,
    unit_words,
)
from tenshu.engines.japanese.code_points import CodePoints, Lookup, lookup
from tenshu.engines.japanese.text_columns import composed, width_table

_KANJI_NUMBER_BEFORE_UNIT = (
    "[一二三四五六七八九十百](?:丁目|番|号)|[0-9一二三四五六七八九十](?:番[町丁]|条[東西南北通]|線)"
)
_SLICE = 65_536
#: Share of distinct neighbours above which finding them costs more than it saves.
_WORTH_SHARING = 0.9


@functools.cache
def _letters() -> Lookup:
    return lookup(letter_table()).after(width_table())


def read_address_column(column: pl.Series) -> pl.DataFrame:
    """Column form of `read_address`: ``town``, ``numbers``, ``rest`` (String, empty where absent or null)."""
    filled = column.fill_null("")
    # The members of a household follow one another in most files: each run of equal addresses is read once.
    heads = pl.select(filled.ne_missing(filled.shift(1))).to_series()
    distinct = filled.filter(heads)
    if len(distinct) > _WORTH_SHARING * len(filled):
        return _read_slices(filled)
    return _read_slices(distinct)[heads.cum_sum() - 1]


def _read_slices(column: pl.Series) -> pl.DataFrame:
    # Slices that fit the cache run at twice the speed of one long column.
    slices = [column.slice(first, _SLICE) for first in range(0, max(len(column), 1), _SLICE)]
    return pl.concat([_read_slice(part) for part in slices])


def _read_slice(column: pl.Series) -> pl.DataFrame:
    folded = composed(CodePoints.of(column)).mapped(_letters()).column()
    folded = _only_where(
        folded, _KANJI_NUMBER_BEFORE_UNIT, lambda texts: _replace_many(texts, number_words())
    )
    for pattern, replacement in RULES:
        folded = folded.str.replace_all(pattern, replacement)
    folded = _replace_many(folded, unit_words())
    parts = folded.to_frame("text").select(
        pl.col("text")
        .str.extract_groups(PARTS)
        .struct.rename_fields(["town", "n1", "n2", "n3", "rest"])
        .alias("p")
    )
    return parts.unnest("p").select(
        _without(pl.col("town"), REMOVED_FROM_TOWN).alias("town"),
        pl.concat_str("n1", "n2", "n3", separator="-", ignore_nulls=True).alias("numbers"),
        _without(pl.col("rest"), REMOVED_FROM_REST).alias("rest"),
    )


def _only_where(texts: pl.Series, pattern: str, change: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """Apply a costly change only to the rows that need it."""
    rows = texts.str.contains(pattern).arg_true()
    return texts.scatter(rows, change(texts.gather(rows))) if len(rows) else texts


def _replace_many(texts: pl.Series, words: dict[str, str]) -> pl.Series:
    return texts.str.replace_many(list(words), list(words.values()), leftmost=True)


def _without(text: pl.Expr, letters: str) -> pl.Expr:
    return text.fill_null("").str.replace_many(list(letters), [""] * len(letters))
