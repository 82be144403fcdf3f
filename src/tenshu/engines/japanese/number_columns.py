"""Column forms for check digits; numbers stay integers here and never enter a message."""

import functools

import numpy as np
import numpy.typing as npt
import polars as pl

from tenshu.engines.japanese.check_digits import MODULUS_11_WEIGHTS, SEPARATORS
from tenshu.engines.japanese.code_points import CodePoints, Lookup, lookup
from tenshu.engines.japanese.width import SINGLE_CHARACTERS


@functools.cache
def _digit_table() -> Lookup:
    return lookup(dict.fromkeys(SEPARATORS, "")).after(lookup(SINGLE_CHARACTERS))


def _digit_rows(column: pl.Series, length: int) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.float64]]:
    """Flag the rows of exactly ``length`` digits and give those digits, one row each.

    Digits are floats because only those multiply fast; thirteen digits are exact in them.
    """
    points = CodePoints.of(column).mapped(_digit_table())
    sized = np.diff(points.starts) == length
    cells = points.codes[points.starts[:-1][sized][:, None] + np.arange(length)].astype(np.float64) - ord("0")
    numeric = ((cells >= 0) & (cells <= 9)).all(axis=1)
    sized[np.flatnonzero(sized)[~numeric]] = False
    return sized, cells[numeric]


def _checked_modulus_11(column: pl.Series, length: int) -> pl.DataFrame:
    sized, digits = _digit_rows(column, length)
    weights = np.array(MODULUS_11_WEIGHTS[: length - 1][::-1], np.float64)
    remainder = digits[:, :-1] @ weights % 11
    expected = np.where(remainder <= 1, 0, 11 - remainder)
    return _result(column, sized, digits, digits[:, -1] == expected)


def _result(
    column: pl.Series,
    sized: npt.NDArray[np.bool_],
    digits: npt.NDArray[np.float64],
    right: npt.NDArray[np.bool_],
) -> pl.DataFrame:
    value = np.zeros(len(column), np.int64)
    valid = np.zeros(len(column), np.bool_)
    value[sized] = digits @ 10.0 ** np.arange(digits.shape[1] - 1, -1, -1)
    valid[sized] = right
    frame = pl.DataFrame({"value": value, "sized": sized, "valid": valid})
    return frame.select(pl.when("sized").then("value").alias("value"), "valid")


def personal_number_column(column: pl.Series) -> pl.DataFrame:
    """Column form of `is_personal_number`: ``value`` (Int64, null unless twelve digits), ``valid``
    (check digit)."""
    return _checked_modulus_11(column, 12)


def resident_code_column(column: pl.Series) -> pl.DataFrame:
    """Column form of `is_resident_code`: ``value`` (Int64, null unless eleven digits), ``valid``."""
    return _checked_modulus_11(column, 11)


def corporate_number_column(column: pl.Series) -> pl.DataFrame:
    """Column form of `is_corporate_number`: ``value`` (Int64, null unless thirteen digits), ``valid``."""
    sized, digits = _digit_rows(column, 13)
    weights = np.array([1.0 + place % 2 for place in range(12)][::-1])
    return _result(column, sized, digits, digits[:, 0] == 9 - digits[:, 1:] @ weights % 9)
