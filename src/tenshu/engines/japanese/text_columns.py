"""Column forms of the scalar functions for width, kana and names: same results, millions of rows a second."""

import functools

import numpy as np
import polars as pl

from tenshu.engines.japanese.code_points import DROP, CodePoints, Codes, Letters, Lookup, lookup
from tenshu.engines.japanese.kana import (
    HIRAGANA_TO_KATAKANA,
    SKELETON_LONG_MARKS,
    SKELETON_LONG_VOWELS,
    SKELETON_SINGLES,
)
from tenshu.engines.japanese.names import DROPPED, name_key, name_table, read_name
from tenshu.engines.japanese.variants import WILDCARD
from tenshu.engines.japanese.width import COMPOSED_PAIRS, SINGLE_CHARACTERS

_REPEAT = ord("々")
_SPACE = ord(" ")
_LONG_MARK = ord("ー")
_SOUND_MARKS = "ﾞﾟ\u3099\u309a"
#: Past every kana, half-width ones included; not a kana itself.
_KANA_END = 0xFFFE


@functools.cache
def _composition(mark: str) -> Lookup:
    """Base kana to the kana composed with ``mark``; everything else dropped."""
    pairs = {pair[0]: written for pair, written in COMPOSED_PAIRS.items() if pair[1] == mark}
    return Lookup(np.where(Letters(pairs)(_every_code()), lookup(pairs).table, np.uint32(DROP)))


def _every_code() -> Codes:
    return lookup({}).table


@functools.cache
def width_table() -> Lookup:
    """Look-up of `fold_width` for single characters."""
    return lookup(SINGLE_CHARACTERS)


@functools.cache
def _katakana_table() -> Lookup:
    return lookup(HIRAGANA_TO_KATAKANA).after(width_table())


@functools.cache
def _kana_key_table() -> Lookup:
    return lookup(dict.fromkeys(DROPPED, "")).after(_katakana_table())


@functools.cache
def _skeleton_table() -> Lookup:
    return lookup(SKELETON_SINGLES).after(_katakana_table())


@functools.cache
def _name_table() -> Lookup:
    return lookup(name_table(), private=WILDCARD).after(width_table())


@functools.cache
def _spaced_name_table() -> Lookup:
    return lookup(name_table() | {" ": " "}, private=WILDCARD).after(width_table())


@functools.cache
def _sound_marks() -> Letters:
    return Letters(_SOUND_MARKS)


def composed(points: CodePoints) -> CodePoints:
    """Join half-width and decomposed kana with their sound marks."""
    codes = points.codes
    marks = np.flatnonzero(_sound_marks()(codes))
    if not marks.size:
        return points
    marks = marks[~points.row_starts[marks]]
    result = codes.copy()
    for mark in _SOUND_MARKS:
        at = marks[codes[marks] == ord(mark)]
        joined_kana = _composition(mark)(np.minimum(codes[at - 1], _KANA_END))
        joined = joined_kana != DROP
        result[at[joined] - 1] = joined_kana[joined]
        result[at[joined]] = DROP
    return CodePoints(result, points.starts).kept()


def _finish(points: CodePoints, column: pl.Series) -> pl.Series:
    """Back to a column of the same name, null where the source is null."""
    result = points.column(column.name)
    if column.null_count() == 0:
        return result
    return pl.select(pl.when(column.is_not_null()).then(result).alias(column.name)).to_series()


def fold_width_column(column: pl.Series) -> pl.Series:
    """Column form of `fold_width`; null stays null."""
    return _finish(composed(CodePoints.of(column)).mapped(width_table()), column)


def fold_kana_column(column: pl.Series) -> pl.Series:
    """Column form of `fold_kana`; null stays null."""
    return _finish(composed(CodePoints.of(column)).mapped(_katakana_table()), column)


def kana_key_column(column: pl.Series) -> pl.Series:
    """Column form of `kana_key`; null stays null."""
    return _finish(composed(CodePoints.of(column)).mapped(_kana_key_table()), column)


def kana_skeleton_column(column: pl.Series) -> pl.Series:
    """Column form of `kana_skeleton`; null stays null."""
    points = composed(CodePoints.of(column)).mapped(_skeleton_table())
    return _finish(_short_vowels(_long_marks(points)), column)


def _long_marks(points: CodePoints) -> CodePoints:
    """Write out or drop each long mark by the vowel before it."""
    at = np.flatnonzero(points.codes == _LONG_MARK)
    if not at.size:
        return points
    codes = points.codes.copy()
    before = points.previous()[at]
    codes[at] = DROP
    for kana, vowel in _long_mark_vowels():
        codes[at[kana(before)]] = vowel
    return CodePoints(codes, points.starts).kept()


@functools.cache
def _long_mark_vowels() -> tuple[tuple[Letters, int], ...]:
    """Sets of kana behind which a long mark is written out, with the vowel it becomes."""
    written = [pair for pair in SKELETON_LONG_MARKS.items() if len(pair[1]) > 1]
    vowels = sorted({to[1] for _, to in written})
    return tuple((Letters(pair[0] for pair, to in written if to[1] == vowel), ord(vowel)) for vowel in vowels)


def _short_vowels(points: CodePoints) -> CodePoints:
    """Drop ウ and オ behind the オ-row, pairs taken from the left without overlap as the scalar form does."""
    codes = points.codes
    first, second = _vowel_pairs()
    at = np.flatnonzero(second(codes))
    at = at[first(points.previous()[at])]
    if not at.size:
        return points
    new_run = np.ones(len(at), np.bool_)
    new_run[1:] = np.diff(at) > 1
    run_start = np.maximum.accumulate(np.where(new_run, at, 0))
    result = codes.copy()
    result[at[(at - run_start) % 2 == 0]] = DROP
    return CodePoints(result, points.starts).kept()


@functools.cache
def _vowel_pairs() -> tuple[Letters, Letters]:
    return Letters(pair[0] for pair in SKELETON_LONG_VOWELS), Letters(
        pair[1] for pair in SKELETON_LONG_VOWELS
    )


def name_key_column(column: pl.Series) -> pl.Series:
    """Column form of `name_key`; null stays null."""
    points = composed(CodePoints.of(column)).mapped(_name_table())
    keys = _finish(_repeated(points), column)
    bracketed = column.str.contains(r"[(（]").fill_null(False)
    if not bracketed.any():
        return keys
    rows = bracketed.arg_true()
    exact = [name_key(text) for text in column.gather(rows).to_list()]
    return keys.scatter(rows, pl.Series(exact, dtype=pl.String))


def spaced_name_columns(column: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Return the name with single spaces between its words kept, and the key `name_key_column` gives.

    Both are empty for a null or empty name; words are folded like the key, so removing the spaces of the
    first gives the second except where a bracketed alias was left out.
    """
    spaced = composed(CodePoints.of(column)).mapped(_spaced_name_table())
    letters = spaced.codes != _SPACE
    key = _repeated(CodePoints(np.where(letters, spaced.codes, np.uint32(DROP)), spaced.starts).kept())
    # The words take their letters from the key, so that 々 repeats a letter across a space and never the space.
    codes = spaced.codes.copy()
    codes[letters] = key.codes
    keys, words = key.column(), CodePoints(codes, spaced.starts).column()
    bracketed = column.str.contains(r"[(（]").fill_null(False)
    if not bracketed.any():
        return words, keys
    rows = bracketed.arg_true()
    mains = pl.Series([read_name(text).main for text in column.gather(rows).to_list()], dtype=pl.String)
    main_words, main_keys = spaced_name_columns(mains)
    return words.scatter(rows, main_words), keys.scatter(rows, main_keys)


def _repeated(points: CodePoints) -> CodePoints:
    """Replace 々 by the character before it, runs included; at the start of a name it stays."""
    marks = points.codes == _REPEAT
    if not marks.any():
        return points
    marks &= ~points.row_starts
    source = np.maximum.accumulate(np.where(marks, 0, np.arange(len(marks))))
    return CodePoints(points.codes[source], points.starts)
