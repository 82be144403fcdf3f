"""A text column as one array of code points, so that whole columns are folded by table look-up."""

from collections.abc import Mapping
from typing import Self

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

type Codes = npt.NDArray[np.uint32]
type Flags = npt.NDArray[np.bool_]
type Offsets = npt.NDArray[np.int64]

#: In a look-up table: drop the character.
DROP = 0xFFFFFFFF
_CODE_SPACE = 0x110000


def lookup(table: Mapping[str, str]) -> Codes:
    """Return a table over all of Unicode from a mapping of single characters to one character or none.

    Raises:
        ValueError: a key or a value is longer than one character.
    """
    codes = np.arange(_CODE_SPACE, dtype=np.uint32)
    for letter, target in table.items():
        if len(letter) != 1 or len(target) > 1:
            raise ValueError(f"not one to one: {letter!r} to {target!r}")
        codes[ord(letter)] = ord(target) if target else DROP
    return codes


class CodePoints:
    """Code points of all rows one after another (``codes``, uint32) and where rows begin (``starts``,
    n + 1)."""

    def __init__(self, codes: Codes, starts: Offsets) -> None:
        self.codes = codes
        self.starts = starts

    @classmethod
    def of(cls, column: pl.Series) -> Self:
        """Read a string column; null rows count as empty."""
        array = column.fill_null("").to_arrow().cast(pa.large_string())
        offsets = np.frombuffer(array.buffers()[1], np.int64)[array.offset : array.offset + len(array) + 1]
        raw = np.frombuffer(array.buffers()[2] or b"", np.uint8)[offsets[0] : offsets[-1]]
        codes = np.frombuffer(raw.tobytes().decode().encode("utf-32-le"), np.uint32)
        if len(codes) == len(raw):
            return cls(codes, offsets - offsets[0])
        before = np.zeros(len(raw) + 1, np.int64)
        np.cumsum((raw & 0xC0) != 0x80, out=before[1:])
        return cls(codes, before[offsets - offsets[0]])

    def column(self, name: str = "") -> pl.Series:
        """Return the rows as a string column without nulls."""
        sizes = np.ones(len(self.codes) + 1, np.int64)
        sizes[0] = 0
        for bound in (0x80, 0x800, 0x10000):
            sizes[1:] += self.codes >= bound
        np.cumsum(sizes, out=sizes)
        data = self.codes.tobytes().decode("utf-32-le").encode()
        offsets = sizes[self.starts]
        buffers = [None, pa.py_buffer(offsets.tobytes()), pa.py_buffer(data)]
        array = pa.LargeStringArray.from_buffers(len(self.starts) - 1, buffers[1], buffers[2])
        return pl.Series(name, array)

    @property
    def row_starts(self) -> Flags:
        """True at the first code point of each row that has one."""
        flags = np.zeros(len(self.codes) + 1, np.bool_)
        flags[self.starts[:-1]] = True
        return flags[:-1]

    def mapped(self, table: Codes) -> Self:
        """Return the rows after a look-up, with dropped characters gone."""
        return type(self)(table[self.codes], self.starts).kept()

    def kept(self) -> Self:
        """Return the rows without the code points marked `DROP`."""
        keep = self.codes != DROP
        if keep.all():
            return self
        before = np.zeros(len(keep) + 1, np.int64)
        np.cumsum(keep, out=before[1:])
        return type(self)(self.codes[keep], before[self.starts])

    def previous(self) -> Codes:
        """Return for each code point the one before it in its row; 0 at the start of a row."""
        before = np.zeros_like(self.codes)
        before[1:] = self.codes[:-1]
        before[self.row_starts] = 0
        return before
