"""Slips of the hand in a number: compared in memory only, on the raw files, for the few rows that ask for
it."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from tenshu.engines.japanese import fold_width
from tenshu.engines.linkage.verdicts import NONE, RowClass, Verdicts

type Ints = npt.NDArray[np.int64]


def is_slip(written: str, right: str) -> bool:
    """Whether two different numbers differ by one digit, one swap of neighbours, or one digit lost or
    doubled."""
    if written == right:
        return False
    if len(written) == len(right):
        wrong = [place for place, (a, b) in enumerate(zip(written, right, strict=True)) if a != b]
        if len(wrong) == 1:
            return True
        first, last = wrong[0], wrong[-1]
        return (
            len(wrong) == 2
            and last == first + 1
            and written[first] == right[last]
            and written[last] == right[first]
        )
    shorter, longer = sorted((written, right), key=len)
    return len(longer) - len(shorter) == 1 and any(
        longer[:place] + longer[place + 1 :] == shorter for place in range(len(longer))
    )


def find_slips(register: Path, residents: Path, verdicts: Verdicts) -> Ints:
    """Return the rows of classes C, N and X whose number is a slip away from that of the person found for
    them."""
    asked = np.isin(verdicts.row_class, [RowClass.C, RowClass.N, RowClass.X]) & (verdicts.best != NONE)
    rows = np.flatnonzero(asked)
    if not rows.size:
        return rows
    written = _numbers(register, "row", pl.Series("row", rows), numbered=True)
    wanted = pl.Series("person", verdicts.best[rows]).unique()
    right = _numbers(residents, "person", wanted, numbered=False)
    pairs = (
        pl.DataFrame({"row": rows, "person": verdicts.best[rows]})
        .join(written, on="row")
        .join(right, on="person", suffix="_right")
    )
    hits = [
        row
        for row, one, other in pairs.select("row", "mynumber", "mynumber_right").iter_rows()
        if is_slip(_digits(one), _digits(other))
    ]
    return np.array(hits, np.int64)


def _digits(text: str | None) -> str:
    return "".join(letter for letter in fold_width(text or "") if letter.isdecimal())


def _numbers(path: Path, key: str, wanted: pl.Series, *, numbered: bool) -> pl.DataFrame:
    """Read the raw numbers of the wanted rows or persons."""
    source = (
        pl.scan_csv(path, infer_schema=False, encoding="utf8")
        if path.suffix.lower() == ".csv"
        else pl.scan_parquet(path)
    )
    if numbered or key not in source.collect_schema().names():
        source = source.with_row_index(key)
    keep = pl.col(key).cast(pl.Int64).is_in(wanted.implode())
    chosen = source.select(pl.col(key).cast(pl.Int64), pl.col("mynumber").cast(pl.String)).filter(keep)
    return chosen.collect(engine="streaming")
