"""How far two columns of short texts agree, position by position, wildcards included."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from tenshu.engines.japanese import WILDCARD
from tenshu.engines.japanese.code_points import CodePoints

type Counts = npt.NDArray[np.int64]
type Flags = npt.NDArray[np.bool_]

#: Longer texts are compared by their first and last characters only.
LONGEST = 40


@dataclass(frozen=True)
class Overlap:
    """For each pair: lengths, common prefix and common suffix in characters, and whether a wildcard makes
    them equal."""

    left: Counts
    right: Counts
    prefix: Counts
    suffix: Counts
    wildcard_equal: Flags

    @property
    def near(self) -> Flags:
        """One character replaced, added or missing, in texts of at least three characters."""
        shorter, longer = np.minimum(self.left, self.right), np.maximum(self.left, self.right)
        replaced = (shorter == longer) & (self.prefix + self.suffix == longer - 1)
        added = (longer - shorter == 1) & (self.prefix + self.suffix >= shorter)
        near: Flags = (shorter >= 2) & (longer >= 3) & (replaced | added)
        return near


def overlap(left: pl.Series, right: pl.Series) -> Overlap:
    """Compare two string columns of the same length; null counts as empty."""
    first, second = CodePoints.of(left), CodePoints.of(right)
    sizes = np.diff(first.starts), np.diff(second.starts)
    width = min(max(1, *(int(size.max(initial=0)) for size in sizes)), LONGEST)
    ahead = _matrix(first, width, from_end=False), _matrix(second, width, from_end=False)
    behind = _matrix(first, width, from_end=True), _matrix(second, width, from_end=True)
    shorter = np.minimum(*sizes)
    prefix, suffix = (np.minimum(_run(*sides), shorter) for sides in (ahead, behind))
    wild = ((ahead[0] == ord(WILDCARD)) | (ahead[1] == ord(WILDCARD))).any(axis=1)
    enough = (ahead[0] == ahead[1]) & (ahead[0] != 0)
    wildcard_equal = wild & (sizes[0] == sizes[1]) & (prefix == sizes[0]) & (enough.sum(axis=1) >= 2)
    return Overlap(sizes[0], sizes[1], prefix, suffix, wildcard_equal)


def _matrix(points: CodePoints, width: int, *, from_end: bool) -> npt.NDArray[np.uint32]:
    """The first (or last) characters of each row, zero where the row is shorter."""
    sizes = np.diff(points.starts)
    steps = np.arange(width)
    at = points.starts[1:, None] - 1 - steps if from_end else points.starts[:-1, None] + steps
    inside = steps < sizes[:, None]
    padded = np.append(points.codes, np.uint32(0))
    return padded[np.where(inside, at, len(points.codes))]


def _run(left: npt.NDArray[np.uint32], right: npt.NDArray[np.uint32]) -> Counts:
    """Length of the leading run of agreeing characters."""
    same = (left == right) | (left == ord(WILDCARD)) | (right == ord(WILDCARD))
    run: Counts = np.where(same.all(axis=1), left.shape[1], same.argmin(axis=1)).astype(np.int64)
    return run
